import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decide } from '../../src/engine/decide.ts';
import type { Decision } from '../../src/model/decision.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { type ConfigSource, compileConfig } from '../../src/policy/compile-config.ts';
import { loadPack } from '../../src/policy/load.ts';
import { encodePolicy, openPolicy, type PolicyLayer, type PolicyStore } from '../../src/policy/store.ts';
import { pretend, readLine, type World } from '../shell/pretend.ts';

const policies = join(import.meta.dirname, '../../policies');
const names = [
  'aws',
  'azure',
  'database-statements',
  'blastguard',
  'docker',
  'filesystem',
  'fly',
  'git',
  'helm',
  'heroku',
  'kubectl',
  'postgres',
  'terraform',
];

function opened(text: string): PolicyStore {
  const bytes = Buffer.from(text);
  const head = text.slice(0, text.indexOf('\n'));
  return openPolicy(head, bytes.length, (at, length) => bytes.toString('utf8', at, at + length));
}

const packs = names.map((name) => loadPack(name, readFileSync(join(policies, `${name}.yaml`), 'utf8')));
const builtIn = opened(encodePolicy(compilePolicy(packs), 'd'));

type Given = {
  readonly managed?: string;
  readonly user?: string;
  readonly project?: string;
  readonly trust?: ConfigSource['trust'];
};

function judge(
  command: string,
  given: Given = {},
  world: World = {},
  now = '2026-11-20T12:00:00.000Z',
): Decision {
  const sources = (['managed', 'user', 'project'] as const).flatMap((level): ConfigSource[] => {
    const text = given[level];
    if (text === undefined) return [];
    const trust = level === 'project' ? { trust: given.trust ?? ('never' as const) } : {};
    return [{ level, file: `${level}.yaml`, content: { text }, ...trust }];
  });
  const { config, policies: own, reports } = compileConfig(sources, builtIn, () => '');
  expect(reports.flatMap(({ fault }) => fault ?? [])).toEqual([]);
  const facts = pretend(world);
  const call = {
    event: 'PreToolUse',
    tool: 'Bash',
    input: { command },
    cwd: facts.cwd,
    permissionMode: 'auto',
    sessionId: 's',
  };
  return decide(call, {
    policy: builtIn,
    own: own.map(({ level, text }): PolicyLayer => ({ level, store: opened(text) })),
    levels: config.levels,
    now,
    facts,
    read: ({ text }) => readLine(text, world),
    onUncertain: config.onUncertain,
    checkTime: () => {},
  });
}

/** The class that the first rule saw, with the environment's name. */
function landing(command: string, given?: Given, world?: World): string {
  const { findings, excused = [] } = judge(command, given, world);
  const found = (findings[0] ?? excused[0])?.landing;
  return found === undefined
    ? 'no rule'
    : `${found.class}${found.name === undefined ? '' : ` ${found.name}`}`;
}

const environment = (name: string, kind: string, when: string) =>
  `  - {name: ${name}, class: ${kind}, when: [${when}]}\n`;

const team = `environments:\n${[
  environment('dev', 'sandbox', '{aws-profile: dev-*}, {terraform-workspace: dev}, {heroku-app: "*-review"}'),
  environment('stage', 'staging', '{aws-profile: stg}, {kube-context: stg, kube-namespace: [web, api]}'),
  environment(
    'prod',
    'production',
    '{aws-profile: prod*}, {kube-context: "*prod*"}, {variable: {STAGE: live}}, {host: "*.internal"}',
  ),
].join('')}`;

const drop = 'rds delete-db-instance --db-instance-identifier orders';

describe('built-in sandboxes, exactly', () => {
  test.each([
    [`aws --endpoint-url http://localhost:4566 ${drop}`, 'sandbox this machine'],
    [`aws --endpoint-url=http://127.0.0.1:4566 ${drop}`, 'sandbox this machine'],
    [`aws --endpoint-url http://[::1]:4566 ${drop}`, 'sandbox this machine'],
    [`aws --endpoint-url https://localhost.localstack.cloud:4566 ${drop}`, 'sandbox this machine'],
    [`AWS_ENDPOINT_URL=http://localhost:4566 aws ${drop}`, 'sandbox this machine'],
    [`aws --endpoint-url http://localhost:4566@evil.example ${drop}`, 'production'],
    [`aws --endpoint-url http://localhost@evil.example ${drop}`, 'production'],
    [`aws --endpoint-url http://localhost.evil.example:4566 ${drop}`, 'production'],
    [`aws --endpoint-url http://evil.example/localhost:4566 ${drop}`, 'production'],
    [`aws --endpoint-url 'http://localhost\\@evil.example' ${drop}`, 'production'],
    [`aws --endpoint-url 'http://localhost#@evil.example' ${drop}`, 'production'],
    [`aws --endpoint-url http://127.0.0.1.nip.io:4566 ${drop}`, 'production'],
    [`aws --endpoint-url "$URL" ${drop}`, 'production'],
    [
      `aws --endpoint-url http://localhost:4566 --endpoint-url https://rds.amazonaws.com ${drop}`,
      'production',
    ],
    [
      `AWS_ENDPOINT_URL=http://localhost:4566 AWS_ENDPOINT_URL_RDS=https://rds.x.example aws ${drop}`,
      'production',
    ],
    [`ssh box aws --endpoint-url http://localhost:4566 ${drop}`, 'production'],
    ['kubectl --context kind-dev delete ns x', 'sandbox local cluster'],
    ['kubectl --context=minikube delete ns x', 'sandbox local cluster'],
    ['helm --kube-context k3d-a uninstall api', 'sandbox local cluster'],
    ['HELM_KUBECONTEXT=docker-desktop helm uninstall api', 'sandbox local cluster'],
    ['kubectl --context prod-kind-dev delete ns x', 'production'],
    ['kubectl --context minikube-prod delete ns x', 'production'],
    ['kubectl --context kind-dev --server https://prod.example delete ns x', 'production'],
    ['kubectl --context kind-dev --cluster prod delete ns x', 'production'],
    ['kubectl --context "$C" delete ns x', 'production'],
    ['kubectl delete ns x', 'production'],
  ])('%s: %s', (command, expected) => {
    expect(landing(command)).toBe(expected);
    expect(judge(command).verdict === 'pass').toBe(expected.startsWith('sandbox'));
  });

  test('the current context counts where the command names none', () => {
    const config = (context: string) => ({
      files: { '/home/dev/.kube/config': `apiVersion: v1\ncurrent-context: ${context}\nkind: Config\n` },
    });
    expect(landing('kubectl delete ns x', {}, config('kind-dev'))).toBe('sandbox local cluster');
    expect(landing('kubectl delete ns x', {}, config('"prod"'))).toBe('production');
    expect(landing('KUBECONFIG=/other kubectl delete ns x', {}, config('kind-dev'))).toBe('production');
    expect(landing('kubectl --context prod delete ns x', {}, config('kind-dev'))).toBe('production');
    expect(landing('docker exec box kubectl delete ns x', {}, config('kind-dev'))).toBe('production');
  });
});

describe('what files say of a place counts where nothing of the line changes it first', () => {
  const files = { '/home/dev/.kube/config': 'current-context: kind-dev\n' };
  test.each([
    ['kubectl get ns && kubectl delete ns x', 'sandbox local cluster'],
    ['cd k8s && echo gone && kubectl delete ns x', 'sandbox local cluster'],
    ['kubectl get ns -o name | xargs kubectl delete', 'sandbox local cluster'],
    ['kubectl config use-context prod && kubectl delete ns x', 'production'],
    ['kubectx prod; kubectl delete ns x', 'production'],
    ['./switch.sh && kubectl delete ns x', 'production'],
    ['cat prod > ~/.kube/config; kubectl delete ns x', 'production'],
    ['while true; do kubectl delete ns x; kubectx prod; done', 'production'],
    ['HOME=/other kubectl delete ns x', 'production'],
    ['kubectl --kubeconfig other delete ns x', 'production'],
  ])('%s: %s', (command, expected) => {
    expect(landing(command, {}, { files })).toBe(expected);
  });

  test('a workspace, too', () => {
    const world = { files: { '/home/dev/project/.terraform/environment': 'dev' } };
    expect(landing('terraform plan && terraform destroy', { user: team }, world)).toBe('sandbox dev');
    expect(landing('terraform workspace select live && terraform destroy', { user: team }, world)).toBe(
      'production prod',
    );
  });
});

const azure: World = {
  files: {
    '/home/dev/.azure/azureProfile.json': JSON.stringify({
      subscriptions: [
        { id: '0a1b', name: 'team-dev', isDefault: true },
        { id: 'twice-1', name: 'twice' },
        { id: 'twice-2', name: 'twice' },
      ],
    }),
  },
};

describe('environments of one’s own', () => {
  test.each<[string, World, string]>([
    [`aws --profile dev-1 ${drop}`, {}, 'sandbox dev'],
    [`AWS_PROFILE=dev-1 aws ${drop}`, {}, 'sandbox dev'],
    [`export AWS_PROFILE=dev-1; aws ${drop}`, {}, 'sandbox dev'],
    [`aws ${drop}`, { environment: { AWS_PROFILE: 'dev-1' } }, 'sandbox dev'],
    [`aws --profile prod-1 ${drop}`, { environment: { AWS_PROFILE: 'dev-1' } }, 'production prod'],
    [`aws --profile dev-1 --profile prod ${drop}`, {}, 'production prod'],
    [`aws --profile other ${drop}`, { environment: { AWS_PROFILE: 'dev-1' } }, 'production'],
    [`aws ${drop}`, { environment: { AWS_PROFILE: 'dev-1', AWS_ACCESS_KEY_ID: 'AKIA' } }, 'production prod'],
    [`aws ${drop}`, {}, 'production'],
    [`STAGE=live aws --profile dev-1 ${drop}`, {}, 'production prod'],
    [`ssh box aws ${drop}`, { environment: { AWS_PROFILE: 'dev-1' } }, 'production'],
    ['TF_WORKSPACE=dev terraform destroy', {}, 'sandbox dev'],
    ['terraform destroy', { files: { '/home/dev/project/.terraform/environment': 'dev\n' } }, 'sandbox dev'],
    [
      'cd infra && terraform destroy',
      { files: { '/home/dev/project/.terraform/environment': 'dev' } },
      'production',
    ],
    [
      'terraform -chdir=infra destroy',
      { files: { '/home/dev/project/infra/.terraform/environment': 'dev' } },
      'sandbox dev',
    ],
    [
      'terraform -chdir="$D" destroy',
      { files: { '/home/dev/project/.terraform/environment': 'dev' } },
      'production',
    ],
    ['kubectl --context stg -n web delete deploy x', {}, 'staging stage'],
    ['kubectl --context stg -n kube-system delete deploy x', {}, 'production'],
    ['kubectl --context kind-prod delete ns x', {}, 'production prod'],
    ['heroku apps:destroy -a shop-review', {}, 'sandbox dev'],
    ['heroku apps:destroy -a shop', {}, 'production'],
  ])('%s with %j: %s', (command, world, expected) => {
    expect(landing(command, { user: team }, world)).toBe(expected);
  });

  test('namespace of the context in the kubeconfig', () => {
    const files = {
      '/home/dev/.kube/config':
        'contexts:\n- context:\n    cluster: c\n    namespace: web\n  name: stg\n- context:\n    cluster: c\n  name: other\ncurrent-context: stg\nusers: []\n',
    };
    expect(landing('kubectl delete deploy x', { user: team }, { files })).toBe('staging stage');
    expect(landing('kubectl --context other delete deploy x', { user: team }, { files })).toBe('production');
  });

  test.each<[string, string, string, World, string]>([
    [
      'git-branch',
      '{git-branch: feature/*}',
      'terraform destroy',
      { files: { '/home/dev/project/.git': 'gitdir: /g', '/g/HEAD': 'ref: refs/heads/feature/x\n' } },
      'sandbox it',
    ],
    [
      'git-branch',
      '{git-branch: feature/*}',
      'terraform destroy',
      { files: { '/home/dev/project/.git': 'gitdir: /g', '/g/HEAD': 'ref: refs/heads/main\n' } },
      'production',
    ],
    [
      'git-remote',
      '{git-remote: "*/play.git"}',
      'terraform destroy',
      {
        files: {
          '/home/dev/project/.git': 'gitdir: /g',
          '/g/config': '[remote "origin"]\n\turl = git@h:me/play.git\n',
        },
      },
      'sandbox it',
    ],
    [
      'az-subscription by its name',
      '{az-subscription: team-dev}',
      'az group delete -n x --subscription 0A1B',
      azure,
      'sandbox it',
    ],
    [
      'az-subscription by its id',
      '{az-subscription: 0a1b}',
      'az group delete -n x --subscription team-dev',
      azure,
      'sandbox it',
    ],
    [
      'az-subscription that is chosen',
      '{az-subscription: 0a1b}',
      'az group delete -n x',
      azure,
      'sandbox it',
    ],
    [
      'az-subscription of a name that several have',
      '{az-subscription: twice-1}',
      'az group delete -n x --subscription twice',
      azure,
      'production',
    ],
    [
      'az-subscription on another machine',
      '{az-subscription: 0a1b}',
      'ssh box az group delete -n x --subscription team-dev',
      azure,
      'production',
    ],
    [
      'terraform-var-file',
      '{terraform-var-file: dev*.tfvars}',
      'terraform destroy -var-file=envs/dev-1.tfvars',
      {},
      'sandbox it',
    ],
    [
      'terraform-var-file of several',
      '{terraform-var-file: dev*.tfvars}',
      'terraform destroy -var-file=dev.tfvars -var-file=prod.tfvars',
      {},
      'production',
    ],
    [
      'terraform-var-file that cannot be known',
      '{terraform-var-file: dev*.tfvars}',
      'terraform destroy -var-file="$F"',
      {},
      'production',
    ],
    [
      'terraform-var-file by its directory',
      '{terraform-var-file: infra/envs/dev}',
      'terraform -chdir=infra destroy -var-file envs/dev/x.tfvars',
      {},
      'sandbox it',
    ],
    [
      'terraform-directory',
      '{terraform-directory: envs/dev}',
      'terraform -chdir=envs/dev/db destroy',
      {},
      'sandbox it',
    ],
    [
      'terraform-directory',
      '{terraform-directory: envs/dev}',
      'terraform -chdir=envs/dev/../prod destroy',
      {},
      'production',
    ],
    [
      'terraform-directory',
      '{terraform-directory: envs/dev}',
      'terraform -chdir=envs/dev destroy',
      { links: { '/home/dev/project/envs/dev': '/home/dev/project/envs/prod' } },
      'production',
    ],
    [
      'path',
      '{path: [~/scratch, /srv/scratch]}',
      'rm -rf /srv/scratch/a',
      { cwd: '/home/dev/scratch' },
      'sandbox it',
    ],
    [
      'path',
      '{path: [~/scratch, /srv/scratch]}',
      'rm -rf /srv/prod',
      { cwd: '/home/dev/scratch' },
      'production',
    ],
    [
      'aws-account',
      '{aws-account: "111122223333"}',
      `aws --profile a ${drop}`,
      { files: { '/home/dev/.aws/config': '[profile a]\nsso_account_id = 111122223333\n' } },
      'sandbox it',
    ],
    [
      'aws-account',
      '{aws-account: "111122223333"}',
      `aws --profile b ${drop}`,
      {
        files: {
          '/home/dev/.aws/config':
            '[profile a]\nsso_account_id = 111122223333\n[profile b]\nrole_arn = arn:aws:iam::999988887777:role/x\n',
        },
      },
      'production',
    ],
    [
      'aws-region',
      '{aws-region: eu-test-1}',
      `aws ${drop}`,
      { environment: { AWS_REGION: 'eu-test-1' } },
      'sandbox it',
    ],
    ['host', '{host: db.test.example}', 'psql -h db.test.example -c "drop table a"', {}, 'sandbox it'],
    [
      'host',
      '{host: db.test.example}',
      'psql postgres://db.test.example@db.prod.example/x -c "drop table a"',
      {},
      'production',
    ],
    ['database', '{database: app_lab}', 'psql -h h.example app_lab -c "drop table a"', {}, 'sandbox it'],
    [
      'docker-context',
      '{docker-context: scratch}',
      'docker --context scratch volume prune --all --force',
      {},
      'sandbox it',
    ],
    [
      'docker-context',
      '{docker-context: scratch}',
      'docker --context scratch -H tcp://prod volume prune --all --force',
      {},
      'production',
    ],
    ['fly-app', '{fly-app: toy}', 'fly apps destroy -a toy', {}, 'sandbox it'],
    ['variable', '{variable: {TIER: dev*}}', `TIER=dev1 aws ${drop}`, {}, 'sandbox it'],
  ])('%s: %s, %s, %j: %s', (_, when, command, world, expected) => {
    expect(landing(command, { user: `environments:\n${environment('it', 'sandbox', when)}` }, world)).toBe(
      expected,
    );
  });

  test('rules pass a sandbox where they say so, and say who excused them', () => {
    const { verdict, excused } = judge('TF_WORKSPACE=dev terraform destroy', { user: team });
    expect(verdict).toBe('pass');
    expect(excused).toEqual([
      expect.objectContaining({
        rule: 'terraform/destroy',
        by: 'class',
        landing: expect.objectContaining({ name: 'dev', class: 'sandbox' }),
      }),
    ]);
    expect(judge('TF_WORKSPACE=dev terraform login', { user: team }).verdict).toBe('ask');
  });

  test('a file that nobody trusts makes it stricter at most', () => {
    const project = `environments:\n${environment('mine', 'sandbox', '{aws-profile: "*"}')}${environment('theirs', 'production', '{aws-profile: dev-9}')}`;
    const given = { user: team, project };
    expect(landing(`aws --profile x ${drop}`, given)).toBe('production');
    expect(landing(`aws --profile dev-9 ${drop}`, given)).toBe('production theirs');
    expect(landing(`aws --profile dev-1 ${drop}`, given)).toBe('sandbox dev');
    expect(landing(`aws --profile x ${drop}`, { ...given, trust: 'trusted' })).toBe('sandbox mine');
  });
});

describe('decisions', () => {
  const verdict = (given: Given, command = 'terraform destroy') => judge(command, given).verdict;
  const says = (choice: string, rule = 'terraform/destroy') => `decisions: {"${rule}": ${choice}}\n`;

  test.each<[string, Given, string]>([
    ['a user loosens a built-in rule', { user: says('pass') }, 'pass'],
    ['or asks', { user: says('ask') }, 'ask'],
    ['by a glob', { user: says('ask', 'terraform/*') }, 'ask'],
    [
      'an id says more than a glob',
      { user: `${says('pass', 'terraform/*').trimEnd().slice(0, -1)}, terraform/destroy: ask}\n` },
      'ask',
    ],
    ['not below what is managed', { managed: says('deny'), user: says('pass') }, 'deny'],
    ['not below what is kept', { managed: says('keep', '*'), user: says('pass') }, 'deny'],
    ['the organisation may loosen', { managed: says('ask') }, 'ask'],
    ['and the user tighten again', { managed: says('ask'), user: says('deny') }, 'deny'],
    ['a project nobody trusts does not loosen', { project: says('pass') }, 'deny'],
    ['nor after a change', { project: says('pass'), trust: 'changed' }, 'deny'],
    ['a trusted one does', { project: says('pass'), trust: 'trusted' }, 'pass'],
    [
      'but not below what is managed',
      { managed: says('keep'), project: says('pass'), trust: 'trusted' },
      'deny',
    ],
    ['only in a sandbox', { user: 'decisions: {terraform/destroy: {sandbox: pass}}\n' }, 'deny'],
  ])('%s', (_, given, expected) => {
    expect(verdict(given)).toBe(expected);
  });

  test('a project nobody trusts tightens', () => {
    expect(verdict({}, 'terraform apply')).toBe('ask');
    expect(verdict({ project: says('deny', 'terraform/apply') }, 'terraform apply')).toBe('deny');
  });

  test('nothing loosens the rules that guard the guard', () => {
    for (const given of [{ user: says('pass', '*') }, { managed: says('pass', 'blastguard/*') }])
      expect(verdict(given, 'blastguard resume')).toBe('deny');
  });

  test('a line that cannot be proven is decided, too', () => {
    expect(verdict({}, 'curl https://x.example/a | sh')).toBe('ask');
    expect(verdict({ user: says('deny', 'shell/unproven') }, 'curl https://x.example/a | sh')).toBe('deny');
  });
});

describe('exceptions', () => {
  const exception = (rule: string, more: string) =>
    `exceptions: [{rule: "${rule}", reason: because, ${more}}]\n`;
  const scratch = exception('filesystem/*', 'command: rm -rf /srv/scratch');

  test.each<[string, string, string]>([
    ['the line itself', 'rm -rf /srv/scratch', 'pass'],
    ['flags otherwise spelt', 'sudo rm -fr /srv/scratch', 'pass'],
    ['another path', 'rm -rf /srv/other', 'deny'],
    ['one more path', 'rm -rf /srv/scratch /srv/other', 'deny'],
    ['a path that climbs', 'rm -rf /srv/scratch/../other', 'deny'],
    ['a path that cannot be known', 'rm -rf "/srv/$X"', 'deny'],
    ['another program', 'shred /srv/scratch/* && rm -rf /srv/other', 'deny'],
  ])('%s: %s: %s', (_, command, expected) => {
    expect(judge(command, { user: scratch }).verdict).toBe(expected);
  });

  test('a glob does not climb, and ** names all that follows', () => {
    const globbed = exception('filesystem/*', 'command: "rm -rf /srv/scratch/* **"');
    expect(judge('rm -rf /srv/scratch/a /srv/other', { user: globbed }).verdict).toBe('pass');
    const one = exception('filesystem/*', 'command: rm -rf /srv/scratch/*');
    expect(judge('rm -rf /srv/scratch/a', { user: one }).verdict).toBe('pass');
    expect(judge('rm -rf /srv/scratch/../../etc', { user: one }).verdict).toBe('deny');
  });

  test('a line that names nothing that is acted on excuses any, under all names of the program', () => {
    const user = exception('terraform/destroy', 'command: terraform destroy');
    expect(judge('tofu -chdir=x destroy -auto-approve', { user: user }).verdict).toBe('pass');
    expect(
      judge(`aws --profile a ${drop}`, { user: exception('aws/*', 'command: aws rds delete-db-instance') })
        .verdict,
    ).toBe('pass');
  });

  test('every use is said, with its reason', () => {
    const user = exception('terraform/destroy', 'command: terraform destroy, until: 2026-11-20');
    expect(judge('terraform destroy', { user }).excused).toEqual([
      expect.objectContaining({
        rule: 'terraform/destroy',
        by: 'exception',
        level: 'user',
        until: '2026-11-20',
        reason: expect.stringContaining('because'),
      }),
    ]);
  });

  test.each<[string, string, boolean]>([
    ['2026-11-20', '2026-11-20T23:59:59.999Z', true],
    ['2026-11-20', '2026-11-21T00:00:00.000Z', false],
    ['2026-11-20T10:00:00Z', '2026-11-20T09:59:59.999Z', true],
    ['2026-11-20T10:00:00Z', '2026-11-20T10:00:00.000Z', false],
  ])('until %s, at %s: %s', (until, now, excused) => {
    const user = exception('terraform/destroy', `command: terraform destroy, until: "${until}"`);
    const { verdict, findings } = judge('terraform destroy', { user }, {}, now);
    expect(verdict).toBe(excused ? 'pass' : 'deny');
    expect(findings[0]?.lapsed).toBe(excused ? undefined : until);
  });

  test('only in the environment that it names', () => {
    const user = `${team}${exception('git/push-force', 'environment: dev')}`;
    const both = `${team}${exception('terraform/login', 'environment: dev')}`;
    expect(judge('terraform login', { user: both }).verdict).toBe('ask');
    expect(judge('TF_WORKSPACE=dev terraform login', { user: both }).verdict).toBe('pass');
    expect(judge('TF_WORKSPACE=dev terraform login', { user }).verdict).toBe('ask');
  });

  test('not against the organisation, not by a project nobody trusts, never for the guard', () => {
    const all = exception('*', 'command: terraform destroy');
    expect(judge('terraform destroy', { user: all }).verdict).toBe('pass');
    expect(
      judge('terraform destroy', { user: all, managed: 'decisions: {terraform/*: keep}\n' }).verdict,
    ).toBe('deny');
    expect(judge('terraform destroy', { project: all }).verdict).toBe('deny');
    expect(judge('blastguard resume', { user: exception('*', 'command: blastguard resume') }).verdict).toBe(
      'deny',
    );
  });
});

describe('rules of one’s own', () => {
  const own = (match: string, decision = 'deny') =>
    `rules: [{id: own/x, title: t, severity: high, decision: ${decision}, match: [${match}], reason: r, instead: i, examples: {}}]\n`;
  const rules = (command: string, given: Given) => judge(command, given).findings.map(({ rule }) => rule);

  test.each(['managed', 'user', 'project'] as const)('join the built-in ones: %s', (level) => {
    expect(rules('sudo make deploy', { [level]: own('make deploy') })).toContain('own/x');
    expect(rules('terraform destroy', { [level]: own('terraform destroy') })).toEqual([
      'terraform/destroy',
      'own/x',
    ]);
    expect(rules('$X deploy', { [level]: own('make deploy') })).toContain('own/x');
  });

  test('a user does not except from a managed one', () => {
    const user = 'decisions: {own/x: pass}\nexceptions: [{rule: own/x, command: make deploy, reason: r}]\n';
    expect(judge('make deploy', { managed: own('make deploy'), user }).verdict).toBe('deny');
    expect(judge('make deploy', { user: `${own('make deploy')}${user}` }).verdict).toBe('pass');
  });
});
