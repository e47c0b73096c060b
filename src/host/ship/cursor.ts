import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { asText, readContent, shortName } from '../config-files.ts';
import { writeWhole } from '../write-whole.ts';

/** How far the log was shipped to one place: a day's file, and the byte after the last line that arrived. */
export type Cursor = { readonly file: string; readonly offset: number };

const cursorFile = (stateDir: string, target: string): string =>
  join(stateDir, 'ship', `${shortName(target)}.json`);

/** Where shipping to `target` goes on; at the very start when it never was, or what was kept cannot be read. */
export function readCursor(stateDir: string, target: string): Cursor {
  const start = { file: '', offset: 0 };
  const found = asText(readContent(cursorFile(stateDir, target)));
  if ('fault' in found) return start;
  try {
    const { target: to, file, offset }: Record<string, unknown> = JSON.parse(found.text);
    return to === target && typeof file === 'string' && typeof offset === 'number' ? { file, offset } : start;
  } catch {
    return start;
  }
}

export function keepCursor(stateDir: string, target: string, cursor: Cursor): void {
  const file = cursorFile(stateDir, target);
  mkdirSync(join(stateDir, 'ship'), { recursive: true, mode: 0o700 });
  writeWhole(file, JSON.stringify({ target, ...cursor }));
}
