import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Head, headText, linkedTo, parseHead, seal, sealIn, startOf } from './chain.ts';
import { withLock } from './lock.ts';
import { utcDay } from './utc-day.ts';
import { codeOf } from './wait.ts';

const NEWLINE = 0x0a;

/** Appends a value as one chained line to the day's log. Throws when it could not be written whole. */
export const appendRecord = (record: { readonly time: number }, stateDir: string): void =>
  appendLine(JSON.stringify(record), record.time, stateDir);

/**
 * Appends a JSON object's text. Parallel writers take turns, because each line is sealed with the one before; a writer
 * that is killed at any point leaves a log that the next one goes on with.
 */
export function appendLine(json: string, time: number, stateDir: string): void {
  const dir = logDir(stateDir);
  const name = dayName(time);
  makingDirectory(dir, () =>
    withLock(join(dir, LOCK), () => {
      const log = openLog(join(dir, name));
      const headFile = openSync(join(dir, headName(name)), FLAGS, 0o600);
      try {
        const known = parseHead(readAt(headFile, 0, HEAD_LENGTH).toString('latin1'));
        const torn = known?.size !== log.size && isTorn(log);
        const found = goesOnAt(log, known);
        const before = found ?? { count: 0, seal: startOf(name) };
        const link = found === undefined ? endOfDayBefore(dir, name) : undefined;
        const sealed = seal(link === undefined ? json : linkedTo(json, link), before);
        const line = Buffer.from(`${torn ? '\n' : ''}${sealed.line}\n`);
        const written = writeSync(log.fd, line);
        if (written !== line.length)
          throw new Error(`ENOSPC: ${written} of ${line.length} bytes were written`);
        const text = headText({ count: before.count + 1, size: log.size + line.length, seal: sealed.seal });
        writeSync(headFile, text, 0);
      } finally {
        closeSync(headFile);
        closeSync(log.fd);
      }
    }),
  );
}

const LOCK = '.lock';

/** The UTC day's file; a lexical sort of the names is a sort by time. */
export const logFile = (stateDir: string, time: number): string => join(logDir(stateDir), dayName(time));

export const logDir = (stateDir: string): string => join(stateDir, 'log');

/** The file beside a day's log that says where the log ends. */
export const headName = (name: string): string => name.replace(/jsonl$/, 'head');

const dayName = (time: number): string => `${utcDay(time)}.jsonl`;

type OpenLog = { readonly fd: number; readonly size: number };

/** Whether a writer died in the middle of the last line: then the next line must begin with a newline. */
const isTorn = ({ fd, size }: OpenLog): boolean => size > 0 && readAt(fd, size - 1, 1)[0] !== NEWLINE;

// O_NOFOLLOW: a link in the log's place would send the records somewhere else.
const APPEND = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
const FLAGS = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);

function openLog(file: string): OpenLog {
  const fd = openSync(file, APPEND, 0o600);
  try {
    const found = fstatSync(fd);
    if (!found.isFile()) throw new Error('the log is not a regular file');
    return { fd, size: found.size };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

const HEAD_LENGTH = 128;
const LONGEST_TAIL = 1024 * 1024;

/**
 * Where the chain goes on; undefined in a new file. Normally where the head says. When the log is longer, a writer was
 * killed before it wrote the head: then after the last sealed line. When it is shorter, something was taken away: the
 * chain goes on from what was there, so that everybody who follows it notices.
 */
function goesOnAt({ fd, size }: OpenLog, head: Head | undefined): Head | undefined {
  if (head !== undefined && head.size >= size) return head;
  if (size === 0) return undefined;
  const from = Math.max(head?.size ?? 0, size - LONGEST_TAIL);
  const added = readAt(fd, from, size - from)
    .toString('utf8')
    .split('\n');
  const last = added.map(sealIn).findLast((found) => found !== undefined);
  if (last !== undefined) return { count: last.count, size, seal: last.seal };
  return head ?? { count: added.length - 1, size, seal: startOf('') };
}

/** Where the file of the last day before ends: a new one begins with it, so that no whole file can be taken away. */
function endOfDayBefore(dir: string, name: string): string | undefined {
  const before = readdirSync(dir)
    .filter((other) => other.endsWith('.head') && other < headName(name))
    .sort()
    .at(-1);
  if (before === undefined) return undefined;
  const fd = openSync(join(dir, before), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    const head = parseHead(readAt(fd, 0, HEAD_LENGTH).toString('latin1'));
    return head && `${before.replace(/head$/, 'jsonl')} ${head.count} ${head.seal}`;
  } finally {
    closeSync(fd);
  }
}

function readAt(fd: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  return bytes.subarray(0, readSync(fd, bytes, 0, length, position));
}

function makingDirectory(dir: string, task: () => void): void {
  try {
    task();
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    task();
  }
}
