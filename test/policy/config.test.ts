import { describe, expect, test } from 'vitest';
import { compilePolicy } from '../../src/policy/compile.ts';
import { type ConfigSource, compileConfig } from '../../src/policy/compile-config.ts';
import { loadPack } from '../../src/policy/load.ts';
import { encodePolicy, openPolicy, type PolicyStore } from '../../src/policy/store.ts';

const pack = `
pack: terraform
title: Terraform
tools:
  - programs: [terraform, tofu]
    style: go
    values: [-chdir]
rules:
  - id: terraform/destroy
    title: Destroy
    severity: critical
    decision: deny
    match: [terraform destroy]
    reason: r
    instead: i
    examples: {}
`;

function opened(text: string): PolicyStore {
  const bytes = Buffer.from(text);
  const head = text.slice(0, text.indexOf('\n'));
  return openPolicy(head, bytes.length, (at, length) => bytes.toString('utf8', at, at + length));
}

const builtIn = opened(encodePolicy(compilePolicy([loadPack('terraform.yaml', pack)]), 'd'));

const source = (level: ConfigSource['level'], text: string, trust?: ConfigSource['trust']): ConfigSource => ({
  level,
  file: `${level}.yaml`,
  content: { text },
  ...(trust ? { trust } : {}),
});

const packs = new Map([['team.yaml', pack.replaceAll('terraform', 'team').replace('tofu', 'crew')]]);
const compiled = (...sources: ConfigSource[]) =>
  compileConfig(sources, builtIn, (_, name) => {
    const text = packs.get(name);
    if (text === undefined) throw new Error(`there is no ${name}`);
    return text;
  });

const faultOf = (text: string) => compiled(source('user', text)).reports[0]?.fault;

const rule = (lines: string) => `rules:
  - id: own/x
    title: t
    severity: high
    decision: deny
    match: [make deploy]
    reason: r
    instead: i
    examples: {}
${lines}`;

describe('a fault is shown where it stands', () => {
  test.each([
    [
      'an unknown key',
      'on-uncertian: ask\n',
      'user.yaml:1:15: unknown key `on-uncertian` (did you mean `on-uncertain`?)',
    ],
    ['no YAML', 'a: [b\n', /^user\.yaml:\d+:\d+: /],
    ['a list', '- a\n', /^user\.yaml:1:1: .*object/i],
    [
      'an unknown key in a rule',
      rule('    unles: []\n'),
      'user.yaml:10:12: unknown key `unles` in rule `own/x` (did you mean `unless`?)',
    ],
    [
      'a rule of another name',
      rule('').replace('own/x', 'aws/x'),
      /^user\.yaml:2:9: `id`: the id of a rule of your own is own\/NAME/,
    ],
    [
      'a line of match that is two commands',
      rule('').replace('make deploy', 'a && b'),
      /^user\.yaml:6:13: .*own\/x/,
    ],
    [
      'an unknown dimension',
      'environments:\n  - name: a\n    class: sandbox\n    when:\n      - aws-profil: x\n',
      'user.yaml:5:21: unknown key `aws-profil` (did you mean `aws-profile`?)',
    ],
    ['an unknown choice', 'decisions:\n  aws/x: allow\n', /^user\.yaml:2:10: .*deny, ask, pass or keep/],
    ['no reason', 'exceptions:\n  - rule: aws/x\n    command: aws\n', /^user\.yaml:2:5: `reason`/],
    [
      'no date',
      'exceptions:\n  - {rule: aws/x, command: aws, reason: r, until: soon}\n',
      /^user\.yaml:2:\d+: .*date/,
    ],
    [
      'a day that is none',
      'exceptions:\n  - {rule: aws/x, command: aws, reason: r, until: 2026-02-30}\n',
      /date/,
    ],
    ['an exception from everything', 'exceptions:\n  - {rule: aws/x, reason: r}\n', /decisions/],
    ['a pack that is not there', 'packs: [gone.yaml]\n', 'user.yaml:1:9: there is no gone.yaml'],
    ['two rules of one id', `${rule('')}${rule('').replace('rules:\n', '')}`, /used twice/],
  ])('%s', (_, text, fault) => {
    if (typeof fault === 'string') expect(faultOf(text)).toBe(fault);
    else expect(faultOf(text)).toMatch(fault);
  });

  test('and leaves what the other files say in force', () => {
    const { config, reports } = compiled(
      source('managed', 'on-uncertain: deny\n'),
      source('user', 'nonsense: 1\n'),
    );
    expect(config.onUncertain).toBe('deny');
    expect(reports.map(({ fault }) => fault === undefined)).toEqual([true, false]);
  });

  test('a rule that does not exist is a warning, with the one that is meant', () => {
    const { reports } = compiled(source('user', 'decisions:\n  terraform/destory: ask\n'));
    expect(reports[0]?.warnings).toEqual([
      'user.yaml:2:22: there is no rule `terraform/destory` (did you mean `terraform/destroy`?)',
    ]);
  });
});

describe('settings of several levels', () => {
  const settings = (...sources: ConfigSource[]) => compiled(...sources).config;

  test('nothing said: the defaults', () => {
    expect(settings(source('user', ''))).toMatchObject({
      onUncertain: 'ask',
      onLogFailure: 'deny',
      deadline: 2000,
    });
  });

  test('what the managed file says, nobody below loosens', () => {
    const managed = source('managed', 'on-uncertain: deny\non-log-failure: deny\ndeadline-ms: 900\n');
    const user = source('user', 'on-uncertain: ask\non-log-failure: pass\ndeadline-ms: 60000\n');
    expect(settings(managed, user)).toMatchObject({
      onUncertain: 'deny',
      onLogFailure: 'deny',
      deadline: 900,
    });
  });

  test.each([
    ['never', { onUncertain: 'deny', onLogFailure: 'deny', deadline: 1500 }],
    ['changed', { onUncertain: 'deny', onLogFailure: 'deny', deadline: 1500 }],
    ['trusted', { onUncertain: 'ask', onLogFailure: 'pass', deadline: 1 }],
  ] as const)("a project's file that is trusted: %s", (trust, expected) => {
    const user = source('user', 'on-uncertain: deny\ndeadline-ms: 1500\n');
    const project = source('project', 'on-uncertain: ask\non-log-failure: pass\ndeadline-ms: 1\n', trust);
    expect(settings(user, project)).toMatchObject(expected);
  });

  test('a project may always tighten', () => {
    expect(settings(source('project', 'on-uncertain: deny\n', 'never')).onUncertain).toBe('deny');
  });
});

describe('rules of one’s own', () => {
  const tools = (text: string, program: string) => {
    const { policies, reports } = compiled(source('user', text));
    expect(reports[0]?.fault).toBeUndefined();
    return policies.map((policy) =>
      opened(policy.text)
        .tool(program)
        ?.rules.map(({ id }) => id),
    );
  };

  test('join a built-in tool under all its names, read as that tool is read', () => {
    const text = rule('').replace('make deploy', 'terraform apply --auto-approve');
    expect(tools(text, 'tofu')).toEqual([['own/x']]);
    const [policy] = compiled(source('user', text)).policies;
    const tool = opened(policy?.text ?? '').tool('terraform');
    expect(tool).toMatchObject({ style: 'go', values: ['-chdir'] });
    expect(tool?.rules[0]?.match[0]?.flags).toEqual([{ names: ['-auto-approve'] }]);
  });

  test('whole packs, too', () => {
    expect(tools('packs: [team.yaml]\n', 'crew')).toEqual([['team/destroy']]);
  });

  test('no pack takes the name of a built-in one', () => {
    packs.set('fake.yaml', pack);
    expect(faultOf('packs: [fake.yaml]\n')).toMatch(/^fake\.yaml:2:7: .*built-in/);
  });

  test('-rf in a line is -r and -f', () => {
    const [policy] = compiled(source('user', rule('').replace('make deploy', 'rm -rf x'))).policies;
    const flags = opened(policy?.text ?? '').tool('rm')?.rules[0]?.match[0]?.flags;
    expect(flags).toEqual([{ names: ['-r'] }, { names: ['-f'] }]);
  });
});
