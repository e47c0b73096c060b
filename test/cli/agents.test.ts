import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { hookLine, runsHook } from '../../src/cli/agents/entry.ts';
import { agents } from '../../src/protocol/agents.ts';
import { makePlace, root } from '../golden/play.ts';

const place = makePlace();
afterAll(place.remove);
beforeEach(() => {
  rmSync(place.project, { recursive: true });
  mkdirSync(join(place.project, '.git'), { recursive: true });
});

function run(args: readonly string[], env: Record<string, string> = {}) {
  const { PATH = '', HOME = '', XDG_STATE_HOME = '' } = place.environment;
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'dist/cli.cjs'), ...args], {
    cwd: place.project,
    env: { PATH, HOME, XDG_STATE_HOME, NO_COLOR: '1', ...env },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const fileOf = (agent: string): string =>
  join(place.project, ...(agents.get(agent)?.registration.projectFile ?? []));
const read = (agent: string): string => readFileSync(fileOf(agent), 'utf8');
function put(agent: string, text: string): void {
  mkdirSync(dirname(fileOf(agent)), { recursive: true });
  writeFileSync(fileOf(agent), text);
}

describe.each([...agents.keys()])('init --agent %s', (agent) => {
  test('registers, proves itself, and is taken out without a trace', () => {
    const shown = run(['init', '--agent', agent, '--dry-run']);
    expect([shown.status, existsSync(fileOf(agent))]).toEqual([0, false]);
    // The standalone binary, where there is one of this build.
    expect(shown.stdout).toMatch(/hook\.cjs|artifacts\/blastguard-/);
    const made = run(['init', '--agent', agent]);
    expect({ status: made.status, stderr: made.stderr }).toEqual({ status: 0, stderr: '' });
    expect(made.stdout).toMatch(/^registered: .*\nproven: `terraform destroy` denied in \d+ ms, `ls` passed/);
    const text = read(agent);
    expect(run(['init', '--agent', agent]).stdout).toMatch(/^already registered/);
    expect(read(agent)).toBe(text);
    expect(run(['uninstall', '--agent', agent, '--yes']).stdout).toMatch(/^removed from /);
    expect(existsSync(fileOf(agent))).toBe(false);
  });

  test('a person alone takes it out', () => {
    run(['init', '--agent', agent]);
    expect(run(['uninstall', '--agent', agent, '--yes'], { GEMINI_CLI: '1' }).status).toBe(1);
    expect(existsSync(fileOf(agent))).toBe(true);
  });
});

const shared = [...agents].filter(([, { registration }]) => registration.shape.kind !== 'plugin');

describe.each(shared)('the configuration of others, %s', (agent, { registration: { shape } }) => {
  const event =
    shape.kind === 'groups'
      ? (Object.keys(shape.events)[0] ?? '')
      : shape.kind === 'list'
        ? shape.events[0]
        : '';
  const other =
    shape.kind === 'groups'
      ? { matcher: 'x', hooks: [{ type: 'command', command: 'lint' }] }
      : { command: 'lint' };
  const before = `// kept\n{\n\t"theme": "dark",\n\t"hooks": { "${event}": [${JSON.stringify(other)}] }\n}\n`;

  test('stays as it is, comments included', () => {
    put(agent, before);
    expect(run(['init', '--agent', agent]).status).toBe(0);
    expect(read(agent)).toMatch(/^\/\/ kept\n\{\n\t"theme": "dark"/);
    expect(read(agent)).toContain('lint');
    run(['uninstall', '--agent', agent, '--yes']);
    expect(read(agent)).toBe(before);
  });

  test('stays as it is when it changed in between', () => {
    put(agent, before);
    run(['init', '--agent', agent]);
    put(agent, read(agent).replace('dark', 'light'));
    run(['uninstall', '--agent', agent, '--yes']);
    expect(read(agent)).toContain('"theme": "light"');
    expect(read(agent)).toContain('lint');
    expect(read(agent)).not.toMatch(/hook\.cjs|artifacts\/blastguard-/);
  });

  test('an entry of an older installation is replaced', () => {
    const line = "/old/hooks/blastguard-hook /old/node '/old dir/dist/hook.cjs' ";
    put(agent, before.replaceAll('"lint"', JSON.stringify(`${line}${agent}`)));
    expect(run(['init', '--agent', agent]).status).toBe(0);
    expect(read(agent)).not.toContain('/old/');
  });

  test('with a fault in it is left alone, and the fault named', () => {
    put(agent, '{"hooks": {');
    const { status, stderr } = run(['init', '--agent', agent]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/:1:\d+: close brace expected/);
    expect(read(agent)).toBe('{"hooks": {');
  });
});

test('the home directory, and where a variable moves it', () => {
  run(['init', '--agent', 'windsurf', '--user']);
  expect(existsSync(join(place.home, '.codeium/windsurf/hooks.json'))).toBe(true);
  const moved = join(place.home, 'codex');
  expect(run(['init', '--agent', 'codex', '--user'], { CODEX_HOME: moved }).status).toBe(0);
  expect(existsSync(join(moved, 'hooks.json'))).toBe(true);
});

test.each([
  [
    ['init', '--agent', 'gemni'],
    /no agent is called `gemni` \(did you mean `gemini`\?\); there are codex, copilot/,
  ],
  [['init', '--agent', 'codex', '--managed'], /--managed is for Claude Code alone/],
])('%j is a usage error', (args, message) => {
  const { status, stderr } = run(args);
  expect(status).toBe(64);
  expect(stderr).toMatch(message);
});

describe('the line that starts the hook', () => {
  const argv = ['C:\\Program Files\\nodejs\\node.exe', "C:\\Users\\O'Neil\\dist\\hook.cjs", 'codex'];
  test.each([
    ['win32', `"C:\\Program Files\\nodejs\\node.exe" "C:\\Users\\O'Neil\\dist\\hook.cjs" codex`],
    ['linux', `'C:\\Program Files\\nodejs\\node.exe' 'C:\\Users\\O'\\''Neil\\dist\\hook.cjs' codex`],
  ])('on %s', (platform, line) => {
    expect(hookLine(argv, platform)).toBe(line);
    expect(runsHook({ hooks: [{ command: line }] }, 'codex')).toBe(true);
    expect(runsHook({ hooks: [{ command: line }] }, 'cursor')).toBe(false);
  });
});
