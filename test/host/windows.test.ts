import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { decide } from '../../src/engine/decide.ts';
import { stateDir } from '../../src/host/places.ts';
import { windowsFacts } from '../../src/host/windows-facts.ts';
import type { Facts } from '../../src/model/facts.ts';
import { isWindowsPath, nativePath, slashedPath, withDrive } from '../../src/model/windows-path.ts';
import { openPolicy } from '../../src/policy/store.ts';
import { readCommands } from '../../src/shell/read.ts';
import { root } from '../golden/play.ts';

describe('paths of Windows', () => {
  test.each([
    ['C:\\Users\\me', '/C:/Users/me'],
    ['c:/Users/me', '/C:/Users/me'],
    ['C:', '/C:'],
    ['\\\\server\\share\\a b', '/server/share/a b'],
    ['\\\\?\\C:\\Users', '/C:/Users'],
    ['\\\\?\\UNC\\server\\share', '/server/share'],
    ['/home/me', '/home/me'],
    ['src\\a.ts', 'src\\a.ts'],
    ['C:relative', 'C:relative'],
  ])('%s is %s', (path, slashed) => {
    expect(slashedPath(path)).toBe(slashed);
    expect(isWindowsPath(path)).toBe(slashed !== path);
  });

  test.each([
    ['/c/Users', '/C:/Users'],
    ['/cygdrive/d', '/D:'],
    ['/mnt/c/x', '/C:/x'],
    ['/usr/bin', '/usr/bin'],
    ['/C:/x', '/C:/x'],
  ])('of Git Bash: %s is %s', (path, expected) => {
    expect(withDrive(path)).toBe(expected);
  });

  test.each([
    ['/C:/Users/me', 'C:\\Users\\me'],
    ['/c/Users/me', 'C:\\Users\\me'],
    ['/C:', 'C:\\'],
    ['/tmp/x', '/tmp/x'],
    ['C:\\Users', 'C:\\Users'],
  ])('of the engine: %s is %s', (path, expected) => {
    expect(nativePath(path)).toBe(expected);
  });
});

/** A machine of which only Windows's own spellings are known. */
const files = new Map([
  [
    'C:\\Users\\me\\project\\.claude\\settings.json',
    '{"hooks":{"PreToolUse":[{"hooks":[{"command":"blastguard-hook"}]}]}}',
  ],
  [
    'C:\\Users\\me\\project\\.codex\\hooks.json',
    '{"hooks":{"PreToolUse":[{"hooks":[{"command":"blastguard-hook"}]}]}}',
  ],
  ['C:\\Users\\me\\project\\down.sh', 'terraform destroy\n'],
]);
const machine: Facts = windowsFacts({
  cwd: 'C:\\Users\\me\\project',
  projectDir: 'C:\\Users\\me\\project',
  home: 'C:\\Users\\me',
  temporaryDirs: ['C:\\Users\\me\\AppData\\Local\\Temp'],
  environment: {},
  ignoresCase: false,
  guard: {
    settings: ['C:\\Users\\me\\.claude\\settings.json', 'C:\\Users\\me\\project\\.claude\\settings.json'],
    program: ['C:\\Users\\me\\AppData\\Roaming\\npm\\node_modules\\blastguard\\dist'],
    state: ['C:\\Users\\me\\AppData\\Local\\blastguard\\state'],
    switchName: '.claude-stop',
  },
  realPath: (path) => path,
  readText: (path) => files.get(path),
  isDirectory: (path) => [...files.keys()].some((file) => file.startsWith(`${path}\\`)),
  list: () => [],
});

const bytes = readFileSync(join(root, 'dist/policy.dat'));
const policy = openPolicy(bytes.toString('utf8', 0, bytes.indexOf(0x0a)), bytes.length, (offset, length) =>
  bytes.toString('utf8', offset, offset + length),
);
const readers = {
  languages: () => {
    throw new Error('no other language is in these lines');
  },
  formats: () => {
    throw new Error('no other format is in these lines');
  },
};

function verdictOf(tool: string, input: object): string {
  const call = {
    event: 'PreToolUse',
    tool,
    input: { ...input },
    cwd: machine.cwd,
    permissionMode: 'auto',
    sessionId: 's',
  };
  return decide(call, {
    policy,
    facts: machine,
    read: ({ text, language }) => readCommands(text, language, machine, () => {}, readers),
    onUncertain: 'ask',
    checkTime: () => {},
  }).verdict;
}

describe('on Windows, Git Bash', () => {
  test.each([
    ['deny', 'terraform.exe destroy'],
    ['deny', '"/c/Program Files/Terraform/TERRAFORM.EXE" destroy'],
    ['deny', 'cmd //c "terraform destroy"'],
    ['deny', 'powershell.exe -Command "terraform destroy"'],
    ['deny', 'rm -rf /c/Users/me'],
    ['deny', "rm -rf 'C:\\Users\\me\\Documents'"],
    ['deny', 'rm -rf ../..'],
    ['deny', 'rm .claude/settings.json'],
    ['deny', 'rm /c/Users/me/project/.claude/settings.json'],
    ['deny', 'rm -rf .codex'],
    ['deny', 'rm -rf ~/AppData/Local/blastguard'],
    ['deny', 'echo x > "$HOME/AppData/Roaming/npm/node_modules/blastguard/dist/hook.cjs"'],
    ['deny', 'bash down.sh'],
    ['deny', 'cd /c/Users/me/project && bash ./down.sh'],
    ['pass', 'rm -rf ./build node_modules'],
    ['pass', 'rm -rf /c/Users/me/project/dist'],
    ['pass', "rm -rf 'C:\\Users\\me\\project\\dist'"],
    ['pass', 'rm -rf /c/Users/me/AppData/Local/Temp/x'],
    ['pass', 'git status'],
  ])('%s: %s', (verdict, command) => {
    expect(verdictOf('Bash', { command })).toBe(verdict);
  });
});

describe('on Windows, PowerShell', () => {
  test.each([
    ['deny', 'terraform destroy'],
    ['deny', '& "C:\\Program Files\\terraform.exe" destroy'],
    ['deny', 'Remove-Item -Recurse -Force C:\\Users\\me'],
    ['deny', 'Remove-Item -Recurse -Force \\\\server\\share\\data'],
    ['deny', 'Remove-Item .claude\\settings.json'],
    ['deny', 'Set-Content C:\\Users\\me\\project\\.claude\\settings.json "{}"'],
    ['pass', 'Remove-Item -Recurse -Force .\\build'],
    ['pass', 'Get-ChildItem C:\\Users\\me'],
  ])('%s: %s', (verdict, command) => {
    expect(verdictOf('PowerShell', { command })).toBe(verdict);
  });
});

describe('on Windows, files', () => {
  test.each([
    ['deny', 'C:\\Users\\me\\project\\.claude\\settings.json'],
    ['deny', 'c:/Users/me/project/.claude/settings.json'],
    ['deny', 'C:\\Users\\me\\project\\.codex\\hooks.json'],
    ['deny', 'C:\\Users\\me\\AppData\\Local\\blastguard\\state\\log\\x.jsonl'],
    ['pass', 'C:\\Users\\me\\project\\src\\a.ts'],
  ])('%s: %s', (verdict, path) => {
    expect(verdictOf('Write', { file_path: path, content: 'x' })).toBe(verdict);
  });
});

describe('the state directory on Windows', () => {
  const platform = Object.getOwnPropertyDescriptor(process, 'platform');
  afterEach(() => Object.defineProperty(process, 'platform', platform ?? {}));

  test.each([
    [{ LOCALAPPDATA: 'C:\\Users\\me\\AppData\\Local' }, 'C:\\Users\\me\\AppData\\Local\\blastguard\\state'],
    [{ LOCALAPPDATA: 'relative', USERPROFILE: '/home/me' }, '/home/me/.local/state/blastguard'],
  ])('%j', (env, expected) => {
    Object.defineProperty(process, 'platform', { value: 'win32' });
    expect(stateDir(env)).toBe(expected);
  });
});
