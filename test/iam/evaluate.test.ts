import { describe, expect, test } from 'vitest';
import type { Context } from '../../src/iam/conditions.ts';
import { holds } from '../../src/iam/conditions.ts';
import { documentOf, type PolicyDocument, type StatementJson } from '../../src/iam/document.ts';
import { evaluate, type Policies } from '../../src/iam/evaluate.ts';

const policy = (...Statement: StatementJson[]): PolicyDocument =>
  documentOf('policy', { Version: '2012-10-17', Statement });
const allow = (Action: string | string[], rest: Partial<StatementJson> = {}): StatementJson => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  ...rest,
});
const deny = (Action: string | string[], rest: Partial<StatementJson> = {}): StatementJson => ({
  ...allow(Action, rest),
  Effect: 'Deny',
});

const verdict = (policies: Policies, action: string, resource = '*', context: Context = {}) =>
  evaluate({ action, resource, context }, policies).verdict;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html */
describe('the boundary of a user who may manage S3, CloudWatch and EC2', () => {
  const boundary = policy(allow(['s3:*', 'cloudwatch:*', 'ec2:*']));

  test('a policy that allows creating users gives nothing', () => {
    const policies = { identity: [policy(allow('iam:CreateUser'))], boundary };
    expect(verdict(policies, 'iam:CreateUser')).toBe('not allowed');
    expect(verdict(policies, 's3:GetObject')).toBe('not allowed');
  });

  test('both must allow', () => {
    expect(verdict({ identity: [policy(allow('s3:*'))], boundary }, 's3:GetObject')).toBe('allowed');
  });
});

describe('the boundary of a user to whom creating users is delegated', () => {
  const own = 'arn:aws:iam::111122223333:policy/XCompanyBoundaries';
  const boundary = policy(
    allow(
      [
        'iam:CreateUser',
        'iam:DeleteUserPolicy',
        'iam:AttachUserPolicy',
        'iam:DetachUserPolicy',
        'iam:PutUserPermissionsBoundary',
      ],
      { Condition: { StringEquals: { 'iam:PermissionsBoundary': own } } },
    ),
    allow(['cloudwatch:*', 'iam:GetUser', 'iam:*Group*', 'iam:DeletePolicy', 'iam:SetDefaultPolicyVersion']),
    deny(['iam:CreatePolicyVersion', 'iam:DeletePolicy', 'iam:SetDefaultPolicyVersion'], { Resource: [own] }),
    deny('iam:DeleteUserPermissionsBoundary'),
  );
  const zhang = {
    boundary,
    identity: [
      policy(
        allow('iam:*'),
        allow(['cloudwatch:GetDashboard', 'cloudwatch:ListMetrics']),
        allow('s3:ListBucket', { Resource: 'arn:aws:s3:::ZhangBucket' }),
      ),
    ],
  };

  test.each<[string, string, string, Context, string]>([
    ['create a user without a boundary', 'iam:CreateUser', '*', {}, 'not allowed'],
    ['create a user with it', 'iam:CreateUser', '*', { 'iam:PermissionsBoundary': own }, 'allowed'],
    [
      'create a user with another',
      'iam:CreateUser',
      '*',
      { 'iam:PermissionsBoundary': `${own}2` },
      'not allowed',
    ],
    ['delete a boundary', 'iam:DeleteUserPermissionsBoundary', '*', {}, 'denied'],
    ['rewrite the boundary', 'iam:SetDefaultPolicyVersion', own, {}, 'denied'],
    ['delete another policy', 'iam:DeletePolicy', 'arn:aws:iam::111122223333:policy/Other', {}, 'allowed'],
    ['manage groups', 'iam:AddUserToGroup', '*', {}, 'allowed'],
    ['list metrics', 'cloudwatch:ListMetrics', '*', {}, 'allowed'],
    ['delete alarms, which its policy lacks', 'cloudwatch:DeleteAlarms', '*', {}, 'not allowed'],
    [
      'list the bucket, which the boundary lacks',
      's3:ListBucket',
      'arn:aws:s3:::ZhangBucket',
      {},
      'not allowed',
    ],
  ])('%s', (_, action, resource, context, expected) => {
    expect(verdict(zhang, action, resource, context)).toBe(expected);
  });
});

describe('the boundary of the users so created', () => {
  const boundary = policy(
    allow(['s3:*', 'cloudwatch:*', 'ec2:*', 'dynamodb:*']),
    allow(['iam:*AccessKey*', 'iam:ChangePassword'], { Resource: ['arn:aws:iam::*:user/${aws:username}'] }),
    deny('s3:*', { Resource: ['arn:aws:s3:::logs', 'arn:aws:s3:::logs/*'] }),
    deny('ec2:*', { Resource: 'arn:aws:ec2:*:*:instance/i-1234567890abcdef0' }),
  );
  const nikhil = { boundary, identity: [policy(allow('iam:*'), allow(['s3:Get*', 's3:List*']))] };
  const context = { 'aws:username': 'Nikhil' };

  test.each<[string, string, string]>([
    ['iam:ChangePassword', 'arn:aws:iam::111122223333:user/Nikhil', 'allowed'],
    ['iam:ChangePassword', 'arn:aws:iam::111122223333:user/Zhang', 'not allowed'],
    ['iam:CreateUser', '*', 'not allowed'],
    ['s3:GetObject', 'arn:aws:s3:::photos/cat.jpg', 'allowed'],
    ['s3:GetObject', 'arn:aws:s3:::logs/2026', 'denied'],
    ['ec2:StartInstances', 'arn:aws:ec2:eu-west-1:111122223333:instance/i-1234567890abcdef0', 'denied'],
  ])('%s on %s: %s', (action, resource, expected) => {
    expect(verdict(nikhil, action, resource, context)).toBe(expected);
  });
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html */
describe('policies of several kinds', () => {
  const everything = policy(allow('*'));

  test('an explicit denial overrides every allowance, wherever it stands', () => {
    const denial = policy(allow('*'), deny('s3:DeleteBucket'));
    expect(verdict({ identity: [everything, denial] }, 's3:DeleteBucket')).toBe('denied');
    expect(verdict({ identity: [everything], boundary: denial }, 's3:DeleteBucket')).toBe('denied');
    expect(verdict({ identity: [everything], session: [denial] }, 's3:DeleteBucket')).toBe('denied');
    expect(verdict({ identity: [everything], controls: [[denial]] }, 's3:DeleteBucket')).toBe('denied');
  });

  test('every level of service control policies must allow', () => {
    const onlyS3 = policy(allow('s3:*'));
    const controls = (...levels: PolicyDocument[][]) => ({ identity: [everything], controls: levels });
    expect(verdict(controls([everything], [onlyS3]), 's3:GetObject')).toBe('allowed');
    expect(verdict(controls([everything], [onlyS3]), 'ec2:RunInstances')).toBe('not allowed');
    expect(verdict(controls([onlyS3], [everything]), 'ec2:RunInstances')).toBe('not allowed');
    expect(verdict(controls([everything, onlyS3]), 'ec2:RunInstances')).toBe('allowed');
  });

  test('a session has what its policy and its role both allow', () => {
    const session = [policy(allow('s3:GetObject'))];
    expect(verdict({ identity: [everything], session }, 's3:GetObject')).toBe('allowed');
    expect(verdict({ identity: [everything], session }, 's3:PutObject')).toBe('not allowed');
  });

  test('nothing is allowed by default', () => {
    expect(verdict({ identity: [] }, 's3:GetObject')).toBe('not allowed');
  });

  /** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html */
  test('NotAction with Deny falls on all but what it names', () => {
    const unlessMfa = policy(allow('*'), {
      Effect: 'Deny',
      NotAction: 'iam:*',
      Resource: '*',
      Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
    });
    const at = (action: string, context: Context) => verdict({ identity: [unlessMfa] }, action, '*', context);
    expect(at('ec2:RunInstances', { 'aws:MultiFactorAuthPresent': 'false' })).toBe('denied');
    expect(at('ec2:RunInstances', {})).toBe('denied');
    expect(at('ec2:RunInstances', { 'aws:MultiFactorAuthPresent': 'true' })).toBe('allowed');
    expect(at('iam:ListUsers', {})).toBe('allowed');
  });

  /** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html */
  test('NotResource falls on all but what it names', () => {
    const bucket = ['arn:aws:s3:::HRBucket/Payroll', 'arn:aws:s3:::HRBucket/Payroll/*'];
    const all = policy(allow('*'), { Effect: 'Deny', Action: 's3:*', NotResource: bucket });
    expect(verdict({ identity: [all] }, 's3:GetObject', 'arn:aws:s3:::HRBucket/Payroll/may')).toBe('allowed');
    expect(verdict({ identity: [all] }, 's3:GetObject', 'arn:aws:s3:::HRBucket/other')).toBe('denied');
  });

  test('names of actions fit in any case, ARNs in their own', () => {
    const one = policy(allow('S3:get*', { Resource: 'arn:aws:s3:::Photos/*' }));
    expect(verdict({ identity: [one] }, 's3:GetObject', 'arn:aws:s3:::Photos/a')).toBe('allowed');
    expect(verdict({ identity: [one] }, 's3:GetObject', 'arn:aws:s3:::photos/a')).toBe('not allowed');
  });
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
describe('conditions', () => {
  const at = (operator: string, values: string | string[], context: Context) =>
    holds({ operator, key: 'k', values: [values].flat() }, context);

  test.each<[string, string | string[], Context, boolean]>([
    ['StringEquals', ['a', 'b'], { k: 'b' }, true],
    ['StringEquals', 'a', {}, false],
    ['StringEquals', 'a', { K: 'a' }, true],
    ['StringEquals', 'a*', { k: 'ab' }, false],
    ['StringNotEquals', 'a', {}, true],
    ['StringNotEquals', ['a', 'b'], { k: 'b' }, false],
    ['StringEqualsIgnoreCase', 'A', { k: 'a' }, true],
    ['StringLike', 'a?c*', { k: 'abcd' }, true],
    ['StringNotLike', 'a*', { k: 'abcd' }, false],
    ['StringNotLike', 'a*', {}, true],
    ['StringEqualsIfExists', 'a', {}, true],
    ['StringEqualsIfExists', 'a', { k: 'b' }, false],
    ['StringNotEqualsIfExists', 'a', {}, true],
    ['ArnLike', 'arn:aws:iam::*:role/x*', { k: 'arn:aws:iam::111122223333:role/xy' }, true],
    ['ArnEquals', 'arn:aws:iam::*:role/x', { k: 'arn:aws:iam::111122223333:role/y' }, false],
    ['NumericLessThanEquals', '10', { k: '10' }, true],
    ['NumericLessThan', '10', { k: 'many' }, false],
    ['DateGreaterThan', '2026-01-01T00:00:00Z', { k: '2026-11-20T00:00:00Z' }, true],
    ['DateLessThan', '1800000000', { k: '1763600000' }, true],
    ['Bool', 'true', { k: 'TRUE' }, true],
    ['Bool', 'true', {}, false],
    ['Null', 'true', {}, true],
    ['Null', 'false', { k: 'x' }, true],
    ['Null', 'true', { k: 'x' }, false],
    ['IpAddress', '203.0.113.0/24', { k: '203.0.113.77' }, true],
    ['IpAddress', '203.0.113.0/24', { k: '203.0.114.1' }, false],
    ['NotIpAddress', '203.0.113.0/24', { k: '203.0.114.1' }, true],
    ['ForAllValues:StringEquals', ['a', 'b'], { k: ['a', 'b'] }, true],
    ['ForAllValues:StringEquals', ['a', 'b'], { k: ['a', 'c'] }, false],
    ['ForAllValues:StringEquals', 'a', {}, true],
    ['ForAnyValue:StringEquals', 'a', { k: ['c', 'a'] }, true],
    ['ForAnyValue:StringEquals', 'a', {}, false],
    ['ForAnyValue:StringNotEquals', 'a', { k: ['a', 'b'] }, true],
    ['StringSomething', 'a', { k: 'a' }, false],
  ])('%s %j of %j: %s', (operator, values, context, expected) => {
    expect(at(operator, values, context)).toBe(expected);
  });

  test('variables stand for what the request carries', () => {
    const one = { operator: 'StringLike', key: 's3:prefix', values: ['home/${aws:username}/*'] };
    expect(holds(one, { 's3:prefix': 'home/ana/x', 'aws:username': 'ana' })).toBe(true);
    expect(holds(one, { 's3:prefix': 'home/ana/x', 'aws:username': 'bo' })).toBe(false);
    expect(holds(one, { 's3:prefix': 'home//x' })).toBe(false);
    const other = { operator: 'StringEquals', key: 'k', values: ["${aws:PrincipalTag/team, 'company'}"] };
    expect(holds(other, { k: 'company' })).toBe(true);
  });
});
