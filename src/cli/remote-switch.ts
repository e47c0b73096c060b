import { existsSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { switchState, touch } from '../host/switch-state.ts';
import { type Known, readCache } from '../killswitch/cache.ts';
import { isActive } from '../killswitch/content.ts';
import { type Reader, readerOf } from '../killswitch/reading.ts';
import { nameFrom, scopesOf } from '../killswitch/remote.ts';
import { clients } from '../lazy.ts';
import { type Scope, type ScopeKind, type Source, scopeKinds, type Thrown } from '../model/kill-switch.ts';
import { UsageError } from './args.ts';
import { configOf } from './loaded-config.ts';
import type { Terminal } from './terminal.ts';

/** A source of the kill switch, and the means to speak to it. */
export type Asked = {
  readonly source: Source;
  readonly reader: Reader;
  /** What the hooks know of it. */
  readonly kept: Known;
};

export type Sources = {
  readonly asked: readonly Asked[];
  readonly scopes: readonly Scope[];
  /** Ends the connections. After a change, has the hooks here learn of it at once. */
  close(changed?: 'changed'): void;
};

/** The sources that are configured for sessions in a project, and what such a session belongs to. */
export function sourcesFor(project: string, terminal: Terminal): Sources {
  const { killSwitch } = configOf(project, terminal).config;
  if (killSwitch === undefined) return { asked: [], scopes: [], close() {} };
  const { sources } = killSwitch;
  const scopes = scopesOf(killSwitch, { projectDir: project, user: userInfo().username, host: hostname() });
  const state = switchState(terminal.env, project, killSwitch);
  const kept = readCache(state.cache, sources.length);
  const asked = sources.map((source, i): Asked => {
    const patient = { ...source, timeout: Math.max(source.timeout, LEAST_PATIENCE) };
    const reader = readerOf(patient, terminal.env, clients);
    return { source, reader, kept: kept[i] ?? { at: 0, thrown: [], tried: 0, latency: 0 } };
  });
  const close = (changed?: 'changed') => {
    for (const { reader } of asked) reader.close();
    if (changed && existsSync(state.ask)) touch(state.ask);
  };
  return { asked, scopes, close };
}

/** A person waits longer for an answer than a hook may. */
const LEAST_PATIENCE = 3000;

export type State = Asked & { readonly known: Known; readonly active: readonly Thrown[] };

/** Asks every source now, all at once. */
export const askAll = ({ asked, scopes }: Sources): Promise<readonly State[]> =>
  Promise.all(
    asked.map(async (one): Promise<State> => {
      const known = await one.reader.read(scopes, one.kept);
      return { ...one, known, active: known.thrown.filter((thrown) => isActive(thrown, Date.now())) };
    }),
  );

/** The scope that the command line means: `org`, `team:NAME`, and of project, user and host also this one. */
export function scopeNamed(given: string, project: string): Scope {
  const [kind = '', name] = given.split(/:(.*)/);
  if (!isKind(kind))
    throw new UsageError(`\`${given}\` is no scope: org, team:NAME, project, environment:NAME, user or host`);
  if (kind === 'org') {
    if (name !== undefined)
      throw new UsageError('the scope `org` takes no name: it is all who share the source');
    return kind;
  }
  if (name !== undefined && nameFrom(name) !== name.toLowerCase())
    throw new UsageError(`\`${given}\`: a name is of letters, digits and . _ @ -`);
  if (name !== undefined) return `${kind}:${nameFrom(name)}`;
  if (kind === 'project') return scopeOf(kind, project.replace(/^.*[\\/]/, ''));
  if (kind === 'user') return scopeOf(kind, userInfo().username);
  if (kind === 'host') return scopeOf(kind, hostname());
  throw new UsageError(`\`--scope ${kind}\` needs a name: \`--scope ${kind}:NAME\``);
}

const isKind = (kind: string): kind is ScopeKind => scopeKinds.some((known) => known === kind);
const scopeOf = (kind: ScopeKind, name: string): Scope => `${kind}:${nameFrom(name)}`;

/** The moment of `2h`, `30m`, `2026-12-31T18:00:00Z`. Throws UsageError. `now` in ms since 1970. */
export function momentOf(given: string, now: number): string {
  const [, number, unit] = /^(\d{1,5})(m|h|d)$/.exec(given) ?? [];
  const units = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
  const moment =
    number === undefined
      ? /^\d{4}-\d\d-\d\dT/.test(given)
        ? Date.parse(given)
        : Number.NaN
      : now + Number(number) * units[unit as keyof typeof units];
  if (Number.isNaN(moment))
    throw new UsageError(
      `\`--until ${given}\`: a time is wanted, such as 30m, 2h, 1d or 2026-12-31T18:00:00Z`,
    );
  if (moment <= now) throw new UsageError(`\`--until ${given}\` lies in the past`);
  return new Date(moment).toISOString();
}
