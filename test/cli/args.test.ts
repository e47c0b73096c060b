import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readArguments } from '../../src/cli/args.ts';
import type { CliCommand } from '../../src/cli/command.ts';
import { install } from './installed.ts';

const command: CliCommand = {
  name: 'example',
  summary: 'An example.',
  usage: '',
  options: { reason: { value: 'TEXT', short: 'r', help: '' }, user: { help: '' }, 'dry-run': { help: '' } },
  examples: [],
  run: () => 0,
};

describe('readArguments', () => {
  test.each<[readonly string[], string | undefined, boolean]>([
    [[], undefined, false],
    [['--reason', 'a b'], 'a b', false],
    [['--reason=--x', '--user'], '--x', true],
    [['-r', 'a'], 'a', false],
    [['-ra', '--user'], 'a', true],
  ])('%j', (words, reason, user) => {
    const args = readArguments(command, words);
    expect([args.text('reason'), args.flag('user')]).toEqual([reason, user]);
  });

  test.each([
    [['--usr'], 'unknown option `--usr` (did you mean `--user`?)'],
    [['--dryrun'], 'unknown option `--dryrun` (did you mean `--dry-run`?)'],
    [['-x'], 'unknown option `-x`'],
    [['--quite-different'], 'unknown option `--quite-different`'],
    [['--user=yes'], '`--user` takes no value'],
    [['--reason'], /^`--reason` needs a value: `--reason TEXT`$/],
    [['-r'], /^`-r` needs a value: `-r TEXT`$/],
    [['--reason', '-x'], /one that begins with `-` is written `--reason=-x`$/],
    [['stray'], 'unexpected argument `stray`'],
    [['--', '--user'], 'unexpected argument `--user`'],
  ])('%j is refused', (words, message) => {
    expect(() => readArguments(command, words)).toThrow(message);
  });

  test.each<[string, number | undefined, number | RegExp]>([
    ['7', undefined, 7],
    ['0', undefined, 0],
    ['0', 1, /^`--reason` takes a whole number from 1 on, not `0`$/],
    ['1.5', undefined, /^`--reason` takes a whole number, not `1\.5`$/],
    ['', undefined, /takes a whole number, not ``$/],
    ['1e3', undefined, /takes a whole number/],
  ])('the number %j, of %s or more', (text, least, expected) => {
    const read = () => readArguments(command, [`--reason=${text}`]).number('reason', least);
    if (typeof expected === 'number') expect(read()).toBe(expected);
    else expect(read).toThrow(expected);
  });

  test('of options that exclude each other, two are named', () => {
    const exclusive = (...words: string[]) =>
      readArguments(command, words).exclusive('user', 'reason', 'dry-run');
    expect(() => exclusive('--reason', 'x')).not.toThrow();
    expect(() => exclusive('--dry-run', '--reason', 'x')).toThrow(
      /^`--reason` and `--dry-run` exclude each other$/,
    );
  });

  test('operands are read where a command takes them', () => {
    expect(readArguments({ ...command, operands: true }, ['a', '--user', '--', '-b']).operands).toEqual([
      'a',
      '-b',
    ]);
  });
});

describe('blastguard', () => {
  const installed = install();
  afterAll(installed.remove);
  const { version } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../package.json'), 'utf8'));

  test.each<[readonly string[], number, RegExp]>([
    [[], 0, /^blastguard: .*\n\nUsage: blastguard COMMAND/],
    [['--help'], 0, / {2}status +Show/],
    [['help', 'stop'], 0, /Usage: blastguard stop \[--reason TEXT\][\s\S]*-r, --reason TEXT +why/],
    [['stop', '--help'], 0, /Usage: blastguard stop/],
    [['log', '-h'], 0, /Examples:/],
    [
      ['--version'],
      0,
      new RegExp(`^${version} \\(policy (?:[0-9a-f]{12}|unreadable), build (?:[0-9a-f]{16}|none)\\)\n$`),
    ],
    [['stat'], 64, /^blastguard: unknown command `stat` \(did you mean `status`\?\)/],
    [['--verson'], 64, /^blastguard: unknown option `--verson`/],
    [
      ['status', '--quit'],
      64,
      /^blastguard: unknown option `--quit` \(did you mean `--quiet`\?\)\n`blastguard status --help` shows how it is used\n$/,
    ],
    [['stop', '--user', '--project', '.'], 64, /exclude each other/],
    [['stop', '--project', '/no/such'], 64, /no such directory/],
    [['init', '--user', '--local'], 64, /exclude each other/],
    [['log', '--verdict', 'allow'], 64, /unknown verdict `allow`/],
    [['log', '--since', 'yesterdayish'], 64, /neither a time span/],
    [['log', '--limit', '-1'], 64, /limit/],
  ])('%j ends with %i', (args, status, words) => {
    const result = installed.run(args);
    expect(result.status).toBe(status);
    expect(status === 0 ? result.stdout : result.stderr).toMatch(words);
    expect(status === 0 ? result.stderr : result.stdout).toBe('');
  });
});
