import { fstatSync, statSync, writeSync } from 'node:fs';
import { devNull } from 'node:os';
import { codeOf, wait } from './wait.ts';

/** Writes all of `text`, however the descriptor takes it. Throws when it cannot (EPIPE, ENOSPC). */
export function writeAll(fd: 1 | 2, text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(fd, bytes, written);
    } catch (error) {
      const code = codeOf(error);
      if (code !== 'EAGAIN' && code !== 'EINTR') throw error;
      wait(1);
    }
  }
}

/** True when what is written goes nowhere: node itself opens the null device where a descriptor was closed. */
export function isDiscarded(fd: 1 | 2): boolean {
  const { rdev } = fstatSync(fd);
  return rdev !== 0 && rdev === statSync(devNull).rdev;
}
