import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Writes a file for its owner alone, which appears whole or not at all. `durable`: also when the machine loses power right
 * after, which takes some milliseconds.
 */
export function writeWhole(file: string, contents: string | Uint8Array, durable = false): void {
  const temporary = `${file}.${process.pid}`;
  try {
    const fd = openSync(temporary, 'w', 0o600);
    try {
      writeFileSync(fd, contents);
      if (durable) fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    // It is about the file that was asked for.
    if (error instanceof Error) error.message = error.message.replaceAll(temporary, file);
    throw error;
  }
}
