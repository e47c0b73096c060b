import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { faultText } from '../../src/cli/fault.ts';
import { root } from '../golden/play.ts';
import { makeUser } from './built.ts';

const user = makeUser();
afterAll(user.remove);

describe('what an error of the system says to a person', () => {
  test.each([
    ["ENOENT: no such file or directory, open '/a b'", '`/a b`: no such file or directory'],
    ["EACCES: permission denied, rename '/x/.a.tmp' -> '/x/a'", '`/x/a`: permission denied'],
    ['EISDIR: illegal operation on a directory, read', 'it is a directory'],
    ['the rule `a/b` is not known', 'the rule `a/b` is not known'],
  ])('%s', (message, expected) => expect(faultText(new Error(message))).toBe(expected));
});

describe('a file that the command line names', () => {
  mkdirSync(join(user.project, 'directory'));
  const commands = [['test'], ['iam', 'verify'], ['terraform', 'plan'], ['log', 'verify', '--heads']];

  test.each(commands)('`%s %s %s` says that it is missing, or a directory', (...words) => {
    const command = words.filter((word) => word !== undefined);
    for (const [name, cause] of [
      ['missing', 'no such file or directory'],
      ['directory', 'it is a directory'],
    ] as const) {
      const { status, stdout, stderr } = user.run([...command, name]);
      const said = stderr.split('\n')[0];
      expect({ status, stdout, said }).toEqual({
        status: 64,
        stdout: '',
        said: `blastguard: cannot read \`${name}\`: ${cause}`,
      });
    }
  });

  test('is named where what was to be written cannot be', () => {
    const { status, stderr } = user.run(['report', '--html', 'none/page.html']);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(/^blastguard: `\S+none\/page\.html\S*`: no such file or directory\n$/),
    });
  });
});

describe('the words of a command line that would go unheard', () => {
  test.each([
    [['check', '--commands', 'ls'], /--commands needs --json or --jsonl/],
    [['check', '--mode', 'autoo', 'ls'], /unknown mode `autoo` \(did you mean `auto`\?\)/],
    [['check', '--cwd', 'none', 'ls'], /no such directory: `none`/],
    [['iam', 'verify', '--of', 'arn'], /--of needs --live/],
    [['review', 'x', '--note', 'y'], /--note needs --mark/],
    [['review', 'x', '--mark', '--json'], /`--mark` and `--json` exclude each other/],
    [['completion'], /name one shell: bash, zsh, fish/],
  ])('%j', (words, said) => {
    const { status, stdout, stderr } = user.run(words);
    expect({ status, stdout, stderr }).toEqual({
      status: 64,
      stdout: '',
      stderr: expect.stringMatching(said),
    });
  });

  test('a stage that does not exist is told before who asks', () => {
    user.write(user.userFile, 'rollout:\n  stage: observe\n');
    expect(user.run(['rollout', 'set', 'stagin', '--why', 'x']).stderr).toContain('did you mean `staging`?');
    expect(user.run(['rollout', 'set', 'staging', '--why', 'x'])).toMatchObject({ status: 1 });
  });
});

describe('an installation that carries no packs in source, as the plugin', () => {
  const installed = join(user.project, 'plugin');
  cpSync(join(root, 'dist'), join(installed, 'dist'), { recursive: true });
  cpSync(join(root, 'plugin/package.json'), join(installed, 'package.json'));
  const run = (...words: string[]) =>
    spawnSync(process.execPath, [join(installed, 'dist/cli.cjs'), ...words], {
      cwd: user.project,
      env: { PATH: process.env.PATH, HOME: user.home, XDG_STATE_HOME: user.state },
      encoding: 'utf8',
    });

  test('says what to do where `test` needs them', () => {
    const { status, stderr } = run('test');
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining('install blastguard from'),
    });
  });

  test('runs the examples of a configuration', () => {
    const rule = `rules:
  - id: own/orders
    title: Delete the orders
    severity: high
    decision: deny
    match: [orders delete]
    reason: They are the only copy.
    instead: Ask a person.
    examples:
      deny: [orders delete 7]
      pass: [orders list]
`;
    writeFileSync(join(user.project, 'own.yaml'), rule);
    expect(run('test', 'own.yaml')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^2 examples of 1 rule/),
    });
  });

  test('writes its report', () => {
    expect(run('report', '--html', 'page.html')).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(join(user.project, 'page.html'), 'utf8')).toContain('<html');
  });
});
