import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { bash, launched, play } from '../golden/play.ts';
import { makeUser } from './built.ts';

const user = makeUser();
afterAll(user.remove);

const environments = `
environments:
  - { name: dev, class: sandbox, when: [{ aws-profile: dev }, { kube-context: dev }] }
  - { name: stage, class: staging, when: [{ aws-profile: stage }] }
  - { name: tools, class: production, critical: false, when: [{ aws-profile: tools }] }
  - { name: prod, class: production, when: [{ aws-profile: prod }] }
`;
const configure = (rollout: string) => user.write(user.userFile, `${rollout}${environments}`);
const copy = (profile: string) => `aws --profile ${profile} s3 cp a s3://bucket/a`;
const verdict = async (command: string) => (await user.bash(command, 'default')).verdict;
const set = (...args: readonly string[]) => user.run(['rollout', 'set', ...args, '--yes']);
const stateFile = join(user.state, 'rollout.json');

beforeEach(() => {
  rmSync(user.state, { recursive: true, force: true });
  rmSync(user.userFile, { force: true });
  rmSync(user.projectFile, { force: true });
});

describe('what a stage lets an agent do', () => {
  const doors: readonly [string, readonly string[]][] = [
    ['staging', ['dev', 'stage']],
    ['non-critical', ['dev', 'stage', 'tools']],
    ['production', ['dev', 'stage', 'tools', 'prod']],
    ['open', ['dev', 'stage', 'tools', 'prod']],
  ];

  test.each(doors)('at `%s` it changes %j', async (stage, open) => {
    configure(`rollout: { stage: ${stage}, review: false }`);
    const found: string[] = [];
    for (const profile of ['dev', 'stage', 'tools', 'prod'])
      if ((await verdict(copy(profile))) === 'pass') found.push(profile);
    expect(found).toEqual(open);
  });

  test.each([
    'ls -la',
    'git push',
    'npm install',
    'rm -rf build',
    'docker build .',
    'aws --profile prod s3 ls',
    'terraform plan',
    'terraform init',
    'kubectl get pods',
    'kubectl config view',
    'kubectl config use-context prod',
    'kubectl apply --help',
    'kubectl port-forward svc/x 80',
    'gcloud config set project x',
    'psql -h db.example.com -c "select 1"',
    'redis-cli -h db.example.com get key',
    'helm template x',
    'echo "kubectl apply"',
  ])('what reads production or stays on this machine passes at `staging`: %s', async (command) => {
    configure('rollout: { stage: staging }');
    expect(await verdict(command)).toBe('pass');
  });

  test.each([
    'kubectl apply -f x.yaml',
    'T=kubectl; sudo $T apply -f x.yaml',
    'ls && kubectl apply -f x.yaml | tee log',
    'bash -c "helm upgrade app ./chart"',
    'aws lambda update-function-code --function-name f --zip-file fileb://f.zip',
    'kubectl some-verb-of-the-future x',
    'psql -h db.example.com -c "select 1; insert into a values (1)"',
    'psql -h db.example.com -f migrate.sql',
    'pulumi up --yes',
  ])('what changes something else is denied at `staging`: %s', async (command) => {
    configure('rollout: { stage: staging }');
    const answer = await user.bash(command, 'default');
    expect(answer.verdict).toBe('deny');
    expect(answer.reason).toContain('The rollout stands at `staging`');
  });

  test('what stays closed for ever is closed at every stage, and no code unlocks it', async () => {
    configure('rollout: { stage: open, closed: ["{terraform,tofu}"] }');
    const { verdict: given, reason, notice } = await user.bash('terraform apply', 'default');
    expect(given).toBe('deny');
    expect(reason).toContain('rollout/closed');
    expect(notice).not.toContain('allow-once');
    expect(await verdict('terraform plan')).toBe('pass');
    expect(await verdict('pulumi preview')).toBe('pass');
  });

  test('`observe` stops what is critical and records what else would be', async () => {
    configure('rollout: { stage: observe }');
    expect(await verdict('terraform destroy')).toBe('deny');
    expect(await verdict('sops -d secrets.yaml')).toBe('pass');
    expect(await verdict('blastguard resume')).toBe('deny');
    const [record] = user.records().filter(({ observed }) => observed !== undefined);
    expect(record).toMatchObject({
      verdict: 'pass',
      rules: [],
      stage: 'observe',
      observed: { verdict: expect.stringMatching(/deny|ask/), rules: [expect.stringMatching(/^secrets\//)] },
    });
  });

  test('nothing configured: the rules alone, and no word of it in the record', async () => {
    expect(await verdict(copy('prod'))).toBe('pass');
    expect(user.records()[0]).not.toHaveProperty('stage');
    expect(user.records()[0]).not.toHaveProperty('touched');
    expect(user.run(['rollout']).stdout).toContain('no rollout is configured');
  });
});

describe('reviews', () => {
  const session = (id: string, command: string) =>
    play(launched, {
      environment: user.environment,
      input: JSON.stringify({ ...JSON.parse(bash(user, command, 'default')), session_id: id }),
    });

  test('one session changes production until it is reviewed', async () => {
    configure('rollout: { stage: production }');
    expect((await session('first-1', copy('prod'))).stdout).toBe('');
    expect((await session('first-1', copy('prod'))).stdout).toBe('');
    const stopped = (await session('second-2', copy('prod'))).stdout;
    expect(stopped).toContain('rollout/review');
    expect(stopped).toContain('first-1');
    expect((await session('second-2', copy('dev'))).stdout).toBe('');
    expect((await session('second-2', 'aws --profile prod s3 ls')).stdout).toBe('');
    user.run(['review', 'first-1', '--mark', '--yes']);
    expect((await session('second-2', copy('prod'))).stdout).toBe('');
  });
});

describe('blastguard rollout', () => {
  test('set is recorded with who and why, moves the stage and can be given an end', async () => {
    configure('rollout: { stage: staging }');
    expect(await verdict(copy('tools'))).toBe('deny');
    expect(set('non-critical', '--why', 'trial', '--days', '7')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^non-critical: .*\nit ends .*; then: staging\n/),
    });
    expect(await verdict(copy('tools'))).toBe('pass');
    expect(user.records().find(({ action }) => action === 'rollout')).toMatchObject({
      by: expect.stringContaining('@'),
      note: 'trial',
      msg: 'rollout: staging → non-critical: trial',
    });
    const kept = JSON.parse(readFileSync(stateFile, 'utf8'));
    writeFileSync(stateFile, JSON.stringify({ ...kept, until: Date.now() - 1000 }));
    expect(await verdict(copy('tools'))).toBe('deny');
    expect(user.run(['rollout']).stdout).toContain('the stage that was set has ended');
  });

  test('a stage that cannot be read is the strictest', async () => {
    configure('rollout: { stage: open }');
    expect(await verdict(copy('prod'))).toBe('pass');
    writeFileSync(stateFile, 'open');
    expect(await verdict(copy('prod'))).toBe('deny');
    expect(user.run(['rollout']).stdout).toContain('cannot be read');
  });

  test('advance demands evidence and says what is missing', async () => {
    configure('rollout: { stage: observe, demands: { observe: { days: 2, sessions: 1 } } }');
    set('observe', '--why', 'begin');
    await verdict('ls');
    const early = user.run(['rollout', 'advance', '--why', 'now', '--yes']);
    expect(early.status).toBe(1);
    expect(early.stdout).toContain('not advanced to staging');
    expect(early.stdout).toMatch(/✗ {2}2 days at the stage {2,}now: 0/);
    expect(early.stdout).toMatch(/✗ {2}100 % of them reviewed {2,}now: 0 %/);
    expect(early.stdout).not.toContain('1 sessions recorded');
    const kept = JSON.parse(readFileSync(stateFile, 'utf8'));
    writeFileSync(stateFile, JSON.stringify({ ...kept, since: Date.now() - 3 * 86_400_000 }));
    const [{ session = '' } = {}] = JSON.parse(user.run(['review', '--json']).stdout);
    user.run(['review', session, '--mark', '--yes']);
    expect(user.run(['rollout', 'advance', '--why', 'two quiet days', '--yes'])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('staging: '),
    });
  });

  test.each([
    [['set', 'stagin', '--why', 'x'], '`stagin` is no stage (did you mean `staging`?)'],
    [['set', '--why', 'x'], 'name a stage'],
    [['set', 'open'], 'say why'],
    [['set', 'open', '--why', 'x', '--days', 'many'], '`--days` takes a whole number'],
    [['go'], '`go` is none of status, set and advance'],
  ])('%j: %s', (args, said) => {
    configure('rollout: { stage: observe }');
    expect(user.run(['rollout', ...args, '--yes'])).toMatchObject({
      status: 64,
      stderr: expect.stringContaining(said),
    });
  });

  test('only a person changes it', async () => {
    configure('rollout: { stage: staging }');
    expect(user.run(['rollout', 'set', 'open', '--why', 'x', '--yes'], { CLAUDECODE: '1' })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('only a person'),
    });
    expect(await verdict('blastguard rollout set open --why x')).toBe('deny');
    expect(await verdict(`echo '{"stage":"open"}' > ${stateFile}`)).toBe('deny');
  });

  test("a project's file that nobody trusts only closes", async () => {
    user.write(user.projectFile, 'rollout: { stage: observe }\n');
    expect(await verdict('terraform destroy')).toBe('deny');
    expect(await verdict('sops -d secrets.yaml')).not.toBe('pass');
    user.write(user.projectFile, 'rollout: { stage: staging }\n');
    expect(await verdict(copy('prod'))).toBe('deny');
  });

  test('a mistake in it has a place', () => {
    user.write(user.userFile, 'rollout:\n  stage: stagin\n');
    const { stdout } = user.run(['compile']);
    expect(stdout).toMatch(/blastguard\.yaml:2:\d+: /);
  });
});
