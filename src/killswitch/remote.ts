import type { KillSwitch, Scope, Source, Thrown } from '../model/kill-switch.ts';
import { type Known, readCache } from './cache.ts';
import { isActive } from './content.ts';

/** Where a session works, as far as switches are about it. */
export type Session = { readonly projectDir: string; readonly user: string; readonly host: string };

/** All that a switch can be thrown for and halt this session. */
export function scopesOf({ scopes }: KillSwitch, { projectDir, user, host }: Session): readonly Scope[] {
  const directory = projectDir.slice(Math.max(projectDir.lastIndexOf('/'), projectDir.lastIndexOf('\\')) + 1);
  const own = [`project:${nameFrom(directory)}`, `user:${nameFrom(user)}`, `host:${nameFrom(host)}`];
  return [...new Set(['org', ...scopes, ...own])];
}

/** A text as the name in a scope: what may not stand in one becomes `-`. */
export function nameFrom(text: string): string {
  const name = text.toLowerCase();
  // Without the expressions below for the usual name: each costs more than all else here.
  if (/^[a-z0-9][a-z0-9._@-]{0,99}$/.test(name)) return name;
  const clean = name.replaceAll(/[^a-z0-9._@-]/g, '-').replace(/^[._@-]+/, '');
  return clean.slice(0, 100) || 'unnamed';
}

/** Directories that hold switches: whoever may only throw may not write there. */
export const sharedDirs = (config: { readonly killSwitch?: KillSwitch } | undefined): readonly string[] =>
  config?.killSwitch?.sources.flatMap((source) => (source.kind === 'path' ? [source.dir] : [])) ?? [];

/** What the state of all sources means for a call. */
export type Verdict =
  | { readonly kind: 'clear'; readonly notes: readonly string[] }
  | { readonly kind: 'thrown'; readonly source: string; readonly thrown: Thrown }
  /** A source cannot be read for longer than its grace period. */
  | { readonly kind: 'unknown'; readonly why: string };

/** A state that may be relied on. One from the future was not read: clocks go back. */
const isFresh = ({ freshness }: Source, { at }: Known, now: number): boolean =>
  at <= now && now - at <= freshness;

/** The sources whose state is too old to be relied on and who were not asked in vain since `asked`. */
const waitingFor = (sources: readonly Source[], known: readonly Known[], asked: number, now: number) =>
  sources.filter((source, i) => {
    const one = known[i];
    return one === undefined || (!isFresh(source, one, now) && one.tried < asked);
  });

export function judge(sources: readonly Source[], known: readonly Known[], now: number): Verdict {
  const notes: string[] = [];
  let unknown: Verdict | undefined;
  for (const [i, source] of sources.entries()) {
    const one = known[i];
    // However old: what was thrown halts until somebody has seen that it is cleared.
    const thrown = one?.thrown.find((each) => isActive(each, now));
    if (thrown !== undefined) return { kind: 'thrown', source: source.name, thrown };
    if (one !== undefined && isFresh(source, one, now)) continue;
    const age = one === undefined || one.at === 0 || one.at > now ? undefined : now - one.at;
    const fault = one?.fault ?? `no answer within ${inWords(source.timeout)}`;
    const note = `${source.name} cannot be read (${fault}); ${age === undefined ? 'its state was never known' : `its state is ${inWords(age)} old`}`;
    if ((age !== undefined && age <= source.grace) || source.unreachable === 'pass') notes.push(note);
    else
      unknown ??= {
        kind: 'unknown',
        why: `${note}, and it may be ${inWords(source.grace)} old at most (\`grace\`)`,
      };
  }
  return unknown ?? { kind: 'clear', notes };
}

/** How the hook gets at what it does not know. */
export type Refreshing = {
  now(): number;
  /** Sleeps, in ms. */
  wait(ms: number): void;
  /** Sees to it that the sources are read; with `asked`, that they are read anew. Does not wait for it. */
  refresh(asked: boolean): void;
};

const PAUSE = 4;

/**
 * What the sources say of a call that is made now. Read from the cache, which a process beside the hook keeps fresh; what
 * is too old is asked for and waited for, for no longer than the longest `timeout`.
 */
export function readRemote(sources: readonly Source[], cacheFile: string, means: Refreshing): Verdict {
  const asked = means.now();
  let known = readCache(cacheFile, sources.length);
  const late = waitingFor(sources, known, asked, asked);
  if (late.length === 0) {
    if (sources.some(({ freshness }, i) => asked - (known[i]?.at ?? 0) > freshness * 0.8))
      means.refresh(false);
    return judge(sources, known, asked);
  }
  means.refresh(true);
  const end = asked + Math.max(...late.map(({ timeout }) => timeout));
  for (let now = asked; now < end; now = means.now()) {
    means.wait(PAUSE);
    known = readCache(cacheFile, sources.length);
    if (known.some(({ thrown }, i) => thrown.length > 0 && isCurrent(sources[i], known[i], asked, now)))
      break;
    if (waitingFor(sources, known, asked, now).length === 0) break;
  }
  return judge(sources, known, means.now());
}

const isCurrent = (
  source: Source | undefined,
  known: Known | undefined,
  asked: number,
  now: number,
): boolean =>
  source !== undefined && known !== undefined && (known.at >= asked || isFresh(source, known, now));

/** `350 ms`, `12 s`, `4 min`, `3 h`. */
export function inWords(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}
