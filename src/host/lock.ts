import { lstatSync, readlinkSync, symlinkSync, unlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { codeOf, wait } from './wait.ts';

/** How long to wait for a lock, and after what time its holder is taken for dead whatever is known of it, in ms. */
const PATIENCE = 5000;
const LONGEST_HELD = 10_000;

/**
 * Runs `task` while no other process that asks for the same lock runs its own. The lock is a symbolic link whose target
 * names its holder: made in one step, with content, and readable without opening it. One whose holder was killed is
 * broken. Throws when a living holder keeps it for longer than 5 s.
 */
export function withLock<T>(file: string, task: () => T): T {
  const holder = `${process.pid}@${hostname()}@${Date.now()}`;
  take(file, holder);
  const taken = Date.now();
  try {
    return task();
  } finally {
    // Whoever held it for so long that it was broken leaves the new holder's alone.
    if (Date.now() - taken < LONGEST_HELD / 2 || holderOf(file) === holder) removeIfThere(file);
  }
}

function take(file: string, holder: string): void {
  const started = Date.now();
  for (let tries = 0; !make(file, holder); tries++) {
    if (breakIfAbandoned(file, holder)) continue;
    if (Date.now() - started > PATIENCE)
      throw new Error(`the lock of the log is held by ${holderOf(file) ?? 'another process'} for too long`);
    wait(tries < 3 ? 0.2 : 0.5 + Math.random() * 2);
  }
}

/** False when another has it. */
function make(file: string, holder: string): boolean {
  try {
    symlinkSync(holder, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function removeIfThere(file: string): void {
  try {
    unlinkSync(file);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

function holderOf(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}

function breakIfAbandoned(file: string, holder: string): boolean {
  if (!isAbandoned(file)) return false;
  // One process at a time breaks it, and looks again: else two would, and the second would break a new holder's.
  const breaking = `${file}.breaking`;
  if (!make(breaking, holder)) {
    if (age(breaking) > LONGEST_HELD) removeIfThere(breaking);
    return false;
  }
  try {
    if (isAbandoned(file)) removeIfThere(file);
  } finally {
    removeIfThere(breaking);
  }
  return true;
}

/** A process of another machine or container cannot be asked for: then time alone tells. */
function isAbandoned(file: string): boolean {
  const holder = holderOf(file);
  if (holder === undefined) return false;
  const [pid = '', host = ''] = holder.split('@');
  if (host === hostname() && !isAlive(Number(pid))) return true;
  return age(file) > LONGEST_HELD;
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

function age(file: string): number {
  const found = lstatSync(file, { throwIfNoEntry: false });
  return found === undefined ? 0 : Date.now() - found.mtimeMs;
}
