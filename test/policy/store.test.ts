import { describe, expect, test } from 'vitest';
import { compilePolicy } from '../../src/policy/compile.ts';
import { loadPack } from '../../src/policy/load.ts';
import { encodePolicy, openPolicy } from '../../src/policy/store.ts';

const rule = (id: string, match: string) =>
  `  - {id: ${id}, title: T, severity: low, decision: deny, reason: Gründe, instead: I, examples: {}, ${match}}`;
const source = `pack: x
title: X
tools:
  - {programs: [tool, Other, K]}
rules:
${rule('x/a', 'match: [tool destroy]')}
${rule('x/b', 'match: [tool]')}
${rule('x/c', 'writes: [/etc/**]')}
`;
const text = encodePolicy(compilePolicy([loadPack('x.yaml', source)]), 'abc');
const bytes = Buffer.from(text);
const head = text.slice(0, text.indexOf('\n'));
const reads: [number, number][] = [];
const open = (line = head, size = bytes.length) =>
  openPolicy(line, size, (offset, length) => {
    reads.push([offset, length]);
    return bytes.toString('utf8', offset, offset + length);
  });

describe('a compiled policy', () => {
  test('says what it was made of', () => {
    expect(open()).toMatchObject({ digest: 'abc', rules: 3 });
  });

  test.each(['tool', 'TOOL', 'other', 'k', 'K'])('knows the tool as %s', (name) => {
    expect(
      open()
        .tool(name)
        ?.rules.map(({ id }) => id),
    ).toEqual(['x/a', 'x/b']);
  });

  test.each(['tools', 'constructor', '__proto__', 'toString', ''])('knows no tool `%s`', (name) => {
    expect(open().tool(name)).toBeUndefined();
  });

  test('holds the rules about files', () => {
    expect(
      open()
        .files('write')
        .map(({ id, writes }) => [id, writes]),
    ).toEqual([['x/c', [{ globs: ['/etc/**'] }]]]);
  });

  test('means, where the program is not known, rules that a word points at', () => {
    const pointed = (word: string) =>
      open()
        .pointedAt([word])
        .flatMap(({ rules }) => rules.map(({ id }) => id));
    expect(pointed('destroy')).toEqual(['x/a']);
    expect(pointed('tool')).toEqual([]);
    expect(pointed('__proto__')).toEqual([]);
  });

  test('keeps text that takes several bytes', () => {
    expect(open().tool('tool')?.rules[0]?.reason).toBe('Gründe');
  });

  test('reads a slice when it is asked for, once', () => {
    const store = open();
    reads.length = 0;
    store.tool('tool');
    store.tool('tool');
    expect(reads).toHaveLength(3); // its row, its bucket, and what it is
  });

  test.each([
    [
      'another format',
      () => open(head.replace(/"format":\d+/, '"format":0')),
      'of a format that this version does not read',
    ],
    [
      'a file cut short',
      () => open(head, bytes.length - 1),
      `the policy has ${bytes.length - 1} bytes where its head says ${bytes.length}`,
    ],
    ['a head that is no JSON', () => open('{'), /JSON/],
  ])('is not opened: %s', (_what, opened, message) => {
    expect(opened).toThrow(message);
  });
});
