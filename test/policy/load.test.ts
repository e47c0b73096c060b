import { describe, expect, test } from 'vitest';
import { compilePolicy } from '../../src/policy/compile.ts';
import { loadPack } from '../../src/policy/load.ts';
import { PolicyError } from '../../src/policy/policy-error.ts';

const pack = `pack: x
title: X
sources: [https://example.com/]
tools:
  - programs: [tool]
    values: [--name]
    reads: [list]
rules:
  - id: x/delete
    title: Delete
    severity: high
    decision: deny
    match:
      - tool delete
    unless:
      - flags: [--dry-run]
    reason: It is gone.
    instead: Ask a person.
    examples:
      deny: [tool delete a]
      pass: [tool list]
`;

/** Where the pack is compiled, the error that comes of it. */
function faultOf(source: string): PolicyError {
  try {
    compilePolicy([loadPack('packs/x.yaml', source)]);
  } catch (error) {
    if (error instanceof PolicyError) return error;
    throw error;
  }
  throw new Error('the pack has no fault');
}

const keys =
  'programs, style, values, switches, commands, abbreviates, arguments-from, reads, local, scope, code, endpoints, lands';
const places =
  'root, home, workspace, inside-workspace, temporary, generated, version-control, device, several, outside';
const files = '    match:\n      - tool delete';

describe('each fault of a pack is shown where it stands', () => {
  test.each<[what: string, from: string, to: string, message: string]>([
    [
      'an unknown key of a rule',
      '    unless:',
      '    unles:',
      '16:7: unknown key `unles` in rule `x/delete` (did you mean `unless`?)',
    ],
    [
      'an unknown key of the pack',
      'sources:',
      'source:',
      '3:9: unknown key `source` (did you mean `sources`?)',
    ],
    [
      'an unknown key of a tool',
      '    values:',
      '    value:',
      '6:12: unknown key `value` (did you mean `values`?)',
    ],
    [
      'an unknown key that is near to none',
      '    reads:',
      '    zzzzzz:',
      `7:13: unknown key \`zzzzzz\` (known: ${keys})`,
    ],
    [
      'an unknown condition',
      'flags:',
      'flag:',
      '16:9: unknown condition `flag` in rule `x/delete` (did you mean `flags`?)',
    ],
    [
      'a condition of a wrong type',
      '[--dry-run]',
      '--dry-run',
      '16:16: `flags`: Invalid input: expected array, received string in rule `x/delete`',
    ],
    [
      'an unknown place',
      'flags: [--dry-run]',
      'some-target: [rooot]',
      `16:23: \`some-target\`: \`rooot\` is none of ${places} in rule \`x/delete\` (did you mean \`root\`?)`,
    ],
    [
      'a wrong severity',
      'severity: high',
      'severity: hihgh',
      '11:15: `severity`: `hihgh` is none of critical, high, medium, low in rule `x/delete` (did you mean `high`?)',
    ],
    [
      'a wrong decision',
      'decision: deny',
      'decision: block',
      '12:15: `decision`: `block` is none of deny, ask in rule `x/delete`',
    ],
    ['a missing reason', '    reason: It is gone.\n', '', '9:5: `reason` is missing in rule `x/delete`'],
    [
      'an empty title',
      'title: Delete',
      'title: ""',
      '10:12: `title`: Too small: expected string to have >=1 characters in rule `x/delete`',
    ],
    [
      'an id of another pack',
      'id: x/delete',
      'id: y/delete',
      '9:9: the id `y/delete` does not start with `x/`',
    ],
    [
      'an id that is none',
      'id: x/delete',
      'id: Delete',
      '9:9: `id`: an id is PACK/NAME in lower-case letters, digits and hyphens in rule `Delete`',
    ],
    [
      'nothing to match',
      `${files}\n`,
      '',
      '9:5: a rule needs `match`, `reads`, `writes` or `removes` in rule `x/delete`',
    ],
    [
      'an operator in a line of match',
      '- tool delete',
      '- tool delete && tool x',
      '14:9: a line of `match` is one command: `&&` has no meaning in it, in rule `x/delete`',
    ],
    [
      'an empty line of match',
      '- tool delete',
      "- ''",
      '14:9: `match`: Too small: expected string to have >=1 characters in rule `x/delete`',
    ],
    [
      'a comment in a line of match',
      '- tool delete',
      "- 'tool # delete'",
      '14:9: a line of `match` is one command: `a comment` has no meaning in it, in rule `x/delete`',
    ],
    ['a source that is no address', '[https://example.com/]', '[example]', '3:11: `sources`: Invalid URL'],
    [
      'a list that is not closed',
      'reads: [list]',
      'reads: [list',
      '8:1: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['a tab', '    title: Delete', '\ttitle: Delete', '10:1: Tabs are not allowed as indentation'],
    [
      'a key that is there twice',
      '    severity: high',
      '    severity: high\n    severity: low',
      '12:5: Map keys must be unique',
    ],
    [
      'values within the braces of a flag',
      '      - flags: [--dry-run]',
      "      - flags: ['{--a=1,--b=2}']",
      '16:16: `{--a=1,--b=2}` is not a flag: it is `--flag`, `{-f,--force}`, `--flag=GLOB` or `{-m,--mode}=GLOB`, in rule `x/delete`',
    ],
    [
      'a word among flags',
      '      - tool delete',
      "      - tool '{-delete,delete}'",
      '14:9: `{-delete,delete}` is not a flag: it is `--flag`, `{-f,--force}`, `--flag=GLOB` or `{-m,--mode}=GLOB`, in rule `x/delete`',
    ],
    [
      'a path glob that is relative',
      files,
      '    writes: [a/b]',
      '13:14: `a/b` is not a glob of absolute paths: it starts with `/` or `**/`, and knows `*`, `?`, `**` and `{a,b}`',
    ],
    [
      'a place of the guard that is none',
      files,
      '    writes: [guard:setings]',
      '13:14: unknown place `guard:setings` (there are guard:settings, guard:program, guard:state, guard:switch)',
    ],
  ])('%s', (_what, from, to, message) => {
    expect(pack).toContain(from);
    const fault = faultOf(pack.replace(from, to));
    expect(fault.message).toBe(`packs/x.yaml:${message}`);
    expect(`${fault.file}:${fault.line}:${fault.column}`).toBe(/^[^:]*:\d+:\d+/.exec(fault.message)?.[0]);
  });

  test('an id that is used twice', () => {
    const twice = pack + pack.slice(pack.indexOf('  - id:'));
    expect(faultOf(twice).message).toBe('packs/x.yaml:22:9: the id `x/delete` is used twice');
  });

  test.each([
    ['a list', '- a\n', 'packs/x.yaml:1:1: Invalid input: expected object, received array'],
    ['nothing', '', 'packs/x.yaml:1:1: `pack` is missing'],
  ])('%s in place of a pack', (_what, source, message) => {
    expect(faultOf(source).message).toBe(message);
  });

  test('a pack without fault loads with its defaults', () => {
    const { pack: loaded } = loadPack('packs/x.yaml', pack);
    expect(loaded.tools[0]).toMatchObject({ style: 'gnu', switches: [], abbreviates: false });
    expect(loaded.rules[0]).toMatchObject({ 'on-uncertain': 'ask', when: [], iam: [], writes: [] });
  });
});
