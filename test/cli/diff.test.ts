import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { unifiedDiff } from '../../src/cli/diff.ts';

const top = mkdtempSync(join(tmpdir(), 'blastguard-diff-'));
const file = join(top, 'file');
afterAll(() => rmSync(top, { recursive: true, force: true }));

describe('unifiedDiff', () => {
  test('of equal texts is empty', () => {
    expect(unifiedDiff('f', 'a\n', 'a\n')).toBe('');
  });

  test('shows a change with its surroundings', () => {
    const before = 'a\nb\nc\nd\ne\nf\ng\nh\n';
    expect(unifiedDiff('f', before, before.replace('e', 'E'))).toBe(
      '--- f\n+++ f\n@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n',
    );
  });

  test('of a new file starts from nothing', () => {
    expect(unifiedDiff('f', '', 'a\n')).toBe('--- /dev/null\n+++ f\n@@ -0,0 +1,1 @@\n+a\n');
  });

  test('is what git applies', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 25 })
      .chain((lines) => fc.constantFrom('', '\n').map((end) => `x\n${lines.join('\n')}y${end}`));
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after);
        writeFileSync(file, before);
        const diff = unifiedDiff('file', before, after).replace(
          '--- file\n+++ file',
          '--- a/file\n+++ b/file',
        );
        const { status, stderr } = spawnSync('git', ['apply', '-'], {
          cwd: top,
          input: diff,
          encoding: 'utf8',
        });
        expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
        expect(readFileSync(file, 'utf8')).toBe(after);
      }),
      { numRuns: 60 },
    );
  });
});
