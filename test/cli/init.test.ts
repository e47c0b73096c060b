import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GOOD_HOOK, install } from './installed.ts';

const installed = install();
const { home, project, run } = installed;
const dir = join(project, '.claude');
const file = join(dir, 'settings.json');
const hook = join(installed.package, 'dist/hook.cjs');
const launcher = join(installed.package, 'hooks/blastguard-hook');

beforeEach(() => writeFileSync(hook, GOOD_HOOK));
afterEach(() => {
  for (const each of [dir, join(home, '.claude'), installed.state])
    rmSync(each, { recursive: true, force: true });
});
afterAll(installed.remove);

const put = (text: string, path = file) => {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
};
const read = (path = file) => readFileSync(path, 'utf8');

const entry = {
  type: 'command',
  command: launcher,
  args: [process.execPath, hook],
  timeout: 10,
  onFailure: 'block',
  statusMessage: 'blastguard',
};
const { onFailure: _, ...recorded } = entry;
const beside = [{ hooks: [{ ...recorded, async: true }] }];
const hooks = {
  PreToolUse: [{ matcher: '*', hooks: [entry] }],
  UserPromptSubmit: [{ hooks: [entry] }],
  PostToolUse: beside,
  PostToolUseFailure: beside,
  PermissionDenied: beside,
  SessionStart: beside,
  SessionEnd: [{ hooks: [recorded] }],
  ConfigChange: beside,
};

describe('blastguard init', () => {
  test('makes the settings of the project, and proves itself', () => {
    const { status, stdout } = run(['init']);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^registered: .*settings\.json \(project\)\nproven: `terraform destroy` denied in \d+ ms, `ls` passed in \d+ ms\n/,
    );
    expect(JSON.parse(read())).toEqual({ hooks });
    expect(readdirSync(dir)).toEqual(['settings.json']);
  });

  test('forgets the code that was kept, which may be damaged', () => {
    put('damaged', join(installed.state, 'code/core.cjs-x'));
    expect(run(['init']).status).toBe(0);
    expect(existsSync(join(installed.state, 'code'))).toBe(false);
  });

  test('again changes nothing and proves itself again', () => {
    run(['init']);
    const { mtimeMs, ino } = statSync(file);
    const { status, stdout } = run(['init']);
    expect({ status, stdout }).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^already registered: [\s\S]*proven: /),
    });
    expect(statSync(file)).toMatchObject({ mtimeMs, ino });
  });

  test.each<[string, string]>([
    ['--user', join(home, '.claude/settings.json')],
    ['--local', join(dir, 'settings.local.json')],
  ])('%s writes to %s', (option, path) => {
    expect(run(['init', option]).status).toBe(0);
    expect(JSON.parse(read(path))).toEqual({ hooks });
  });

  test('--project names another project; from below a project its root is meant', () => {
    const below = join(project, 'src');
    mkdirSync(below, { recursive: true });
    run(['init'], { cwd: below });
    expect(existsSync(file)).toBe(true);
    run(['init', '--project', below]);
    expect(existsSync(join(below, '.claude/settings.json'))).toBe(true);
    rmSync(below, { recursive: true });
  });

  test('--managed means the settings of the machine', () => {
    const { status, stdout } = run(['init', '--managed', '--dry-run']);
    expect({ status, stdout }).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('+++ /etc/claude-code/managed-settings.d/blastguard.json\n'),
    });
  });

  test('--dry-run shows a unified diff and touches nothing', () => {
    put('{\n  "model": "x"\n}\n');
    const { status, stdout } = run(['init', '--dry-run']);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      new RegExp(
        `^--- ${file}\n\\+\\+\\+ ${file}\n@@ -1,3 \\+1,\\d+ @@\n {\n-  "model": "x"\n\\+  "model": "x",\n`,
      ),
    );
    expect(read()).toBe('{\n  "model": "x"\n}\n');
    expect(existsSync(installed.state)).toBe(false);
  });

  test('--json answers programs', () => {
    expect(JSON.parse(run(['init', '--json']).stdout)).toEqual({
      scope: 'project',
      file,
      state: 'registered',
      proof: { deny: expect.any(Number), pass: expect.any(Number) },
    });
  });

  test('puts a moved installation right', () => {
    put(JSON.stringify({ hooks }).replaceAll(installed.package, '/gone'));
    expect(run(['init']).stdout).toMatch(/^updated: /);
    expect(JSON.parse(read())).toEqual({ hooks });
  });

  test('keeps mode and link of the file', () => {
    const real = join(home, 'dotfiles.json');
    put('{}', real);
    chmodSync(real, 0o600);
    mkdirSync(dir);
    symlinkSync(real, file);
    run(['init']);
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(statSync(real).mode & 0o777).toBe(0o600);
    expect(JSON.parse(read(real))).toEqual({ hooks });
    rmSync(real);
  });

  test.each<[string, string, RegExp]>([
    ['does not parse', '{\n  "model": x\n}\n', /settings\.json:2:12: invalid symbol/],
    ['is empty', '', /settings\.json:1:1: value expected/],
    ['has comments', '{ // note\n}', /settings\.json:1:3: invalid comment token/],
    ['switches hooks off', '{"disableAllHooks":true}', /`disableAllHooks` is true.*remove it/],
    [
      'would be dropped whole',
      '{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"x","timeout":"5"}]}]}}',
      /hooks\.Stop\[0\]\.hooks\[0\]\.timeout: .*drops the whole file; correct it/,
    ],
    ['is no object', '[]', /not a JSON object/],
  ])('refuses a file that %s, and leaves it alone', (_, text, reason) => {
    put(text);
    for (const args of [['init'], ['init', '--dry-run']]) {
      expect(run(args)).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(reason) });
    }
    expect(read()).toBe(text);
  });

  test.each<[string, string, RegExp]>([
    ['lets everything pass', 'process.exitCode = 100', /let `terraform destroy` pass/],
    ['is empty', '', /failed with status 2: .*is not the hook/],
    ['denies everything', GOOD_HOOK.replace('/terraform destroy/', '/./'), /not silent about `ls`/],
    ['answers otherwise', 'console.log("hello"); process.exitCode = 100', /is no denial: hello/],
    ['crashes', 'throw new Error("broken")', /failed with status 2/],
  ])('with a hook that %s: fails, and takes the change back', (_, source, reason) => {
    writeFileSync(hook, source);
    expect(run(['init'])).toMatchObject({ status: 1, stderr: expect.stringMatching(reason) });
    expect(existsSync(dir)).toBe(false);
    put('{"a":1}');
    expect(run(['init'])).toMatchObject({ status: 1, stderr: expect.stringMatching(/is as it was/) });
    expect(read()).toBe('{"a":1}');
  });

  test('with a bundle that is missing: fails before it writes', () => {
    rmSync(hook);
    expect(run(['init'])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/installation is not complete/),
    });
    expect(existsSync(dir)).toBe(false);
  });

  test('with a launcher that may not be executed: fails, and takes the change back', () => {
    chmodSync(launcher, 0o644);
    expect(run(['init'])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/cannot be run: .*EACCES/),
    });
    chmodSync(launcher, 0o755);
    expect(existsSync(dir)).toBe(false);
  });

  test('a thrown switch does not spoil the proof', () => {
    writeFileSync(join(home, '.claude-stop'), 'x');
    expect(run(['init']).status).toBe(0);
    rmSync(join(home, '.claude-stop'));
  });
});

describe('blastguard uninstall', () => {
  test('gives back the file as it was, to the byte', () => {
    for (const text of [
      '{}',
      '{ "hooks" : {\n} , "a":[ 1 ]}',
      '\ufeff{"hooks":{"PreToolUse":[]}}\r\n',
      '{"a":1}\n\n',
    ]) {
      put(text);
      expect(run(['init']).status).toBe(0);
      expect(read()).not.toBe(text);
      expect(run(['uninstall', '--yes']).status).toBe(0);
      expect(read()).toBe(text);
    }
  });

  test('also after an update of a moved installation', () => {
    put('{"a" :1}');
    run(['init']);
    writeFileSync(file, read().replaceAll(installed.package, '/gone'));
    run(['init']);
    run(['uninstall', '--yes']);
    expect(JSON.parse(read())).toEqual({ a: 1 });
  });

  test('removes the file and the directory that init made', () => {
    run(['init']);
    expect(run(['uninstall', '--yes']).stdout).toMatch(/held nothing else and is gone/);
    expect(existsSync(dir)).toBe(false);
  });

  test('keeps what came after init', () => {
    run(['init']);
    const mine = { ...JSON.parse(read()), model: 'x' };
    mine.hooks.PreToolUse.push({ matcher: 'Bash', hooks: [{ type: 'command', command: 'lint' }] });
    put(JSON.stringify(mine, null, 2));
    writeFileSync(join(dir, 'notes'), '');
    expect(run(['uninstall', '--yes']).status).toBe(0);
    const rest = {
      hooks: { PreToolUse: [{ matcher: 'Bash', hooks: [{ type: 'command', command: 'lint' }] }] },
      model: 'x',
    };
    expect(JSON.parse(read())).toEqual(rest);
  });

  test('--dry-run shows the change and touches nothing', () => {
    run(['init']);
    const before = read();
    expect(run(['uninstall', '--dry-run']).stdout).toMatch(/^--- .*\n\+\+\+ .*\n@@ -1,\d+ \+0,0 @@\n-\{/);
    expect(read()).toBe(before);
  });

  test('where nothing is registered it says so', () => {
    expect(run(['uninstall', '--yes'])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^not registered in /),
    });
  });

  test.each<[readonly string[], Record<string, string>]>([
    [['uninstall', '--yes'], { CLAUDECODE: '1' }],
    [['uninstall'], {}],
  ])('%j is refused to what may be an agent (%j)', (args, env) => {
    run(['init']);
    const before = read();
    expect(run(args, { env })).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/only a person may take the hook out/),
    });
    expect(read()).toBe(before);
  });

  test('what people did is in the log', () => {
    run(['init']);
    run(['uninstall', '--yes']);
    const { stdout } = run(['log', '--json']);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).action),
    ).toEqual(['init', 'uninstall']);
  });
});

describe('blastguard status', () => {
  test('says where the hook is registered', () => {
    expect(run(['status']).stdout).toMatch(/hook +not registered: run `blastguard init`/);
    run(['init']);
    expect(run(['status']).stdout).toMatch(new RegExp(`hook +registered\n +project +${file}: registered\n`));
  });

  test.each<[string, (text: string) => string, RegExp]>([
    [
      'an installation that is gone',
      (text) => text.replaceAll(installed.package, '/gone'),
      /`\/gone\/hooks\/blastguard-hook` is missing/,
    ],
    [
      'hooks that are switched off',
      (text) => text.replace('{', '{"disableAllHooks":true,'),
      /`disableAllHooks` is true/,
    ],
    [
      'a file that would be dropped',
      (text) => text.replace('"timeout": 10', '"timeout": "10"'),
      /drops the whole file/,
    ],
    ['a file that does not parse', (text) => text.slice(0, -3), /settings\.json:\d+:\d+: /],
  ])('does not call %s registered', (_, change, problem) => {
    run(['init']);
    put(change(read()));
    const { stdout } = run(['status']);
    expect(stdout).toMatch(/hook +not registered/);
    expect(stdout).toMatch(problem);
  });
});
