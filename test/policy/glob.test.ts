import { describe, expect, test } from 'vitest';
import type { Certainty } from '../../src/model/certainty.ts';
import { known, type Word } from '../../src/model/word.ts';
import { fits, fitsPath } from '../../src/policy/glob.ts';
import { cpuTime } from '../cpu-time.ts';

const oneOf = (...texts: string[]): Word => ({ kind: 'one-of', texts });
const holed = (...pieces: (string | null)[]): Word => ({
  kind: 'unknown',
  pieces,
  many: false,
  options: false,
  why: '',
});

describe('whether a word fits a glob', () => {
  test.each<[glob: string, word: Word, answer: Certainty]>([
    ['destroy', known('destroy'), 'yes'],
    ['destroy', known('Destroy'), 'no'],
    ['delete-*', known('delete-stack'), 'yes'],
    ['delete-*', known('delete-'), 'yes'],
    ['delete-*', known('describe-stack'), 'no'],
    ['*-delete*', known('batch-delete-image'), 'yes'],
    ['?', known('é'), 'yes'],
    ['?', known('ab'), 'no'],
    ['a?c', known('abc'), 'yes'],
    ['', known(''), 'yes'],
    ['*', known(''), 'yes'],
    ['a*b*c', known('aXbYbZc'), 'yes'],
    ['a*b*c', known('aXbYbZ'), 'no'],
    ['de*', oneOf('destroy', 'delete'), 'yes'],
    ['de*', oneOf('destroy', 'plan'), 'maybe'],
    ['de*', oneOf('plan', 'apply'), 'no'],
    ['destroy', holed(null), 'maybe'],
    ['*', holed(null), 'yes'],
    ['prod-*', holed('prod-', null), 'yes'],
    ['prod-db', holed('prod-', null), 'maybe'],
    ['prod-db', holed('stag', null), 'no'],
    ['*prod*', holed(null, '-prod-', null), 'yes'],
    ['*prod*', holed('p', null), 'maybe'],
    ['delete', holed(null, 'lete'), 'maybe'],
    ['delete', holed(null, 'x'), 'no'],
    ['a??d', holed('a', null, 'd'), 'maybe'],
  ])('%s and %j: %3$s', (glob, word, answer) => {
    expect(fits(glob, word)).toBe(answer);
  });

  test('a glob that would take a regular expression for ever ends at once', () => {
    const started = cpuTime();
    expect(fits(`${'*a'.repeat(30)}b`, known('a'.repeat(5000)))).toBe('no');
    expect(cpuTime() - started).toBeLessThan(500);
  });
});

describe('whether a path fits a path glob', () => {
  test.each<[glob: string, path: string, answer: boolean]>([
    ['/etc/hosts', '/etc/hosts', true],
    ['/etc/*', '/etc/hosts', true],
    ['/etc/*', '/etc/ssh/config', false],
    ['/etc/**', '/etc/ssh/config', true],
    ['/etc/**', '/etc', true],
    ['**/.github/workflows/**', '/a/b/.github/workflows/ci.yml', true],
    ['**/.github/workflows/**', '/a/.github/workflow/ci.yml', false],
    ['**/*.tfstate', '/a/b/c.tfstate', true],
    ['**/*.tfstate', '/c.tfstate', true],
    ['**/*.tfstate', '/a/c.tfstate.backup', false],
    ['/a/**/z', '/a/z', true],
    ['/a/**/z', '/a/b/c/z', true],
    ['/a/?', '/a/b', true],
    ['/a/?', '/a/', false],
    ['/*', '/.hidden', true],
  ])('%s and %s: %s', (glob, path, answer) => {
    expect(fitsPath(glob, path)).toBe(answer);
  });
});
