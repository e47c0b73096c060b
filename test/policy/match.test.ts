import { describe, expect, test } from 'vitest';
import type { Certainty } from '../../src/model/certainty.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { loadPack } from '../../src/policy/load.ts';
import { matchRule, readArguments } from '../../src/policy/match.ts';
import { pretend, readLine, type World } from '../shell/pretend.ts';

type Rule = {
  readonly match: string;
  readonly tool?: string;
  readonly when?: string;
  readonly unless?: string;
};

/** How certainly a rule holds for the first command of a line. */
function answer(
  { match, tool = '', when = '', unless = '' }: Rule,
  line: string,
  world: World = {},
): Certainty {
  const source = `
pack: x
title: X
tools: [{programs: [tool, alias]${tool === '' ? '' : `, ${tool}`}}]
rules:
  - {id: x/y, title: T, severity: low, decision: deny, reason: R, instead: I, examples: {}, match: ['${match}'], when: [${when}], unless: [${unless}]}
`;
  const policy = compilePolicy([loadPack('x.yaml', source)]);
  const found = policy.tools.get('tool');
  const rule = found?.rules[0];
  const command = readLine(line, world).commands.find(
    ({ words: [program] }) => program?.kind === 'known' && program.text === 'tool',
  );
  if (found === undefined || rule === undefined || command === undefined) throw new Error('nothing to match');
  const facts = pretend(world);
  return matchRule(rule, found, command, readArguments(found, command, facts), facts);
}

describe('words and flags', () => {
  test.each<[match: string, line: string, answer: Certainty, tool?: string]>([
    ['tool delete', 'tool delete', 'yes'],
    ['tool delete', 'tool delete a b', 'yes'],
    ['tool delete', 'tool list', 'no'],
    ['tool delete', 'tool list delete', 'no'],
    ['tool delete', 'tool', 'no'],
    ['tool db delete', 'tool db delete x', 'yes'],
    ['tool ** delete', 'tool a b delete', 'yes'],
    ['tool ** delete', 'tool delete', 'yes'],
    ['tool {rm,delete}', 'tool rm', 'yes'],
    ['tool !{context} delete', 'tool server delete', 'yes'],
    ['tool !{context} delete', 'tool context delete', 'no'],
    ['tool alias !*', "tool alias '!make'", 'yes'],
    ['tool !{context,conf*} delete', 'tool config delete', 'no'],
    ['tool !{context,conf*} delete', 'tool context delete', 'no'],
    ['tool !{context,conf*} delete', 'tool zone delete', 'yes'],
    ['tool !{context,config} delete', 'tool "$KIND" delete', 'maybe'],
    ['tool !{context,config} delete', 'tool "my-$KIND" delete', 'yes'],
    ['tool !{context} delete', 'tool delete', 'no'],
    ['tool delete-*', 'tool delete-stack', 'yes'],
    ['tool "two words"', "tool 'two words'", 'yes'],
    ['tool delete', 'tool --odd delete', 'yes'],
    ['tool delete', 'tool --odd list delete', 'yes'],
    ['tool delete', 'tool --name delete list', 'no', 'values: [--name]'],
    ['tool delete --force', 'tool delete --force', 'yes'],
    ['tool delete --force', 'tool --force delete', 'yes'],
    ['tool delete --force', 'tool delete', 'no'],
    ['tool delete --force', 'tool delete --force --no-force', 'no'],
    ['tool delete {-f,--force}', 'tool delete -xf', 'yes'],
    ['tool delete -?', 'tool delete -?', 'yes'],
    ['tool delete -?', 'tool delete -d', 'no'],
    ['tool delete --gen-*', 'tool delete --gen-json', 'yes'],
    ['tool delete --force', 'tool delete --for', 'yes', 'abbreviates: true'],
    ['tool delete --force', 'tool delete --for', 'no'],
    ['tool set --mode=off', 'tool set --mode off', 'yes'],
    ['tool set --mode=off', 'tool set --mode=off', 'yes'],
    ['tool set --mode=off', 'tool set --mode on', 'no'],
    ['tool run --', 'tool run -- x', 'yes'],
    ['tool -auto-approve', 'tool --auto-approve', 'yes', 'style: go'],
    ['tool delete', 'tool "$X"', 'maybe'],
    ['tool delete', 'tool $X delete', 'maybe'],
    ['tool delete', 'tool de"$X"', 'maybe'],
    ['tool delete', 'tool li"$X"', 'no'],
    ['tool delete --force', 'tool delete $FLAGS', 'maybe'],
    ['tool delete --force', 'tool delete "$@"', 'maybe'],
    ['tool set --mode=off', 'tool set --mode "$M"', 'maybe'],
    ['tool delete', 'for v in delete list; do tool $v; done', 'yes'],
    ['tool delete', 'v=$([ -e x ] && echo delete || echo list); tool $v', 'maybe'],
  ])('%s and %s: %s', (match, line, expected, tool) => {
    expect(answer({ match, ...(tool === undefined ? {} : { tool }) }, line)).toBe(expected);
  });

  test('words of a variable that the program adds to its arguments', () => {
    const rule = { match: 'tool apply --yes', tool: 'arguments-from: [TOOL_ARGS]' };
    expect(answer(rule, 'TOOL_ARGS="-q --yes" tool apply')).toBe('yes');
    expect(answer(rule, 'tool apply', { environment: { TOOL_ARGS: '--yes' } })).toBe('yes');
    expect(answer(rule, 'tool apply')).toBe('no');
    expect(answer(rule, 'TOOL_ARGS=$MORE tool apply')).toBe('maybe');
  });
});

describe('conditions', () => {
  const match = 'tool delete';
  test.each<[what: string, rule: Omit<Rule, 'match'>, line: string, answer: Certainty, world?: World]>([
    ['unless excuses', { unless: 'flags: [--dry-run]' }, 'tool delete --dry-run', 'no'],
    ['unless does not excuse what may be', { unless: 'flags: [--dry-run]' }, 'tool delete $FLAGS', 'yes'],
    ['any of several unless excuses', { unless: '{flags: [-n]}, {words: [test]}' }, 'tool delete test', 'no'],
    ['when must hold', { when: 'flags: [--all]' }, 'tool delete', 'no'],
    ['when may hold', { when: 'flags: [--all]' }, 'tool delete "$@"', 'maybe'],
    ['all of several when', { when: '{flags: [--all]}, {words: [prod*]}' }, 'tool delete --all test', 'no'],
    [
      'all of several when hold',
      { when: '{flags: [--all]}, {words: [prod*]}', tool: 'switches: [--all]' },
      'tool delete --all prod-1',
      'yes',
    ],
    ['a word after the matched', { when: 'words: ["*:*"]' }, 'tool delete a:b', 'yes'],
    ['a matched word is none of them', { when: 'words: [delete]' }, 'tool delete', 'no'],
    ['enough operands', { when: 'operands: {at-least: 2}' }, 'tool delete a b', 'yes'],
    ['too few operands', { when: 'operands: {at-least: 2}' }, 'tool delete a', 'no'],
    ['perhaps enough operands', { when: 'operands: {at-least: 2}' }, 'tool delete a $MORE', 'maybe'],
    ['too many operands', { when: 'operands: {at-most: 0}' }, 'tool delete a', 'no'],
    ['a variable on the line', { when: 'environment: {ENV: "prod*"}' }, 'ENV=production tool delete', 'yes'],
    [
      'a variable that is exported',
      { when: 'environment: {STAGE: "prod*"}' },
      'export STAGE=prod; tool delete',
      'yes',
    ],
    [
      'a variable of the session',
      { when: 'environment: {STAGE: "prod*"}' },
      'tool delete',
      'yes',
      { environment: { STAGE: 'prod' } },
    ],
    ['a variable that is not set', { when: 'environment: {STAGE: "*"}' }, 'tool delete', 'no'],
    ['a target', { when: 'some-target: [root]' }, 'tool delete x /etc', 'yes'],
    ['no such target', { when: 'some-target: [root]' }, 'tool delete x y', 'no'],
    ['a target that may be anywhere', { when: 'some-target: [root]' }, 'tool delete "$DIR"', 'maybe'],
    ['every target', { when: 'every-target: [temporary]' }, 'tool delete /tmp/a /tmp/b', 'yes'],
    ['not every target', { when: 'every-target: [temporary]' }, 'tool delete /tmp/a b', 'no'],
    ['no target at all', { when: 'every-target: [temporary]' }, 'tool delete', 'no'],
  ])('%s', (_what, rule, line, expected, world) => {
    const command = line.startsWith('export') ? line.replace('export STAGE=prod; ', 'STAGE=prod ') : line;
    expect(answer({ match, ...rule }, command, world)).toBe(expected);
  });
});
