import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { configFile, homeDir, projectRoot, settingsFiles, stateDir } from '../../src/host/places.ts';

const top = realpathSync(mkdtempSync(join(tmpdir(), 'blastguard-places-')));
afterAll(() => rmSync(top, { recursive: true, force: true }));

describe('places named by the environment', () => {
  test.each<[string, Record<string, string>, string]>([
    [
      'the variable of our own comes first',
      { BLASTGUARD_STATE_DIR: '/s', XDG_STATE_HOME: '/x', HOME: '/h' },
      '/s',
    ],
    ['then XDG_STATE_HOME', { XDG_STATE_HOME: '/x', HOME: '/h' }, '/x/blastguard'],
    ['then the home directory', { HOME: '/h' }, '/h/.local/state/blastguard'],
    [
      'a relative XDG_STATE_HOME is ignored',
      { XDG_STATE_HOME: 'x', HOME: '/h' },
      '/h/.local/state/blastguard',
    ],
    ['an empty variable is none', { BLASTGUARD_STATE_DIR: '', HOME: '/h' }, '/h/.local/state/blastguard'],
    ['without HOME the system is asked', {}, join(userInfo().homedir, '.local/state/blastguard')],
    ['a relative HOME is none', { HOME: 'h' }, join(userInfo().homedir, '.local/state/blastguard')],
  ])('state: %s', (_, env, expected) => {
    expect(stateDir(env)).toBe(expected);
  });

  test('a relative BLASTGUARD_STATE_DIR is refused: the log would follow `cd`', () => {
    expect(() => stateDir({ BLASTGUARD_STATE_DIR: 'here' })).toThrow('not an absolute path: `here`');
  });

  test('configuration', () => {
    expect(configFile({ HOME: '/h' })).toBe('/h/.config/blastguard/blastguard.yaml');
    expect(configFile({ HOME: '/h', XDG_CONFIG_HOME: '/c' })).toBe('/c/blastguard/blastguard.yaml');
    expect(homeDir({ HOME: '/h' })).toBe('/h');
  });
});

describe('the project root', () => {
  const work = join(top, 'work');
  const repo = join(work, 'repo');
  const tree = join(work, 'tree');
  mkdirSync(join(repo, '.git'), { recursive: true });
  mkdirSync(join(repo, 'src', 'deep'), { recursive: true });
  mkdirSync(join(tree, 'src'), { recursive: true });
  writeFileSync(join(tree, '.git'), 'gitdir: elsewhere');

  test.each<[string, string, Record<string, string>, string]>([
    ['what the host says', join(repo, 'src'), { CLAUDE_PROJECT_DIR: '/p' }, '/p'],
    ['else the repository', join(repo, 'src', 'deep'), {}, repo],
    ['a work tree is one too', join(tree, 'src'), {}, tree],
    ['else the directory itself', work, {}, work],
    ['a relative CLAUDE_PROJECT_DIR is ignored', repo, { CLAUDE_PROJECT_DIR: 'p' }, repo],
  ])('%s', (_, cwd, env, expected) => {
    expect(projectRoot(cwd, env)).toBe(expected);
  });

  test('settings files of every scope, of the project, the directory and the repository', () => {
    const paths = settingsFiles(join(repo, 'src'), work, { HOME: '/h' }).map(
      ({ scope, path }) => `${scope} ${path}`,
    );
    expect(paths).toEqual([
      'managed /etc/claude-code/managed-settings.json',
      'managed /etc/claude-code/managed-settings.d',
      ...[work, join(repo, 'src'), repo].flatMap((dir) => [
        `local ${dir}/.claude/settings.local.json`,
        `project ${dir}/.claude/settings.json`,
      ]),
      'user /h/.claude/settings.json',
    ]);
    expect(settingsFiles('/', '/', { HOME: '/h', CLAUDE_CONFIG_DIR: '/c' }).at(-1)?.path).toBe(
      '/c/settings.json',
    );
  });
});
