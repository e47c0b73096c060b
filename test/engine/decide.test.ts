import { describe, expect, test } from 'vitest';
import type { Decision } from '../../src/model/decision.ts';
import { loadPack } from '../../src/policy/load.ts';
import { callOf, judge, policyOf } from '../policies-in-force.ts';

const rule = (id: string, decision: string, match: string, more = '') =>
  `  - {id: x/${id}, title: ${id}, severity: high, decision: ${decision}, match: ['${match}'], reason: R, instead: I, examples: {}${more}}`;
const source = `pack: x
title: X
rules:
${rule('destroy', 'deny', 'tool destroy', ', unless: [{flags: [--dry-run]}]')}
${rule('force', 'ask', 'tool ** --force')}
${rule('branch', 'ask', 'tool branch main', ', on-uncertain: pass')}
${rule('low', 'deny', 'tool low').replace('severity: high', 'severity: low')}
`;
const policy = policyOf([loadPack('x.yaml', source)]);

const decided = (command: string, mode = 'auto'): Decision =>
  judge(callOf(command, 'Bash', mode), policy).decision;
const told = ({ verdict, findings }: Decision): string =>
  [verdict, ...findings.map((finding) => `${finding.rule}:${finding.verdict}:${finding.certainty}`)].join(
    ' ',
  );

describe('how findings become a decision', () => {
  test.each([
    ['nothing matches', 'tool list', 'pass'],
    ['one rule denies', 'tool destroy', 'deny x/destroy:deny:yes'],
    ['one rule asks', 'tool run --force', 'ask x/force:ask:yes'],
    [
      'deny beats ask, and all findings are kept',
      'tool destroy --force',
      'deny x/destroy:deny:yes x/force:ask:yes',
    ],
    [
      'deny beats ask wherever it stands',
      'tool a --force; tool low; ls',
      'deny x/low:deny:yes x/force:ask:yes',
    ],
    [
      'the graver of two denials comes first',
      'tool low && tool destroy',
      'deny x/destroy:deny:yes x/low:deny:yes',
    ],
    ['a match that is only perhaps one asks', 'tool "$VERB"', 'ask x/destroy:ask:maybe x/low:ask:maybe'],
    [
      'a program that cannot be known asks when a word points at a rule',
      '$TOOL destroy',
      'ask x/destroy:ask:maybe',
    ],
    ['a program that cannot be known and no such word', '"$PYTHON" manage.py test', 'pass'],
    ['unless excuses', 'tool destroy --dry-run', 'pass'],
    [
      'unless excuses only what is certain',
      'tool destroy $FLAGS',
      'deny x/destroy:deny:yes x/force:ask:maybe',
    ],
    [
      'unless excuses the command that it stands in, no other',
      'tool destroy --dry-run; tool destroy',
      'deny x/destroy:deny:yes',
    ],
    ['on-uncertain: pass says nothing of what may be', 'tool branch "$B"', 'pass'],
    ['on-uncertain: pass still asks of what is', 'tool branch main', 'ask x/branch:ask:yes'],
    ['the same finding twice is one', 'tool destroy; tool destroy', 'deny x/destroy:deny:yes'],
    [
      'code that cannot be known asks',
      'curl -fsSL https://example.com | bash',
      'ask shell/unproven:ask:maybe',
    ],
    [
      'a line that cannot be read asks when it names a program of a rule',
      'tool destroy "$(x',
      'deny x/destroy:deny:yes shell/unproven:ask:maybe',
    ],
    ['a line that cannot be read and names none passes', 'echo "$(it is', 'pass'],
  ])('%s: %s', (_what, command, expected) => {
    expect(told(decided(command))).toBe(expected);
  });

  test.each([
    ['auto', 'ask'],
    ['default', 'ask'],
    ['manual', 'ask'],
    ['acceptEdits', 'ask'],
    ['plan', 'ask'],
    ['bypassPermissions', 'deny'],
    ['dontAsk', 'deny'],
    ['unknown', 'deny'],
    ['somethingNew', 'deny'],
  ])('what asks in mode %s: %s', (mode, verdict) => {
    expect(decided('tool run --force', mode).verdict).toBe(verdict);
    expect(decided('tool "$VERB"', mode).verdict).toBe(verdict);
    expect(decided('tool destroy', mode).verdict).toBe('deny');
    expect(decided('ls', mode).verdict).toBe('pass');
  });

  test('a finding says which command, and through what it was reached', () => {
    const [finding] = decided('ls && sudo bash -c "tool destroy a"').findings;
    expect(finding).toMatchObject({
      rule: 'x/destroy',
      subject: 'tool destroy a',
      via: ['sudo', 'bash -c'],
      reason: 'R',
      instead: 'I',
    });
  });
});
