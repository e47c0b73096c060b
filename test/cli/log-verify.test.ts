import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type KnownHead, verifyLog } from '../../src/cli/log-verify.ts';
import { appendRecord, logFile } from '../../src/host/audit-log.ts';
import { bash, launched } from '../golden/play.ts';
import { makeUser } from './built.ts';

const user = makeUser();
afterAll(user.remove);
const log = join(user.state, 'log');
const day = Date.UTC(2026, 10, 20, 12);
const DAY = 86_400_000;
const file = logFile(user.state, day);
const name = '2026-11-20.jsonl';

const record = (input: string, time = day) => appendRecord({ time, msg: 'x', input } as never, user.state);
const lines = () => readFileSync(file, 'utf8').trimEnd().split('\n');
const write = (changed: readonly string[]) => writeFileSync(file, `${changed.join('\n')}\n`);
const files = () =>
  readdirSync(log)
    .filter((each) => each.endsWith('.jsonl'))
    .sort()
    .map((each) => join(log, each));
const faults = (known: readonly KnownHead[] = []) =>
  verifyLog(files(), known).faults.map((fault) => `${fault.file}:${fault.line}: ${fault.what}`);

beforeEach(() => {
  rmSync(log, { recursive: true, force: true });
  for (const input of ['one', 'two', 'three', 'four', 'five']) record(input);
});

describe('what was done to the log is found', () => {
  test('nothing: intact', () => {
    expect(faults()).toEqual([]);
    expect(user.run(['log', 'verify'])).toMatchObject({ status: 0, stdout: 'intact: 5 lines in 1 file\n' });
  });

  test.each<[string, (all: string[]) => string[], string]>([
    ['edited', (all) => all.map((line) => line.replace('"three"', '"3"')), `${name}:3: was edited`],
    ['deleted', (all) => all.toSpliced(2, 1), `${name}:3: record 3 is missing before it`],
    ['deleted at the start', (all) => all.slice(2), `${name}:1: records 1 to 2 are missing before it`],
    ['deleted at the end', (all) => all.slice(0, 3), `${name}:3: ends too early: records 4 to 5 are missing`],
    ['doubled', (all) => all.toSpliced(3, 0, all[1] ?? ''), `${name}:4: record 2 stands after record 3`],
    ['added', (all) => all.toSpliced(3, 0, '{"time":1}'), `${name}:4: carries no seal`],
    ['cut short', (all) => [...all.slice(0, 4), (all[4] ?? '').slice(0, 30)], `${name}:5: is cut short`],
    ['moved', (all) => [...all.slice(1), ...all.slice(0, 1)], `${name}:1: record 1 is missing before it`],
    ['all removed', () => [], `${name}:1: ends too early: records 1 to 5 are missing at the end`],
  ])('a line %s', (_, change, expected) => {
    write(change(lines()));
    expect(faults()[0]).toContain(expected);
    const { status, stdout } = user.run(['log', 'verify']);
    expect({ status, stdout }).toEqual({ status: 1, stdout: expect.stringContaining('NOT intact') });
    expect(stdout).toContain(expected);
  });

  test('a line that was taken from the end is missed after more were written, too', () => {
    write(lines().slice(0, 3));
    record('six');
    record('seven');
    expect(faults()).toEqual([`${name}:4: records 4 to 5 are missing before it`]);
  });

  test('any byte', () => {
    const original = readFileSync(file);
    fc.assert(
      fc.property(fc.nat(original.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const changed = Buffer.from(original);
        changed[at] = ((changed[at] ?? 0) + by) % 256;
        writeFileSync(file, changed);
        return faults().length > 0;
      }),
      { numRuns: 300, seed: 20261120 },
    );
    writeFileSync(file, original);
    expect(faults()).toEqual([]);
  });

  test('the head removed', () => {
    unlinkSync(join(log, '2026-11-20.head'));
    expect(faults()).toEqual([`${name}:0: its head, 2026-11-20.head, is missing or damaged`]);
  });

  test('a whole day removed, or the end of a day with its head', () => {
    record('next', day + DAY);
    record('last', day + 2 * DAY);
    expect(faults()).toEqual([]);
    const [kept, head] = [readFileSync(join(log, '2026-11-21.jsonl')), join(log, '2026-11-21.head')];
    unlinkSync(join(log, '2026-11-21.jsonl'));
    unlinkSync(head);
    expect(faults()).toEqual(['2026-11-22.jsonl:1: follows 2026-11-21.jsonl, which is missing']);
    writeFileSync(join(log, '2026-11-21.jsonl'), kept);
    expect(faults()).toEqual(['2026-11-21.jsonl:0: its head, 2026-11-21.head, is missing or damaged']);
  });

  test('files that were rotated away are not missed', () => {
    record('next', day + DAY);
    unlinkSync(file);
    unlinkSync(join(log, '2026-11-20.head'));
    expect(faults()).toEqual([]);
  });

  test('a file written anew, head and all, is told by a head that was kept elsewhere', () => {
    const kept = join(user.home, 'heads.json');
    writeFileSync(kept, user.run(['log', 'verify', '--json']).stdout);
    record('six');
    expect(user.run(['log', 'verify', '--heads', kept]).status).toBe(0);
    rmSync(log, { recursive: true });
    for (const input of ['one', 'two', 'three', 'four', 'innocent', 'six']) record(input);
    expect(faults()).toEqual([]);
    const { status, stdout } = user.run(['log', 'verify', '--heads', kept]);
    expect(status).toBe(1);
    expect(stdout).toContain(`${name}:5: is not what a head that was kept says`);
  });
});

describe('writers', () => {
  test('50 hooks at once leave one chain', async () => {
    rmSync(log, { recursive: true });
    const [program = '', ...args] = launched;
    const said = await Promise.all(
      Array.from({ length: 50 }, (_, i) => {
        const child = spawn(program, args, { env: user.environment, stdio: 'pipe' });
        let text = '';
        child.stderr.on('data', (chunk) => {
          text += chunk;
        });
        child.stdout.resume();
        child.stdin.end(bash(user, i % 2 ? 'ls -la' : 'terraform destroy'));
        return new Promise((done) => child.on('close', (status) => done(`${status} ${text}`)));
      }),
    );
    expect(said).toEqual(Array(50).fill('0 '));
    const { faults: found, lines: count } = verifyLog(files(), []);
    expect({ found, count }).toEqual({ found: [], count: 50 });
    expect(readdirSync(log).filter((each) => each.startsWith('.lock'))).toEqual([]);
  }, 60_000);

  test('hooks that are killed at any moment leave a chain that goes on', async () => {
    rmSync(log, { recursive: true });
    const [program = '', ...args] = [process.execPath, ...launched.slice(-1)];
    for (let i = 0; i < 24; i++) {
      const child = spawn(program, args, { env: user.environment, stdio: ['pipe', 'pipe', 'ignore'] });
      child.stdin.on('error', () => {});
      child.stdin.end(bash(user, 'ls'));
      const closed = new Promise((done) => child.on('close', done));
      await sleep(20 + i * 3);
      child.kill('SIGKILL');
      await closed;
    }
    expect((await user.bash('ls')).verdict).toBe('pass');
    expect(verifyLog(files(), []).faults).toEqual([]);
  }, 60_000);

  test('a lock left by a process that is gone does not hold them up', () => {
    symlinkSync(`4194303@${hostname()}@1`, join(log, '.lock'));
    const started = Date.now();
    record('six');
    expect(Date.now() - started).toBeLessThan(500);
    expect(faults()).toEqual([]);
  });

  test('a lock that a living process keeps is an error, and a denial of the hook', async () => {
    symlinkSync(`${process.pid}@${hostname()}@1`, join(log, '.lock'));
    expect(() => record('six')).toThrow('is held by');
    unlinkSync(join(log, '.lock'));
    symlinkSync(`${process.pid}@${hostname()}@1`, join(log, '.lock'));
    expect(await user.bash('ls')).toMatchObject({ verdict: 'deny', reason: expect.stringContaining('lock') });
    unlinkSync(join(log, '.lock'));
  });

  test('a writer that died before it wrote the head is caught up with', () => {
    const head = readFileSync(join(log, '2026-11-20.head'));
    record('six');
    writeFileSync(join(log, '2026-11-20.head'), head);
    expect(faults()).toEqual([]);
    record('seven');
    expect(faults()).toEqual([]);
    expect(lines()).toHaveLength(7);
  });
});
