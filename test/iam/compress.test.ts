import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actionsFitting, fitsAction } from '../../src/iam/action-pattern.ts';
import { compressActions } from '../../src/iam/compress.ts';
import '../properties/seed.ts';
import { allActions, catalogue } from './catalogue.ts';

const ids = allActions.map(({ id }) => id);
const reading = new Set(
  allActions.filter(({ level }) => level === 'Read' || level === 'List').map(({ id }) => id),
);

/** As slow and as plain as it can be. */
function naive(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern[0] === '*')
    return naive(pattern.slice(1), text) || (text !== '' && naive(pattern, text.slice(1)));
  return (
    text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && naive(pattern.slice(1), text.slice(1))
  );
}

describe('patterns of actions', () => {
  const letters = fc.stringMatching(/^[ab:*?]{0,8}$/);
  test('fit as the plainest matcher says, in any case', () => {
    fc.assert(
      fc.property(letters, fc.stringMatching(/^[abAB:]{0,10}$/), (pattern, text) => {
        expect(fitsAction(pattern, text)).toBe(naive(pattern.toLowerCase(), text.toLowerCase()));
      }),
      { numRuns: 5000 },
    );
  });

  test('find in the catalogue what fits them, and nothing else', () => {
    const patterns = [
      '*',
      's3:*',
      's3:Delete*',
      'S3:delete?ucket',
      '*:Terminate*',
      'ec2:*Instance?',
      'ec2:x',
      'none:*',
    ];
    for (const pattern of patterns) {
      const expected = ids.filter((id) => naive(pattern.toLowerCase(), id.toLowerCase()));
      expect(
        actionsFitting(catalogue, pattern)
          .map(({ id }) => id)
          .sort(),
      ).toEqual(expected.sort());
    }
  });
});

describe('compressing', () => {
  const changing = ids.filter((id) => !reading.has(id));
  const some = fc.uniqueArray(fc.constantFrom(...changing), { minLength: 1, maxLength: 60 });

  test.each([false, true])('keeps the set exactly, whatever it is (tight: %s)', (tight) => {
    fc.assert(
      fc.property(some, (wanted) => {
        const patterns = compressActions(catalogue, wanted, new Set(), tight);
        const covered = new Set(
          patterns.flatMap((pattern) => actionsFitting(catalogue, pattern)).map(({ id }) => id),
        );
        expect([...covered].sort()).toEqual([...wanted].sort());
      }),
      { numRuns: 60 },
    );
  });

  test('goes beyond it only where that is tolerated', () => {
    fc.assert(
      fc.property(some, some, (wanted, spare) => {
        const patterns = compressActions(catalogue, wanted, new Set(spare), true);
        const covered = new Set(
          patterns.flatMap((pattern) => actionsFitting(catalogue, pattern)).map(({ id }) => id),
        );
        for (const id of wanted) expect(covered).toContain(id);
        for (const id of covered) expect([...wanted, ...spare]).toContain(id);
      }),
      { numRuns: 60 },
    );
  });

  test('shortens where a whole family is wanted', () => {
    const wanted = ids.filter((id) => /^rds:Delete/.test(id));
    expect(compressActions(catalogue, wanted, new Set())).toEqual(['rds:Delete*']);
    expect(wanted.length).toBeGreaterThan(10);
  });

  test('never cuts a verb so short that it begins something that only reads', () => {
    const patterns = compressActions(
      catalogue,
      changing.filter((id) => /:(Delete|Disable|Terminate)/.test(id)),
      new Set(),
      true,
    );
    const beginnings = patterns
      .filter((each) => each.endsWith('*'))
      .map((each) => each.slice(each.indexOf(':') + 1, -1));
    const names = [...reading].map((id) => id.slice(id.indexOf(':') + 1));
    expect(beginnings.filter((start) => names.some((name) => name.startsWith(start)))).toEqual([]);
  });
});
