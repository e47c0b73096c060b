import { expect, test } from 'vitest';
import { readIn, runsIn } from './reads.ts';

const files = {
  'Taskfile.yml': `
version: '3'
vars: { ENV: prod, WHERE: { sh: cat where } }
includes:
  infra: ./infra
  docs: { taskfile: docs/Tasks.yml, dir: docs }
tasks:
  default: { deps: [build], cmds: [echo hi] }
  build: go build ./...
  lint:
    - golangci-lint run
  destroy:
    dir: envs/{{.ENV}}
    aliases: [down]
    deps: [lint]
    cmds:
      - cmd: terraform destroy {{.CLI_ARGS}}
        silent: true
      - task: infra:purge
        vars: { BUCKET: 'orders-{{.ENV}}' }
      - defer: rm -rf .terraform
  sized: { cmds: ['echo {{.SIZE | default "small"}} {{OS}}'] }
  each: { cmds: [{ for: [a, b], cmd: 'kubectl delete ns {{.ITEM}}' }] }
  'drop-*': dropdb {{index .MATCH 0}}
  guarded: { preconditions: [{ sh: test -f x }], status: [test -d out], cmd: make out }
`,
  'infra/Taskfile.yml': `
tasks:
  default: { cmds: [terraform plan] }
  purge: aws s3 rb s3://{{.BUCKET}} --force
`,
  'docs/Tasks.yml': 'tasks: { build: mkdocs build }',
  'sub/other.txt': '',
  'broken.yml': 'tasks: [',
};
const runs = (line: string) => runsIn(files, line);

test.each<[string, string[]]>([
  ['task', ['go build ./...', 'echo hi']],
  ['go-task build', ['go build ./...']],
  ['task lint', ['golangci-lint run']],
  [
    'task destroy -- -auto-approve',
    [
      'golangci-lint run',
      'terraform destroy -auto-approve',
      'aws s3 rb s3://orders-prod --force',
      'rm -rf .terraform',
    ],
  ],
  [
    'task down ENV=dev',
    ['golangci-lint run', 'terraform destroy', 'aws s3 rb s3://orders-dev --force', 'rm -rf .terraform'],
  ],
  ['task infra', ['terraform plan']],
  ['task docs:build', ['mkdocs build']],
  ['task sized', ['echo small …']],
  ['task each', ['kubectl delete ns a', 'kubectl delete ns b']],
  ['task drop-orders', ['dropdb …']],
  ['task guarded', ['test -d out', 'test -f x', 'make out']],
  ['cd sub && task build', ['task build', 'go build ./...']],
  ['task -t infra/Taskfile.yml', ['terraform plan']],
  ['task --taskfile=docs/Tasks.yml build', ['mkdocs build']],
  ['task -d infra', ['terraform plan']],
  ['task --dry destroy', []],
  ['task --list', []],
  ['task missing', []],
])('%s', (line, commands) => {
  expect(runs(line)).toEqual(commands);
});

test('tasks run in the directory that they say', () => {
  const dirOf = (line: string) => readIn(files, line).commands.at(-1)?.cwd;
  expect(dirOf('task destroy')).toBe('/home/dev/project/envs/prod');
  expect(dirOf('task docs:build')).toBe('/home/dev/project/docs');
  expect(dirOf('cd sub && task build')).toBe('/home/dev/project');
});

test('a file that cannot be read is a doubt only where the line names it', () => {
  expect(readIn(files, 'task -t broken.yml x').doubts).toHaveLength(1);
  expect(readIn({ 'Taskfile.yml': 'tasks: [' }, 'task x').doubts).toEqual([]);
});

test('tasks that call each other end', () => {
  const loop = 'tasks: { a: { deps: [b] }, b: { cmds: [{ task: a }, echo b] } }';
  expect(runsIn({ 'Taskfile.yml': loop }, 'task a')).toEqual(['echo b']);
});
