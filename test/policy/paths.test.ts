import { describe, expect, test } from 'vitest';
import { known, type Word } from '../../src/model/word.ts';
import { absolute, placesOf } from '../../src/policy/paths.ts';
import { pretend, type World } from '../shell/pretend.ts';

const places = (path: string | Word, world: World = {}, cwd: string | undefined = '/home/dev/project') =>
  placesOf(typeof path === 'string' ? known(path) : path, cwd, pretend(world))?.map((set) =>
    [...set].sort().join(' '),
  );

describe('the places that a path lies in', () => {
  test.each<[path: string, places: string]>([
    ['/', 'home outside root workspace'],
    ['/*', 'home outside root several workspace'],
    ['/etc', 'outside root'],
    ['/usr/lib/x', 'outside root'],
    ['~', 'home outside workspace'],
    ['~/', 'home outside workspace'],
    ['/home', 'home outside root workspace'],
    ['/home/other', 'home outside'],
    ['~/Documents', 'outside'],
    ['/root', 'home outside root'],
    ['.', 'outside workspace'],
    ['/home/dev/project', 'outside workspace'],
    ['src', 'inside-workspace'],
    ['./src/../src/x', 'inside-workspace'],
    ['../project/src', 'inside-workspace'],
    ['../other', 'outside'],
    ['node_modules', 'generated inside-workspace'],
    ['packages/a/dist', 'generated inside-workspace'],
    ['/srv/app/dist', 'outside'],
    ['/srv/app/node_modules', 'generated outside'],
    ['.git', 'inside-workspace version-control'],
    ['/srv/app/.git/hooks', 'outside version-control'],
    ['/tmp', 'outside root'],
    ['/tmp/x', 'temporary'],
    ['/tmp/../etc', 'outside root'],
    ['/dev/sda', 'device outside root'],
    ['/dev/null', 'outside root'],
    ['C:\\Windows', 'outside root'],
  ])('%s: %s', (path, expected) => {
    const [found] = places(path) ?? [];
    expect(found).toBe(expected);
  });

  test('links are followed in directories', () => {
    expect(places('build/x', { links: { '/home/dev/project/build': '/etc' } })).toEqual(['outside root']);
  });

  test('a link itself is what a command acts on', () => {
    expect(places('build', { links: { '/home/dev/project/build': '/etc' } })).toEqual([
      'generated inside-workspace',
    ]);
  });

  test('a hole may be nothing or a name', () => {
    const word: Word = { kind: 'unknown', pieces: ['/tmp/', null], many: false, options: false, why: '' };
    expect(places(word)).toEqual(['outside root', 'temporary']);
  });

  test('a path that starts with a hole may be anywhere', () => {
    expect(
      places({ kind: 'unknown', pieces: [null, '/x'], many: false, options: false, why: '' }),
    ).toBeUndefined();
  });

  test('a relative path in a directory that is not known may be anywhere', () => {
    expect(placesOf(known('x'), undefined, pretend())).toBeUndefined();
  });

  test.each<[text: string, path: string | undefined]>([
    ['a//b/./c/..', '/home/dev/project/a/b'],
    ['/../x', '/x'],
    ['~/x', '/home/dev/x'],
    ['~other', '/home/dev/project/~other'],
  ])('%s is %s', (text, path) => {
    expect(absolute(text, '/home/dev/project', pretend())).toBe(path);
  });
});
