import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  watch,
  writeSync,
} from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { dirname } from 'node:path';
import { logFile } from './host/audit-log.ts';
import { keepCode } from './host/code-cache.ts';
import { loadConfig } from './host/config.ts';
import { configPlaces } from './host/config-files.ts';
import { stateDir } from './host/places.ts';
import { openBuiltInPolicy } from './host/policy-file.ts';
import { isRefreshed, type SwitchState, switchState } from './host/switch-state.ts';
import { writeWhole } from './host/write-whole.ts';
import { encodeCache, readCache } from './killswitch/cache.ts';
import { type Reader, readerOf } from './killswitch/reading.ts';
import { scopesOf } from './killswitch/remote.ts';
import { clients, compiler } from './lazy.ts';
import type { Scope, Source } from './model/kill-switch.ts';

/**
 * The process beside the hooks: keeps the state of the sources fresh while sessions make calls, and ends some time after
 * the last. One for all sessions in a project.
 *   node refresher.cjs PROJECT
 */

/** How long after the last call it goes on, in ms. */
const LINGER = 120_000;
const TICK = 1000;

type Task = {
  readonly sources: readonly Source[];
  readonly scopes: readonly Scope[];
  readonly state: SwitchState;
};

const { env } = process;

function taskOf(projectDir: string): Task | undefined {
  const { config } = loadConfig(
    configPlaces(env, projectDir),
    env,
    openBuiltInPolicy,
    () => compiler().compileConfig,
  );
  const { killSwitch } = config;
  if (killSwitch === undefined || killSwitch.sources.length === 0) return undefined;
  const session = { projectDir, user: userInfo().username, host: hostname() };
  const scopes = scopesOf(killSwitch, session);
  const { sources } = killSwitch;
  return { sources, scopes, state: switchState(env, projectDir, killSwitch) };
}

/** False when another refresher is at work. */
function takeLock(state: SwitchState, again = true): boolean {
  mkdirSync(dirname(state.lock), { recursive: true, mode: 0o700 });
  try {
    const fd = openSync(state.lock, 'wx', 0o600);
    writeSync(fd, String(process.pid));
    closeSync(fd);
    return true;
  } catch {
    if (!again || isRefreshed(state, Date.now())) return false;
    // Two who break a stale lock at once: the one that loses it sees that at its next tick.
    rmSync(state.lock, { force: true });
    return takeLock(state, false);
  }
}

function holdsLock({ lock }: SwitchState): boolean {
  try {
    if (readFileSync(lock, 'utf8') !== String(process.pid)) return false;
    const now = Date.now() / 1000;
    utimesSync(lock, now, now);
    return true;
  } catch {
    return false;
  }
}

/** When a file was last changed, in ms since 1970; 0 when it is not there. */
const changedAt = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function run(projectDir: string): void {
  const task = taskOf(projectDir);
  if (task === undefined || !takeLock(task.state)) return;
  const { sources, scopes, state } = task;
  const known = [...readCache(state.cache, sources.length)];
  const started = Date.now();
  const wake: ((() => void) | undefined)[] = [];

  const end = (): never => {
    if (holdsLock(state)) rmSync(state.lock, { force: true });
    process.exit(0);
  };

  async function keepFresh(source: Source, i: number): Promise<never> {
    const reader: Reader = readerOf(source, env, clients);
    for (;;) {
      const began = Date.now();
      const one = await reader.read(scopes, known[i]);
      known[i] = one;
      keepCode();
      try {
        writeWhole(state.cache, encodeCache(known));
      } catch {
        end(); // nowhere to write: the hooks find an old state, and deny
      }
      const rest = Math.max(50, source.freshness / 2 - (Date.now() - began));
      // A hook may have asked while this reading, which failed, was under way.
      if (one.fault === undefined || changedAt(state.ask) < one.tried)
        await new Promise<void>((done) => {
          const clock = setTimeout(done, rest);
          wake[i] = () => {
            clearTimeout(clock);
            done();
          };
        });
    }
  }

  // Who asked before now is answered by the first reading.
  let heard = changedAt(state.ask);
  const listen = () => {
    const asked = changedAt(state.ask);
    if (asked <= heard) return;
    heard = asked;
    for (const go of wake) go?.();
  };

  const tick = () => {
    listen();
    if (!holdsLock(state)) end();
    const now = Date.now();
    const last = Math.max(started, changedAt(state.ask), changedAt(logFile(stateDir(env), now)));
    if (now - last > LINGER) end();
    if (taskOf(projectDir)?.state.cache !== state.cache) end();
  };

  for (const [i, source] of sources.entries()) void keepFresh(source, i);
  setInterval(tick, TICK);
  try {
    watch(dirname(state.ask), listen);
  } catch {
    setInterval(listen, 20); // no more watchers on this machine
  }
}

run(process.argv[2] ?? process.cwd());
