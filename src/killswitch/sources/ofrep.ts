import type { OfrepSource, Scope, Source, Thrown } from '../../model/kill-switch.ts';
import type { Connection } from '../connection.ts';
import { fieldsOf, thrownFor } from '../content.ts';
import { expand, expandUrl } from '../secrets.ts';
import { demandFresh, exchange, isObject, objectIn, type Reply, refusal, tlsOf } from './web.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * A feature flag, by the OpenFeature remote evaluation protocol (OFREP 0.3): the service is told what the session
 * belongs to and says whether the flag is on for it. A flag is turned in its own service.
 */
export function openOfrep(source: OfrepSource & Source, env: Variables): Connection {
  const elsewhere = async () => {
    throw new Error(`a feature flag is turned in its own service: \`${source.flag}\``);
  };
  return {
    async read(scopes) {
      const url = expandUrl(source.url, env);
      url.pathname = `${url.pathname.replace(/\/$/, '')}/ofrep/v1/evaluate/flags/${encodeURIComponent(source.flag)}`;
      const headers = Object.entries(source.headers).map(([name, value]) => [name, expand(value, env)]);
      const reply = await exchange(url, {
        method: 'POST',
        headers: { ...Object.fromEntries(headers), 'content-type': 'application/json' },
        body: JSON.stringify({ context: contextOf(scopes) }),
        timeout: source.timeout,
        tls: tlsOf(source),
      });
      return valueIn(reply, source);
    },
    put: elsewhere,
    remove: elsewhere,
    close() {},
  };
}

/** The targeting key is who works where; every kind of scope is an attribute, and of several names the first. */
function contextOf(scopes: readonly Scope[]): Readonly<Record<string, string>> {
  const context: Record<string, string> = {};
  for (const scope of scopes) {
    const [kind = '', name] = scope.split(/:(.*)/);
    if (name !== undefined) context[kind] ??= name;
  }
  return { targetingKey: `${context.user ?? ''}@${context.host ?? ''}`, ...context };
}

function valueIn(reply: Reply, { flag, freshness }: OfrepSource & Source): readonly Thrown[] {
  if (reply.status === 404) throw new Error(`the service knows no flag \`${flag}\``);
  if (reply.status !== 200) throw refusal(reply);
  const { value, reason, key } = objectIn(reply.text);
  if (key !== undefined && key !== flag) throw new Error('the answer is about another flag');
  if (value === true) return [thrownFor('org', { reason: `the feature flag \`${flag}\` is on` })];
  if (isObject(value) && value.thrown === true) return [thrownFor('org', fieldsOf(value))];
  // What the service itself does not stand for, and a default that the client would have to bring, say nothing.
  if (reason === 'STALE' || reason === 'ERROR')
    throw new Error(`the service answers with the reason ${reason}`);
  if (value !== false && !(isObject(value) && value.thrown === false))
    throw new Error(`the value of \`${flag}\` is neither true nor false`);
  demandFresh(reply, freshness);
  return [];
}
