import { spawnSync } from 'node:child_process';
import { appendFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appendRecord, logFile } from '../../src/host/audit-log.ts';
import type { Verdict } from '../../src/model/decision.ts';
import { install } from './installed.ts';

const installed = install();
const { run, state } = installed;
afterAll(installed.remove);

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const now = Date.now();

function record(time: number, verdict: Verdict, input: string, session = 'session-1'): void {
  const common = {
    pid: 1,
    hostname: 'h',
    event: 'PreToolUse',
    cwd: '/p',
    project: '/p',
    mode: 'auto',
    tool: 'Bash',
  };
  const level = verdict === 'deny' ? 50 : verdict === 'ask' ? 40 : 30;
  const rules = verdict === 'pass' ? [] : ['terraform/destroy'];
  const rest = { level, time, session, input, verdict, halted: false, rules, took: 1, msg: verdict };
  appendRecord({ ...common, ...rest }, state);
}

beforeEach(() => {
  record(now - 2 * DAY, 'pass', 'oldest');
  record(now - DAY, 'deny', 'yesterday', 'other-2');
  record(now - 2 * HOUR, 'ask', 'earlier');
  record(now - 1000, 'deny', 'latest');
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

const shown = (args: readonly string[]) =>
  run(['log', '--json', ...args])
    .stdout.split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).input);

describe('blastguard log', () => {
  test.each<[readonly string[], readonly string[]]>([
    [[], ['oldest', 'yesterday', 'earlier', 'latest']],
    [
      ['--verdict', 'deny'],
      ['yesterday', 'latest'],
    ],
    [['--session', 'other'], ['yesterday']],
    [['--since', '1h'], ['latest']],
    [
      ['--since', '25h'],
      ['yesterday', 'earlier', 'latest'],
    ],
    [['--since', '90m', '--verdict', 'pass'], []],
    [
      ['--since', new Date(now - 3 * HOUR).toISOString()],
      ['earlier', 'latest'],
    ],
    [
      ['--limit', '2'],
      ['earlier', 'latest'],
    ],
    [['-n', '1', '--verdict', 'ask'], ['earlier']],
    [['-n', '0'], []],
  ])('%j shows %j', (args, inputs) => {
    expect(shown(args)).toEqual(inputs);
  });

  test('shows a line a call, in local time', () => {
    const lines = run(['log']).stdout.trim().split('\n');
    expect(lines.at(-1)).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}deny {2}Bash {2}latest {2}\[terraform\/destroy\]$/,
    );
    expect(lines.at(0)).toMatch(/ {2}pass {2}Bash {2}oldest$/);
  });

  test('shows what people did, too', () => {
    run(['stop', '--reason', 'bad deploy']);
    run(['resume', '--yes']);
    expect(run(['log', '-n', '2']).stdout).toMatch(
      / {2}user {2}kill switch thrown: bad deploy \(.*@.*\)\n.* {2}user {2}kill switch cleared/,
    );
  });

  test('nothing in a command can drive the terminal', () => {
    record(now, 'pass', 'a\u001b[2J\nb\u009b\u202e');
    expect(run(['log', '-n', '1']).stdout).toMatch(/ {2}a\\u\{1b\}\[2J⏎b\\u\{9b\}\\u\{202e\}\n$/);
  });

  test('leaves torn lines out, and counts them', () => {
    const file = logFile(state, now);
    appendFileSync(file, '{"level":30,"ti');
    record(now, 'pass', 'after');
    appendFileSync(file, '\n\n"text"\n{"level":30,"time":1');
    const { stdout, stderr, status } = run(['log', '--json', '--since', '1h']);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).input),
    ).toEqual(['latest', 'after']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'blastguard: 3 torn lines left out\n' });
  });

  test('without a log it shows nothing', () => {
    rmSync(state, { recursive: true });
    expect(run(['log'])).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('--json is what pino-pretty reads', () => {
    const pretty = resolve(import.meta.dirname, '../../node_modules/pino-pretty/bin.js');
    run(['stop']);
    const input = run(['log', '--json']).stdout;
    const { stdout } = spawnSync(process.execPath, [pretty, '--no-colorize'], { input, encoding: 'utf8' });
    expect(stdout.match(/^\[.*\] (INFO|WARN|ERROR) /gm)).toHaveLength(5);
    expect(stdout).toMatch(/INFO \(\d+\): kill switch thrown/);
  });

  test('a reader that goes away ends it quietly', () => {
    for (let i = 0; i < 3000; i += 1) record(now, 'pass', `call ${i} ${'x'.repeat(100)}`);
    const cli = join(installed.package, 'dist/cli.cjs');
    const options = {
      env: { PATH: process.env.PATH, BLASTGUARD_STATE_DIR: state, HOME: installed.home },
      encoding: 'utf8',
    } as const;
    const { stdout, stderr } = spawnSync(
      '/bin/sh',
      ['-c', `"$0" "${cli}" log | head -n 1`, process.execPath],
      options,
    );
    expect({ lines: stdout.split('\n').length, stderr }).toEqual({ lines: 2, stderr: '' });
  });

  test('--follow starts with the last, waits for more, finishes lines and changes files at midnight', async () => {
    const child = installed.start(['log', '--follow', '--json', '-n', '1']);
    let text = '';
    child.stdout?.on('data', (data) => {
      text += data;
    });
    const inputs = () =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line).input);
    const until = async (count: number) => {
      for (let i = 0; i < 100 && inputs().length < count; i += 1) await sleep(50);
      return inputs();
    };
    try {
      expect(await until(1)).toEqual(['latest']);
      record(now, 'pass', 'more');
      expect(await until(2)).toEqual(['latest', 'more']);
      const line = JSON.stringify({ level: 30, time: now, input: 'in two halves' });
      appendFileSync(logFile(state, now), line.slice(0, 20));
      await sleep(300);
      appendFileSync(logFile(state, now), `${line.slice(20)}\n`);
      expect(await until(3)).toEqual(['latest', 'more', 'in two halves']);
      record(now, 'pass', 'last of the day');
      record(now + DAY, 'pass', 'first of the next');
      expect(await until(5)).toEqual([
        'latest',
        'more',
        'in two halves',
        'last of the day',
        'first of the next',
      ]);
    } finally {
      child.kill();
    }
  });
});
