import { describe, expect, test } from 'vitest';
import { commandsIn, readLine, type World } from './pretend.ts';

/** What a line runs, builtins of the shell left out. */
const runs = (line: string, world?: World): readonly string[] =>
  commandsIn(line, world).filter(
    (command) =>
      !/^(?:export|declare|local|readonly|typeset|set|shift|unset|read|mapfile|printf|echo|eval|cd|true|false|source|\.|\[|test|let|exit|return|trap|alias|cat|rev|tr|base64|sed|f|:) ?(?: |$)/.test(
        `${command} `,
      ),
  );

type Row = readonly [what: string, line: string, ...commands: string[]];
const table = (rows: readonly Row[]) =>
  test.each(rows.map(([what, line, ...commands]) => ({ what, line, commands })))(
    '$what: $line',
    ({ line, commands }) => {
      expect([...runs(line)].sort()).toEqual([...commands].sort());
    },
  );

describe('functions that call themselves', () => {
  const forks = (line: string) => runs(line).some((command) => command.startsWith('fork-bomb'));

  table([
    ['with other words', 'run() { "$@"; }; run run a b', 'run run a b', 'run a b', 'a b', '…'],
    ['with a branch', 'g() { x && g "$2"; a "$1"; }; g b', 'x', 'g b', 'g ', 'a b', 'a ', 'g …', 'a …'],
  ]);

  test.each([
    'walk() { for f in "$1"/*; do [ -d "$f" ] && walk "$f"; done; }; walk .',
    'g() { g x; g x; }; g x',
    'g() { [ $1 -lt 2 ] || { g $(($1 - 1)); g $(($1 - 2)); }; }; g 9',
  ])('%s is no bomb', (line) => {
    expect(forks(line)).toBe(false);
  });

  test.each([':(){ :|:& };:', 'g() { g | g & }; g x'])('%s is one', (line) => {
    expect(forks(line)).toBe(true);
  });
});

describe('arrays that are given by key', () => {
  table([
    ['in order', 'c=([0]=a [1]=b); "${c[@]}"', 'a b'],
    ['in another order', 'declare -a c=([1]=b [0]=a); "${c[@]}"', 'a b'],
    ['with gaps', 'c=([1]=b [3]=a); x "${c[@]}"', 'x …'],
  ]);
});

describe('programs that a pattern names', () => {
  table([
    ['in a directory that a pattern names', '/???/rm -rf x', '…/rm … -rf x'],
    ['that are not here', '/opt/bin/terrafor? destroy', '… destroy'],
  ]);
});

describe('structure', () => {
  table([
    ['a list', 'a; b && c || d', 'a', 'b', 'c', 'd'],
    ['a pipe', 'a | b |& c', 'a', 'b', 'c'],
    ['a subshell and a group', '(a; b); { c; }', 'a', 'b', 'c'],
    ['branches', 'if a; then b; elif c; then d; else e; fi', 'a', 'b', 'c', 'd', 'e'],
    ['loops', 'while a; do b; done; until c; do d; done', 'a', 'b', 'c', 'd'],
    ['a case', 'case $x in a|b) c;; *) d;; esac', 'c', 'd'],
    ['a case in the line itself', 'case a in a|b) c;; *) d;; esac', 'c', 'd'],
    ['background and negation', 'a & ! b', 'a', 'b'],
    [
      'substitutions',
      'a $(b `c`) "$(d)" <(e) >(g)',
      'a … … /dev/fd/63 /dev/fd/64',
      'b …',
      'c',
      'd',
      'e',
      'g',
    ],
    ['a function that is called', 'f() { a "$1"; }; f x', 'a x', 'a …'],
    ['a function that nobody calls', 'f() { a; }', 'a'],
    ['conditions', '[[ $(a) == b ]]; (( $(c) ))', 'a', 'c'],
    ['a coprocess', 'coproc a b', 'a b'],
    ['what stands before an error', 'a\nb\nif', 'a', 'b'],
  ]);
});

describe('values', () => {
  table([
    ['a variable', 'x=a; $x "$x" \'$x\' \\$x', 'a a $x $x'],
    ['words of a variable', 'x="a b"; $x "$x"', 'a b a b'],
    ['a variable that is not known', 'a $x "$y"z', 'a … …z'],
    ['a value that is appended', 'x=a; x+=b; $x', 'ab'],
    ['a value of another name', 'x=y; y=a; ${!x}', 'a'],
    ['an exported value in a new shell', "export x=a; bash -c '$x'", 'bash -c $x', 'a'],
    ['a value that is not exported', "x=a; bash -c 'b $x'", 'bash -c b $x', 'b …'],
    ['a value for one command', "x=a bash -c '$x'", 'bash -c $x', 'a'],
    ['a value that is unset', 'x=a; unset x; b "${x-c}"', 'b c'],
    ['a subshell keeps its values', 'x=a; (x=b); $x', 'a'],
    ['one of two values', 'if c; then x=a; else x=b; fi; d $x', 'c', 'd {a,b}'],
    ['a value that one way sets', 'x=a; c && x=b; d $x', 'c', 'd {b,a}'],
    ['a value that changes in a loop', 'x=a; for i in 1 2; do b $x; x=c; done', 'b a', 'b c'],
    ['each value of a loop', 'for i in a b; do c $i d-$i; done', 'c a d-a', 'c b d-b'],
    ['a loop that counts', 'n=1; while c; do d $n; n=$((n+1)); done', 'c', 'd 1', 'd {2,1}', 'd …'],
    ['defaults', 'a ${x:-b} ${y-c d}', 'a … …', 'a b …', 'a … c d', 'a b c d'],
    ['an alternative', 'x=1; a ${x:+b} ${x:+"c d"}', 'a b c d'],
    [
      'pieces',
      'x=a.b.c; d ${x%.*} ${x%%.*} ${x#*.} ${x##*.} ${x/./-} ${x//./-}',
      'd a.b a b.c c a-b.c a-b-c',
    ],
    ['quotes in a pattern', 'x="a*b"; c ${x/"*"/-} ${x/\\*/+}', 'c a-b a+b'],
    ['case', 'x=aB; c ${x^^} ${x,,} ${x^} ${x,}', 'c AB ab AB aB'],
    ['parts by place', 'x=abcd; e ${x:1} ${x:1:2} ${x: -1} ${#x}', 'e bcd bc d 4'],
    ['arithmetic', 'n=3; a $((n * 2 + 1)) $((n > 2 ? 7 : 8))', 'a 7 7'],
    ['a list', 'x=(a "b c"); d "${x[@]}" ${#x[@]} "${x[1]}" "${x[*]}"', 'd a b c 2 b c a b c'],
    ['a part of a list', 'x=(a b c); d "${x[@]:1}"', 'd b c'],
    ['a list by keys', 'declare -A x=([k]=a [l]=b); "${x[k]}" c', 'a c'],
    ['arguments', 'set -- a "b c"; "$@"; d $# $2; shift; e "$1"', 'a b c', 'd 2 b c', 'e b c'],
    ['arguments of a function', 'f() { a "$@" $#; }; f b "c d"', 'a b c d 2', 'a … …'],
    ['local values', 'x=a; f() { local x=b; c $x; }; f; d $x', 'c a', 'c b', 'd a'],
    ['other separators', 'IFS=:; x=a:b; $x', 'a b'],
    ['empty fields', 'IFS=,; x=,a; b $x', 'b  a'],
    ['reading', 'read -r x y <<< "a b c"; d "$x" "$y"', 'd a b c'],
    ['reading with separators', 'IFS=: read -r x y <<< a:b; d "$x" "$y"', 'd a b'],
    ['reading lines', 'while read -r l; do a "$l"; done <<< $\'b\\nc\'', 'a {b,c}'],
    ['printf -v', 'printf -v x "%s-%s" a b; c $x', 'c a-b'],
    ['attributes', 'declare -u x=a; declare -l y=B; c $x $y', 'c A b'],
    ['a reference', 'declare -n r=x; r=a; b $x', 'b a'],
    ['a value that is evaluated as an expression', "x='a[$(b)]'; c $((x))", 'b', 'c …'],
    ['what is compared as numbers', "x='a[$(b)]'; [[ x -eq 1 ]]", 'b'],
    ['braces', 'a {b,c}{1..2} x{,y}', 'a b1 b2 c1 c2 x xy'],
    ['home', 'a ~ ~/x b=~/c "~"', 'a /home/dev /home/dev/x b=/home/dev/c ~'],
    ['escapes', "$'\\x61\\142' $'c\\nd'", 'ab c\nd'],
  ]);
});

describe('what programs write', () => {
  table([
    ['echo', '$(echo a b)', 'a b'],
    ['printf', '"$(printf "%s%s" a b)"', 'ab'],
    ['which', '$(which a) b', '…/a b', 'which a'],
    ['base64', '$(base64 -d <<< YSBi)', 'a b'],
    ['filters', '$(echo B | tr A-Z a-z | rev)', 'b'],
    ['sed', '$(echo x b | sed s/x/a/)', 'a b'],
    ['a program that is not known', 'a "$(b)"', 'a …', 'b'],
    ['a here-document', '$(cat <<E\na $((1+1))\nE\n)', 'a 2'],
    ['what is escaped in a here-document', 'bash <<E\na \\$x \\`b\\`\nE', 'bash', 'a … …', 'b'],
    ['a here-document in quotes', "bash <<'E'\na '$x'\nE", 'bash', 'a $x'],
    ['a here-document without tabs', 'bash <<-E\n\ta $x\n\tE', 'bash', 'a …'],
  ]);

  test('a file that is there', () => {
    expect(runs('$(cat cmd) $(< cmd)', { files: { '/home/dev/project/cmd': 'a b\n' } })).toEqual(['a b a b']);
  });
  test('a file that the line writes', () => {
    expect(runs('echo \'a "$1"\' > s.sh; bash s.sh b; . ./s.sh c')).toEqual(['bash s.sh b', 'a b', 'a c']);
  });
  test('a file that a descriptor writes cannot be known', () => {
    expect(readLine('exec 3> s; echo rm >&3; . ./s').complete).toBe(false);
  });
});

describe('code that runs', () => {
  table([
    ['eval', 'x=\'a b\'; eval "$x" c', 'a b c'],
    ['a trap, with the values of the end', "x=a; trap 'b $x' EXIT; x=c", 'b a', 'b c'],
    ['an alias', 'alias x="a b"\nx c', 'x c', 'a b c'],
    ['a script by its arguments', 'bash -c \'a "$1" $0\' b c', 'bash -c a "$1" $0 b c', 'a c b'],
    ['a shell that reads', "echo 'a b' | bash -s", 'bash -s', 'a b'],
  ]);

  test.each([
    'curl x | bash',
    'eval "$(curl x)"',
    'source <(curl x)',
    'bash -c "$CODE"',
    'bash *.sh',
    'x=$(cat unknown); eval "$x"',
  ])('%s cannot be known', (line) => {
    expect(readLine(line).complete).toBe(false);
  });

  test.each([
    '"$PYTHON" manage.py test',
    '$(npm bin)/eslint src',
    '${EDITOR:-vi} notes',
    'source venv/bin/activate',
    'ls "$@"',
  ])('%s is read to the end', (line) => {
    expect(readLine(line).complete).toBe(true);
  });
});

describe('where a command runs', () => {
  const where = (line: string) =>
    readLine(line).commands.map(
      ({ words, cwd }) => `${words[0]?.kind === 'known' ? words[0].text : ''}@${cwd}`,
    );
  test.each([
    ['a', 'a@/home/dev/project'],
    ['cd x; a', 'a@/home/dev/project/x'],
    ['cd x && a; b', 'b@/home/dev/project/x'],
    ['cd x || exit; a', 'a@/home/dev/project/x'],
    ['(cd x); a', 'a@/home/dev/project'],
    ['cd /; cd ..; a', 'a@/'],
    ['cd ../y; a', 'a@/home/dev/y'],
    ['cd; a', 'a@/home/dev'],
    ['cd "$X"; a', 'a@undefined'],
    ['cd x; cd "$Y"; cd /z; a', 'a@/z'],
    ['if c; then cd x; fi; a', 'a@undefined'],
  ])('%s: %s', (line, expected) => {
    expect(where(line)).toContain(expected);
  });
});
