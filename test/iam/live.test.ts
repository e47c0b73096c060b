import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BoundaryOptions, buildBoundary } from '../../src/iam/boundary.ts';
import { catalogue } from './catalogue.ts';
import { needsPython, type Server, startMoto, startSimulator } from './moto.ts';

const { skip, because } = needsPython('moto_server');
const cli = resolve(import.meta.dirname, '../../dist/cli.cjs');
const home = mkdtempSync(join(tmpdir(), 'blastguard-live-'));

afterAll(() => rmSync(home, { recursive: true, force: true }));

type Keys = { readonly id: string; readonly secret: string; readonly token?: string };

function run(args: readonly string[], url: string, keys: Keys | undefined) {
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    AWS_ENDPOINT_URL: url,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...(keys && {
      AWS_ACCESS_KEY_ID: keys.id,
      AWS_SECRET_ACCESS_KEY: keys.secret,
      ...(keys.token && { AWS_SESSION_TOKEN: keys.token }),
    }),
  };
  // Not spawnSync: the simulator answers in this process.
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: home,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  return new Promise<{ status: number | null; stdout: string; stderr: string }>((done) => {
    child.on('close', (status) =>
      done({ status, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    );
  });
}

const verify = ['iam', 'verify', '--live'];
const options: BoundaryOptions = {
  naming: { name: 'blastguard-boundary', partition: 'aws', account: '*', roles: ['claude-code*'] },
  breadth: 'critical',
  services: [],
  regions: [],
  accounts: [],
  allow: [],
  except: [],
};

describe.skipIf(skip)(`iam verify --live against an IAM server${because}`, () => {
  let moto: Server;
  let iam: IAMClient;
  let sts: STSClient;
  let boundary: string;

  beforeAll(async () => {
    moto = await startMoto();
    const settings = {
      endpoint: moto.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' },
    };
    iam = new IAMClient(settings);
    sts = new STSClient(settings);
    const [document] = buildBoundary(catalogue, options).documents;
    boundary = await policy('blastguard-boundary', document);
  }, 60_000);

  afterAll(() => moto?.stop());

  async function policy(name: string, document: unknown): Promise<string> {
    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName: name, PolicyDocument: JSON.stringify(document) }),
    );
    return Policy?.Arn ?? '';
  }

  async function role(name: string, PermissionsBoundary?: string): Promise<Keys> {
    const AssumeRolePolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
    });
    const { Role } = await iam.send(
      new CreateRoleCommand({
        RoleName: name,
        AssumeRolePolicyDocument,
        ...(PermissionsBoundary && { PermissionsBoundary }),
      }),
    );
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 'claude' }),
    );
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
    return { id: AccessKeyId, secret: SecretAccessKey, token: SessionToken };
  }

  async function user(name: string): Promise<Keys> {
    await iam.send(new CreateUserCommand({ UserName: name }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
    return { id: AccessKey?.AccessKeyId ?? '', secret: AccessKey?.SecretAccessKey ?? '' };
  }

  test('a boundary that iam boundary made is one that IAM takes, and a role that bears it holds', async () => {
    const keys = await role('claude-code', boundary);
    const simulator = await startSimulator(moto.url, () => 'explicitDeny');
    const { status, stdout, stderr } = await run(verify, simulator.url, keys);
    simulator.stop();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^identity {2}arn:aws:iam::\d{12}:role\/claude-code\n/);
    expect(stdout).toContain(`boundary  ${boundary}\n`);
    expect(stdout).toMatch(/AWS would allow 0 of \d+ destructive actions now\n/);
    expect(stdout).toMatch(/holds: denies all \d+ destructive actions/);
    // Every page of every answer was asked for.
    expect(new Set(simulator.asked).size).toBeGreaterThan(380);
    expect(simulator.asked).toContain('rds:DeleteDBInstance');
  });

  test('what AWS would allow is a gap, whatever the documents say', async () => {
    const keys = await role('claude-code-2', boundary);
    const simulator = await startSimulator(moto.url, (action) =>
      action === 's3:DeleteBucket' ? 'allowed' : 'implicitDeny',
    );
    const { status, stdout } = await run([...verify, '--json'], simulator.url, keys);
    simulator.stop();
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      holds: false,
      allowed: ['s3:DeleteBucket'],
      documents: { holds: true },
    });
  });

  test('without a boundary nothing holds, and it says what makes one', async () => {
    const keys = await role('unbound');
    const simulator = await startSimulator(moto.url, () => 'implicitDeny');
    const { status, stdout } = await run(verify, simulator.url, keys);
    simulator.stop();
    expect(status).toBe(1);
    expect(stdout).toContain('boundary  none\n');
    expect(stdout).toContain('blastguard iam boundary --format cli');
  });

  test('where AWS does not simulate, the documents decide and it says so', async () => {
    const keys = await role('claude-code-3', boundary);
    const { status, stdout } = await run(verify, moto.url, keys);
    expect(status).toBe(0);
    expect(stdout).toContain('AWS was not asked about single actions: ');
  });

  test('a weak boundary is found out', async () => {
    const weak = await policy('weak', {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: '*', Resource: '*' },
        { Effect: 'Deny', Action: 'rds:Delete*', Resource: '*' },
      ],
    });
    const { status, stdout } = await run(verify, moto.url, await role('ana', weak));
    expect(status).toBe(1);
    expect(stdout).toMatch(/^identity {2}arn:aws:iam::\d{12}:role\/ana\n/);
    expect(stdout).toContain('does not hold');
    expect(stdout).toContain('the holder can take the boundary off a role');
  });

  test('policies beside the boundary count, attached or written into the holder', async () => {
    const { documents } = buildBoundary(catalogue, { ...options, breadth: 'all' });
    const [first, second, third] = documents;
    const own = await policy('blastguard-all', first);
    const keys = await role('bo', own);
    expect((await run([...verify, '--complete', '--json'], moto.url, keys)).status).toBe(1);
    for (const [name, document] of Object.entries({ second, third }))
      await iam.send(
        new PutRolePolicyCommand({
          RoleName: 'bo',
          PolicyName: name,
          PolicyDocument: JSON.stringify(document),
        }),
      );
    const { stdout } = await run([...verify, '--complete', '--json'], moto.url, keys);
    const report = JSON.parse(stdout);
    expect(
      report.documents.actions.filter(({ verdict }: { verdict: string }) => verdict !== 'denied'),
    ).toEqual([]);
    // It protects `blastguard-boundary`, and is attached under another name.
    expect(report).toMatchObject({ holds: false, note: expect.stringContaining('is not the attached one') });
  });

  test('an administrator asks about another', async () => {
    await role('claude-code-6', boundary);
    const arn = 'arn:aws:iam::123456789012:role/claude-code-6';
    const { status, stdout } = await run([...verify, '--of', arn], moto.url, await user('admin'));
    expect({ status, first: stdout.split('\n')[0] }).toEqual({ status: 0, first: `identity  ${arn}` });
  });

  // moto keeps no boundary of a user.
  test('a user is known by its keys', async () => {
    const { status, stdout } = await run(verify, moto.url, await user('eva'));
    expect(status).toBe(1);
    expect(stdout).toMatch(/^identity {2}arn:aws:iam::\d{12}:user\/eva\nboundary {2}none\n/);
  });

  test('a role that AWS owns policies of is read without them', async () => {
    const keys = await role('claude-code-4', boundary);
    const mine = await policy('mine', {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
    });
    for (const PolicyArn of ['arn:aws:iam::aws:policy/PowerUserAccess', mine])
      await iam.send(new AttachRolePolicyCommand({ RoleName: 'claude-code-4', PolicyArn }));
    expect((await run(verify, moto.url, keys)).status).toBe(0);
  });

  test('readiness --live says the same on its page', async () => {
    const { stdout } = await run(
      ['readiness', '--live', '--json'],
      moto.url,
      await role('claude-code-5', boundary),
    );
    const { layers } = JSON.parse(stdout);
    expect(layers.find(({ name }: { name: string }) => name === 'boundary').findings).toEqual([
      {
        state: 'stands',
        text: expect.stringMatching(/role\/claude-code-5 bears .*policy\/blastguard-boundary, which holds/),
      },
    ]);
  });
});

describe('iam verify --live', () => {
  test('without credentials, or without an answer, says so and exits 1', async () => {
    const without = await run(verify, 'http://127.0.0.1:9', undefined);
    expect(without).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('AWS did not show the identity and its boundary: '),
    });
    const unanswered = await run(verify, 'http://127.0.0.1:9', { id: 'AKIAIOSFODNN7EXAMPLE', secret: 'x' });
    expect(unanswered).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('ECONNREFUSED'),
    });
  });
});
