import { describe, expect, test } from 'vitest';
import { parseShell } from '../../src/shell/parse.ts';

const doubts = (text: string) => parseShell(text).doubts.map(({ about, why }) => `${about}: ${why}`);

describe('where the grammar may be wrong, the reading is not taken for complete', () => {
  test.each<[what: string, text: string]>([
    ['an escape that is not documented', "$'\\x{72}\\x{6d}' -rf x"],
    ['quotes in a parameter of a here-document', "cat <<E\n${x:-'$(rm b)'}\nE"],
    ['quotes in arithmetic', "echo $(('$(rm x)'+5))"],
    ['quotes in an arithmetic command', "((x='$(rm x)'))"],
    ['quotes in an arithmetic loop', "for ((i='$(rm x)';;)); do :; done"],
    ['quotes in a subscript', 'echo "${a[\'$(rm x)\']}"'],
    ['quotes in the subscript of an assignment', "a['$(rm x)']=1"],
    ['an array with something after it', 'a=( $(rm x) )*'],
    ['a descriptor that is closed and more', '3>&-rm -rf x'],
    ['a descriptor and a blank', 'rm -rf 3>& -/tmp/x'],
    ['a continued dollar', 'X=rm; $\\\nX -rf a'],
    ['a continued name', 'b=1; rm"$b\\\nc"'],
    ['a line continued in backquotes', "echo `'r\\\nm' x`"],
    ['a substitution of newer versions', 'echo ${ a() {\n:\n}\nrm -rf x'],
    ['a command word like a subscript', 'x[ $(rm y) ] z'],
    ['a continued closing', "echo $((x='$(rm x)')\\\n)"],
    ['a continuation that is kept', "rm $'--no\\\nx'"],
    ['a descriptor variable with a subscript', '{a[${q:-$(rm z)}{]}> ]y'],
    ['a target that is expanded twice', "echo hi >& '$(rm x)'"],
    ['the prompt form of a value', "x='$(rm x)'; echo ${x@P}"],
    ['a continued operator', 'true &\\\n& rm x'],
    ['a control character', 'echo a\u000brm x'],
    ['a here-document whose end has more on its line', "o $(<<'EOF'\nEOFrm;e)"],
    ['a name continued at its start', 'o ${\\\nx-$(rm)}'],
    ['an operation without a place in the grammar', 'o ${x~$(rm)}'],
    ['a carriage return', 'echo a\r\nrm x\r\n'],
    ['a surrogate', "rm $'\\ud800'"],
    ['a number that is no character', "rm $'\\U00110000'"],
    ['parentheses in a parameter within arithmetic', 'o $((${x-rm )(}))'],
    ['parentheses after a parameter within arithmetic', '(((a${x-[$}(rm)])))'],
    ['an open quote', 'echo "$(x'],
    ['an open substitution', 'echo $(rm x'],
    ['a keyword without its end', 'if true; then rm x'],
    ['braces between quotes, backquotes and quotes', 'echo "`cat"{,}"`"'],
  ])('%s', (_what, text) => {
    expect(doubts(text)).not.toEqual([]);
  });

  test.each<[what: string, text: string]>([
    ['a process substitution in double quotes is text', 'echo "<(rm x)"'],
    ['a character by its number', "echo $'\\u00e9\\U0001F600'"],
    ['quotes that do quote', "echo '$(rm x)'"],
    ['an escaped dollar', 'echo \\$(date)'.replace('(date)', 'x')],
    ['a line continued between words', 'rm \\\n -rf x'],
    ['a line continued after a variable and a blank', 'rm $x \\\n y'],
    ['descriptors', 'make 2>&1 >&2 3>&- <&3'],
    ['a here-document in quotes', "cat <<'E'\n$(rm x) `y`\nE"],
    ['arithmetic', 'echo $((1 + x * (2 - y)))'],
    ['nested quotes', 'echo "a $(echo "b $(echo "c")")"'],
    ['tabs and new lines', 'if x\nthen\n\ty\nfi'],
    ['text in other scripts', 'echo "żółw 漢字 🐢"'],
  ])('%s is no doubt', (_what, text) => {
    expect(doubts(text)).toEqual([]);
  });

  test('an error says where it is', () => {
    const [doubt] = parseShell('ls; if true').doubts;
    expect(doubt).toMatchObject({ about: 'syntax' });
    expect(doubt?.start).toBeGreaterThan(3);
  });
});
