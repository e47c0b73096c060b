import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { documentOf, readDocument, type StatementJson } from '../../src/iam/document.ts';
import { verifyBoundary } from '../../src/iam/verify.ts';
import { catalogue } from './catalogue.ts';

const everything: StatementJson = { Effect: 'Allow', Action: '*', Resource: '*' };
const deny = (Action: string | string[], rest: Partial<StatementJson> = {}): StatementJson => ({
  Effect: 'Deny',
  Action,
  Resource: '*',
  ...rest,
});
const verify = (...Statement: StatementJson[]) =>
  verifyBoundary(catalogue, [documentOf('b.json', { Version: '2012-10-17', Statement })], {
    breadth: 'critical',
    services: [],
  });
const at = (action: string, ...statements: StatementJson[]) =>
  verify(everything, ...statements).actions.find((report) => report.action === action);

describe('what a document says of an action', () => {
  const id = 'rds:DeleteDBInstance';
  test.each<[string, StatementJson[], 'denied' | 'partly' | 'open', string]>([
    ['nothing', [], 'open', 'no statement denies it'],
    ['an explicit Deny', [deny(id)], 'denied', 'statement 2 denies it'],
    ['a Deny in other letters', [deny('RDS:deletedbinstance')], 'denied', ''],
    ['a wildcard', [deny('rds:Delete*')], 'denied', ''],
    ['a question mark', [deny('rds:DeleteDB?nstance')], 'denied', ''],
    ['a wildcard that misses', [deny('rds:DeleteDBC*')], 'open', ''],
    ['NotAction of others', [{ Effect: 'Deny', NotAction: ['s3:*'], Resource: '*' }], 'denied', ''],
    ['NotAction of it', [{ Effect: 'Deny', NotAction: ['rds:*'], Resource: '*' }], 'open', ''],
    [
      'one resource',
      [deny(id, { Resource: 'arn:aws:rds:*:*:db:prod-*' })],
      'partly',
      'only on `arn:aws:rds:*:*:db:prod-*`',
    ],
    ['all ARNs of the service', [deny(id, { Resource: 'arn:aws:rds:*:*:*' })], 'denied', ''],
    [
      'all ARNs of its type',
      [deny(id, { Resource: ['arn:aws:s3:::*', 'arn:aws:rds:*:*:db:*'] })],
      'denied',
      '',
    ],
    ['all ARNs of another type', [deny(id, { Resource: 'arn:aws:rds:*:*:snapshot:*' })], 'partly', 'only on'],
    ['its type in one region', [deny(id, { Resource: 'arn:aws:rds:eu-west-1:*:db:*' })], 'partly', 'only on'],
    ['names of some length', [deny(id, { Resource: 'arn:aws:rds:*:*:db:?' })], 'partly', 'only on'],
    ['all ARNs of another', [deny(id, { Resource: 'arn:aws:s3:::*' })], 'partly', 'only on'],
    [
      'NotResource',
      [{ Effect: 'Deny', Action: id, NotResource: 'arn:aws:rds:*:*:db:scratch' }],
      'partly',
      'except on `arn:aws:rds:*:*:db:scratch`',
    ],
    [
      'a condition',
      [deny(id, { Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } } })],
      'partly',
      'only if BoolIfExists `aws:MultiFactorAuthPresent` `false`',
    ],
    [
      'a negated condition',
      [deny(id, { Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } } })],
      'partly',
      'only if',
    ],
    [
      'a tag',
      [deny(id, { Condition: { StringEquals: { 'aws:ResourceTag/env': 'production' } } })],
      'partly',
      'aws:ResourceTag/env',
    ],
    [
      'a weak Deny and a whole one',
      [deny(id, { Condition: { Bool: { 'aws:SecureTransport': 'false' } } }), deny('rds:*')],
      'denied',
      'statement 3',
    ],
  ])('%s', (_, statements, verdict, why) => {
    expect(at(id, ...statements)).toMatchObject({ verdict, why: expect.stringContaining(why) });
  });

  test('what the boundary does not allow is denied', () => {
    const result = verify({ Effect: 'Allow', Action: 's3:*', Resource: '*' });
    expect(result.actions.find(({ action }) => action === id)).toMatchObject({
      verdict: 'denied',
      why: 'no statement allows it',
    });
    expect(result.actions.find(({ action }) => action === 's3:DeleteBucket')).toMatchObject({
      verdict: 'open',
    });
  });

  test('what destroys under a condition must be denied under it', () => {
    const change = 'route53:ChangeResourceRecordSets';
    const key = 'route53:ChangeResourceRecordSetsActions';
    expect(at(change)).toMatchObject({ verdict: 'open' });
    expect(at(change, deny(change))).toMatchObject({ verdict: 'denied' });
    expect(
      at(
        change,
        deny(change, { Condition: { 'ForAnyValue:StringEquals': { [key]: ['DELETE', 'UPSERT'] } } }),
      ),
    ).toMatchObject({ verdict: 'denied' });
    expect(
      at(change, deny(change, { Condition: { 'ForAnyValue:StringEquals': { [key]: 'CREATE' } } })),
    ).toMatchObject({ verdict: 'partly' });
  });
});

describe('what AWS would refuse, or what says nothing', () => {
  test.each([
    ['*:Delete*', 'has a wildcard for the service, which AWS refuses'],
    ['s3', 'is not `service:Action`'],
    ['s3:a:b', 'is not `service:Action`'],
    ['sss:DeleteBucket', 'names the unknown service `sss`'],
    ['s3:DeleteBukcet', 'fits no action (did you mean `s3:DeleteBucket`?)'],
    ['s3:Remove*', 'fits no action'],
  ])('%s', (pattern, problem) => {
    const [doubt] = verify(everything, deny(pattern)).doubts;
    expect(doubt).toEqual({
      at: expect.stringMatching(/^b\.json:1:\d+$/),
      problem: expect.stringContaining(`\`${pattern}\` ${problem}`),
    });
  });

  test('a boundary that allows nothing', () => {
    const [doubt] = verify(deny('rds:*')).doubts;
    expect(doubt?.problem).toContain('allows nothing');
  });

  test('an operator that AWS does not know', () => {
    const { doubts } = verify(
      everything,
      deny('s3:*', { Condition: { StringIs: { 'aws:PrincipalArn': 'x' } } }),
    );
    expect(doubts.map(({ problem }) => problem)).toEqual([
      expect.stringContaining('unknown condition operator `StringIs`'),
    ]);
  });

  test('a wildcard for the service denies nothing, whatever it seems to', () => {
    const result = verify(everything, deny(['*:Delete*', '*:Terminate*']));
    expect(result.holds).toBe(false);
    expect(result.actions.find(({ action }) => action === 'ec2:TerminateInstances')?.verdict).toBe('open');
  });
});

describe('ways out of a boundary that denies no more than the eight', () => {
  const { escapes } = verify(everything, deny(['rds:DeleteDBInstance', 's3:DeleteBucket']));
  test.each([
    'take the boundary off a role',
    'put another boundary on a user',
    'write a new version of the boundary',
    'put an older version of the boundary in force',
    'delete the boundary',
    'create a role without the boundary',
    'pass another role to a service',
    'assume another role',
    "make keys of another user's",
  ])('%s', (how) => {
    expect(escapes.map((each) => each.how)).toContain(how);
  });

  test('a condition that lets another boundary in is a way out', () => {
    const loose = deny(['iam:CreateRole'], { Condition: { Null: { 'iam:PermissionsBoundary': 'true' } } });
    const hows = verify(everything, loose).escapes.map(({ how }) => how);
    expect(hows).not.toContain('create a role without the boundary');
    expect(hows).toContain('create a role with another boundary');
  });
});

const fault = (text: string): string => {
  try {
    readDocument('p.json', text);
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return 'none';
};

describe('a document that cannot be read', () => {
  test.each([
    ['', 'p.json:1:1: not JSON: the text is empty'],
    [
      '{\n  "Version": "2012-10-17",\n  "Statement": [\n    {,}\n  ]\n}',
      'p.json:4:6: not JSON: value expected',
    ],
    ['{\n // no\n "Version": "2012-10-17"}', 'p.json:2:2: not JSON'],
    ['[]', 'p.json:1:1: a policy is not an object'],
    ['{"Statement": []}', 'p.json:1:1: `Version` is missing'],
    ['{"Version": "2026-01-01", "Statement": []}', 'p.json:1:13: `Version` is neither'],
    ['{"Version": "2012-10-17"}', 'p.json:1:1: `Statement` is missing'],
    ['{"Version": "2012-10-17", "Statement": []}', 'p.json:1:40: `Statement` is empty'],
    [
      '{"Version": "2012-10-17", "Statements": []}',
      'p.json:1:27: unknown element `Statements` (did you mean `Statement`?)',
    ],
    ['{"Version": "2012-10-17", "Version": "2012-10-17"}', 'p.json:1:27: `Version` stands twice'],
    [
      '{"Version": "2012-10-17", "Statement": {"Effect": "deny", "Action": "*", "Resource": "*"}}',
      '`Effect` is neither',
    ],
    ['{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Resource": "*"}}', '`Action` is missing'],
    ['{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*"}}', '`Resource` is missing'],
    [
      '{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": 7, "Resource": "*"}}',
      '`Action` is neither text',
    ],
    [
      '{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "NotAction": "*", "Resource": "*"}}',
      'stand in one statement',
    ],
    [
      '{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*", "Principal": "*"}}',
      'has no principal',
    ],
    [
      '{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"a": {}}}}}',
      'the value of `a`',
    ],
  ])('%j', (text, message) => {
    expect(fault(text)).toContain(message);
    expect(fault(text)).toMatch(/^p\.json:\d+:\d+: /);
  });

  test('with a byte order mark, or as the AWS CLI prints it, can be read', () => {
    const policy = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };
    expect(fault(`\uFEFF${JSON.stringify(policy)}`)).toBe('none');
    expect(
      readDocument('p', JSON.stringify({ PolicyVersion: { Document: policy, VersionId: 'v1' } })).statements,
    ).toHaveLength(1);
  });
});

describe('blastguard iam verify', () => {
  const dir = mkdtempSync(join(tmpdir(), 'blastguard-iam-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  const cli = resolve(import.meta.dirname, '../../dist/cli.cjs');
  const run = (args: readonly string[], input = '') => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'iam', ...args], {
      cwd: dir,
      input,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };

  test('takes what `iam boundary` prints, and exits 0', () => {
    const { status, stdout, stderr } = run(['boundary']);
    expect({ status, notes: /^denies \d+ actions; \d+ of 6144 characters\n$/.test(stderr) }).toEqual({
      status: 0,
      notes: true,
    });
    expect(run(['verify', '-'], stdout)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^holds: denies all \d+/),
    });
  });

  test('exits 1 on gaps, names them, and says what mends them', () => {
    writeFileSync(
      join(dir, 'weak.json'),
      JSON.stringify({ Version: '2012-10-17', Statement: [everything, deny('s3:Delete*')] }),
    );
    const { status, stdout } = run(['verify', 'weak.json']);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^does not hold: denies \d+ of \d+ destructive actions\n/);
    expect(stdout).toMatch(/✗ \S+ +no statement denies it\n/);
    expect(stdout).toContain(
      'the holder can take the boundary off a role (iam:DeleteRolePermissionsBoundary)',
    );
    expect(stdout).toMatch(/and \d+ more; --all lists them/);
    expect(stdout).toContain('`blastguard iam boundary` makes one that holds');
    const json = JSON.parse(run(['verify', 'weak.json', '--json']).stdout);
    expect(json).toMatchObject({
      holds: false,
      actions: expect.any(Array),
      escapes: expect.any(Array),
      doubts: [],
    });
  });

  test('says where broken JSON breaks', () => {
    writeFileSync(join(dir, 'broken.json'), '{\n  "Version": "2012-10-17"\n  "Statement": []\n}');
    expect(run(['verify', 'broken.json'])).toEqual({
      status: 1,
      stdout: '',
      stderr: 'blastguard: broken.json:3:3: not JSON: comma expected\n',
    });
  });

  test.each<[string[], string]>([
    [['verify'], 'which document?'],
    [['verify', 'none.json'], 'cannot read `none.json`'],
    [['verify', '--live', 'x.json'], '--live takes no document'],
    [['boundary', '--format', 'terrafrom'], 'unknown format `terrafrom` (did you mean `terraform`?)'],
    [['boundary', '--only-tagged', 'production'], '--only-tagged takes KEY=VALUE'],
    [['boundary', '--complete'], 'give --out DIR'],
    [['boundary', '--account', '12'], '--account cannot be `12`'],
    [['boundary', '--except', 'rds:DeleteDBInstance'], 'every boundary denies it'],
    [['boundary', '--format', 'gcp'], 'needs --service-account'],
    [['boundary', '--format', 'azure'], 'needs --scope'],
    [['bondary'], 'unknown command `iam bondary` (did you mean `iam boundary`?)'],
  ])('%j is a mistake on the command line', (args, message) => {
    expect(run(args)).toMatchObject({ status: 64, stdout: '', stderr: expect.stringContaining(message) });
  });

  test('`blastguard iam` lists its commands', () => {
    expect(run([])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/iam boundary[\s\S]*iam verify/),
    });
    expect(run(['verify', '--help'])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('Usage: blastguard iam verify'),
    });
  });
});
