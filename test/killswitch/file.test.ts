import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readSwitch, switchPaths } from '../../src/killswitch/file.ts';

let top = '';
let home = '';
let project = '';
let cwd = '';
beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'blastguard-switch-')));
  home = join(top, 'home');
  project = join(top, 'work', 'project');
  cwd = join(project, 'src', 'deep');
  mkdirSync(home);
  mkdirSync(cwd, { recursive: true });
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

const where = () => ({ cwd, projectDir: project, home });
const at = (dir: string) => join(dir, '.claude-stop');

describe('where a switch halts', () => {
  test.each<[string, () => string, boolean]>([
    ['nowhere', () => '', false],
    ['in the directory of the call', () => cwd, true],
    ['in a directory above it', () => join(project, 'src'), true],
    ['in the project root', () => project, true],
    ['at home', () => home, true],
    ['above the project root', () => join(top, 'work'), false],
    ['in another directory of the project', () => join(project, 'other'), false],
  ])('%s: %s', (_, dir, thrown) => {
    mkdirSync(join(project, 'other'));
    if (dir() !== '') writeFileSync(at(dir()), 'why');
    expect(readSwitch(where())).toMatchObject(
      thrown ? { thrown, file: at(dir()), reason: 'why' } : { thrown },
    );
  });

  test('outside the project every directory above counts, and the project root too', () => {
    const outside = { ...where(), cwd: join(top, 'other', 'place') };
    expect(switchPaths(outside)).toEqual([
      ...['other/place', 'other', ''].map((dir) => at(join(top, dir))),
      ...switchPaths({ cwd: join(top, '..'), projectDir: '/', home: undefined }),
      at(project),
      at(home),
    ]);
    writeFileSync(at(top), 'why');
    expect(readSwitch(outside).thrown).toBe(true);
  });

  test('a directory whose name only begins like the project is outside', () => {
    const beside = `${project}-2`;
    expect(switchPaths({ cwd: beside, projectDir: project, home: undefined })).toContain(
      at(join(top, 'work')),
    );
  });

  test.each(['', 'relative/path'])('a directory that is not absolute (%j) counts as halted', (dir) => {
    expect(readSwitch({ cwd: dir, projectDir: project, home })).toMatchObject({ thrown: true });
  });

  test('a directory that is gone, and one below a file, are not halted', () => {
    writeFileSync(join(project, 'file'), '');
    expect(readSwitch({ ...where(), cwd: join(project, 'gone', 'too') }).thrown).toBe(false);
    expect(readSwitch({ ...where(), cwd: join(project, 'file', 'below') }).thrown).toBe(false);
  });
});

describe('what the file says', () => {
  test.each<[string, string | Buffer, object]>([
    [
      'what `stop` writes',
      '{"reason":"bad deploy","by":"me@host","at":"2026-11-20T10:00:00Z"}',
      { reason: 'bad deploy', by: 'me@host', at: '2026-11-20T10:00:00Z' },
    ],
    ["a person's own words", 'bad deploy\n', { reason: 'bad deploy' }],
    ['nothing', '', { reason: 'no reason given' }],
    ['blanks', ' \n', { reason: 'no reason given' }],
    ['broken JSON', '{"reason":', { reason: '{"reason":' }],
    ['JSON of other types', '{"reason":1,"by":[]}', { reason: 'no reason given' }],
    ['another JSON value', '[1]', { reason: '[1]' }],
    ['bytes that are no text', Buffer.from([0xff, 0xfe]), { reason: '\ufffd\ufffd' }],
  ])('%s', (_, content, expected) => {
    writeFileSync(at(cwd), content);
    expect(readSwitch(where())).toEqual({ thrown: true, file: at(cwd), ...expected });
  });

  test('of a huge file only the beginning', () => {
    writeFileSync(at(cwd), 'x'.repeat(1_000_000));
    expect(readSwitch(where())).toMatchObject({ thrown: true, reason: 'x'.repeat(64 * 1024) });
  });
});

describe('a switch that cannot be read counts as thrown', () => {
  test.each<[string, (file: string) => void, RegExp]>([
    ['a dangling link', (file) => symlinkSync('/no/such/file', file), /ENOENT/],
    ['a link to itself', (file) => symlinkSync(file, file), /ELOOP/],
    ['a directory', (file) => mkdirSync(file), /not a regular file/],
    ['a FIFO', (file) => spawnSync('/usr/bin/env', ['mkfifo', file]), /not a regular file/],
    ['a link to a device', (file) => symlinkSync('/dev/zero', file), /not a regular file/],
  ])('%s', (_, make, fault) => {
    make(at(cwd));
    expect(readSwitch(where())).toEqual({
      thrown: true,
      file: at(cwd),
      reason: 'the switch cannot be read',
      fault: expect.stringMatching(fault),
    });
  });

  test.skipIf(process.getuid?.() === 0)(
    'a directory that may not be searched, a file that may not be read',
    () => {
      writeFileSync(at(cwd), 'x', { mode: 0 });
      expect(readSwitch(where())).toMatchObject({ thrown: true, fault: expect.stringMatching(/EACCES/) });
      rmSync(at(cwd));
      chmodSync(cwd, 0);
      expect(readSwitch(where())).toMatchObject({ thrown: true, fault: expect.stringMatching(/EACCES/) });
      chmodSync(cwd, 0o755);
    },
  );

  test('a path that is too long', () => {
    const long = { ...where(), cwd: join(project, 'x'.repeat(300)) };
    expect(readSwitch(long)).toMatchObject({ thrown: true, fault: expect.stringMatching(/ENAMETOOLONG/) });
  });
});
