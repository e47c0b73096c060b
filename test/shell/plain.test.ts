import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { showWord } from '../../src/model/word.ts';
import { interpret } from '../../src/shell/interpreter.ts';
import { readPlain } from '../../src/shell/plain.ts';
import { shells } from '../../src/shell/shell-programs.ts';
import { special } from '../../src/shell/special-carriers.ts';
import { taskRunners } from '../../src/shell/tasks/runners.ts';
import { pretend } from './pretend.ts';
import { readers } from './readers.ts';

const facts = pretend();
const argvs = (reading: ReturnType<typeof readPlain>) =>
  reading?.commands.map(({ words }) => words.map(showWord));

describe('a line of plain words', () => {
  test.each([
    'ls -la',
    'git status',
    'git push origin main --force',
    'git rebase --abort',
    'terraform -chdir=prod destroy -auto-approve',
    'aws --region eu-west-1 rds delete-db-instance --db-instance-identifier orders',
    'docker ps -a',
    'kubectl get pods -n prod',
    'find . -name x.txt -delete',
    'tar xf a.tar',
  ])('is read without the grammar, as the grammar reads it: %s', (line) => {
    const plain = readPlain(line, facts);
    expect(argvs(plain)).toEqual([line.split(' ')]);
    expect(argvs(plain)).toEqual(argvs(interpret(line, facts, () => {}, readers)));
  });

  test.each([
    'git -c alias.x=reset x',
    'sudo ls',
    'docker run alpine sh',
    'kubectl exec pod ls',
    'find . -exec rm x +',
    'tar cf x y --checkpoint-action=exec=ls',
    'X=1 ls',
    'ls *.txt',
    'ls; ls',
    'eval ls',
    './script.sh',
    'if x',
    'rm -rf ~',
    'python3 x.py',
    'npm test',
    'docker compose up',
    'uv run x',
    'docker build .',
    'heroku local',
    'curl -K x',
  ])('is left to the grammar where it may mean more: %s', (line) => {
    expect(readPlain(line, facts)).toBeUndefined();
  });
});

test('no program that runs what it is given is read as plain words', () => {
  const conditional = new Set([
    'git',
    'hub',
    'find',
    'gfind',
    'bfs',
    'fd',
    'fdfind',
    'tee',
    'crontab',
    'at',
    'batch',
    'aws',
    // What leaves these for the shell takes characters that plain words lack.
    ...['psql', 'pgcli', 'mysql', 'mariadb', 'sqlite3', 'duckdb'],
    // A server gets what these read, of which a line of plain words has nothing.
    ...['nc', 'ncat', 'netcat', 'telnet'],
    'schtasks',
    'curl',
    'curlie',
    // Where a line is nothing else, nobody asks what lies under the new name.
    ...['ln', 'cp', 'mv', 'install', 'gcp', 'gmv', 'ginstall', 'dd'],
    'heroku',
    'docker-compose',
    'podman-compose',
    'buildah',
    'hatch',
    'pipenv',
    'poetry',
    'uv',
    'rye',
    ...'docker podman nerdctl finch podman-remote'.split(' '),
  ]);
  const names = [
    ...special.keys(),
    ...taskRunners.flatMap(({ programs }) => programs.split(' ')),
    ...shells,
  ].filter((name) => !conditional.has(name));
  expect(names.filter((name) => readPlain(`${name} x`, facts) !== undefined)).toEqual([]);
});

test('what is read as plain words is what bash runs, over the whole corpus', () => {
  const file = join(import.meta.dirname, '../fixtures/parse-oneliners.jsonl');
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line): { cmd: string } => JSON.parse(line));
  const plain = lines.filter(({ cmd }) => readPlain(cmd, facts) !== undefined);
  for (const { cmd } of plain)
    expect(argvs(readPlain(cmd, facts))).toEqual(argvs(interpret(cmd, facts, () => {}, readers)));
  expect(plain.length).toBeGreaterThan(0);
});
