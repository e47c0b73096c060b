import { closeSync, constants, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Record } from '../model/record.ts';
import { codeOf } from './wait.ts';

const NEWLINE = 0x0a;

/** Appends one line to the day's log. Throws when it could not be written whole. */
export function appendRecord(record: Record, stateDir: string): void {
  const log = openLog(stateDir, record.time);
  try {
    // INVARIANT: one write. With O_APPEND the kernel keeps lines of parallel hooks apart; two writes would not be.
    const line = Buffer.from(`${log.torn ? '\n' : ''}${JSON.stringify(record)}\n`);
    const written = writeSync(log.fd, line);
    if (written !== line.length) throw new Error(`ENOSPC: ${written} of ${line.length} bytes were written`);
  } finally {
    closeSync(log.fd);
  }
}

/** The UTC day's file; a lexical sort of the names is a sort by time. */
export const logFile = (stateDir: string, time: number): string =>
  join(logDir(stateDir), `${new Date(time).toISOString().slice(0, 10)}.jsonl`);

export const logDir = (stateDir: string): string => join(stateDir, 'log');

export type OpenLog = {
  readonly fd: number;
  /**
   * True when a writer died in the middle of the last line: the next line must begin with a newline. Also true for a
   * moment while another hook writes a line of several pages; then a blank line is the harm.
   */
  readonly torn: boolean;
};

/** Opens the day's log for appending, and makes it, readable by its owner only, when it is missing. */
export function openLog(stateDir: string, time: number): OpenLog {
  const fd = openOrMake(logFile(stateDir, time), logDir(stateDir));
  try {
    const found = fstatSync(fd);
    if (!found.isFile()) throw new Error('the log is not a regular file');
    return { fd, torn: found.size > 0 && lastByte(fd, found.size) !== NEWLINE };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function lastByte(fd: number, size: number): number | undefined {
  const byte = Buffer.alloc(1);
  readSync(fd, byte, 0, 1, size - 1);
  return byte[0];
}

// O_NOFOLLOW: a link in the log's place would send the records somewhere else.
const FLAGS = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);

function openOrMake(file: string, dir: string): number {
  try {
    return openSync(file, FLAGS, 0o600);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    return openSync(file, FLAGS, 0o600);
  }
}
