import type { HttpSource, Scope, Source, Thrown } from '../../model/kill-switch.ts';
import type { Connection } from '../connection.ts';
import { fieldsOf, thrownFor } from '../content.ts';
import { expand, expandUrl } from '../secrets.ts';
import { demandFresh, exchange, isObject, objectIn, type Reply, refusal, tlsOf } from './web.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * An address that answers `GET ?scope=…` with `{"switches": [{"scope", "reason", …}]}` or `{"thrown": true|false}`, and
 * takes `PUT ?scope=…` and `DELETE ?scope=…`. Any other answer says nothing, and least of all that nothing is thrown.
 */
export function openHttp(source: HttpSource & Source, env: Variables): Connection {
  const headers = () =>
    Object.fromEntries(Object.entries(source.headers).map(([name, value]) => [name, expand(value, env)]));
  const ask = (method: 'GET' | 'PUT' | 'DELETE', scopes: readonly Scope[], body?: string) => {
    const url = expandUrl(source.url, env);
    for (const scope of scopes) url.searchParams.append('scope', scope);
    return exchange(url, {
      method,
      headers: { ...headers(), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      timeout: source.timeout,
      tls: tlsOf(source),
      ...(body === undefined ? {} : { body }),
    });
  };
  const change = async (method: 'PUT' | 'DELETE', scope: Scope, body?: string) => {
    const reply = await ask(method, [scope], body);
    if (reply.status < 200 || reply.status > 299) throw refusal(reply);
  };
  return {
    read: async (scopes) => switchesIn(await ask('GET', scopes), scopes, source.freshness),
    put: (thrown) => change('PUT', thrown.scope, JSON.stringify(thrown)),
    remove: (scope) => change('DELETE', scope),
    close() {},
  };
}

function switchesIn(reply: Reply, scopes: readonly Scope[], freshness: number): readonly Thrown[] {
  if (reply.status !== 200) throw refusal(reply);
  const { thrown, switches, ...fields } = objectIn(reply.text);
  if (switches === undefined && typeof thrown === 'boolean') {
    if (thrown) return [thrownFor('org', fieldsOf(fields))];
  } else {
    if (!Array.isArray(switches) || thrown !== undefined)
      throw new Error('the answer holds neither `switches` (a list) nor `thrown` (true or false)');
    const found = switches.map(switchOf).filter(({ scope }) => scopes.includes(scope));
    if (found.length > 0) return found;
  }
  demandFresh(reply, freshness);
  return [];
}

function switchOf(entry: unknown): Thrown {
  if (!isObject(entry) || typeof entry.scope !== 'string')
    throw new Error('an entry of `switches` has no `scope`');
  const scope = entry.scope.toLowerCase();
  if (!/^(?:org|(?:team|project|environment|user|host):.+)$/.test(scope))
    throw new Error('an entry of `switches` has a `scope` that is none');
  return thrownFor(scope, fieldsOf(entry));
}
