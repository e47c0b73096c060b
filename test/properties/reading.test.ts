import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpuTime } from '../cpu-time.ts';
import { readLine } from '../shell/pretend.ts';
import grammarPieces from './grammar-pieces.json' with { type: 'json' };
import './seed.ts';

const rows: readonly string[] = readFileSync(
  join(import.meta.dirname, '../fixtures/parse-oneliners.jsonl'),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line).cmd);

/** Pieces of shell that matter to its grammar. */
const pieces = fc.constantFrom<string>(...grammarPieces, '\ud800');

const budget = 250;

function readsQuickly(text: string): void {
  const started = cpuTime();
  const reading = readLine(text);
  const took = cpuTime() - started;
  // A pause of the machine is no fault of the reader: what is slow is slow again.
  if (took > budget) {
    const again = cpuTime();
    readLine(text);
    expect([text, Math.min(took, cpuTime() - again) <= budget]).toEqual([text, true]);
  }
  expect(Array.isArray(reading.commands)).toBe(true);
}

describe('reading never throws and ends quickly', () => {
  test('on any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), readsQuickly), { numRuns: 1500 });
  });

  test('on any mixture of shell', () => {
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
        readsQuickly,
      ),
      {
        numRuns: 3000,
      },
    );
  });

  test('on the corpus with something cut, doubled or put in', () => {
    const change = fc.tuple(fc.constantFrom(...rows), fc.nat(400), fc.nat(400), fc.nat(2), pieces);
    fc.assert(
      fc.property(change, ([row, a, b, how, piece]) => {
        const [from, to] = [a % (row.length + 1), b % (row.length + 1)].sort((x, y) => x - y) as [
          number,
          number,
        ];
        const middle = [piece, row.slice(from, to).repeat(2), ''][how] ?? '';
        readsQuickly(row.slice(0, from) + middle + row.slice(to));
      }),
      { numRuns: 3000 },
    );
  });

  test.each<[string, string]>([
    ['10,000 nested substitutions', `${'$('.repeat(10_000)}rm${')'.repeat(10_000)}`],
    ['10,000 open substitutions', '$('.repeat(10_000)],
    ['10,000 nested braces', '{a,'.repeat(10_000)],
    ['10,000 nested parameters', `echo ${'${x:-'.repeat(10_000)}`],
    ['10,000 groups', '( '.repeat(10_000)],
    ['64 KB of words', `echo ${'word '.repeat(12_000)}`],
    ['a chain of doublings', Array.from({ length: 40 }, (_, i) => `v${i + 1}="$v${i}$v${i}"`).join('; ')],
    ['braces that multiply', `echo ${'{a,b,c,d}'.repeat(20)}`],
    ['values that multiply', `x=\${a:-b}; echo ${'"${q:-1}${r:-2}"'.repeat(30)}`],
    ['a long pattern', `v=${'a'.repeat(4000)}; echo "\${v//a*a*a*a*a*b/x}"`],
    ['a function that calls itself', 'f() { f | f & }; f'],
    ['a function that calls itself many times', 'f() { f; f; f; }; f'],
    ['loops in loops', `${'for i in 1 2 3 4 5 6 7 8; do '.repeat(8)} rm $i ${'; done'.repeat(8)}`],
    ['while loops in while loops', `${'while x; do '.repeat(12)} n=$((n+1)) ${'; done'.repeat(12)}`],
    ['a megabyte', 'rm x; '.repeat(170_000)],
    ['many here-documents', 'cat <<A\nx\nA\n'.repeat(3000)],
    ['an alternation of quotes', `echo ${`'a'"b"`.repeat(10_000)}`],
    ['nested eval', `${"eval '".repeat(30)}rm`],
  ])('on %s', (_name, text) => {
    const started = cpuTime();
    const reading = readLine(text);
    // Alone each takes less than a second; the hook denies what is not read within its deadline.
    expect(cpuTime() - started).toBeLessThan(6000);
    expect(Array.isArray(reading.commands)).toBe(true);
  });
});
