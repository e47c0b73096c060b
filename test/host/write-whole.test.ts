import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { writeWhole } from '../../src/host/write-whole.ts';

const dir = mkdtempSync(join(tmpdir(), 'blastguard-write-'));
const file = join(dir, 'state.json');
beforeEach(() => rmSync(file, { recursive: true, force: true }));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('a file that is written whole', () => {
  test.each([false, true])('holds the contents, for its owner alone, with durable %s', (durable) => {
    writeWhole(file, 'one', durable);
    writeWhole(file, 'two', durable);
    expect(readFileSync(file, 'utf8')).toBe('two');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(dir)).toEqual(['state.json']);
  });

  test('leaves nothing behind where it cannot be written, and the error names it', () => {
    mkdirSync(join(file, 'in the way'), { recursive: true });
    expect(() => writeWhole(file, 'one')).toThrow(new RegExp(`'${file}'(?!\\.)`));
    expect(readdirSync(dir)).toEqual(['state.json']);
    expect(() => writeWhole(join(dir, 'missing/state.json'), 'one')).toThrow(`'${dir}/missing/state.json'`);
    expect(existsSync(join(dir, 'missing'))).toBe(false);
  });
});
