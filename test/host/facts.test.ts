import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { gatherFacts } from '../../src/host/facts.ts';
import type { Call } from '../../src/model/call.ts';

const top = realpathSync(mkdtempSync(join(tmpdir(), 'blastguard-facts-')));
const home = join(top, 'home');
const project = join(top, 'project');
const cwd = join(project, 'src');
for (const dir of [home, join(project, '.git'), join(cwd, 'sub')]) mkdirSync(dir, { recursive: true });
afterAll(() => rmSync(top, { recursive: true, force: true }));

const call: Call = {
  event: 'PreToolUse',
  tool: 'Bash',
  input: {},
  cwd,
  permissionMode: 'default',
  sessionId: 's',
};
const facts = gatherFacts(call, { HOME: home, TMPDIR: join(top, 'tmp') });

describe('what a call stands on', () => {
  test('directory, project, home, temporary directories', () => {
    expect(facts).toMatchObject({ cwd, projectDir: project, home });
    const places = [join(top, 'tmp'), realpathSync('/tmp'), realpathSync('/var/tmp')];
    expect(facts.temporaryDirs.slice(0, 3)).toEqual(places);
  });

  test("blastguard's own places", () => {
    const root = resolve(import.meta.dirname, '../..');
    expect(facts.guard.program).toEqual(
      expect.arrayContaining(['dist', 'hooks', 'policies'].map((dir) => join(root, dir))),
    );
    expect(facts.guard.state).toEqual([
      join(home, '.local/state/blastguard'),
      join(home, '.config/blastguard'),
    ]);
    expect(facts.guard.settings).toContain(join(project, '.claude/settings.json'));
    expect(facts.guard.switchName).toBe('.claude-stop');
  });

  test('a settings directory that is a link is guarded by both its names', () => {
    const linked = join(top, 'linked');
    mkdirSync(join(top, 'dotfiles'));
    mkdirSync(linked);
    symlinkSync(join(top, 'dotfiles'), join(linked, '.claude'));
    const { settings } = gatherFacts({ ...call, cwd: linked }, { HOME: home }).guard;
    expect(settings).toContain(join(linked, '.claude/settings.json'));
    expect(settings).toContain(join(top, 'dotfiles/settings.json'));
  });

  test('a fact that nobody asks for is not looked up, and one that is missing throws nowhere', () => {
    const env = {
      get HOME(): string {
        throw new Error('asked');
      },
    };
    const lazy = gatherFacts(call, env);
    expect(lazy.cwd).toBe(cwd);
    expect(() => lazy.home).toThrow('asked');
    expect(gatherFacts(call, { HOME: home, BLASTGUARD_STATE_DIR: 'relative' }).guard.state).toHaveLength(1);
  });
});

describe('realPath', () => {
  symlinkSync('sub', join(cwd, 'link'));
  symlinkSync(join(home, 'new', 'file'), join(cwd, 'dangling'));
  symlinkSync('loop', join(cwd, 'loop'));
  symlinkSync('/no/such/place/x', join(cwd, 'nowhere'));

  test.each([
    ['a directory', cwd, cwd],
    ['a link', join(cwd, 'link'), join(cwd, 'sub')],
    ['below a link, missing', `${cwd}/link/a/b`, `${cwd}/sub/a/b`],
    ['`..` after a link goes up from its target', `${cwd}/link/../x`, `${cwd}/x`],
    ['`..` below a missing directory', `${cwd}/gone/../x`, `${cwd}/x`],
    ['a dangling link: what a write would make', `${cwd}/dangling`, `${home}/new/file`],
    ['a link into nothing', `${cwd}/nowhere/y`, '/no/such/place/x/y'],
    ['a link to itself', `${cwd}/loop`, `${cwd}/loop`],
    ['a relative path', 'link/f', `${cwd}/sub/f`],
    ['dots and slashes', `${cwd}//./link///f/.`, `${cwd}/sub/f`],
    ['the root', '/', '/'],
    ['above the root', '/../../etc', realpathSync('/etc')],
  ])('of %s', (_, path, expected) => {
    expect(facts.realPath(path)).toBe(expected);
  });

  test.each(['a\0b', '', 'x/'.repeat(100_000), 'y'.repeat(5000)])('never throws (%#)', (path) => {
    expect(facts.realPath(path).startsWith('/')).toBe(true);
  });
});

describe('readText and isDirectory', () => {
  const file = (name: string, content: string | Buffer) => {
    writeFileSync(join(cwd, name), content);
    return join(cwd, name);
  };

  test.each<[string, () => string, string | undefined]>([
    ['a text', () => file('text', 'añb'), 'añb'],
    ['exactly the limit', () => file('ten', '0123456789'), '0123456789'],
    ['more than the limit', () => file('eleven', '0123456789a'), undefined],
    ['not UTF-8', () => file('latin', Buffer.from([0x61, 0xe9])), undefined],
    ['a directory', () => cwd, undefined],
    ['missing', () => join(cwd, 'missing'), undefined],
    ['a device', () => '/dev/zero', undefined],
    ['an impossible name', () => 'a\0b', undefined],
  ])('%s', (_, path, expected) => {
    expect(facts.readText(path(), 10)).toBe(expected);
  });

  test('a FIFO does not hold it up', () => {
    const fifo = join(cwd, 'fifo');
    spawnSync('/usr/bin/env', ['mkfifo', fifo]);
    expect(facts.readText(fifo, 10)).toBeUndefined();
  });

  test.runIf(process.platform === 'linux')('a file in /proc, which has no size', () => {
    expect(facts.readText('/proc/self/comm', 100)).toMatch(/\S/);
    expect(facts.readText('/proc/self/maps', 10)).toBeUndefined();
  });

  test('directories', () => {
    expect(
      [cwd, join(cwd, 'link'), join(cwd, 'text'), '/no/such', 'a\0b'].map((path) => facts.isDirectory(path)),
    ).toEqual([true, true, false, false, false]);
  });
});
