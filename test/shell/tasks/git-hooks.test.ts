import { describe, expect, test } from 'vitest';
import { readPlain } from '../../../src/shell/plain.ts';
import { pretend } from '../pretend.ts';
import { readIn, runsIn } from './reads.ts';

const git = { '.git/HEAD': 'ref: refs/heads/main', '.git/config': '[core]\n\tbare = false\n' };
const nuke = '#!/bin/sh\nterraform destroy -auto-approve\n';
/** What `pre-commit install` writes, in its words. */
const framework = `#!/usr/bin/env bash
INSTALL_PYTHON=/usr/bin/python3
ARGS=(hook-impl --config=.pre-commit-config.yaml --hook-type=pre-commit)
HERE="$(cd "$(dirname "$0")" && pwd)"
ARGS+=(--hook-dir "$HERE" -- "$@")
if [ -x "$INSTALL_PYTHON" ]; then
    exec "$INSTALL_PYTHON" -mpre_commit "\${ARGS[@]}"
elif command -v pre-commit > /dev/null; then
    exec pre-commit "\${ARGS[@]}"
else
    echo 'not found' 1>&2
    exit 1
fi
`;
const preCommitConfig = `
default_stages: [commit]
repos:
  - repo: https://github.com/x/y
    hooks: [{ id: other, entry: dropdb orders }]
  - repo: local
    hooks:
      - { id: lint, entry: ruff check, args: [--fix], language: system }
      - { id: words, entry: 'terraform destroy', language: pygrep }
      - { id: wipe, entry: terraform destroy, language: system, stages: [push] }
      - { id: own, entry: tools/check.sh, language: script }
`;
const lefthookConfig = `
pre-commit:
  commands:
    lint: { run: 'eslint {staged_files}' }
    wipe: { root: infra, run: terraform destroy }
  scripts: { check.sh: { runner: bash } }
pre-push:
  jobs: [{ run: npm test }, { group: { jobs: [{ run: dropdb orders }] } }, { run: dropdb no, skip: true }]
`;

const cases: [string, Record<string, string>, string, string[]][] = [
  ['a hook of the repository', { '.git/hooks/pre-commit': nuke }, 'git commit -m x', ['terraform destroy -auto-approve']],
  ['from below it', { '.git/hooks/pre-push': nuke, 'src/x': '' }, 'cd src && git push', ['git push', 'terraform destroy -auto-approve']],
  ['by -C', { '../other/x': '', '/srv/r/.git/HEAD': '', '/srv/r/.git/hooks/pre-commit': nuke }, 'git -C /srv/r commit', ['terraform destroy -auto-approve']],
  ['post-checkout', { '.git/hooks/post-checkout': nuke }, 'git switch main', ['terraform destroy -auto-approve']],
  ['pre-rebase', { '.git/hooks/pre-rebase': nuke }, 'git rebase main', ['terraform destroy -auto-approve']],
  ['post-merge by pull', { '.git/hooks/post-merge': nuke }, 'git pull', ['terraform destroy -auto-approve']],
  ['in Python', { '.git/hooks/pre-commit': '#!/usr/bin/env python3\nimport os\nos.system("dropdb orders")\n' }, 'git commit', ['dropdb orders']],
  ['core.hooksPath', { '.git/config': '[core]\n\thooksPath = tools/hooks\n', 'tools/hooks/pre-commit': nuke }, 'git commit', ['terraform destroy -auto-approve']],
  ['core.hooksPath of the user', { '/home/dev/.gitconfig': '[user]\nname = x\n[core]\nhooksPath = ~/hooks\n', '/home/dev/hooks/pre-commit': nuke }, 'git commit', ['terraform destroy -auto-approve']],
  ['core.hooksPath of the call', { 'h/pre-commit': nuke }, 'git -c core.hooksPath=h commit', ['terraform destroy -auto-approve']],
  ['core.hooksPath of the line', { 'h/pre-commit': nuke }, 'git config core.hooksPath h && git commit -m x', ['git commit -m x', 'terraform destroy -auto-approve']],
  ['husky 9', { '.git/config': '[core]\n\thooksPath = .husky/_\n', '.husky/_/pre-commit': '. "$(dirname "$0")/h"', '.husky/pre-commit': 'npx lint-staged\nterraform destroy\n' }, 'git commit', ['npx lint-staged', 'lint-staged', 'terraform destroy']],
  ['a worktree', { '.git': 'gitdir: /srv/main/.git/worktrees/w\n', '/srv/main/.git/worktrees/w/commondir': '../..\n', '/srv/main/.git/hooks/pre-commit': nuke }, 'git commit', ['terraform destroy -auto-approve']],
  ['written by the line', {}, "echo 'dropdb orders' > .git/hooks/pre-commit; git commit", ['git commit', 'dropdb orders']],
  ['another verb', { '.git/hooks/pre-push': nuke }, 'git commit -m x', []],
  ['a sample', { '.git/hooks/pre-commit.sample': nuke }, 'git commit -m x', []],
  ['--no-verify', { '.git/hooks/pre-commit': nuke }, 'git commit --no-verify -m x', []],
  ['-n', { '.git/hooks/pre-commit': nuke }, 'git commit -nm x', []],
  ['none of git lfs', { '.git/hooks/pre-push': '#!/bin/sh\ncommand -v git-lfs >/dev/null 2>&1 || { echo >&2 "no git-lfs"; exit 2; }\ngit lfs pre-push "$@"\n' }, 'git push', ['command -v git-lfs', 'echo no git-lfs', 'exit 2', 'git lfs pre-push']],
  ['lefthook', { '.git/hooks/pre-push': 'call_lefthook()\n{\n  lefthook "$@"\n}\ncall_lefthook run "pre-push" "$@"\n', 'lefthook.yml': lefthookConfig }, 'git push', ['call_lefthook run pre-push', 'lefthook run pre-push', 'npm test', 'dropdb orders', 'lefthook …']],
  ['lefthook by hand', { 'lefthook.yml': lefthookConfig, '.lefthook/pre-commit/check.sh': 'dropdb orders' }, 'lefthook run pre-commit', ['eslint …', 'terraform destroy', 'bash .lefthook/pre-commit/check.sh', 'dropdb orders']],
  ['pre-commit by hand', { '.pre-commit-config.yaml': preCommitConfig, 'tools/check.sh': 'shellcheck x' }, 'pre-commit run --all-files', ['ruff check --fix', './tools/check.sh', 'shellcheck x']],
  ['one of pre-commit', { '.pre-commit-config.yaml': preCommitConfig }, 'pre-commit run wipe', ['terraform destroy']],
  ['pre-commit by its stage', { '.pre-commit-config.yaml': preCommitConfig }, 'pre-commit run --hook-stage pre-push', ['terraform destroy']],
  ['pre-commit otherwise', { '.pre-commit-config.yaml': preCommitConfig }, 'pre-commit autoupdate', []],
]; // biome-ignore format: one case a line

describe('the hooks that git runs', () => {
  test.each(cases)('%s', (_, files, line, commands) => {
    const { '.git/HEAD': head, ...rest } = git;
    const own = '.git' in files ? files : { ...rest, '.git/HEAD': head, ...files };
    const isHook = (command: string) => /\/(?:pre|post)-[a-z]+$/.test(command);
    expect(runsIn(own, line).filter((command) => !isHook(command))).toEqual(commands);
  });

  test('those that pre-commit wrote run the hooks of the project, and nothing about them is in doubt', () => {
    const files = {
      ...git,
      '.git/hooks/pre-commit': framework,
      '.pre-commit-config.yaml': preCommitConfig.replace('tools/check.sh', 'x.sh'),
    };
    const reading = readIn(files, 'git commit -m x');
    expect(reading.doubts).toEqual([]);
    expect(runsIn(files, 'git commit -m x')).toContain('ruff check --fix');
    expect(runsIn(files, 'git commit -m x')).not.toContain('terraform destroy');
  });

  test('a hook that commits does not run itself again', () => {
    const files = { ...git, '.git/hooks/post-commit': 'git commit --amend\ngit commit --amend\n' };
    expect(readIn(files, 'git commit').commands.length).toBeLessThan(6);
  });

  test.each([
    ['git wipe', '[alias]\n\twipe = !terraform destroy\n', 'terraform destroy'],
    [
      'git -C . Wipe now',
      '[core]\n\tbare = false\n[alias]\n\twipe = "!terraform destroy"\n',
      'terraform destroy now',
    ],
    ['git undo', '[alias]\n\tundo = reset --hard\n', 'git reset --hard'],
  ])('%s is an alias of the configuration', (line, config, command) => {
    expect(runsIn({ ...git, '.git/config': config }, line)).toContain(command);
  });

  test('an alias hides no command of git', () => {
    expect(
      runsIn({ ...git, '.git/config': '[alias]\n\tstatus = !terraform destroy\n' }, 'git status'),
    ).toEqual([]);
  });

  test('without hooks a commit is read as plain words', () => {
    const world = (files: Record<string, string>) =>
      pretend({
        files: Object.fromEntries(
          Object.entries(files).map(([path, text]) => [`/home/dev/project/${path}`, text]),
        ),
      });
    expect(readPlain('git commit -m x', world(git))).toBeDefined();
    expect(readPlain('git status', world({ ...git, '.git/hooks/pre-commit': nuke }))).toBeDefined();
    expect(readPlain('git commit -m x', world({ ...git, '.git/hooks/pre-commit': nuke }))).toBeUndefined();
  });
});
