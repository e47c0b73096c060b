import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from './read.ts';
import { replaceFile } from './write.ts';

/**
 * What `init` changed in one settings file, so that `uninstall` can give back the very bytes: the file was
 * `after[0, prefix) + removed + after[length - suffix, length)`. The rest of the file is not copied.
 */
export type Trail = {
  readonly prefix: number;
  readonly suffix: number;
  readonly removed: string;
  /** SHA-256 of the file as `init` left it. */
  readonly after: string;
  readonly madeFile: boolean;
  readonly madeDirectory: boolean;
};

export function trailOf(
  before: string,
  after: string,
  made: Pick<Trail, 'madeFile' | 'madeDirectory'>,
): Trail {
  const most = Math.min(before.length, after.length);
  let prefix = 0;
  while (prefix < most && before[prefix] === after[prefix]) prefix += 1;
  let suffix = 0;
  while (suffix < most - prefix && before.at(-1 - suffix) === after.at(-1 - suffix)) suffix += 1;
  const removed = before.slice(prefix, before.length - suffix);
  return { prefix, suffix, removed, after: hashOf(after), ...made };
}

/** The text before `init`, or undefined when the file was changed since. */
export function textBefore(trail: Trail | undefined, now: string): string | undefined {
  if (trail === undefined || hashOf(now) !== trail.after) return undefined;
  return now.slice(0, trail.prefix) + trail.removed + now.slice(now.length - trail.suffix);
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The trail of a settings file. None when there is none or it cannot be read: then `uninstall` edits the text. */
export const readTrail = (stateDir: string, file: string): Trail | undefined => readTrails(stateDir)[file];

/** Keeps a trail, or forgets it. Throws when it cannot be written. */
export function writeTrail(stateDir: string, file: string, trail: Trail | undefined): void {
  const { [file]: _, ...others } = readTrails(stateDir);
  const trails = trail === undefined ? others : { ...others, [file]: trail };
  replaceFile(trailsFile(stateDir), `${JSON.stringify(trails, null, 2)}\n`, 0o600);
}

const trailsFile = (stateDir: string): string => join(stateDir, 'init.json');

function readTrails(stateDir: string): { readonly [file: string]: Trail } {
  try {
    const value: unknown = JSON.parse(readFileSync(trailsFile(stateDir), 'utf8'));
    if (!isObject(value)) return {};
    return Object.fromEntries(
      Object.entries(value).filter((pair): pair is [string, Trail] => isTrail(pair[1])),
    );
  } catch {
    return {};
  }
}

const isTrail = (value: unknown): value is Trail =>
  isObject(value) &&
  typeof value.prefix === 'number' &&
  typeof value.suffix === 'number' &&
  typeof value.removed === 'string' &&
  typeof value.after === 'string' &&
  typeof value.madeFile === 'boolean' &&
  typeof value.madeDirectory === 'boolean';
