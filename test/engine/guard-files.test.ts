import { describe, expect, test } from 'vitest';
import { builtInPacks, callOf, judge, policyOf } from '../policies-in-force.ts';
import type { World } from '../shell/pretend.ts';

const policy = policyOf(builtInPacks.filter(({ pack }) => pack.pack === 'blastguard'));
const home = '/home/dev/.claude/settings.json';
const entry = { type: 'command', command: '/opt/blastguard/hooks/blastguard-hook', args: [] };
const settings = { model: 'x', hooks: { PreToolUse: [{ matcher: '*', hooks: [entry] }] } };
const world: World = { files: { [home]: JSON.stringify(settings) } };

const verdictOf = (tool: string, input: Record<string, unknown>) =>
  judge({ ...callOf('', tool), input }, policy, world).decision.verdict;
const write = (content: unknown, path = home) =>
  verdictOf('Write', {
    file_path: path,
    content: typeof content === 'string' ? content : JSON.stringify(content),
  });
const edit = (from: string, to: string, all = false) =>
  verdictOf('Edit', { file_path: home, old_string: from, new_string: to, replace_all: all });
const run = (command: string) => verdictOf('Bash', { command });

describe('edits of a settings file', () => {
  test.each<[what: string, verdict: 'pass' | 'deny', act: () => string]>([
    ['the same content', 'pass', () => write(settings)],
    ['another setting beside', 'pass', () => write({ ...settings, permissions: { allow: ['Bash(ls)'] } })],
    ['another hook beside', 'pass', () => write({ ...settings, hooks: { ...settings.hooks, Stop: [] } })],
    ['an edit of another setting', 'pass', () => edit('"model":"x"', '"model":"y"')],
    ['the hook removed', 'deny', () => write({ model: 'x' })],
    ['an empty file', 'deny', () => write('')],
    ['broken JSON', 'deny', () => write('{"hooks":')],
    ['a list', 'deny', () => write([])],
    ['disableAllHooks', 'deny', () => write({ ...settings, disableAllHooks: true })],
    [
      'another matcher',
      'deny',
      () => write({ hooks: { PreToolUse: [{ matcher: 'Read', hooks: [entry] }] } }),
    ],
    ['another event', 'deny', () => write({ hooks: { Stop: [{ matcher: '*', hooks: [entry] }] } })],
    [
      'other arguments',
      'deny',
      () => write({ hooks: { PreToolUse: [{ matcher: '*', hooks: [{ ...entry, args: ['x'] }] }] } }),
    ],
    ['a variable of the guard', 'deny', () => write({ ...settings, env: { BLASTGUARD_STATE_DIR: '/tmp' } })],
    ['another home', 'deny', () => write({ ...settings, env: { HOME: '/tmp' } })],
    ['a harmless variable', 'pass', () => write({ ...settings, env: { EDITOR: 'vi' } })],
    ['an edit that takes the hook away', 'deny', () => edit('blastguard', 'true')],
    ['an edit that breaks the JSON', 'deny', () => edit('{"model"', '"model"')],
    ['an edit that adds disableAllHooks', 'deny', () => edit('"model":"x"', '"disableAllHooks":true')],
    ['an edit of all places', 'deny', () => edit('hooks', 'hook', true)],
    [
      'settings of a project, which are new',
      'pass',
      () => write({ model: 'x' }, '/home/dev/project/.claude/settings.json'),
    ],
    [
      'settings of any project that disable hooks',
      'deny',
      () => write({ disableAllHooks: true }, '/srv/app/.claude/settings.local.json'),
    ],
    ['another file of that directory', 'pass', () => write('text', '/home/dev/.claude/notes.md')],
  ])('%s: %s', (_what, verdict, act) => {
    expect(act()).toBe(verdict);
  });
});

describe('commands on files of the guard', () => {
  test.each([
    'rm ~/.claude/settings.json',
    'rm -rf ~/.claude',
    'rm -rf /home/dev/.claude/*',
    'echo {} > ~/.claude/settings.json',
    'echo {} | tee ~/.claude/settings.json',
    'cp /tmp/x ~/.claude/settings.json',
    'mv ~/.claude ~/.claude-old',
    'sed -i s/blastguard// ~/.claude/settings.json',
    'cd ~/.claude && truncate -s 0 settings.json',
    'f=settings.json; rm ~/.claude/$f',
    'sudo sh -c "rm /home/dev/.claude/settings.json"',
    'rm -rf /opt/blastguard',
    'chmod -x /opt/blastguard/dist/hook.cjs',
    'rm ~/.local/state/blastguard/audit.jsonl',
    'find ~/.claude -name "settings*" -delete',
    'git checkout -- .claude/settings.json',
    'dd if=/dev/zero of=/opt/blastguard/dist/hook.cjs',
    'rm .claude-stop',
    'rm ../.claude-stop',
  ])('%s: deny', (command) => {
    expect(run(command)).toBe('deny');
  });

  test.each([
    'cat ~/.claude/settings.json',
    'ls -la ~/.claude /opt/blastguard',
    'cp ~/.claude/settings.json /tmp/copy.json',
    'rm ~/.claude/notes.md',
    'grep -n hook ~/.claude/settings.json > /tmp/out',
    'echo "rm ~/.claude/settings.json"',
    'rm -rf build',
  ])('%s: pass', (command) => {
    expect(run(command)).toBe('pass');
  });
});
