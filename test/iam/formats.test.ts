import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll, describe, expect, test } from 'vitest';
import { needsPython, pythonTool } from './moto.ts';

const cli = resolve(import.meta.dirname, '../../dist/cli.cjs');
const dir = mkdtempSync(join(tmpdir(), 'blastguard-formats-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function make(args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'iam', 'boundary', ...args], {
    cwd: dir,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

const document = JSON.parse(make([]));

/** What a program prints, or an error that holds what it said. */
function run(program: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd: dir, input, encoding: 'utf8' });
  if (error !== undefined) throw error;
  expect({ status, said: status === 0 ? '' : `${stdout}${stderr}` }).toEqual({ status: 0, said: '' });
  return stdout;
}

const variants = [
  ['for a role', []],
  ['for a user', ['--user', '--holder', 'agent']],
  [
    'with an account and who is trusted',
    [
      '--account',
      '111122223333',
      '--trust',
      'arn:aws:iam::111122223333:user/ana,arn:aws:iam::111122223333:user/bo',
    ],
  ],
  ['of everything', ['--complete']],
  ['by a tag', ['--only-tagged', 'env=production', '--service', 'ec2,rds']],
] as const;

const hasTerraform = spawnSync('terraform', ['version']).status === 0;

describe('terraform', () => {
  const python = needsPython('hcl2tojson');
  test.skipIf(python.skip).each(variants)(
    `%s is HCL, and holds the same document${python.because}`,
    (_, args) => {
      writeFileSync(join(dir, 'b.tf'), make(['--format', 'terraform', ...args]));
      const parsed = JSON.parse(run(pythonTool('hcl2tojson') ?? '', [join(dir, 'b.tf')]));
      const types = parsed.resource
        .flatMap((each: object) => Object.keys(each))
        .map((type: string) => type.replaceAll('"', ''));
      const kind = (args as readonly string[]).includes('--user') ? 'user' : 'role';
      expect(types).toEqual(
        expect.arrayContaining(['aws_iam_policy', `aws_iam_${kind}`, `aws_iam_${kind}_policy_attachment`]),
      );
    },
  );

  test.skipIf(!hasTerraform).each(variants)(
    `%s is as terraform fmt writes it${hasTerraform ? '' : ' (skipped: no terraform)'}`,
    (_, args) => {
      run('terraform', ['fmt', '-check', '-diff', '-'], make(['--format', 'terraform', ...args]));
    },
  );

  test.skipIf(!hasTerraform)('terraform reads the very document', () => {
    const text = make(['--format', 'terraform']);
    const [, policy = ''] = /policy = jsonencode\((\{[\s\S]*?\n {2}\})\)/.exec(text) ?? [];
    const place = join(dir, 'console');
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'main.tf'), `locals {\n  policy = jsonencode(${policy})\n}\n`);
    const { stdout } = spawnSync('terraform', ['console'], {
      cwd: place,
      input: 'local.policy\n',
      encoding: 'utf8',
    });
    expect(JSON.parse(JSON.parse(stdout.trim()))).toEqual(document);
  });
});

describe('cloudformation', () => {
  const python = needsPython('cfn-lint');
  // W3037 knows fewer services than AWS had, and takes those that were retired for mistakes.
  test.skipIf(python.skip).each(variants)(
    `%s has nothing that cfn-lint objects to${python.because}`,
    (_, args) => {
      const file = join(dir, 'b.template.json');
      writeFileSync(file, make(['--format', 'cloudformation', ...args]));
      run(pythonTool('cfn-lint') ?? '', ['--ignore-checks', 'W3037', '--', file]);
    },
    60_000,
  );

  test('holds the same document, and the role that bears it', () => {
    const { Resources } = JSON.parse(make(['--format', 'cloudformation']));
    expect(Resources.BlastguardBoundary.Properties.PolicyDocument).toEqual(document);
    expect(Resources.ClaudeCode.Properties.PermissionsBoundary).toEqual({ Ref: 'BlastguardBoundary' });
  });
});

describe('cdk', () => {
  test.each(variants)('%s is TypeScript', (_, args) => {
    const { code } = transformSync(make(['--format', 'cdk', ...args]), { loader: 'ts' });
    expect(code).toContain('permissionsBoundary: blastguardBoundary');
  });

  test('holds the same document', () => {
    const [, text = ''] =
      /PolicyDocument\.fromJson\((\{[\s\S]*?\n {6}\})\)/.exec(make(['--format', 'cdk'])) ?? [];
    expect(JSON.parse(text)).toEqual(document);
  });
});

describe('cli', () => {
  /** A stand-in for the AWS CLI that notes its words. */
  const bin = join(dir, 'bin');
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'aws'),
    `#!/bin/sh\nif [ "$1" = sts ]; then echo 111122223333; exit; fi\nfor word; do printf '%s\\0' "$word"; done >> "$LOG"\nprintf '\\n' >> "$LOG"\n`,
  );
  chmodSync(join(bin, 'aws'), 0o755);

  test.each(variants)('%s runs, and gives the AWS CLI whole documents', (name, args) => {
    const log = join(dir, `${name}.log`);
    const script = make(['--format', 'cli', ...args]);
    const { status, stderr } = spawnSync('bash', ['-s'], {
      input: script,
      env: { PATH: `${bin}:/usr/bin:/bin`, LOG: log },
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const calls = readFileSync(log, 'utf8')
      .trim()
      .split('\0\n')
      .map((line) => line.split('\0'));
    expect(calls[0]?.slice(0, 4)).toEqual(['iam', 'create-policy', '--policy-name', 'blastguard-boundary']);
    const documents = calls.flatMap((words) => words.filter((word) => word.startsWith('{')));
    for (const each of documents) expect(JSON.parse(each)).toMatchObject({ Version: '2012-10-17' });
    const bearer = calls.find((words) => /^create-(role|user)$/.test(words[1] ?? ''));
    expect(bearer).toContain('arn:aws:iam::111122223333:policy/blastguard-boundary');
  });
});

describe('elsewhere', () => {
  test('gcp is a deny policy for the service account', () => {
    const policy = JSON.parse(
      make([
        '--format',
        'gcp',
        '--service-account',
        'agent@p.iam.gserviceaccount.com',
        '--only-tagged',
        '123/env=production',
      ]),
    );
    const [{ denyRule }] = policy.rules;
    expect(denyRule.deniedPrincipals).toEqual([
      'principal://iam.googleapis.com/projects/-/serviceAccounts/agent@p.iam.gserviceaccount.com',
    ]);
    expect(denyRule.denialCondition.expression).toBe("resource.matchTag('123/env', 'production')");
    for (const permission of denyRule.deniedPermissions)
      expect(permission).toMatch(/^[a-z]+\.googleapis\.com\/[A-Za-z]+\.[A-Za-z]+$/);
    expect(denyRule.deniedPermissions).toEqual(
      expect.arrayContaining([
        'cloudresourcemanager.googleapis.com/projects.delete',
        'cloudsql.googleapis.com/instances.delete',
      ]),
    );
  });

  test('azure is a custom role without deletions', () => {
    const role = JSON.parse(make(['--format', 'azure', '--scope', '/subscriptions/1,/subscriptions/2']));
    expect(role).toMatchObject({
      Name: 'claude-code',
      IsCustom: true,
      Actions: ['*'],
      AssignableScopes: ['/subscriptions/1', '/subscriptions/2'],
    });
    expect(role.NotActions).toEqual(expect.arrayContaining(['*/delete', 'Microsoft.Authorization/*/write']));
  });
});

test('--out writes the files, each whole, and says which', () => {
  const out = make(['--complete', '--out', 'policies']);
  const names = readdirSync(join(dir, 'policies')).sort();
  expect(names).toEqual([
    'blastguard-boundary-2.json',
    'blastguard-boundary-3.json',
    'blastguard-boundary.json',
  ]);
  expect(out).toBe(
    ['blastguard-boundary', 'blastguard-boundary-2', 'blastguard-boundary-3']
      .map((name) => `wrote policies/${name}.json\n`)
      .join(''),
  );
  const verified = spawnSync(
    process.execPath,
    [
      cli,
      'iam',
      'verify',
      '--complete',
      ...['', '-2', '-3'].map((end) => `policies/blastguard-boundary${end}.json`),
    ],
    { cwd: dir },
  );
  expect(verified.status).toBe(0);
});
