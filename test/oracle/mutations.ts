import { readFileSync } from 'node:fs';
import { type Dice, makeDice } from './scripts.ts';

const corpus: readonly string[] = readFileSync('test/fixtures/parse-oneliners.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line).cmd)
  .filter((line) => typeof line === 'string' && line.length < 2000 && !/\|\s*\S+\s*&\s*\}/.test(line));

/** What the grammar of a shell turns on. */
const pieces = [
  ...[
    '$(',
    ')',
    '`',
    '"',
    "'",
    '${',
    '}',
    '{',
    '((',
    '))',
    '[[ ',
    ' ]]',
    '$((',
    "$'",
    '$"',
    '\\',
    '\\\n',
    '\n',
  ],
  ...[
    '<<E\n',
    '\nE\n',
    "<<'E'\n",
    '<<-E\n\t',
    '<<<',
    '<(',
    '>(',
    '>',
    '<',
    '2>&1 ',
    '>&',
    '&>',
    '|',
    '|&',
    '&&',
    '||',
  ],
  ...[
    ';',
    ';;',
    ';&',
    '&',
    '!',
    '! ',
    ' ',
    '\t',
    '#',
    ' #',
    '*',
    '?',
    '~',
    '=',
    '+=',
    '[',
    ']',
    '@(',
    '!(',
    ',',
  ],
  ...[
    'if ',
    ' then ',
    ' fi ',
    'for x in ',
    ' do ',
    ' done ',
    'case x in ',
    ' esac ',
    'while ',
    'f() ',
    'function g ',
  ],
  ...[
    'rm ',
    'rm -rf x',
    'tool a',
    'eval ',
    'time ',
    'coproc ',
    'exec ',
    '$x',
    '$@',
    '${x:-',
    '${x//',
    '{a,b}',
    '{1..3}',
  ],
  ...['alias q=rm\n', 'x=rm ', 'set -- rm a;', 'declare ', 'local ', 'é', '\r', '(', '-', '%', '0', '^', ':'],
] as const;

/** A line of the corpus with one to three things changed in it, as the seed decides. */
export function makeMutation(seed: number): string {
  const dice = makeDice(seed);
  let line = dice.pick(corpus);
  for (let left = 1 + dice.below(3); left > 0; left--) line = changeLine(line, dice);
  return line;
}

function changeLine(line: string, dice: Dice): string {
  const from = dice.below(line.length + 1);
  const to = Math.min(line.length, from + dice.below(dice.chance(70) ? 6 : line.length - from + 1));
  const [head, cut, tail] = [line.slice(0, from), line.slice(from, to), line.slice(to)];
  const other = dice.pick(corpus);
  const changed = dice.below(9);
  if (changed < 3) return head + dice.pick(pieces) + line.slice(from);
  if (changed === 3) return head + tail;
  if (changed === 4) return head + dice.pick(pieces) + tail;
  if (changed === 5) return head + cut + cut + tail;
  if (changed === 6) return head + other.slice(dice.below(other.length)) + tail;
  if (changed === 7)
    return dice.pick([`$(${line})`, `{ ${line}\n}`, `(${line})`, `${line}; ${other}`, `${line}\n${other}`]);
  const [open, close] = dice.pick([
    ['"', '"'],
    ["'", "'"],
    ['$(', ')'],
    ['`', '`'],
    ['{', '}'],
    ['${x:-', '}'],
  ] as const);
  return `${head}${open}${cut}${close}${tail}`;
}
