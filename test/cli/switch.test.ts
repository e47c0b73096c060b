import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { readSwitch } from '../../src/killswitch/file.ts';
import { install } from './installed.ts';

const installed = install();
const { home, project, top } = installed;
const src = join(project, 'src');
mkdirSync(src);
afterAll(installed.remove);

const switchIn = (dir: string) => join(dir, '.claude-stop');
afterEach(() => {
  for (const dir of [src, project, home, top]) rmSync(switchIn(dir), { recursive: true, force: true });
});

const actions = () => {
  const file = join(installed.state, 'log', `${new Date().toISOString().slice(0, 10)}.jsonl`);
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
};

describe('blastguard stop', () => {
  test('throws the switch of the project, from anywhere in it, and says so', () => {
    const { status, stdout } = installed.run(['stop', '--reason', 'bad deploy'], { cwd: src });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^HALTED: .*bad deploy.*\nTo go on: blastguard resume\n$/);
    const found = readSwitch({ cwd: src, projectDir: project, home });
    const by = `${userInfo().username}@${hostname()}`;
    expect(found).toEqual({
      thrown: true,
      file: switchIn(project),
      reason: 'bad deploy',
      by,
      at: expect.any(String),
    });
    expect(actions().at(-1)).toMatchObject({
      level: 30,
      hostname: hostname(),
      event: 'Action',
      action: 'stop',
      file: switchIn(project),
      by,
      msg: 'kill switch thrown: bad deploy',
    });
  });

  test('keeps the first reason when it is thrown already', () => {
    installed.run(['stop', '-r', 'first']);
    expect(installed.run(['stop', '-r', 'second'])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/already.*first/),
    });
  });

  test('--user halts everything of the user, --project another project', () => {
    installed.run(['stop', '--user']);
    expect(existsSync(switchIn(home))).toBe(true);
    installed.run(['stop', '--project', src]);
    expect(existsSync(switchIn(src))).toBe(true);
  });

  test('is open to an agent', () => {
    expect(installed.run(['stop'], { env: { CLAUDECODE: '1' } }).status).toBe(0);
  });

  test('works when the action cannot be recorded, and says so', () => {
    const { status, stderr } = installed.run(['stop'], { env: { BLASTGUARD_STATE_DIR: '/dev/null/x' } });
    expect({ status, thrown: existsSync(switchIn(project)) }).toEqual({ status: 0, thrown: true });
    expect(stderr).toMatch(/not recorded in the audit log/);
  });

  test('says how else to halt when it cannot write', () => {
    const { status, stderr } = installed.run(['stop', '--project', '/proc']);
    expect({ status, hint: /stop --user/.test(stderr) }).toEqual({ status: 1, hint: true });
  });
});

describe('blastguard resume', () => {
  test('clears what halts this directory, in the project', () => {
    writeFileSync(switchIn(project), 'one');
    writeFileSync(switchIn(src), 'two');
    const { status, stdout } = installed.run(['resume', '--yes'], { cwd: src });
    expect(status).toBe(0);
    expect(stdout).toContain(`removed ${switchIn(project)} (reason: one)\n`);
    expect(stdout).toContain(`removed ${switchIn(src)} (reason: two)\n`);
    expect(stdout).toMatch(/not halted\n$/);
    expect(existsSync(switchIn(project)) || existsSync(switchIn(src))).toBe(false);
    expect(actions().at(-1)).toMatchObject({ action: 'resume', file: switchIn(project) });
  });

  test('leaves what it was not asked to clear, names it, and fails', () => {
    for (const dir of [project, home, top]) writeFileSync(switchIn(dir), 'x');
    const { status, stdout } = installed.run(['resume', '--yes']);
    expect(status).toBe(1);
    expect(stdout).toContain(
      `left    ${switchIn(home)} (reason: x); to clear it: blastguard resume --user\n`,
    );
    expect(stdout).toContain(`to clear it: blastguard resume --project ${top}\n`);
    expect(existsSync(switchIn(home)) && existsSync(switchIn(top))).toBe(true);
    expect(installed.run(['resume', '--yes', '--user']).status).toBe(1);
    expect(existsSync(switchIn(home))).toBe(false);
    expect(installed.run(['resume', '--yes', '--project', top]).status).toBe(0);
  });

  test.each<[string, (file: string) => void]>([
    ['a dangling link', (file) => symlinkSync('/no/such', file)],
    ['a link to a directory', (file) => symlinkSync(top, file)],
    ['an empty directory', (file) => mkdirSync(file)],
    ['a FIFO', (file) => spawnSync('/usr/bin/env', ['mkfifo', file])],
  ])('clears a switch that is %s', (_, make) => {
    make(switchIn(project));
    expect(installed.run(['resume', '--yes']).status).toBe(0);
    expect(existsSync(top)).toBe(true);
  });

  test.each(['CLAUDECODE', 'CLAUDE_CODE_SESSION_ID', 'CLAUDE_PID', 'CLAUDE_CODE_ENTRYPOINT'])(
    'is refused inside Claude Code (%s), also with --yes',
    (name) => {
      writeFileSync(switchIn(project), 'x');
      const { status, stderr } = installed.run(['resume', '--yes'], { env: { [name]: '1' } });
      expect({ status, said: stderr.includes(`only a person may clear the kill switch`) }).toEqual({
        status: 1,
        said: true,
      });
      expect(existsSync(switchIn(project))).toBe(true);
    },
  );

  test('without a terminal it wants --yes', () => {
    writeFileSync(switchIn(project), 'x');
    expect(installed.run(['resume'])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/pass --yes/),
    });
    expect(existsSync(switchIn(project))).toBe(true);
  });

  test('says when there was nothing to clear', () => {
    expect(installed.run(['resume', '--yes'])).toMatchObject({
      status: 0,
      stdout: 'not halted: there was no switch to clear\n',
    });
  });
});

describe('blastguard status', () => {
  test('--quiet says it with its exit status alone', () => {
    expect(installed.run(['status', '--quiet'], { cwd: src })).toEqual({ status: 0, stdout: '', stderr: '' });
    writeFileSync(switchIn(top), 'x');
    expect(installed.run(['status', '-q'], { cwd: src })).toEqual({ status: 1, stdout: '', stderr: '' });
  });

  test('shows the switch, with nothing in it that could drive the terminal', () => {
    writeFileSync(switchIn(project), 'bad\u001b[2Jdeploy');
    const { status, stdout } = installed.run(['status']);
    expect(status).toBe(1);
    expect(stdout).toContain('HALTED\n');
    expect(stdout).toContain('reason: bad\\u{1b}[2Jdeploy');
  });

  test('--json gives the same to programs', () => {
    const { stdout } = installed.run(['status', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      halted: false,
      switches: [],
      project,
      state: installed.state,
    });
  });

  test.each<[string, Record<string, string>, boolean]>([
    ['FORCE_COLOR', { FORCE_COLOR: '1' }, true],
    ['nothing', {}, false],
    ['FORCE_COLOR and NO_COLOR', { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ])('into a pipe with %s: colour %o', (_, env, coloured) => {
    expect(installed.run(['status'], { env }).stdout.includes('\u001b[')).toBe(coloured);
  });
});
