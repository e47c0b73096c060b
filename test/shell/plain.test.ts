import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { showWord } from '../../src/model/word.ts';
import { interpret } from '../../src/shell/interpreter.ts';
import * as languages from '../../src/shell/languages/read-code.ts';
import { readPlain } from '../../src/shell/plain.ts';
import { taskRunners } from '../../src/shell/project-tasks.ts';
import { shells } from '../../src/shell/shell-programs.ts';
import { special } from '../../src/shell/special-carriers.ts';
import { pretend } from './pretend.ts';

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
    const plain = readPlain(line, facts.cwd);
    expect(argvs(plain)).toEqual([line.split(' ')]);
    expect(argvs(plain)).toEqual(
      argvs(
        interpret(
          line,
          facts,
          () => {},
          () => languages,
        ),
      ),
    );
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
  ])('is left to the grammar where it may mean more: %s', (line) => {
    expect(readPlain(line, facts.cwd)).toBeUndefined();
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
  ]);
  const names = [...special.keys(), ...taskRunners.keys(), ...shells].filter(
    (name) => !conditional.has(name),
  );
  expect(names.filter((name) => readPlain(`${name} x`, facts.cwd) !== undefined)).toEqual([]);
});

test('what is read as plain words is what bash runs, over the whole corpus', () => {
  const file = join(import.meta.dirname, '../fixtures/parse-oneliners.jsonl');
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line): { cmd: string } => JSON.parse(line));
  const plain = lines.filter(({ cmd }) => readPlain(cmd, facts.cwd) !== undefined);
  for (const { cmd } of plain)
    expect(argvs(readPlain(cmd, facts.cwd))).toEqual(
      argvs(
        interpret(
          cmd,
          facts,
          () => {},
          () => languages,
        ),
      ),
    );
  expect(plain.length).toBeGreaterThan(0);
});
