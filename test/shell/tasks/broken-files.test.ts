import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpuTime } from '../../cpu-time.ts';
import { readIn } from './reads.ts';

/** A file, a line that reads it, and text that such files are made of. */
const runners: readonly (readonly [file: string, line: string, pieces: readonly string[]])[] = [
  ['Makefile', 'make x', ['x:', '\n\t', '$(', ')', '%', '=', 'define']],
  ['justfile', 'just x', ['x:', '\n  ', '{{', '}}', ':=']],
  ['package.json', 'npm run x', ['{"scripts":', '{"x":', '"a"', '}}', '[', 'null']],
  ['deno.json', 'deno task x', ['{"tasks":', '{"x":', '"a"', '}}', '//']],
  ['Taskfile.yml', 'task x', ['tasks:\n', '  x:\n', '    cmds:\n', '      - ', '{{.X', '}}', 'task: x', '&a', '*a', '<<: ']],
  ['Rakefile', 'rake x', ['task x:', ' do\n', 'end\n', 'namespace :x', ' => ', '[', ']', '{', '}', 'sh "a"']],
  ['pyproject.toml', 'poe x', ['[tool.poe.tasks]\n', 'x = ', '"a"', '{', '}', '[', ']', 'ref = "x"', '\n']],
  ['pyproject.toml', 'pdm run x', ['[tool.pdm.scripts]\n', 'x = ', '"x"', '{composite = ["x"]}', '\n', 'x.x = 1']],
  ['tox.ini', 'tox', ['[testenv]\n', 'commands', '=', '\n  ', '{posargs', '}', '{[testenv]commands}', '\\\n']],
  ['noxfile.py', 'nox', ['@nox.session', '(', ')', '\ndef x(', 'session):\n', '  session.run("a")\n']],
  ['Pipfile', 'pipenv run x', ['[scripts]\n', 'x = ', '"a"', '{call = "a:b()"}', '\n']],
  ['Procfile', 'foreman start', ['x:', ' a', '\n', '#']],
  ['compose.yaml', 'docker compose up', ['services:\n', ' x:\n', '  command: ', 'a', '[', ']', '{', '}', '\n', '  depends_on: [x]\n', '$$']],
  ['Dockerfile', 'docker build .', ['RUN ', 'ENV A=', '\\\n', '<<E\n', '\nE\n', '["', '"]', '--mount=x ', '\n']],
  ['mise.toml', 'mise run x', ['[tasks]\n', 'x = ', '"a"', '{depends = "x", run = ["a"]}', '\n', '{{']],
  ['.github/workflows/x.yml', 'act', ['jobs:\n', ' x:\n', '  steps:\n', '   - run: ', '${{', '}}', 'a\n']],
  ['lefthook.yml', 'lefthook run x', ['x:\n', ' jobs:\n', '  - run: ', '{a}', 'group:', '\n']],
  ['.pre-commit-config.yaml', 'pre-commit run', ['repos:\n', ' - repo: local\n', '   hooks:\n', '    - {id: x, entry: a}', '\n']],
  ['.git/config', 'git commit', ['[core]\n', 'hooksPath', '=', 'x', '\n', '"', '\\']],
  ['c', 'curl -K c', ['url', '=', '"', '\\', '\n', 'a', ':']],
]; // biome-ignore format: one file a line

describe.each(runners)('%s, by `%s`', (file, line, pieces) => {
  test('is read whatever it holds', () => {
    const text = fc
      .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 4 })), { maxLength: 25 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (content) => {
        expect(() => readIn({ [file]: content }, line)).not.toThrow();
      }),
      { numRuns: 30 },
    );
  });

  test('is read in time where one part of it is repeated', () => {
    for (const piece of pieces) {
      const content = `${pieces.slice(0, 2).join('')}${piece.repeat(60_000 / piece.length)}`;
      const start = cpuTime();
      readIn({ [file]: content }, line);
      expect([piece, cpuTime() - start < 5000]).toEqual([piece, true]);
    }
  }, 120_000);
});
