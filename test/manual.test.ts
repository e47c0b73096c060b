import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from '../src/cli/commands/index.ts';
import { spelling } from '../src/cli/help.ts';

const root = resolve(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/commands.md'), 'utf8');
const manual = join(root, 'docs/blastguard.1');

test.each(commands.map((command) => [command.name, command] as const))(
  'docs/commands.md explains `%s`',
  (name, command) => {
    const section = page.split(`\n### ${name}\n`)[1]?.split(/\n##/)[0] ?? '';
    expect(section).toContain(command.summary);
    for (const [option, described] of Object.entries(command.options))
      expect(section).toContain(`| \`${spelling(option, described).replaceAll('|', '\\|')}\` |`);
  },
);

const skip = process.env.CI !== 'true' && spawnSync('groff', ['--version']).error !== undefined;

describe.skipIf(skip)('the manual page (skipped where there is no groff)', () => {
  const run = spawnSync('groff', ['-man', '-ww', '-Tutf8', '-P-c', '-rLL=400n', manual], {
    encoding: 'utf8',
  });
  const text = (run.stdout ?? '').replaceAll(/.\u0008/g, '');

  test('is read without a warning', () => expect([run.status, run.stderr]).toEqual([0, '']));

  test.each(commands.flatMap(({ examples }) => examples.map(([line]) => line)))('shows `%s`', (line) => {
    expect(text).toContain(line);
  });
});
