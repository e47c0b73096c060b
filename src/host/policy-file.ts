import { fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { openPolicy, type PolicyStore } from '../policy/store.ts';

/**
 * Set by the build of the standalone binary, which holds the policy in pieces: a file in it can only be read whole, and
 * a call needs little.
 */
declare const POLICY: { readonly dir: string; readonly size: number; readonly piece: number };

const HEAD = 512;

/** Opens the policy that was built in; what a call needs of it is read when it is asked for. Throws when it cannot be read. */
export function openBuiltInPolicy(): PolicyStore {
  const file = join(__dirname, 'policy.dat');
  try {
    return opened(typeof POLICY === 'object' ? embedded() : inFile(file));
  } catch (error) {
    throw new Error(
      `the policy \`${file}\` cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

type Bytes = { readonly size: number; read(offset: number, length: number): Buffer };

function opened({ size, read }: Bytes): PolicyStore {
  let head: Buffer = Buffer.alloc(0);
  let end = -1;
  for (let length = HEAD; end < 0; length *= 2) {
    head = read(0, Math.min(length, size));
    end = head.indexOf(0x0a);
    if (length >= size) break;
  }
  if (end < 0) throw new Error('it has no head');
  return openPolicy(head.toString('utf8', 0, end), size, (offset, length) => read(offset, length).toString());
}

/** The descriptor stays open: the process is short. */
function inFile(file: string): Bytes {
  const fd = openSync(file, 'r');
  return {
    size: fstatSync(fd).size,
    read(offset, length) {
      const bytes = Buffer.allocUnsafe(length);
      for (let done = 0; done < length; ) {
        const count = readSync(fd, bytes, done, length - done, offset + done);
        if (count === 0) throw new Error('it ends too early');
        done += count;
      }
      return bytes;
    },
  };
}

function embedded(): Bytes {
  const { dir, size, piece } = POLICY;
  const pieces = new Map<number, Buffer>();
  const pieceAt = (index: number): Buffer => {
    const bytes = pieces.get(index) ?? readFileSync(`${dir}/${index}`);
    pieces.set(index, bytes);
    return bytes;
  };
  return {
    size,
    read(offset, length) {
      if (offset + length > size) throw new Error('it ends too early');
      const parts: Buffer[] = [];
      for (let at = offset; at < offset + length; ) {
        const start = at % piece;
        const part = pieceAt((at - start) / piece).subarray(start, start + offset + length - at);
        parts.push(part);
        at += part.length;
      }
      return Buffer.concat(parts);
    },
  };
}
