import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { answerOf, bash, direct, makePlace, type Place, play } from './play.ts';

const places: Place[] = [];
afterAll(() => {
  for (const place of places) place.remove();
});

/** What the built hook answers to a line in a project that holds these files. */
async function verdictIn(files: Readonly<Record<string, string>>, line: string): Promise<string> {
  const place = makePlace();
  places.push(place);
  for (const [path, text] of Object.entries(files)) {
    const full = join(place.project, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text, { mode: 0o755 });
  }
  const played = await play(direct, { environment: place.environment, input: bash(place, line) });
  const { verdict, reason } = answerOf(played);
  return verdict === 'pass' ? verdict : `${verdict}: ${reason.split('\n', 1)[0]}`;
}

const git = { '.git/HEAD': 'ref: refs/heads/main\n', '.git/config': '[core]\n\tbare = false\n' };
const destroy = 'terraform destroy -auto-approve';

const cases: readonly (readonly [files: Record<string, string>, stopped: string, silent: string])[] = [
  [{ Makefile: `all:\n\techo hi\nup:\n\t${destroy}\n` }, 'make up', 'make'],
  [{ 'package.json': `{"scripts": {"up": "${destroy}", "test": "vitest run"}}` }, 'npm run up', 'npm test'],
  [{ justfile: `all:\n  echo hi\nup:\n  ${destroy}\n` }, 'just up', 'just'],
  [{ 'composer.json': `{"scripts": {"up": "${destroy}", "test": "phpunit"}}` }, 'composer run up', 'composer test'],
  [{ 'Taskfile.yml': `tasks: { default: echo hi, up: { cmds: [{ task: down }] }, down: ${destroy} }` }, 'task up', 'task'],
  [{ Rakefile: `task :default do\n  sh "rspec"\nend\ntask :up do\n  sh "${destroy}"\nend\n` }, 'bundle exec rake up', 'rake'],
  [{ 'pyproject.toml': `[tool.poe.tasks]\nup = "${destroy}"\ntest = "pytest"\n` }, 'poetry run poe up', 'poe test'],
  [{ 'pyproject.toml': `[tool.pdm.scripts]\nup = "${destroy}"\ntest = "pytest"\n` }, 'pdm run up', 'pdm test'],
  [{ 'pyproject.toml': `[tool.hatch.envs.default.scripts]\nup = "${destroy}"\ntest = "pytest"\n` }, 'hatch run up', 'hatch run test'],
  [{ 'pyproject.toml': `[tool.taskipy.tasks]\nup = "${destroy}"\ntest = "pytest"\n` }, 'task up', 'task test'],
  [
    { 'pyproject.toml': '[project.scripts]\nup = "a.b:up"\nhi = "a.b:hi"\n', 'a/b.py': `import os\ndef up():\n  os.system("${destroy}")\ndef hi():\n  print("hi")\n` },
    'uv run up',
    'poetry run hi',
  ],
  [{ Pipfile: `[scripts]\nup = "${destroy}"\ntest = "pytest"\n` }, 'pipenv run up', 'pipenv run test'],
  [{ 'tox.ini': `[testenv]\ncommands = pytest\n[testenv:up]\ncommands = ${destroy}\n` }, 'tox -e up', 'tox'],
  [
    { 'noxfile.py': `import nox\n@nox.session\ndef up(session):\n  session.run("terraform", "destroy", "-auto-approve")\n@nox.session\ndef test(session):\n  session.run("pytest")\n` },
    'nox -s up',
    'nox -s test',
  ],
  [{ Procfile: `web: puma\nup: ${destroy}\n` }, 'foreman start', 'foreman start web'],
  [{ 'compose.yaml': `services: { a: { image: x, command: ${destroy} }, b: { image: x, command: sh -c "rm -rf /srv/data; echo hi" } }` }, 'docker compose up', 'docker compose up b'],
  [{ Dockerfile: `FROM x\nRUN ${destroy}\n`, 'web/Dockerfile': 'FROM x\nRUN apt-get purge -y x && rm -rf /var/lib/apt && curl x | sh\nRUN userdel x\n' }, 'docker build .', 'docker build web'],
  [{ 'mise.toml': `[tasks]\nup = "${destroy}"\ntest = "pytest"\n` }, 'mise run up', 'mise test'],
  [{ 'deno.json': `{"tasks": {"up": "${destroy}", "test": "deno test"}}` }, 'deno task up', 'deno task test'],
  [{ '.github/workflows/x.yml': `on: push\njobs: { up: { steps: [{ run: ${destroy} }] }, t: { steps: [{ run: npm ci }] } }` }, 'act push', 'act -j t'],
  [{ ...git, '.git/hooks/pre-push': `#!/bin/sh\n${destroy}\n`, '.git/hooks/pre-commit': '#!/bin/sh\nnpm test\n' }, 'git push', 'git commit -m x'],
  [{ ...git, '.pre-commit-config.yaml': `repos: [{ repo: local, hooks: [{ id: up, entry: ${destroy}, language: system }, { id: t, entry: pytest, language: system }] }]` }, 'pre-commit run up', 'pre-commit run t'],
  [{ ...git, 'lefthook.yml': `pre-push: { commands: { a: { run: ${destroy} } } }\npre-commit: { commands: { a: { run: npm test } } }` }, 'lefthook run pre-push', 'lefthook run pre-commit'],
  [{}, "echo 'DROP TABLE orders;' > a.sql; psql -f a.sql", "echo 'SELECT 1;' > a.sql; psql -f a.sql"],
  [{}, "echo 'DROP DATABASE shop;' > a.sql; mysql shop < a.sql", "echo 'SELECT 1;' > a.sql; mysql shop < a.sql"],
  [{}, "echo 'db.dropDatabase()' > a.js; mongosh prod a.js", "echo 'db.x.find()' > a.js; mongosh prod a.js"],
  [{}, `echo 'DROP TABLE x;' > a.sql; sqlite3 prod.db ".read a.sql"`, `echo 'SELECT 1;' > a.sql; sqlite3 prod.db ".read a.sql"`],
  [{ c: 'request = DELETE\n' }, 'curl -K c https://api.example.com/orders/1', 'curl -K c http://localhost:3000/orders/1'],
  [{}, 'ln -s /etc l; rm -rf l/', 'ln -s build l; rm -rf l/'],
  [{}, 'ln -s /srv/data l && rm -rf l/orders', 'ln -s build l && rm -rf l/orders'],
]; // biome-ignore format: one case a line

describe('tasks of a project, through the built hook', () => {
  test.each(cases)('%j: `%s` is denied, `%s` passes', async (files, stopped, silent) => {
    expect(await verdictIn(files, stopped)).toMatch(/^deny: /);
    expect(await verdictIn(files, silent)).toBe('pass');
  });
});
