import { describe, expect, test } from 'vitest';
import { type BoundaryOptions, buildBoundary, limits } from '../../src/iam/boundary.ts';
import { onlyReads } from '../../src/iam/catalogue.ts';
import type { Context } from '../../src/iam/conditions.ts';
import { destructiveActions, mandatory } from '../../src/iam/destructive.ts';
import { documentOf, type PolicyDocument, sizeOf } from '../../src/iam/document.ts';
import { evaluate } from '../../src/iam/evaluate.ts';
import { heldBack } from '../../src/iam/protection.ts';
import { verifyBoundary } from '../../src/iam/verify.ts';
import { allActions, catalogue } from './catalogue.ts';

const base: BoundaryOptions = {
  naming: { name: 'blastguard-boundary', partition: 'aws', account: '111122223333', roles: ['claude-code*'] },
  breadth: 'critical',
  services: [],
  regions: [],
  accounts: [],
  allow: [],
  except: [],
};
const build = (options: Partial<BoundaryOptions> = {}) => buildBoundary(catalogue, { ...base, ...options });
const read = ({ documents }: ReturnType<typeof build>): readonly PolicyDocument[] =>
  documents.map((document, index) => documentOf(`document ${index + 1}`, document));
const verify = (documents: readonly PolicyDocument[], options = {}) =>
  verifyBoundary(catalogue, documents, { breadth: 'critical', services: [], ...options });

const everything = documentOf('everything', {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});

/** What the documents refuse on a resource of somebody's, to a holder who is allowed everything. */
function refused(documents: readonly PolicyDocument[], context = {}): ReadonlySet<string> {
  const key = JSON.stringify([documents, context]);
  const known = refusals.get(key) ?? refuse(documents, context);
  refusals.set(key, known);
  return known;
}
const refusals = new Map<string, ReadonlySet<string>>();

function refuse(documents: readonly PolicyDocument[], context: Context): ReadonlySet<string> {
  const [boundary, ...beside] = documents;
  if (boundary === undefined) throw new Error('no document');
  const policies = { identity: [everything, ...beside], boundary };
  const request = { resource: 'arn:aws:none:eu-west-1:111122223333:thing/some', context };
  return new Set(
    allActions
      .filter(({ id }) => evaluate({ action: id, ...request }, policies).verdict !== 'allowed')
      .map(({ id }) => id),
  );
}

const destroying = (breadth: 'critical' | 'all') =>
  destructiveActions(catalogue, breadth).actions.map(({ id }) => id);

/** What the self-protection refuses besides, which destroys nothing. */
const shedding = [
  ...heldBack,
  ...['CreateRole', 'CreateUser', 'PutRolePermissionsBoundary', 'PutUserPermissionsBoundary', 'PassRole'].map(
    (name) => `iam:${name}`,
  ),
  ...['AttachRolePolicy', 'AttachUserPolicy', 'PutRolePolicy', 'PutUserPolicy'].map((name) => `iam:${name}`),
  'sts:AssumeRole',
];

describe('the boundary as it is made without options', () => {
  const boundary = build();
  const documents = read(boundary);
  const no = refused(documents);

  test('is one document that AWS takes', () => {
    expect(boundary.documents).toHaveLength(1);
    expect(boundary.documents.map(sizeOf)[0]).toBeLessThanOrEqual(limits.managed);
  });

  test('refuses, of all actions that AWS has, everything that critical rules name', () => {
    expect(destroying('critical').filter((id) => !no.has(id))).toEqual([]);
    for (const id of mandatory) expect(no).toContain(id);
  });

  test('refuses nothing that reads, lists or tags, and nothing that no rule calls destructive', () => {
    const named = allActions.filter(({ id }) => no.has(id));
    expect(named.filter((action) => onlyReads(action) || action.level === 'Tagging')).toEqual([]);
    const known = new Set([...destroying('all'), ...shedding]);
    expect([...no].filter((id) => !known.has(id))).toEqual([]);
    expect(no.size).toBeGreaterThan(380);
    expect(no.size).toBeLessThan(allActions.length / 10);
  });

  test.each([
    'ec2:RunInstances',
    'rds:ModifyDBInstance',
    'ecs:UpdateService',
    'lambda:UpdateFunctionCode',
    's3:PutObject',
    's3:CreateBucket',
    'dynamodb:DeleteItem',
    'sqs:DeleteMessage',
    'cloudformation:UpdateStack',
    'iam:GetRole',
    'iam:TagRole',
    'logs:PutLogEvents',
    'ec2:DeleteTags',
  ])('leaves %s alone', (id) => {
    expect(no.has(id)).toBe(false);
  });

  test('lets a principal with the boundary be made, and no other', () => {
    const own = { 'iam:PermissionsBoundary': 'arn:aws:iam::111122223333:policy/blastguard-boundary' };
    const bound = refused(documents, own);
    for (const id of ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:AttachRolePolicy']) {
      expect(no).toContain(id);
      expect(bound).not.toContain(id);
    }
    expect(bound).toContain('iam:DeleteRolePermissionsBoundary');
  });

  test('refuses to delete DNS records, not to create them', () => {
    const key = 'route53:ChangeResourceRecordSetsActions';
    expect(refused(documents, { [key]: ['UPSERT', 'DELETE'] })).toContain('route53:ChangeResourceRecordSets');
    expect(refused(documents, { [key]: ['CREATE'] })).not.toContain('route53:ChangeResourceRecordSets');
  });

  test('is found to hold', () => {
    const result = verify(documents);
    expect(result.actions.filter(({ verdict }) => verdict !== 'denied')).toEqual([]);
    expect(result).toMatchObject({ holds: true, escapes: [], doubts: [], protects: 'blastguard-boundary' });
  });

  test.each(
    boundary.documents[0]?.Statement.map((statement, index) => [statement.Sid ?? index + 1, index]) ?? [],
  )('without its statement %s it is found not to', (_, index) => {
    const [whole] = boundary.documents;
    if (whole === undefined) throw new Error('no document');
    const Statement = whole.Statement.filter((__, at) => at !== index);
    const result = verify([documentOf('cut', { ...whole, Statement })]);
    // Without any Allow nothing at all is allowed.
    expect(result.holds).toBe(whole.Statement[Number(index)]?.Effect === 'Allow');
  });

  test('without any one of its patterns it is found not to', () => {
    const [whole] = boundary.documents;
    const list = whole?.Statement.find(({ Sid }) => Sid === 'Destroy');
    const patterns = [list?.Action ?? []].flat();
    expect(patterns.length).toBeGreaterThan(200);
    const idle = patterns.filter((pattern) => {
      const Action = patterns.filter((each) => each !== pattern);
      const Statement = (whole?.Statement ?? []).map((each) => (each === list ? { ...each, Action } : each));
      return verify([documentOf('cut', { Version: '2012-10-17', Statement })]).holds;
    });
    // A group gives its users policies, of which the boundary lets through no more than of others; the policies beside
    // it matter where there are any.
    expect(idle.sort()).toEqual(['iam:AddUser*', 'iam:Deta*', 'iam:PutG*']);
  });
});

describe('everything that the packs call destructive', () => {
  const boundary = build({ breadth: 'all' });
  const documents = read(boundary);

  test('takes several documents, each within the limit', () => {
    expect(boundary.documents.length).toBeGreaterThan(1);
    for (const size of boundary.documents.map(sizeOf)) expect(size).toBeLessThanOrEqual(limits.managed);
  });

  test('is refused, and not one action more', () => {
    const no = refused(documents);
    const known = new Set([...destroying('all'), ...shedding]);
    expect([...no].filter((id) => !known.has(id))).toEqual([]);
    expect([...known].filter((id) => !no.has(id))).toEqual([]);
  });

  test('has what must never be missing in the first document', () => {
    const [first] = documents;
    const no = refused(first ? [first] : []);
    for (const id of [...mandatory, ...heldBack]) expect(no).toContain(id);
  });

  test('holds together, not by its first document alone', () => {
    expect(verify(documents, { breadth: 'all' }).holds).toBe(true);
    expect(verify(documents.slice(0, 1), { breadth: 'all' }).holds).toBe(false);
  });
});

describe('narrowed', () => {
  test('to services, it keeps the eight and itself', () => {
    const boundary = build({ services: ['kms'] });
    const no = refused(read(boundary));
    for (const id of [...mandatory, ...heldBack, 'kms:ScheduleKeyDeletion']) expect(no).toContain(id);
    for (const id of ['sqs:DeleteQueue', 'secretsmanager:DeleteSecret']) expect(no).not.toContain(id);
    expect(verify(read(boundary), { services: ['kms'] }).holds).toBe(true);
  });

  describe('to a tag', () => {
    const boundary = build({
      tag: { key: 'env', value: 'production' },
      services: ['ec2', 's3', 'ecs', 'rds', 'lambda', 'dynamodb'],
    });
    const documents = read(boundary);
    const at = (value: string) => refused(documents, { 'aws:ResourceTag/env': value });

    test('it refuses what bears the tag, and lets other environments be', () => {
      for (const id of mandatory) expect(at('production')).toContain(id);
      for (const id of [
        'ec2:TerminateInstances',
        'ecs:DeleteService',
        'lambda:DeleteFunction',
        'rds:DeleteDBInstance',
      ])
        expect(at('staging')).not.toContain(id);
    });

    test('it refuses outright where AWS does not compare tags, and says so', () => {
      const outright = boundary.outright.map(({ id }) => id);
      expect(outright).toEqual(expect.arrayContaining(['s3:DeleteBucket', 'dynamodb:DeleteTable']));
      for (const id of outright) expect(at('staging')).toContain(id);
    });

    test('it keeps the tag where it is', () => {
      const retag = { 'aws:ResourceTag/env': 'production', 'aws:TagKeys': ['env'] };
      expect(refused(documents, retag)).toContain('ec2:CreateTags');
      expect(refused(documents, { ...retag, 'aws:TagKeys': ['owner'] })).not.toContain('ec2:CreateTags');
      expect(refused(documents, { 'aws:TagKeys': ['env'] })).not.toContain('ec2:RunInstances');
    });

    test('it holds for who asks about the tag, and not for who asks about everything', () => {
      const services = ['ec2', 's3', 'ecs', 'rds', 'lambda', 'dynamodb'];
      expect(verify(documents, { services, tag: { key: 'env', value: 'production' } }).holds).toBe(true);
      const strict = verify(documents, { services });
      expect(strict.holds).toBe(false);
      expect(strict.actions.find(({ action }) => action === 'ec2:TerminateInstances')).toMatchObject({
        verdict: 'partly',
        why: expect.stringContaining('only if StringEquals `aws:ResourceTag/env` `production`'),
      });
    });
  });

  describe('to the beginning of names', () => {
    const services = ['rds', 'dynamodb', 's3', 'lambda', 'ecs', 'ec2', 'sqs'];
    const boundary = build({ prefix: 'prod-', services });
    const documents = read(boundary);
    const at = (action: string, resource: string) => {
      const [first] = documents;
      return evaluate({ action, resource }, { identity: [everything], ...(first && { boundary: first }) })
        .verdict;
    };

    test.each([
      ['rds:DeleteDBInstance', 'arn:aws:rds:eu-west-1:111122223333:db:prod-orders', 'denied'],
      ['rds:DeleteDBInstance', 'arn:aws:rds:eu-west-1:111122223333:db:test-orders', 'allowed'],
      ['dynamodb:DeleteTable', 'arn:aws:dynamodb:eu-west-1:111122223333:table/prod-orders', 'denied'],
      ['dynamodb:DeleteTable', 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders', 'allowed'],
      ['s3:DeleteBucket', 'arn:aws:s3:::prod-media', 'denied'],
      ['s3:DeleteBucket', 'arn:aws:s3:::scratch', 'allowed'],
      ['lambda:DeleteFunction', 'arn:aws:lambda:eu-west-1:111122223333:function:prod-api', 'denied'],
      ['sqs:DeleteQueue', 'arn:aws:sqs:eu-west-1:111122223333:prod-jobs', 'denied'],
      ['ecs:DeleteService', 'arn:aws:ecs:eu-west-1:111122223333:service/main/prod-web', 'denied'],
      ['ec2:TerminateInstances', 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1b2c3d', 'denied'],
    ])('%s on %s: %s', (action, resource, expected) => {
      expect(at(action, resource)).toBe(expected);
    });

    test('it says what has no name to go by', () => {
      expect(boundary.outright.map(({ id }) => id)).toContain('ec2:TerminateInstances');
      expect(verify(documents, { services, prefix: 'prod-' }).holds).toBe(true);
      expect(verify(documents, { services }).holds).toBe(false);
    });
  });

  test('to regions, what belongs to no region stays', () => {
    const documents = read(build({ regions: ['eu-west-1'] }));
    expect(refused(documents, { 'aws:RequestedRegion': 'us-east-1' })).toContain('ec2:RunInstances');
    expect(refused(documents, { 'aws:RequestedRegion': 'us-east-1' })).not.toContain(
      'cloudfront:CreateInvalidation',
    );
    expect(refused(documents, { 'aws:RequestedRegion': 'eu-west-1' })).not.toContain('ec2:RunInstances');
  });

  test('to accounts, what AWS owns stays readable', () => {
    const documents = read(build({ accounts: ['111122223333'] }));
    const foreign = refused(documents, { 'aws:ResourceAccount': '444455556666' });
    expect(foreign).toContain('s3:PutObject');
    expect(foreign).not.toContain('ssm:GetParameter');
    expect(refused(documents, { 'aws:ResourceAccount': '111122223333' })).not.toContain('s3:PutObject');
    expect(refused(documents)).not.toContain('s3:PutObject');
  });

  test('to an allow-list, the rest is refused too', () => {
    const no = refused(read(build({ allow: ['s3:*', 'ec2:Describe*'] })));
    expect(no).toContain('ec2:RunInstances');
    expect(no).toContain('s3:DeleteBucket');
    expect(no).not.toContain('s3:PutObject');
  });

  test('by exceptions, but never of what every boundary denies', () => {
    const no = refused(read(build({ except: ['s3:DeleteObject*', 'logs:*'] })));
    for (const id of ['s3:DeleteObject', 's3:DeleteObjectVersion', 'logs:DeleteLogGroup'])
      expect(no).not.toContain(id);
    expect(() => build({ except: ['s3:*'] })).toThrow('`s3:DeleteBucket` cannot be excepted');
    expect(() => build({ except: ['s3:DeleteBukket'] })).toThrow('is no IAM action');
    expect(() => build({ services: ['rsd'] })).toThrow('no service prefix `rsd`');
  });
});

describe('as a service control policy', () => {
  const principals = ['arn:aws:iam::*:role/claude-code'];
  const boundary = build({ control: { principals } });
  const documents = read(boundary);
  const holder = 'arn:aws:iam::111122223333:role/claude-code';

  test('every document is within the limit, white space counted', () => {
    for (const document of boundary.documents)
      expect(JSON.stringify(document).length).toBeLessThanOrEqual(limits.control);
  });

  test('it falls on the holder alone', () => {
    const at = (arn: string) =>
      evaluate(
        { action: 'rds:DeleteDBInstance', resource: '*', context: { 'aws:PrincipalArn': arn } },
        { identity: [everything], controls: [[everything, ...documents]] },
      ).verdict;
    expect(at(holder)).toBe('denied');
    expect(at('arn:aws:iam::111122223333:role/admin')).toBe('allowed');
  });

  test('it holds for the holder', () => {
    expect(verify(documents, { controls: holder })).toMatchObject({ holds: true, escapes: [] });
    expect(verify(documents, { controls: 'arn:aws:iam::111122223333:role/other' }).holds).toBe(false);
  });
});
