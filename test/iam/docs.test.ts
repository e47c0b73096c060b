import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { destructiveActions, mandatory } from '../../src/iam/destructive.ts';
import { allActions, catalogue } from './catalogue.ts';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/iam.md'), 'utf8');
const dir = mkdtempSync(join(tmpdir(), 'blastguard-docs-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const lines = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
  block.trim().split('\n'),
);

describe('the commands of docs/iam.md run', () => {
  test.each(lines)('%s', (line) => {
    const script = `blastguard() { "${process.execPath}" "${join(root, 'dist/cli.cjs')}" "$@"; }\n${line}`;
    const { status, stdout, stderr } = spawnSync('bash', ['-c', script], {
      cwd: dir,
      env: { PATH: '/usr/bin:/bin', HOME: dir },
      encoding: 'utf8',
    });
    // Nothing is set up there, so readiness finds something missing.
    const expected = line.startsWith('blastguard readiness') ? 1 : 0;
    expect({ status, stdout, stderr }).toMatchObject({ status: expected });
    expect(stderr).not.toContain('blastguard:');
  });

  test('there are commands', () => {
    expect(lines.length).toBeGreaterThan(15);
  });
});

test('the figures are those of the data', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const count = (breadth: 'critical' | 'all') => {
    const { actions, conditional } = destructiveActions(catalogue, breadth);
    return (actions.length + conditional.length).toLocaleString('en');
  };
  expect(readme).toContain(`(${count('critical')} actions in one document, ${count('all')} in three)`);
  for (const id of mandatory) expect(page).toContain(`\`${id}\``);
  expect(page).toContain(`${Math.floor(allActions.length / 1000)},000 actions`);
});
