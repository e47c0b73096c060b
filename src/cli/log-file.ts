import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { logDir, logFile } from '../host/audit-log.ts';
import { codeOf } from '../host/wait.ts';
import type { Entry } from '../model/entry.ts';

/** The day files in order. None when nothing was ever recorded. Throws when the directory cannot be read. */
export function dayFiles(stateDir: string): readonly string[] {
  const dir = logDir(stateDir);
  try {
    const names = readdirSync(dir).filter((name) => /^\d{4}-\d\d-\d\d\.jsonl$/.test(name));
    return names.sort().map((name) => join(dir, name));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** A line and the offset of the byte after it. `whole` is false when no newline ends it. */
export type Line = { readonly text: string; readonly end: number; readonly whole: boolean };
type ByteLine = { readonly bytes: Buffer; readonly end: number; readonly whole: boolean };

const NEWLINE = 0x0a;

/** The file's lines from a byte offset on, in constant memory but for the longest line. */
export function* linesOf(file: string, offset = 0): Generator<Line> {
  for (const { bytes, end, whole } of byteLinesOf(file, offset))
    yield { text: bytes.toString('utf8'), end, whole };
}

/** The same as they lie in the file. A line's bytes are its caller's until the next one is asked for. */
export function* byteLinesOf(file: string, offset = 0): Generator<ByteLine> {
  const fd = openSync(file, 'r');
  try {
    const chunk = Buffer.allocUnsafe(256 * 1024);
    let pending: Buffer[] = [];
    let position = offset;
    for (;;) {
      const count = readSync(fd, chunk, 0, chunk.length, position);
      if (count === 0) break;
      let start = 0;
      for (let at = chunk.indexOf(NEWLINE); at !== -1 && at < count; at = chunk.indexOf(NEWLINE, start)) {
        const rest = chunk.subarray(start, at);
        const bytes = pending.length === 0 ? rest : Buffer.concat([...pending, rest]);
        pending = [];
        start = at + 1;
        yield { bytes, end: position + start, whole: true };
      }
      pending.push(Buffer.from(chunk.subarray(start, count)));
      position += count;
    }
    const rest = Buffer.concat(pending);
    if (rest.length > 0) yield { bytes: rest, end: position, whole: false };
  } finally {
    closeSync(fd);
  }
}

/** The line as a value, or undefined when a writer died in the middle of it. */
export function entryOf(text: string): Entry | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isEntry(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isEntry = (value: unknown): value is Entry =>
  typeof value === 'object' && value !== null && 'time' in value && typeof value.time === 'number';

/** Every whole line of the files from a time on, in order. Torn lines are passed over: `log verify` speaks of them. */
export function* entriesSince(stateDir: string, since: number): Generator<Entry> {
  const first = logFile(stateDir, since);
  for (const file of dayFiles(stateDir)) {
    if (since > 0 && file < first) continue;
    for (const { text } of linesOf(file)) {
      const entry = entryOf(text);
      if (entry !== undefined && entry.time >= since) yield entry;
    }
  }
}
