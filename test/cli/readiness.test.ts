import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeUser } from './built.ts';

type Finding = { readonly state: string; readonly text: string; readonly mend?: string };
type Page = {
  readonly ready: boolean;
  readonly layers: readonly { readonly name: string; readonly findings: readonly Finding[] }[];
};

const pageOf = (user: ReturnType<typeof makeUser>, env = {}) => {
  const { status, stdout } = user.run(['readiness', '--json'], env);
  const page: Page = JSON.parse(stdout);
  const of = (name: string) => page.layers.find((layer) => layer.name === name)?.findings ?? [];
  return { status, page, of };
};

describe('blastguard readiness', () => {
  test('a bare project is not ready, and each thing that is missing has what mends it', () => {
    const user = makeUser();
    const { status, page, of } = pageOf(user);
    expect({ status, ready: page.ready }).toEqual({ status: 1, ready: false });
    expect(page.layers.map(({ name }) => name)).toEqual([
      'guard',
      'terraform',
      'boundary',
      'kill-switch',
      'rollout',
    ]);
    expect(of('guard')).toEqual([
      { state: 'missing', text: 'the hook is not registered', mend: 'blastguard init' },
    ]);
    for (const { state, mend } of page.layers.flatMap(({ findings }) => findings))
      expect(mend === undefined).toBe(state === 'stands' || state === 'idle');
  });

  test('with the hook it is ready, and says so on its page', async () => {
    const user = makeUser();
    expect(user.run(['init']).status).toBe(0);
    const { status, page, of } = pageOf(user);
    expect({ status, ready: page.ready }).toEqual({ status: 0, ready: true });
    expect(of('guard')).toMatchObject([{ state: 'stands' }]);
    expect(user.run(['readiness'])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/ready: nothing required is missing\n$/),
    });
    await user.bash('terraform destroy');
    expect(pageOf(user).of('rollout')[1]).toMatchObject({
      state: 'stands',
      text: expect.stringMatching(/calls on record over 1 days, \d+ of them denied/),
    });
  });

  test('a thrown switch halts it', () => {
    const user = makeUser();
    user.run(['init']);
    user.run(['stop', '--reason', 'bad deploy']);
    expect(pageOf(user).of('kill-switch')).toEqual([
      { state: 'missing', text: expect.stringContaining('reason: bad deploy'), mend: 'blastguard resume' },
    ]);
    expect(pageOf(user).status).toBe(1);
  });

  test('a mistake in a configuration counts', () => {
    const user = makeUser();
    user.run(['init']);
    user.write(user.userFile, 'versoin: 1\n');
    expect(pageOf(user).of('guard')).toContainEqual({
      state: 'missing',
      text: expect.stringContaining('is not in force'),
      mend: 'blastguard compile',
    });
  });

  test('Terraform resources that hold data must have prevent_destroy', () => {
    const user = makeUser();
    const main = join(user.project, 'main.tf');
    const database = (body: string) =>
      `resource "aws_db_instance" "orders" {\n  engine = "postgres"\n${body}}\n`;
    writeFileSync(main, database(''));
    expect(pageOf(user).of('terraform')).toMatchObject([
      { state: 'missing', text: expect.stringContaining('main.tf: aws_db_instance.orders') },
    ]);
    writeFileSync(main, database('  lifecycle {\n    prevent_destroy = true\n  }\n'));
    expect(pageOf(user).of('terraform')).toMatchObject([{ state: 'stands' }]);
    writeFileSync(main, 'resource "null_resource" "x" {\n}\n');
    expect(pageOf(user).of('terraform')).toMatchObject([{ state: 'idle' }]);
  });

  test('where there are AWS credentials a boundary must be known, and one in the project is judged', () => {
    const user = makeUser();
    const at = () => pageOf(user, { AWS_PROFILE: 'staging' }).of('boundary');
    expect(pageOf(user).of('boundary')).toMatchObject([{ state: 'idle' }]);
    expect(at()).toMatchObject([{ state: 'missing', mend: expect.stringContaining('iam boundary') }]);
    mkdirSync(join(user.project, 'agent'));
    const file = join(user.project, 'agent/boundary.json');
    const document = user.run(['iam', 'boundary']).stdout;
    writeFileSync(file, document);
    expect(at()).toEqual([{ state: 'stands', text: expect.stringContaining('agent/boundary.json holds') }]);
    writeFileSync(file, document.replace('"kms:Sch*",', ''));
    expect(at()).toMatchObject([{ state: 'missing', mend: 'blastguard iam verify agent/boundary.json' }]);
  });

  test('a boundary that Terraform declares is for AWS to confirm', () => {
    const user = makeUser();
    writeFileSync(
      join(user.project, 'role.tf'),
      user.run(['iam', 'boundary', '--format', 'terraform']).stdout,
    );
    expect(pageOf(user).of('boundary')).toEqual([
      {
        state: 'missing',
        text: expect.stringContaining('role.tf names a boundary'),
        mend: 'blastguard readiness --live',
      },
    ]);
  });
});
