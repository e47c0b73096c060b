import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpuTime } from '../../cpu-time.ts';
import { readLine } from '../pretend.ts';

const programs = [
  'python3',
  'node',
  'ruby',
  'perl',
  'php',
  'lua',
  'tclsh',
  'osascript',
  'gdb',
  'expect',
  'Rscript',
  'julia',
  'elixir',
  'ex',
  'sed',
  'awk',
];
const option = (program: string) =>
  program === 'sed' || program === 'awk'
    ? ''
    : program === 'php'
      ? '-r '
      : /^(?:python3|expect|ex)$/.test(program)
        ? '-c '
        : program === 'gdb'
          ? '-ex '
          : '-e ';
const quoted = (code: string) => `'${code.replaceAll('\0', '').replaceAll("'", `'\\''`)}'`;

/** Pieces that readers of code are sensitive to. */
const piece = fc.constantFrom(
  ...`( ) [ ] { } " ' \` \\ / % $ @ # & | ; : , . = == => -> < > << <<~E E <<<E \n ! ? * + - ~ ^ do end if else def sub for in x s/ qw( qx{ %w[ %q( #{ \${ {$ @{[ =begin =end __END__ system exec rm -rf lambda function return import from as e w 1e ! , + | getline print [[ ]] [=[ --[[ /* */ // """ ''' f"{ r" \\u{110000} \\x \uE000`.split(
    ' ',
  ),
  ' ',
);

describe('whatever the code', () => {
  test.each(programs)(
    'reading what %s is given neither throws nor takes long',
    { timeout: 120_000 },
    (program) => {
      fc.assert(
        fc.property(
          fc.array(fc.oneof({ weight: 6, arbitrary: piece }, { weight: 1, arbitrary: fc.string() }), {
            maxLength: 60,
          }),
          (pieces) => {
            const start = cpuTime();
            readLine(`${program} ${option(program)}${quoted(pieces.join(''))}`);
            expect(cpuTime() - start).toBeLessThan(3000);
          },
        ),
        { numRuns: 200 },
      );
    },
  );

  test.each(programs)(
    '64 KiB of one thing, given to %s, is read in time',
    { timeout: 120_000 },
    (program) => {
      const units = [
        '(',
        '[',
        '{',
        '"',
        '`',
        '\\',
        '/',
        '#{',
        '${',
        '{$',
        'a.',
        'a(',
        'a[',
        'f(a, ',
        '!',
        '-',
        '$',
        '@',
        '%',
        '<<A\n',
        'x = x + x\n',
        'if x:\n',
        'if x\n',
        'if (x) ',
        'def f\n',
        'a => ',
        's/',
        'qw(',
        'a{',
        'lambda: ',
        '() => ',
        'a ? ',
        '|',
        'e\n',
        '[[',
        'x=1;',
        'sub {',
        '"#{"',
        'print "a" > ',
        'for x in y:\n ',
        '$x{',
        '@{[',
        'a do |x| ',
        'do shell script "a" & ',
      ];
      // Many programs share a reader: each unit is given to a third of them.
      const turn = programs.indexOf(program);
      for (const unit of units.filter((_, i) => (i + turn) % 3 === 0)) {
        const start = cpuTime();
        readLine(`${program} ${option(program)}${quoted(unit.repeat(Math.floor(60_000 / unit.length)))}`);
        expect([unit, cpuTime() - start > 3000]).toEqual([unit, false]);
      }
    },
  );

  test('more than 64 KiB of code is not read, and that is said', () => {
    const line = `python3 <<'E'\n${'x = 1\n'.repeat(12_000)}E`;
    expect(readLine(line).doubts).not.toEqual([]);
  });

  test('code that calls itself without end is read once', () => {
    expect(readLine(`python3 -c 'def f(): f()\nf()'`).complete).toBe(true);
    expect(readLine(`node -e 'const f = () => f(); f()'`).complete).toBe(true);
  });

  test('thousands of branches over thousands of names are bounded', () => {
    const code = Array.from({ length: 3000 }, (_, i) => `if a:\n  x${i} = ${i}`).join('\n');
    const start = cpuTime();
    readLine(`python3 <<'E'\n${code}\nE`);
    expect(cpuTime() - start).toBeLessThan(3000);
  });
});
