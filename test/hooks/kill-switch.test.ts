import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const script = resolve(import.meta.dirname, '../../hooks/kill-switch.sh');
const shells = ['/bin/sh', '/bin/dash', '/bin/bash'].filter((shell) => existsSync(shell));

let top = '';
let home = '';
let deep = '';
beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'blastguard-sh-')));
  home = join(top, 'home');
  deep = join(top, 'work', 'a project', 'src');
  mkdirSync(home);
  mkdirSync(deep, { recursive: true });
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

function run(
  shell: string,
  args: readonly string[],
  cwd = deep,
  env: Record<string, string> = { HOME: home },
) {
  const options = {
    cwd,
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', ...env },
    encoding: 'utf8',
  } as const;
  const { status, stdout, stderr } = spawnSync(shell, args, options);
  return { status, stdout, stderr };
}

describe.each(shells)('hooks/kill-switch.sh, run by %s', (shell) => {
  test('is silent when nothing is thrown, with and without HOME', () => {
    expect(run(shell, [script])).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(run(shell, [script], deep, {})).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test.each<[string, () => string]>([
    ['in the current directory', () => deep],
    ['in the directory above', () => join(deep, '..')],
    ['far above', () => top],
    ['at home', () => home],
  ])('halts on a switch %s, and says why', (_, dir) => {
    writeFileSync(join(dir(), '.claude-stop'), 'bad deploy\u001b[31m\n');
    const { status, stdout, stderr } = run(shell, [script]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('KILL SWITCH ACTIVE: ');
    expect(stderr).toContain('bad deploy[31m\n');
    expect(stderr).toContain('blastguard resume');
  });

  test.each<[string, (file: string) => void]>([
    ['a dangling link', (file) => symlinkSync('/no/such/file', file)],
    ['a directory', (file) => mkdirSync(file)],
    ['a FIFO', (file) => spawnSync('/usr/bin/env', ['mkfifo', file])],
    ['an empty file', (file) => writeFileSync(file, '')],
  ])('halts on a switch that is %s', (_, make) => {
    make(join(deep, '.claude-stop'));
    expect(run(shell, [script]).status).toBe(1);
  });

  test('halts on a switch above the link that the person came by', () => {
    mkdirSync(join(top, 'links'));
    symlinkSync(deep, join(top, 'links', 'here'));
    writeFileSync(join(top, 'links', '.claude-stop'), 'x');
    expect(run(shell, ['-c', `cd "${top}/links/here" && exec ${shell} ${script}`]).status).toBe(1);
  });

  test('halts when the current directory is gone', () => {
    const gone = join(top, 'gone');
    mkdirSync(gone);
    expect(
      run(shell, ['-c', `cd "${gone}" && rmdir "${gone}" && unset PWD && exec ${shell} ${script}`]).status,
    ).toBe(1);
  });

  test('in a wrapper, sourced or called, it decides whether the wrapper goes on', () => {
    const lines = (line: string) => ['-c', `${line}\necho started`];
    expect(run(shell, lines(`. "${script}" || exit 7`)).stdout).toBe('started\n');
    expect(run(shell, lines(`set -eu; . "${script}"`)).stdout).toBe('started\n');
    expect(run(shell, ['-c', `"${script}" && echo started`]).stdout).toBe('started\n');
    writeFileSync(join(deep, '.claude-stop'), 'x');
    expect(run(shell, lines(`. "${script}" || exit 7`))).toMatchObject({ status: 7, stdout: '' });
    expect(run(shell, lines(`set -eu; . "${script}"`))).toMatchObject({ status: 1, stdout: '' });
    expect(run(shell, ['-c', `"${script}" && echo started`])).toMatchObject({ status: 1, stdout: '' });
  });
});
