import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Command } from '../../src/model/command.ts';
import { type Word as ReadWord, textsOf } from '../../src/model/word.ts';
import { readLine, shown } from './pretend.ts';

/** Lines that are nasty on purpose, and what bash's own parser (and running them) says that they run. */
type Row = {
  readonly id: number;
  readonly cmd: string;
  readonly bashAccepts: boolean;
  readonly commands: readonly Argv[];
  /** What is inside the code that a command carries (`bash -c`, `eval`, `trap`). */
  readonly unwrapped?: readonly Argv[];
  /** Bash runs the commands before it meets the error. */
  readonly partial?: string;
  /** What runs only by the meaning of a value, which no parser sees. */
  readonly executesBeyondSyntax?: readonly Argv[];
};
/** `null` is a word that depends on values: any number of words. */
type Argv = readonly (string | null)[];

const rows: readonly Row[] = readFileSync(
  join(import.meta.dirname, '../fixtures/parse-oneliners.jsonl'),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const readings = new Map(rows.map((row) => [row.id, readLine(row.cmd)]));
const readingOf = (row: Row) => readings.get(row.id) ?? readLine(row.cmd);

function wordFits(expected: string, word: ReadWord): boolean {
  const texts = textsOf(word);
  if (texts === undefined) return false;
  return texts.includes(expected) || texts.includes(untilded(expected));
}

const untilded = (text: string): string =>
  text.replace(/^~(\+|\w*)(?=\/|$)/, (_, user: string) => {
    if (user === '+') return '/home/dev/project';
    return user === 'root' ? '/root' : `/home/${user || 'dev'}`;
  });

function argvFits(expected: Argv, words: readonly ReadWord[]): boolean {
  const [first, ...rest] = expected;
  if (expected.length === 0 || first === undefined) return words.length === 0;
  if (first === null) return words.some((_, i) => argvFits(rest, words.slice(i))) || argvFits(rest, []);
  const [word, ...others] = words;
  return word !== undefined && wordFits(first, word) && argvFits(rest, others);
}

const programs = (row: Row): readonly Command[] =>
  readingOf(row).commands.filter(({ words }) => words.length > 0);

/** Commands of the row that were not read, each as often as it stands there. */
function missing(row: Row, expected: readonly Argv[]): string[] {
  const read = programs(row);
  const counts = new Map<string, number>();
  for (const argv of expected) counts.set(JSON.stringify(argv), (counts.get(JSON.stringify(argv)) ?? 0) + 1);
  return [...counts]
    .filter(([key, count]) => read.filter(({ words }) => argvFits(JSON.parse(key), words)).length < count)
    .map(([key]) => key);
}

/** Of a substitution that a here-document leaves open, bash runs nothing; reading it is on the safe side. */
const unclosedInDocument = 455;

/** Commands that were read where bash runs no such thing. What a carrier or an alternative adds is no fault. */
const surplus = (row: Row): string[] =>
  (row.id === unclosedInDocument ? [] : programs(row))
    .filter(({ via, words }) => {
      const expected = [...row.commands, ...(row.executesBeyondSyntax ?? [])];
      return via.length === 0 && !expected.some((argv) => argvFits(argv, words));
    })
    .map(shown);

const accepted = rows.filter((row) => row.bashAccepts);
const rejected = rows.filter((row) => !row.bashAccepts);

describe('lines that bash accepts', () => {
  test.each(accepted)('$id: $cmd', (row) => {
    if (!readingOf(row).complete) return;
    expect({ missing: missing(row, row.commands), surplus: surplus(row) }).toEqual({
      missing: [],
      surplus: [],
    });
  });

  test('at most 8 % of them say maybe', () => {
    const unsure = accepted.filter((row) => !readingOf(row).complete);
    const rate = (100 * unsure.length) / accepted.length;
    console.log(
      `corpus: ${unsure.length} of ${accepted.length} accepted lines say maybe (${rate.toFixed(1)} %)`,
    );
    expect(rate).toBeLessThanOrEqual(8);
  });
});

describe('lines that bash rejects', () => {
  test.each(rejected)('$id: $cmd', (row) => {
    const reading = readingOf(row);
    if (reading.complete || row.partial) expect(missing(row, row.commands)).toEqual([]);
  });

  test('one of them is taken for valid, one is valid with extglob, and one is read as if its quote were closed', () => {
    const complete = rejected.filter((row) => readingOf(row).complete);
    expect(complete.map(({ cmd }) => cmd).sort()).toEqual([
      "cat <<'EOF\nx\nEOF",
      "echo 'unterminated",
      'ls !(keep) ; rm x',
    ]);
  });
});

describe('code that a command carries', () => {
  test.each(rows.filter((row) => row.unwrapped))('$id: $cmd', (row) => {
    // xargs has put its input in place of the mark.
    const expected = (row.unwrapped ?? []).map((argv) => argv.map((word) => (word === '%' ? 'x' : word)));
    const found = programs(row);
    const lost = expected.filter((argv) => !found.some(({ words }) => argvFits(argv, words)));
    expect(lost).toEqual([]);
  });
});

describe('code in a value', () => {
  test.each(rows.filter((row) => row.executesBeyondSyntax))('$id: $cmd', (row) => {
    const lost = missing(row, row.executesBeyondSyntax ?? []);
    expect(readingOf(row).complete ? lost : []).toEqual([]);
  });
});
