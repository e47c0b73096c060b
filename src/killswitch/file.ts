import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';

import { SWITCH_NAME } from '../model/switch-name.ts';

export type Switch =
  | { readonly thrown: false }
  | {
      readonly thrown: true;
      readonly file: string;
      readonly reason: string;
      readonly by?: string;
      readonly at?: string;
      /** Why the file could not be read. It counts as thrown all the same. */
      readonly fault?: string;
    };

export type Where = { readonly cwd: string; readonly projectDir: string; readonly home: string | undefined };

/**
 * The first switch that halts a call made in `cwd`. Never throws: a place that cannot be looked into, and a file that
 * cannot be read, count as thrown.
 */
export function readSwitch(where: Where): Switch {
  for (const file of switchPaths(where)) {
    const found = readSwitchFile(file);
    if (found.thrown) return found;
  }
  return { thrown: false };
}

/**
 * Where a switch may lie: in `cwd` and each directory above it up to the project root, in the project root, at home.
 * When `cwd` is not below the project root, every directory above it counts.
 */
export function switchPaths(where: Where): readonly string[] {
  const dirs = new Set<string>();
  for (let dir = where.cwd; !dirs.has(dir); dir = dirname(dir)) {
    dirs.add(dir);
    if (dir === where.projectDir) break;
  }
  dirs.add(where.projectDir);
  if (where.home !== undefined) dirs.add(where.home);
  return Array.from(dirs, (dir) => join(dir, SWITCH_NAME));
}

export function readSwitchFile(file: string): Switch {
  if (!isAbsolute(file)) return thrown(file, { fault: 'its directory is not an absolute path' });
  try {
    if (!exists(file)) return { thrown: false };
    return thrown(file, contentOf(readHead(file)));
  } catch (error) {
    return thrown(file, { fault: error instanceof Error ? error.message : String(error) });
  }
}

/** True for a dangling link too. Throws when the directory cannot be searched. */
function exists(file: string): boolean {
  try {
    // Without throwing for the usual answer: building an Error costs more than the system call.
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return false;
    throw error;
  }
}

type Content = {
  readonly reason?: string;
  readonly by?: string;
  readonly at?: string;
  readonly fault?: string;
};

const thrown = (file: string, content: Content): Switch => ({
  thrown: true,
  file,
  ...content,
  reason: content.reason || (content.fault === undefined ? 'no reason given' : 'the switch cannot be read'),
});

const LONGEST = 64 * 1024;

function readHead(file: string): string {
  // O_NONBLOCK: opening a FIFO would wait for a writer.
  const fd = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!fstatSync(fd).isFile()) throw new Error('not a regular file');
    const bytes = Buffer.allocUnsafe(LONGEST);
    return bytes.toString('utf8', 0, readSync(fd, bytes, 0, LONGEST, 0));
  } finally {
    closeSync(fd);
  }
}

/** What `blastguard stop` wrote, or a person's own words: `echo "bad deploy" > .claude-stop` is a switch too. */
function contentOf(text: string): Content {
  const plain = { reason: text.trim() };
  if (!plain.reason.startsWith('{')) return plain;
  try {
    const { reason, by, at }: { [key: string]: unknown } = JSON.parse(plain.reason);
    return { ...textAt('reason', reason), ...textAt('by', by), ...textAt('at', at) };
  } catch {
    return plain;
  }
}

const textAt = (key: 'reason' | 'by' | 'at', value: unknown): Content =>
  typeof value === 'string' ? { [key]: value.trim() } : {};
