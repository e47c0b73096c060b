import { describe, expect, test } from 'vitest';
import { runOracle } from './run.ts';
import { findProgram } from './sandbox.ts';

const bash = findProgram('bash');

describe('what bash runs is among what is read', () => {
  test('there is a bash to ask in CI', () => {
    expect(bash !== undefined || process.env.CI !== 'true').toBe(true);
  });

  test.skipIf(bash === undefined)(
    'of 250 generated scripts (npm run oracle runs more)',
    { timeout: 60_000 },
    () => {
      // One seed, so that a run means the same each day; `npm run oracle` takes a fresh one each time.
      const lines: string[] = [];
      const misses = runOracle({
        count: 250,
        seed: 1,
        kind: 'generated',
        shrunk: 3,
        print: (line) => lines.push(line),
      });
      console.log(lines.at(-1));
      expect(misses === 0 ? [] : lines).toEqual([]);
    },
  );
});
