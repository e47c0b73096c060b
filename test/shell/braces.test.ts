import { describe, expect, test } from 'vitest';
import { expandBraces } from '../../src/shell/braces.ts';

describe('brace expansion', () => {
  test.each<[source: string, words: string]>([
    ['a', 'a'],
    ['{a,b}', 'a b'],
    ['x{a,b}y', 'xay xby'],
    ['{a,b}{1,2}', 'a1 a2 b1 b2'],
    ['{a,{b,c}}', 'a b c'],
    ['{,s}', ' s'],
    ['{a}', '{a}'],
    ['{}', '{}'],
    ['{a,b', '{a,b'],
    ['a,b}', 'a,b}'],
    ['\\{a,b}', '\\{a,b}'],
    ['{a\\,b,c}', 'a\\,b c'],
    ["{'a,b',c}", "'a,b' c"],
    ['{"a,b",c}', '"a,b" c'],
    ['${a,b}', '${a,b}'],
    ['{$(x,y),z}', '$(x,y) z'],
    ['{1..3}', '1 2 3'],
    ['{3..1}', '3 2 1'],
    ['{01..03}', '01 02 03'],
    ['{-1..1}', '-1 0 1'],
    ['{1..7..3}', '1 4 7'],
    ['{a..c}', 'a b c'],
    ['{c..a}', 'c b a'],
    ['{a..c..2}', 'a c'],
    ['{1..a}', '{1..a}'],
    ['{a,b}..{c,d}', 'a..c a..d b..c b..d'],
    ['{{a,b}', '{a {b'],
    ['{rm,-rf,x}', 'rm -rf x'],
  ])('%s: %s', (source, words) => {
    expect(expandBraces(source)?.join(' ')).toBe(words);
  });

  test.each(['{1..100000}', `{a,b}${'{a,b}'.repeat(20)}`])('%s would be too many', (source) => {
    expect(expandBraces(source)).toBeUndefined();
  });
});
