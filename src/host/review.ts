import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from './wait.ts';

/** Sessions that changed production and wait for a review: a file for each, named by the session. */
const pendingDir = (stateDir: string): string => join(stateDir, 'review');

/** A session's id as the name of a file; what else it could hold must not leave the directory. */
const nameOf = (session: string): string => encodeURIComponent(session).replaceAll('.', '%2E') || '%';

/** The sessions that wait for a review. */
export function pendingReviews(stateDir: string): readonly string[] {
  try {
    return readdirSync(pendingDir(stateDir)).map(decodeURIComponent);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

export function addPending(stateDir: string, session: string): void {
  const dir = pendingDir(stateDir);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  writeFileSync(join(dir, nameOf(session)), '', { mode: 0o600 });
}

export const clearPending = (stateDir: string, session: string): void =>
  rmSync(join(pendingDir(stateDir), nameOf(session)), { force: true });
