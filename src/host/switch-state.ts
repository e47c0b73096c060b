import { closeSync, mkdirSync, openSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { KillSwitch } from '../model/kill-switch.ts';
import { digest } from '../policy/digest.ts';
import { type Environment, stateDir } from './places.ts';

/** The files that a refresher and the hooks share. */
export type SwitchState = {
  /** What is known of the sources. */
  readonly cache: string;
  /** Who refreshes it. */
  readonly lock: string;
  /** Touched by a hook that cannot wait. */
  readonly ask: string;
};

/** Those of all sessions in a project, as long as the configuration says the same of the switch. */
export function switchState(env: Environment, projectDir: string, { id }: KillSwitch): SwitchState {
  const base = join(stateDir(env), 'switch', digest(`${id} ${projectDir}`));
  return { cache: `${base}.json`, lock: `${base}.lock`, ask: `${base}.ask` };
}

/** Without signs of life for so long, in ms, a refresher counts as gone. */
export const LOCK_LASTS = 5000;

/** Whether a refresher is at work. Its lock holds its process id. */
export function isRefreshed({ lock }: SwitchState, now: number): boolean {
  try {
    const age = now - statSync(lock).mtimeMs;
    return Math.abs(age) < LOCK_LASTS && isAlive(Number.parseInt(readFileSync(lock, 'utf8'), 10));
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Variables that change what a program of ours does or whom it trusts. */
const FOREIGN = /^(?:NODE_|BUN_|LD_|DYLD_|OPENSSL_|SSL_|UV_|AWS_ENDPOINT_URL|AWS_CA_BUNDLE$)/;

/** Starts the refresher for a project, unless one is at work, and asks it to read now. Does not wait. */
export function refresh(
  [program = '', ...words]: readonly string[],
  projectDir: string,
  state: SwitchState,
  env: Environment,
  asked: boolean,
): void {
  if (asked) touch(state.ask);
  if (isRefreshed(state, Date.now())) return;
  // Loaded here alone: it costs more than all a passing call does.
  const { spawn } = process.getBuiltinModule('node:child_process');
  const kept = Object.entries(env).filter(([name]) => !FOREIGN.test(name));
  const child = spawn(program, [...words, projectDir], {
    cwd: dirname(program),
    detached: true,
    stdio: 'ignore',
    windowsHide: true,
    env: Object.fromEntries(kept),
  });
  child.on('error', () => {}); // no answer will come, and the hook says so
  child.unref();
}

export function touch(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
  const now = Date.now() / 1000;
  utimesSync(file, now, now);
}
