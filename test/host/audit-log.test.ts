import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appendRecord, logFile } from '../../src/host/audit-log.ts';
import type { Record } from '../../src/model/record.ts';

const root = resolve(import.meta.dirname, '../..');
let state = '';
beforeEach(() => {
  state = join(mkdtempSync(join(tmpdir(), 'blastguard-log-')), 'state');
});
afterEach(() => rmSync(resolve(state, '..'), { recursive: true, force: true }));

const record: Record = {
  level: 50,
  time: Date.UTC(2026, 10, 20, 23, 59, 59),
  pid: 4242,
  hostname: 'host',
  event: 'PreToolUse',
  session: 's-1',
  cwd: '/p',
  project: '/p',
  mode: 'auto',
  tool: 'Bash',
  input: 'terraform destroy',
  verdict: 'deny',
  halted: false,
  rules: ['terraform/destroy'],
  took: 12.5,
  msg: 'denied',
};

const lines = (time = record.time) => readFileSync(logFile(state, time), 'utf8').split('\n').slice(0, -1);

/** The line as it was before it was sealed. */
const unsealed = (line = '') => line.replace(/,"seq":\d+,"seal":"[0-9a-f]{64}"\}$/, '}');

describe('appendRecord', () => {
  test('makes directory and file for the owner alone, and writes one line', () => {
    appendRecord(record, state);
    expect(lines().map((line) => JSON.parse(unsealed(line)))).toEqual([record]);
    expect(statSync(join(state, 'log')).mode & 0o777).toBe(0o700);
    expect(statSync(logFile(state, record.time)).mode & 0o777).toBe(0o600);
  });

  test('has one file a day, by UTC', () => {
    appendRecord(record, state);
    appendRecord({ ...record, time: record.time + 1000 }, state);
    appendRecord({ ...record, time: 0 }, state);
    expect(readdirSync(join(state, 'log')).filter((name) => name.endsWith('.jsonl'))).toEqual([
      '1970-01-01.jsonl',
      '2026-11-20.jsonl',
      '2026-11-21.jsonl',
    ]);
  });

  test('a line that a crash cut short does not take the next one with it', () => {
    appendRecord(record, state);
    appendFileSync(logFile(state, record.time), '{"level":30,"ti');
    appendRecord(record, state);
    appendRecord(record, state);
    expect(lines()).toHaveLength(4);
    expect(lines().filter((line) => unsealed(line) === JSON.stringify(record))).toHaveLength(3);
  });

  test('text of any kind stays on its line', () => {
    const odd = { ...record, input: 'a\nb\u2028\u0000\ud800"\\' };
    appendRecord(odd, state);
    expect(lines()).toHaveLength(1);
    expect(JSON.parse(unsealed(lines()[0]))).toEqual(odd);
  });

  test.each<[string, () => void]>([
    ['the state directory is a file', () => writeFileSync(state, '')],
    ['the log is a directory', () => mkdirSync(logFile(state, record.time), { recursive: true })],
    [
      'the log is a link',
      () => {
        mkdirSync(join(state, 'log'), { recursive: true });
        symlinkSync('/dev/null', logFile(state, record.time));
      },
    ],
    [
      'the log is a FIFO',
      () => {
        mkdirSync(join(state, 'log'), { recursive: true });
        spawnSync('/usr/bin/env', ['mkfifo', logFile(state, record.time)]);
      },
    ],
  ])('throws when %s', (_, harm) => {
    harm();
    expect(() => appendRecord(record, state)).toThrow();
  });

  test.skipIf(process.getuid?.() === 0)('throws when the directory may not be written', () => {
    mkdirSync(state);
    chmodSync(state, 0o500);
    expect(() => appendRecord(record, state)).toThrow('EACCES');
  });

  test('throws when the file may not grow', () => {
    const program = bundled();
    const run = spawnSync('/bin/sh', [
      '-c',
      'trap "" XFSZ; ulimit -f 0; exec "$0" "$1" "$2" 1',
      process.execPath,
      program,
      state,
    ]);
    expect({ status: run.status, said: run.stderr.toString() }).toMatchObject({
      status: 1,
      said: expect.stringMatching(/EFBIG|ENOSPC/),
    });
  });

  test('parallel writers do not mix their lines', async () => {
    const program = bundled();
    const writers = Array.from({ length: 8 }, () => spawn(process.execPath, [program, state, '50']));
    const codes = await Promise.all(writers.map((child) => new Promise((done) => child.on('close', done))));
    expect(codes).toEqual(Array(8).fill(0));
    const written = lines().filter((line) => line !== '');
    expect(written).toHaveLength(400);
    for (const line of written) expect(JSON.parse(line).input).toHaveLength(20_000);
  });
});

/** A program that appends so many long records to the state directory it is given. */
function bundled(): string {
  const outfile = join(state, '..', 'program.cjs');
  const long = { ...record, input: 'x'.repeat(20_000) };
  const contents = `
    import { appendRecord } from './src/host/audit-log.ts';
    const [state, count] = process.argv.slice(2);
    for (let i = 0; i < Number(count); i += 1) appendRecord(${JSON.stringify(long)}, state);`;
  buildSync({
    stdin: { contents, resolveDir: root },
    bundle: true,
    platform: 'node',
    outfile,
    logLevel: 'error',
  });
  return outfile;
}

describe("pino's format", () => {
  test('the real pino writes the same line for the same values', () => {
    const written: string[] = [];
    const { level, time, pid, hostname, msg, ...others } = record;
    const logger = pino(
      { base: { pid, hostname }, timestamp: () => `,"time":${time}` },
      { write: (line: string) => written.push(line) },
    );
    logger.error(others, msg);
    appendRecord(record, state);
    expect(written).toEqual([`${unsealed(lines()[0])}\n`]);
    expect(level).toBe(pino.levels.values.error);
  });

  test('pino-pretty reads it', () => {
    appendRecord(record, state);
    const pretty = join(root, 'node_modules/pino-pretty/bin.js');
    const input = readFileSync(logFile(state, record.time));
    const { stdout } = spawnSync(process.execPath, [pretty, '--no-colorize'], { input, encoding: 'utf8' });
    expect(stdout).toMatch(/ERROR \(4242\): denied\n/);
    expect(stdout).toContain('input: "terraform destroy"');
  });
});
