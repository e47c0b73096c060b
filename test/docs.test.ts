import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeUser } from './cli/built.ts';
import { root } from './golden/play.ts';

const read = (name: string) => readFileSync(join(root, 'docs', name), 'utf8');
const blocks = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, block]) => block ?? '',
  );

const user = makeUser();
const bin = join(user.home, 'bin');
afterAll(user.remove);

beforeAll(async () => {
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'blastguard'),
    `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'dist/cli.cjs')}" "$@"\n`,
  );
  chmodSync(join(bin, 'blastguard'), 0o755);
  user.write(user.userFile, blocks(read('rollout.md'), 'yaml')[0] ?? '');
  writeFileSync(join(user.home, '.bash_history'), 'ls\nterraform destroy\n');
  await user.bash('ls');
  await user.bash('terraform destroy');
});

describe.each(['rollout.md', 'review.md'])('docs/%s', (name) => {
  const lines = blocks(read(name), 'sh').flatMap((block) => block.trim().split('\n'));

  test('has commands', () => expect(lines.length).toBeGreaterThan(5));

  test.each(lines)('%s', (line) => {
    const env = {
      PATH: `${bin}:${process.env.PATH}`,
      HOME: user.home,
      XDG_STATE_HOME: user.environment.XDG_STATE_HOME,
    };
    const run = spawnSync('/bin/sh', ['-c', line], { cwd: user.project, env, input: '', encoding: 'utf8' });
    expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: '' });
  });
});

test('the configuration in docs/rollout.md is in force as it stands', () => {
  expect(user.run(['compile'])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('4 environments'),
  });
});
