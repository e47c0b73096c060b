import { isUtf8 } from 'node:buffer';
import { readSync } from 'node:fs';
import { codeOf, wait } from './wait.ts';

const FIRST_BUFFER = 64 * 1024;

/**
 * All of standard input. Throws when it is longer than `limit` bytes, when it is not finished after `deadline` ms, and
 * when it cannot be read. A writer that holds the pipe and sends nothing blocks the read itself: there the timeout of
 * the host is the deadline.
 */
export function readStdin(limit: number, deadline = Number.POSITIVE_INFINITY): Buffer {
  const started = process.uptime();
  let buffer: Buffer = Buffer.allocUnsafe(Math.min(FIRST_BUFFER, limit + 1));
  let length = 0;
  let pause = 1;
  for (;;) {
    if (length > limit) throw new Error(`standard input is longer than ${limit} bytes`);
    if ((process.uptime() - started) * 1000 > deadline) {
      throw new Error(`standard input was not finished after ${deadline} ms`);
    }
    if (length === buffer.length) buffer = grow(buffer, limit + 1);
    const count = readSome(buffer, length);
    if (count === 0) return buffer.subarray(0, length);
    if (count === undefined) {
      wait(pause);
      pause = Math.min(pause * 2, 16);
      continue;
    }
    pause = 1;
    length += count;
  }
}

/** The text that bytes hold, without the mark that may stand before it. Throws when they are not UTF-8. */
export function textOf(bytes: Buffer): string {
  // A TextDecoder says the same and takes a millisecond to make.
  if (!isUtf8(bytes)) throw new Error('the input is not UTF-8');
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

/** Bytes read, 0 at the end of the input, undefined when there is nothing yet. */
function readSome(buffer: Buffer, offset: number): number | undefined {
  try {
    return readSync(0, buffer, offset, buffer.length - offset, null);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EAGAIN' || code === 'EINTR') return undefined;
    if (code === 'EOF') return 0; // how Windows reports the end of a pipe
    throw new Error(`standard input cannot be read: ${code || String(error)}`, { cause: error });
  }
}

function grow(buffer: Buffer, most: number): Buffer {
  const larger = Buffer.allocUnsafe(Math.min(buffer.length * 2, most));
  buffer.copy(larger);
  return larger;
}
