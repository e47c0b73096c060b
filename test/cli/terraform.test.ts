import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runTerraform, terraform, unlessThere } from '../terraform/real.ts';
import { makeUser } from './built.ts';

let user = makeUser();
beforeEach(() => {
  user = makeUser();
});
afterEach(() => user.remove());

const own = (name: string) => join(user.project, name);
const put = (name: string, text: string) => writeFileSync(own(name), text);
const queue = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n';

describe('blastguard terraform audit', () => {
  test('says what is missing, where, and fails', () => {
    put('main.tf', queue);
    const { status, stdout } = user.run(['terraform', 'audit']);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^main\.tf:1 {2}high +aws_sqs_queue\.q +no `prevent_destroy`/);
    expect(stdout).toContain('1 resource in 1 file, 1 of them with data: 1 finding on 1 resource');
  });

  test('looks below, but not at what Terraform downloaded', () => {
    for (const dir of ['modules/a', '.terraform/modules/b', 'node_modules/c']) {
      mkdirSync(own(dir), { recursive: true });
      put(`${dir}/main.tf`, queue);
    }
    const { findings } = JSON.parse(user.run(['terraform', 'audit', '--json']).stdout);
    expect(findings.map(({ file }: { file: string }) => file)).toEqual(['modules/a/main.tf']);
  });

  test('thresholds', () => {
    put('main.tf', queue);
    expect(user.run(['terraform', 'audit', '--max', '1']).status).toBe(0);
    expect(user.run(['terraform', 'audit', '--max', 'x']).status).toBe(64);
    expect(user.run(['terraform', 'audit', '--severity', 'grave']).status).toBe(64);
    put('main.tf', 'resource "aws_db_snapshot" "s" {\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n');
    expect(user.run(['terraform', 'audit']).status).toBe(0);
  });

  test('a broken file is named with line and column', () => {
    put('main.tf', `${queue}\nlocals {\n  a = \n}\n`);
    const { status, stdout } = user.run(['terraform', 'audit', '--max', '9']);
    expect(status).toBe(1);
    expect(stdout).toContain('main.tf:6:7: a value is expected, not the end of the line');
  });

  test('nothing to audit is no success', () => {
    expect(user.run(['terraform', 'audit'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no Terraform files'),
    });
    expect(user.run(['terraform', 'audit', 'nowhere']).status).toBe(64);
    expect(user.run(['terraform', 'audti']).stderr).toContain('did you mean `terraform audit`');
    expect(user.run(['terraform', '--help']).stdout).toContain('terraform protect');
  });
});

describe('blastguard terraform protect', () => {
  test('shows a diff and changes nothing without --write', () => {
    put('main.tf', queue);
    const { status, stdout } = user.run(['terraform', 'protect']);
    expect(status).toBe(1);
    expect(stdout).toContain('+  lifecycle {\n+    prevent_destroy = true\n+  }\n');
    expect(readFileSync(own('main.tf'), 'utf8')).toBe(queue);
  });

  test('writes with the mode kept, once', () => {
    put('main.tf', queue);
    chmodSync(own('main.tf'), 0o640);
    expect(user.run(['terraform', 'protect', '--write'])).toMatchObject({ status: 0 });
    expect(readFileSync(own('main.tf'), 'utf8')).toContain('prevent_destroy = true');
    expect(statSync(own('main.tf')).mode & 0o777).toBe(0o640);
    expect(readdirSync(user.project).sort()).toEqual(['.git', 'main.tf']);
    expect(user.run(['terraform', 'protect', '--write']).stdout).toContain('nothing to protect');
    expect(user.run(['terraform', 'audit']).status).toBe(0);
  });

  test('leaves a broken file alone, and protects the others', () => {
    put('a.tf', `${queue}}\n`);
    put('b.tf', queue.replace('"q" {', '"r" {'));
    const { status, stderr } = user.run(['terraform', 'protect', '--write']);
    expect(status).toBe(1);
    expect(stderr).toContain('a.tf: left as it is');
    expect(readFileSync(own('a.tf'), 'utf8')).toBe(`${queue}}\n`);
    expect(readFileSync(own('b.tf'), 'utf8')).toContain('prevent_destroy');
  });
});

describe.skipIf(terraform === undefined)(
  `with the real Terraform${unlessThere}`,
  { timeout: 120_000 },
  () => {
    const real = (...args: string[]) => runTerraform(args, user.project);
    const made = (text: string) => {
      put('main.tf', text);
      expect(real('init', '-no-color').stderr).toBe('');
      expect(real('apply', '-auto-approve', '-no-color').status).toBe(0);
    };
    const data =
      'resource "terraform_data" "db" {\n  triggers_replace = "1"\n}\n\nresource "terraform_data" "web" {\n  input = "a"\n}\n';

    test('what was protected cannot be destroyed', () => {
      made(data);
      expect(user.run(['terraform', 'protect', '--write', '--type', 'terraform_data']).status).toBe(0);
      expect(real('fmt', '-check').status).toBe(0);
      expect(real('validate').status).toBe(0);
      const { status, stderr } = real('destroy', '-auto-approve', '-no-color');
      expect(status).toBe(1);
      expect(stderr).toContain('Instance cannot be destroyed');
    });

    test('a variable for prevent_destroy is refused by Terraform, as the audit says', () => {
      put(
        'main.tf',
        'variable "keep" {\n  default = true\n}\n\nresource "terraform_data" "db" {\n  lifecycle {\n    prevent_destroy = var.keep\n  }\n}\n',
      );
      expect(user.run(['terraform', 'audit', '--type', 'terraform_data']).stdout).toContain(
        '`prevent_destroy` is not a constant',
      );
      expect(real('init', '-no-color').stdout + real('validate', '-no-color').stderr).toContain(
        'Variables may not be used here',
      );
    });

    test('a plan is applied only when its very content was inspected and deletes no data', async () => {
      made(data);
      put('main.tf', data.replace('"a"', '"b"'));
      real('plan', '-out=tfplan');
      const apply = 'terraform apply tfplan';
      const before = await user.bash(apply);
      expect(before.verdict).toBe('deny');
      expect(before.reason).toContain('Instead: Run `blastguard terraform plan tfplan`');
      expect((await user.bash('blastguard terraform plan tfplan')).verdict).toBe('pass');
      expect(user.run(['terraform', 'plan', 'tfplan'])).toMatchObject({ status: 0 });
      expect((await user.bash(apply)).verdict).toBe('pass');
      expect((await user.bash(`cd ${user.project} && terraform apply -input=false ./tfplan`)).verdict).toBe(
        'pass',
      );
      mkdirSync(own('sub'));
      expect((await user.bash('cd sub && terraform -chdir=.. apply tfplan')).verdict).toBe('pass');
      // The same content elsewhere is the same plan; anything else in the line may change it.
      copyFileSync(own('tfplan'), own('copy'));
      expect((await user.bash('terraform apply copy')).verdict).toBe('pass');
      for (const line of [
        'terraform plan -out=tfplan && terraform apply tfplan',
        'cp x tfplan; terraform apply tfplan',
        'ssh host terraform apply tfplan',
        './make-plan && terraform apply tfplan',
      ])
        expect([line, (await user.bash(line)).verdict]).toEqual([line, 'deny']);
      // Another plan under the same name was not inspected.
      real('plan', '-out=tfplan', '-var=x=1');
      put('main.tf', data.replace('"a"', '"c"'));
      real('plan', '-out=tfplan');
      expect((await user.bash(apply)).verdict).toBe('deny');
    });

    test('an old inspection does not count', async () => {
      made(data);
      put('main.tf', data.replace('"a"', '"b"'));
      real('plan', '-out=tfplan');
      user.run(['terraform', 'plan', 'tfplan']);
      const [name = ''] = readdirSync(join(user.state, 'plans'));
      const file = join(user.state, 'plans', name);
      const record = JSON.parse(readFileSync(file, 'utf8'));
      for (const [age, verdict] of [
        [59, 'pass'],
        [61, 'deny'],
        [-5, 'deny'],
      ] as const) {
        writeFileSync(file, JSON.stringify({ ...record, time: Date.now() - age * 60_000 }));
        expect([age, (await user.bash('terraform apply tfplan')).verdict]).toEqual([age, verdict]);
      }
      utimesSync(file, 1, 1);
      put('main.tf', data.replace('"a"', '"c"'));
      real('plan', '-out=other');
      user.run(['terraform', 'plan', 'other']);
      expect(existsSync(file)).toBe(false);
    });

    test('a plan that replaces data is denied, and stays so', async () => {
      made(data);
      put('main.tf', data.replace('"1"', '"2"'));
      real('plan', '-out=tfplan');
      const { status, stdout } = user.run(['terraform', 'plan', 'tfplan', '--type', 'terraform_*']);
      expect(status).toBe(2);
      expect(stdout).toMatch(/replace {2}data +terraform_data\.db +forced by triggers_replace/);
      expect(user.run(['terraform', 'plan', 'tfplan']).status).toBe(0);
      const denied = await user.bash('terraform apply tfplan');
      expect(denied).toMatchObject({ verdict: 'deny' });
      expect(denied.reason).toContain('this one deletes or replaces what holds data');
    });

    test('JSON says the same and is not remembered', async () => {
      made(data);
      put(
        'main.tf',
        'removed {\n  from = terraform_data.web\n\n  lifecycle {\n    destroy = false\n  }\n}\n\nmoved {\n  from = terraform_data.db\n  to   = terraform_data.database\n}\n\nresource "terraform_data" "database" {\n  triggers_replace = "1"\n}\n',
      );
      real('plan', '-out=tfplan');
      put('plan.json', real('show', '-json', 'tfplan').stdout);
      const { status, stdout } = user.run(['terraform', 'plan', 'plan.json', '--json']);
      expect(status).toBe(0);
      const answer = JSON.parse(stdout);
      expect(answer).toMatchObject({
        verdict: 'safe',
        remembered: false,
        digest: null,
        counts: { forget: 1, delete: 0 },
      });
      expect(answer.moved).toMatchObject([
        { movedFrom: 'terraform_data.db', address: 'terraform_data.database' },
      ]);
      expect(existsSync(join(user.state, 'plans'))).toBe(false);
      expect((await user.bash('terraform apply tfplan')).verdict).toBe('deny');
    });

    test('a program in the project is not believed', async () => {
      made(data);
      put('main.tf', data.replace('"1"', '"2"'));
      real('plan', '-out=tfplan');
      put(
        'terraform',
        '#!/bin/sh\necho \'{"format_version":"1.2","planned_values":{},"resource_changes":[]}\'\n',
      );
      chmodSync(own('terraform'), 0o755);
      const { status, stderr } = user.run(['terraform', 'plan', 'tfplan'], {
        PATH: `${user.project}:${process.env.PATH}`,
      });
      expect(status).toBe(1);
      expect(stderr).toContain('not relied on');
      expect((await user.bash('terraform apply tfplan')).verdict).toBe('deny');
      expect((await user.bash('PATH=.:$PATH blastguard terraform plan tfplan')).verdict).toBe('deny');
    });
  },
);

test('what is no plan is refused with what it is', () => {
  put('x.json', '{"format_version":"1.0","values":{}}');
  expect(user.run(['terraform', 'plan', 'x.json'])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('this is a state, not a plan'),
  });
  expect(user.run(['terraform', 'plan']).status).toBe(64);
  expect(user.run(['terraform', 'plan', 'none']).status).toBe(64);
});

describe('in the hook', () => {
  test('an edit that takes protection away is denied, an ordinary one passes', async () => {
    const text = queue.replace('}', '  lifecycle {\n    prevent_destroy = true\n  }\n}');
    put('main.tf', text);
    const edit = (from: string, to: string) =>
      user.call('Edit', { file_path: own('main.tf'), old_string: from, new_string: to });
    expect(await edit('= true', '= false')).toMatchObject({
      verdict: 'deny',
      reason: expect.stringContaining('terraform-files/protection'),
    });
    expect((await edit('"q"\n', '"queue"\n')).verdict).toBe('pass');
    expect((await user.bash("sed -i 's/true/false/' main.tf")).verdict).toBe('deny');
  });
});
