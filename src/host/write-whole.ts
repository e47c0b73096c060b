import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file for its owner alone, which appears whole or not at all. */
export function writeWhole(file: string, contents: string | Uint8Array): void {
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, contents, { mode: 0o600 });
  renameSync(temporary, file);
}
