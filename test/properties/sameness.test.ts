import fc from 'fast-check';
import { minimatch } from 'minimatch';
import { describe, expect, test } from 'vitest';
import { exampleCall } from '../../src/engine/run-examples.ts';
import { fitsPath } from '../../src/policy/glob.ts';
import { builtInPacks, callOf, judge, policyOf } from '../policies-in-force.ts';
import { policy } from './denied.ts';
import './seed.ts';

const lines = builtInPacks.flatMap(({ pack }) =>
  pack.rules.flatMap(({ examples }) => [
    ...examples.deny.slice(0, 1),
    ...examples.ask.slice(0, 1),
    ...examples.pass.slice(0, 1),
  ]),
);
const commands = fc.constantFrom(...lines.filter((line) => exampleCall(line, '/').tool === 'Bash'));

describe('what must not matter', () => {
  test('the order of packs and rules', () => {
    const backwards = policyOf(
      [...builtInPacks]
        .reverse()
        .map((loaded) => ({ ...loaded, pack: { ...loaded.pack, rules: [...loaded.pack.rules].reverse() } })),
    );
    fc.assert(
      fc.property(commands, (line) => {
        const [a, b] = [policy, backwards].map((each) => judge(callOf(line), each).decision);
        const rules = (decision: typeof a) =>
          decision?.findings.map(({ rule, verdict }) => `${rule} ${verdict}`).sort();
        expect([line, a?.verdict, rules(a)]).toEqual([line, b?.verdict, rules(b)]);
      }),
      { numRuns: 300 },
    );
  });

  test('which tool runs a line', () => {
    fc.assert(
      fc.property(commands, (line) => {
        const input = { command: line, cwd: '/home/dev/project', env: { LANG: 'C' } };
        const calls = [
          ...['Bash', 'Monitor', 'mcp__x__run_shell', 'mcp__plugin_a_b__terminal'].map((tool) =>
            callOf(line, tool),
          ),
          { ...callOf(line, 'mcp__x__execute_command'), input },
        ];
        const [first, ...verdicts] = calls.map((call) => judge(call, policy).decision.verdict);
        expect([line, ...verdicts]).toEqual([line, first, first, first, first]);
      }),
      { numRuns: 300 },
    );
  });

  test('whether a server is given a line or its words', () => {
    const simple = lines.filter((line) => /^[a-z][\w.-]*(?: [\w./:@%+,-]+)+$/.test(line));
    fc.assert(
      fc.property(fc.constantFrom(...simple), (line) => {
        const [command, ...args] = line.split(' ');
        const given = [{ command: line }, { command: [command, ...args] }, { command, args }];
        const [first, ...verdicts] = given.map(
          (input) => judge({ ...callOf('', 'mcp__x__run_shell'), input }, policy).decision.verdict,
        );
        expect([line, ...verdicts]).toEqual([line, first, first]);
      }),
      { numRuns: 300 },
    );
  });
});

const fitsOf = (path: string, glob: string): boolean =>
  minimatch(path, glob, { dot: true, nobrace: true, noext: true, nocomment: true, nonegate: true });

describe('path globs are those of minimatch', () => {
  const name = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?', '-'), minLength: 1, maxLength: 4 });
  const plain = fc.string({ unit: fc.constantFrom('a', 'b', '.', '-'), minLength: 1, maxLength: 4 });
  const globs = fc.array(fc.oneof(name, fc.constant('**')), { minLength: 1, maxLength: 5 });
  const paths = fc.array(plain, { minLength: 1, maxLength: 5 });

  test('with dot files, on any glob of `*`, `?` and `**`', () => {
    const dotted = (part: string) => /^\.+$/.test(part);
    fc.assert(
      fc.property(globs, paths, (glob, path) => {
        fc.pre(
          ![...glob, ...path].some(
            (part) => dotted(part) || /^\*{3,}$/.test(part) || (part !== '**' && part.includes('**')),
          ),
        );
        const [g, p] = [`/${glob.join('/')}`, `/${path.join('/')}`];
        // What is said of all below a directory is said of the directory: removing it removes them.
        const whole = g.replace(/(?:\/\*\*)+$/, '') || '/';
        const expected = fitsOf(p, g) || (whole !== g && (fitsOf(p, whole) || whole === '/'));
        expect([g, p, fitsPath(g, p)]).toEqual([g, p, expected]);
      }),
      { numRuns: 5000 },
    );
  });
});
