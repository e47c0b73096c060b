import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { constantOf } from '../../src/terraform/hcl/constant.ts';
import { parseHcl } from '../../src/terraform/hcl/parse.ts';
import type { Block, Expression } from '../../src/terraform/hcl/syntax.ts';
import { runTerraform, terraform, unlessThere } from './real.ts';

const valid: Readonly<Record<string, string>> = {
  empty: '',
  'a comment alone': '# nothing',
  'three kinds of comments': '# a\n// b\n/* c\n d */ x = 1 /* e */ # f\n',
  'a block on one line': 'a { b = 1 }\n',
  'an empty block': 'a "b" c {}\n',
  'labels without quotes': 'resource aws_s3_bucket b {\n}\n',
  'nested blocks': 'a {\n  b {\n    c {\n      d = 1\n    }\n  }\n}\n',
  'line ends of Windows': 'a {\r\n  b = 1\r\n  c = <<EOT\r\nx\r\nEOT\r\n}\r\n',
  'a byte order mark': '\uFEFFa = 1\n',
  tabs: 'a\t{\n\tb\t=\t1\n}\n',
  'no line end at the end': 'a = 1',
  'a heredoc': 'a = <<EOT\n}\n"${b}" {\n # no comment\nEOT\nb = 1\n',
  'a heredoc with indentation': 'a {\n  b = <<-EOT\n    x\n    EOT\n  c = 2\n}\n',
  'a heredoc whose marker is in a line': 'a = <<E\nE x\nxE\nE\n',
  'a heredoc in a call': 'a = f(<<E\nx\nE\n, 2)\n',
  'a heredoc with a directive': 'a = <<E\n%{ for x in y ~}\n${x}\n%{ endfor ~}\nE\n',
  'a template in a template': 'a = "x${f("y${b}z")}w"\n',
  'an escaped template': 'a = "$${b} %%{c}"\n',
  'dollars and percents': 'a = "$ % $$ 100%"\n',
  'escapes in strings': 'a = "\\n\\t\\"\\\\\\u00e9\\U0001F600"\n',
  'a directive in a string': 'a = "%{ if b }c%{ else }d%{ endif }"\n',
  'braces in a string': 'a = "}{"\nb { c = "{" }\n',
  'an object over lines': 'a = {\n  b = 1\n  "c" : 2,\n  (d) = 3\n  "${e}" = 4\n}\n',
  'an object on a line': 'a = { b = 1, c = 2 }\n',
  'a list over lines': 'a = [\n  1,\n  2, # two\n]\n',
  'for expressions': 'a = [for x in y : x if x != ""]\nb = {for k, v in y : k => v... if v}\n',
  'a for expression over lines': 'a = {\n  for k, v in y :\n  k => v\n  if v\n}\n',
  'a conditional': 'a = b ? c : d ? e : f\n',
  operators: 'a = !b && c || -d + e * f / g % h >= 1 == (i != j)\n',
  'brackets over lines': 'a = (\n  1 +\n  2\n)\n',
  splats: 'a = b.*.c\nd = e[*].f[0]["g"].0\n',
  'a call with the rest expanded': 'a = f(b...)\n',
  'a call over lines': 'a = merge(\n  { b = 1 },\n  c,\n)\n',
  'functions of providers': 'a = provider::x::f(1)\n',
  'a dynamic block':
    'a {\n  dynamic "b" {\n    for_each = c\n    content {\n      d = b.value\n    }\n  }\n}\n',
  'names with hyphens and letters of other scripts': 'a-b = 1\nélan = 2\n_x = 3\n',
  numbers: 'a = 1.5e10\nb = -0\nc = 12E-3\n',
  'a comment between': 'a {\n  # b\n}\n/**/ c = 1\n',
};

const invalid: Readonly<Record<string, string>> = {
  'a block that is not closed': 'a {\n  b = 1\n',
  'a brace too many': 'a {\n}\n}\n',
  'no value': 'a =\n',
  'two values': 'a = 1 2\n',
  'two attributes on a line': 'a = 1 b = 2\n',
  'a string over lines': 'a = "b\nc"\n',
  'a string that is not closed': 'a = "b\n',
  'an operator at the end of a line': 'a = 1 +\n2\n',
  'a heredoc that is not closed': 'a = <<EOT\nb\n',
  'two arguments in a block on one line': 'a { b = 1, c = 2 }\n',
  'a block in a block on one line': 'a { b { c = 1 } }\n',
  'a list that is not closed': 'a = [1, 2\nb = 3\n',
  'a comment that is not closed': 'a = 1 /* b\n',
  'an attribute before the closing brace': 'a {\n  b = 1 }\n',
  'a bare word': 'a\n',
  'an unknown escape': 'a = "\\q"\n',
  'a template in a label': 'a "${b}" {\n}\n',
  'a conditional without its second half': 'a = b ? c\n',
  'an object without separators': 'a = { b = 1 c = 2 }\n',
  'a line after a block': 'a {\n} b = 1\n',
};

describe('HCL', () => {
  test.each(Object.entries(valid))('%s is read without a fault', (_, text) => {
    expect(parseHcl(text).faults).toEqual([]);
  });

  test.each(Object.entries(invalid))('%s is a fault', (_, text) => {
    expect(parseHcl(text).faults).not.toEqual([]);
  });

  const dir = mkdtempSync(join(tmpdir(), 'blastguard-hcl-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  test.skipIf(terraform === undefined)(`Terraform's own parser agrees on each of them${unlessThere}`, () => {
    const samples = [...Object.values(valid), ...Object.values(invalid)];
    for (const [i, text] of samples.entries()) writeFileSync(join(dir, `f${i}.tf`), text);
    const { stderr } = runTerraform(['fmt', '-no-color', '-write=false', '-list=false'], dir);
    const refused = new Set([...stderr.matchAll(/on (f\d+)\.tf line/g)].map(([, name]) => name));
    const disagree = samples.filter((text, i) => parseHcl(text).faults.length > 0 !== refused.has(`f${i}`));
    expect(disagree).toEqual([]);
  });

  test('what follows a fault is read all the same', () => {
    const text = [
      'resource "a" "one" {\n  x = [\n    1,\n    oops oops\n  ]\n  y = 2\n}\n',
      'resource "a" "two" {\n  x = {\n    "k" 1\n  }\n\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n',
      'resource "a" "three" {\n  x = 1\n',
      'resource "a" "four" {\n  x = "never closed\n}\n',
      'resource "a" "five" {\n  x = 1\n}\n',
    ].join('\n');
    const { body, faults } = parseHcl(text);
    const names = body.items.map((item) => (item.kind === 'block' ? item.labels[1] : item.name));
    expect(names).toEqual(['one', 'two', 'three', 'four', 'five']);
    const inner = (body.items[1] as Block).body.items.map((item) => (item as Block).type ?? 'attribute');
    expect(inner).toContain('lifecycle');
    expect(faults.map(({ at }) => text.slice(0, at).split('\n').length)).toEqual([4, 11, 19, 23]);
  });

  test('nesting without end is a fault and no crash', () => {
    expect(parseHcl(`a = ${'['.repeat(100_000)}`).faults).not.toEqual([]);
    expect(parseHcl('a {\n'.repeat(100_000)).faults).not.toEqual([]);
    expect(parseHcl(`a = ${'"${'.repeat(100_000)}`).faults).not.toEqual([]);
    expect(parseHcl(`a = ${'-'.repeat(100_000)}1`).faults).not.toEqual([]);
  });
});

const constant = (text: string) => {
  const [item] = parseHcl(`a = ${text}\n`).body.items;
  return constantOf((item as { value: Expression }).value);
};

test.each([
  ['true', true],
  ['"false"', 'false'],
  ['"${false}"', false],
  ['(((true)))', true],
  ['!true', false],
  ['!!"true"', true],
  ['tobool("false")', false],
  ['jsondecode("false")', false],
  ['1 == 2', false],
  ['1 == 1 ? false : true', false],
  ['var.x ? true : true', true],
  ['var.x || true', true],
  ['var.x && false', false],
  ['-(1 + 2) * 3', -9],
  ['<<E\nno\nE\n', 'no\n'],
  ['var.x', undefined],
  ['!var.x', undefined],
  ['var.x == true', undefined],
  ['[true]', undefined],
])('the constant %s is %s', (text, value) => {
  expect(constant(text)).toBe(value);
});
