import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { openPolicy, type PolicyStore } from '../policy/store.ts';

const HEAD = 16 * 1024;

/** Opens the compiled policy; what a call needs of it is read when it is asked for. Throws when it cannot be read. */
export function openPolicyFile(file: string): PolicyStore {
  try {
    const fd = openSync(file, 'r');
    const size = fstatSync(fd).size;
    const read = (offset: number, length: number) => {
      const bytes = Buffer.allocUnsafe(length);
      for (let done = 0; done < length; ) {
        const count = readSync(fd, bytes, done, length - done, offset + done);
        if (count === 0) throw new Error('it ends too early');
        done += count;
      }
      return bytes.toString();
    };
    let head = '';
    let end = -1;
    for (let length = HEAD; end < 0; length *= 2) {
      head = read(0, Math.min(length, size));
      end = head.indexOf('\n');
      if (length >= size) break;
    }
    if (end < 0) {
      closeSync(fd);
      throw new Error('it has no head');
    }
    // The descriptor stays open: the process is short.
    return openPolicy(head.slice(0, end), size, read);
  } catch (error) {
    throw new Error(
      `the policy \`${file}\` cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
