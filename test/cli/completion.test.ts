import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { bashCompletion } from '../../src/cli/completion/bash.ts';
import { fishCompletion } from '../../src/cli/completion/fish.ts';
import { zshCompletion } from '../../src/cli/completion/zsh.ts';
import { makeUser } from './built.ts';

const user = makeUser();
afterAll(user.remove);
beforeAll(() => {
  mkdirSync(join(user.project, 'a directory'));
  writeFileSync(join(user.project, 'a file'), '');
});

const firstWords = [...new Set(commands.map(({ name }) => name.split(' ')[0] ?? ''))];

/** What a real bash offers when Tab is pressed behind the words. */
function bashOffers(...words: readonly string[]): readonly string[] {
  const script = `${bashCompletion(commands)}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_blastguard
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const run = spawnSync('bash', ['--norc', '-c', script, 'bash', 'blastguard', ...words], {
    cwd: user.project,
    encoding: 'utf8',
  });
  expect(run.stderr.replaceAll(/^.*compopt: not currently executing completion function\n/gm, '')).toBe('');
  return run.stdout.split('\n').filter((line) => line !== '');
}

describe('bash', () => {
  test('registers the function', () => {
    const run = spawnSync('bash', ['--norc', '-c', `${bashCompletion(commands)}complete -p blastguard`], {
      encoding: 'utf8',
    });
    expect(run.stdout).toBe('complete -o default -F _blastguard blastguard\n');
  });

  test.each<[readonly string[], readonly string[]]>([
    [[''], [...firstWords, 'help', '--help', '--version', '--licenses']],
    [['re'], ['readiness', 'replay', 'report', 'resume', 'review']],
    [
      ['iam', ''],
      ['boundary', 'verify'],
    ],
    [
      ['terraform', 'p'],
      ['plan', 'protect'],
    ],
    [['iam', 'verify', '--li'], ['--live']],
    [['stop', '--re'], ['--reason']],
    [
      ['rollout', ''],
      ['advance', 'set', 'status'],
    ],
    [
      ['completion', ''],
      ['bash', 'fish', 'zsh'],
    ],
    [['init', '--project', 'a'], ['a directory']],
    [['report', '--html', 'a'], []],
    [['stop', '--reason', ''], []],
    [['test', 'a'], []],
    [['help', 'un'], ['uninstall']],
    [['no-such', ''], []],
  ])('%j', (words, offered) => {
    expect([...bashOffers(...words)].sort()).toEqual([...offered].sort());
  });

  test.each(commands.map((command) => [command.name, command] as const))(
    '%s: every option',
    (name, command) => {
      const options = [...Object.keys(command.options).map((option) => `--${option}`), '--help'];
      expect([...bashOffers(...name.split(' '), '--')].sort()).toEqual(options.sort());
    },
  );
});

/** Whether the shell is there; where everything must run, its tests run and fail without it. */
const canRun = (shell: string) =>
  process.env.CI === 'true' || spawnSync(shell, ['--version']).error === undefined;

describe.skipIf(!canRun('zsh'))('zsh (skipped where there is none)', () => {
  test('reads it', () => {
    const file = join(user.home, '_blastguard');
    writeFileSync(file, zshCompletion(commands));
    const run = spawnSync('zsh', ['-f', '-n', file], { encoding: 'utf8' });
    expect([run.status, run.stderr]).toEqual([0, '']);
  });
});

describe.skipIf(!canRun('fish'))('fish (skipped where there is none)', () => {
  const environment = { ...process.env, HOME: user.home };
  const offers = (line: string) => {
    const script = `${fishCompletion(commands)}complete -C '${line}'`;
    const run = spawnSync('fish', ['--no-config', '-c', script], {
      cwd: user.project,
      env: environment,
      encoding: 'utf8',
    });
    expect(run.stderr).toBe('');
    return run.stdout
      .trim()
      .split('\n')
      .map((each) => each.split('\t')[0] ?? '')
      .sort();
  };

  test.each<[string, readonly string[]]>([
    ['blastguard ', firstWords],
    ['blastguard iam ', ['boundary', 'verify']],
    ['blastguard iam verify --li', ['--live']],
    ['blastguard rollout ', ['advance', 'set', 'status']],
    ['blastguard init --project a', ['a directory/']],
  ])('%s', (line, offered) => expect(offers(line)).toEqual([...offered].sort()));
});

test('`blastguard completion` prints them, and refuses another shell', () => {
  expect(user.run(['completion', 'bash']).stdout).toBe(bashCompletion(commands));
  expect(user.run(['completion', 'zsh']).stdout).toBe(zshCompletion(commands));
  expect(user.run(['completion', 'fish']).stdout).toBe(fishCompletion(commands));
  expect(user.run(['completion', 'tcsh'])).toMatchObject({
    status: 64,
    stderr: expect.stringContaining('bash, zsh, fish'),
  });
  expect(user.run(['completion']).status).toBe(64);
});
