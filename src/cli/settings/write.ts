import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { realPath } from '../../host/facts.ts';

/**
 * Puts `text` in the file's place in one step: a reader sees the old file or the new one. Keeps mode and owner, writes
 * through a symbolic link. Throws, and leaves the old file, when it cannot.
 */
export function replaceFile(file: string, text: string, mode?: number): void {
  const target = realPath(file);
  mkdirSync(dirname(target), { recursive: true });
  const old = statSync(target, { throwIfNoEntry: false });
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  try {
    const fd = openSync(temporary, 'wx', mode ?? 0o666);
    try {
      writeFileSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    if (old !== undefined) keepAccess(temporary, old);
    renameSync(temporary, target);
  } catch (error) {
    try {
      unlinkSync(temporary);
    } catch {
      // it was not made, or is already in its place
    }
    throw error;
  }
}

function keepAccess(file: string, old: { uid: number; gid: number; mode: number }): void {
  const now = statSync(file);
  if (now.uid !== old.uid || now.gid !== old.gid) chownSync(file, old.uid, old.gid);
  chmodSync(file, old.mode & 0o7777);
}
