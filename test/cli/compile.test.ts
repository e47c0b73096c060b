import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeUser } from './built.ts';

let user = makeUser();
beforeEach(() => {
  user = makeUser();
});
afterEach(() => user.remove());

const config = `on-uncertain: deny
environments:
  - {name: dev, class: sandbox, when: [{aws-profile: dev-*}]}
rules:
  - id: own/deploy
    title: Deploy by hand
    severity: high
    decision: deny
    match: [make deploy]
    reason: CI deploys.
    instead: Push.
    examples: {deny: [make deploy]}
exceptions:
  - {rule: terraform/destroy, command: terraform destroy, until: 2020-01-01, reason: the old sandbox}
  - {rule: filesystem/*, command: rm -rf /srv/scratch, until: 2999-01-01, reason: scratch}
`;

describe('blastguard compile', () => {
  test('says what is in force', () => {
    user.write(user.userFile, config);
    const { status, stdout } = user.run(['compile']);
    expect(status).toBe(0);
    expect(stdout).toContain('1 rule, 2 exceptions, 1 environment');
    expect(stdout).toContain('(ended 2020-01-01): the old sandbox');
    expect(stdout).toContain('(until 2999-01-01): scratch');
    expect(stdout).toContain('in force: on-uncertain deny, on-log-failure deny, deadline-ms 2000');
    expect(stdout).toContain('rule own/deploy');
    expect(JSON.parse(user.run(['compile', '--json']).stdout).config.onUncertain).toBe('deny');
  });

  test('runs the examples of own rules', () => {
    user.write(user.userFile, config.replace('{deny: [make deploy]}', '{deny: [make deploy, make build]}'));
    const { status, stdout } = user.run(['compile']);
    expect(status).toBe(1);
    expect(stdout).toMatch(/blastguard\.yaml:12:36: `own\/deploy` should deny: passes.*\n {4}make build/);
    expect(JSON.parse(user.run(['compile', '--json']).stdout).failures).toHaveLength(1);
    const tested = user.run(['test', user.userFile]);
    expect(tested.status).toBe(1);
    expect(tested.stderr).toContain('make build');
    expect(tested.stdout).toBe('2 examples of 1 rules in 1 packs: 1 as expected, 1 not\n');
    user.write(user.userFile, config);
    expect(user.run(['test', user.userFile])).toMatchObject({
      status: 0,
      stdout: '1 examples of 1 rules in 1 packs: 1 as expected, 0 not\n',
    });
  });

  test('shows a fault where it stands, and fails', () => {
    user.write(user.projectFile, 'on-uncertain: deny\nexeptions: []\n');
    const { status, stdout } = user.run(['compile']);
    expect(status).toBe(1);
    expect(stdout).toContain('.blastguard.yaml:2:12: unknown key `exeptions` (did you mean `exceptions`?)');
    expect(user.run(['status']).stdout).toContain('.blastguard.yaml:2:12:');
  });

  test('checks a file by itself', () => {
    writeFileSync(join(user.project, 'other.yaml'), 'decisions: {terraform/destory: ask}\n');
    const { status, stdout } = user.run(['compile', 'other.yaml']);
    expect({ status, warned: stdout.includes('did you mean `terraform/destroy`') }).toEqual({
      status: 1,
      warned: true,
    });
    expect(user.run(['compile', 'none.yaml']).status).toBe(64);
  });
});

describe('the built hook with a configuration', () => {
  test('own rules, exceptions, environments and what is uncertain', async () => {
    user.write(user.userFile, config);
    for (let round = 0; round < 2; round++) {
      expect(await user.bash('sudo make deploy')).toMatchObject({
        verdict: 'deny',
        reason: expect.stringContaining('own/deploy'),
      });
      expect((await user.bash('rm -rf /srv/scratch', 'auto')).verdict).toBe('pass');
      expect(user.records().at(-1)).toMatchObject({
        excused: [
          { by: 'exception', level: 'user', until: '2999-01-01', reason: expect.stringContaining('scratch') },
        ],
      });
      expect((await user.bash('terraform $ACTION', 'auto')).verdict).toBe('deny');
      expect(await user.bash('terraform destroy')).toMatchObject({
        verdict: 'deny',
        reason: expect.stringContaining('exception for it ended: 2020-01-01'),
      });
      expect((await user.bash('AWS_PROFILE=dev-1 aws s3 rb s3://x --force')).verdict).toBe('pass');
      expect(user.records().at(-1)).toMatchObject({ environment: { name: 'dev', class: 'sandbox' } });
      expect((await user.bash('AWS_PROFILE=live aws s3 rb s3://x --force')).verdict).toBe('deny');
    }
  });

  test('an edit counts from the next call on', async () => {
    user.write(user.userFile, 'decisions: {terraform/destroy: ask}\n');
    expect((await user.bash('terraform destroy', 'auto')).verdict).toBe('ask');
    user.write(user.userFile, 'decisions: {terraform/destroy: deny}\n');
    expect((await user.bash('terraform destroy', 'auto')).verdict).toBe('deny');
    user.write(user.userFile, 'decisions: {terraform/destroy: nothing}\n');
    expect(await user.bash('terraform destroy', 'auto')).toMatchObject({
      verdict: 'deny',
      reason: expect.stringContaining('configuration is not in force'),
    });
  });

  test.each<[string, (file: string) => void]>([
    ['a directory', (file) => mkdirSync(file)],
    ['a FIFO', (file) => spawnSync('mkfifo', [file])],
    ['not UTF-8', (file) => writeFileSync(file, Buffer.from([0xff, 0xfe, 0xfd]))],
    ['very large', (file) => writeFileSync(file, '#'.repeat(300_000))],
    [
      'aliases without end',
      (file) => writeFileSync(file, `a: &a [x]\nb: &b [${'*a,'.repeat(200)}]\nc: [${'*b,'.repeat(200)}]\n`),
    ],
  ])("a project's file that is %s neither disarms nor locks out", async (_, make) => {
    make(user.projectFile);
    expect(await user.bash('terraform destroy')).toMatchObject({
      verdict: 'deny',
      reason: expect.stringContaining('terraform/destroy'),
    });
    expect((await user.bash('terraform destroy')).reason).toContain('configuration is not in force');
    expect((await user.bash('ls -la')).verdict).toBe('pass');
  });

  test('the compiled form is not read when it is of other texts', async () => {
    user.write(user.userFile, 'decisions: {terraform/destroy: pass}\n');
    expect((await user.bash('terraform destroy')).verdict).toBe('pass');
    const cache = join(user.state, 'config.json');
    const kept = readFileSync(cache);
    user.write(user.userFile, 'decisions: {terraform/apply: pass}\n');
    expect((await user.bash('terraform destroy')).verdict).toBe('deny');
    writeFileSync(cache, kept);
    expect((await user.bash('terraform destroy')).verdict).toBe('deny');
  });
});
