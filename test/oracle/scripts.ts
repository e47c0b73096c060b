import { pretended } from './sandbox.ts';

/** A stream of choices that a seed decides. */
export type Dice = {
  readonly below: (bound: number) => number;
  readonly chance: (percent: number) => boolean;
  readonly pick: <T>(values: readonly [T, ...T[]] | readonly T[]) => T;
};

export function makeDice(seed: number): Dice {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (bound: number) => Math.floor(next() * bound);
  return {
    below,
    chance: (percent) => below(100) < percent,
    pick: (values) => values[below(values.length)] as (typeof values)[number],
  };
}

/** The text of a script that uses what bash can do to a word before it runs. */
export function makeScript(seed: number): string {
  return new Writer(makeDice(seed)).script();
}

const plain = [
  'a',
  'b',
  'rm',
  'git',
  '-rf',
  '-n',
  'data',
  './x',
  'x/y',
  'a.b.c',
  'one-two',
  'prod',
  '10',
  '3',
  'push',
  'a=b',
];
const odd = [
  'a b',
  ' a',
  'a ',
  "it's",
  'x;y',
  '$v',
  'a  b',
  '*',
  '?',
  '[ab]',
  '',
  'q"r',
  'a\\b',
  '#c',
  '~',
  '{a,b}',
  'é',
  '&',
  'a|b',
  '-',
  '--',
  '!',
  'tab\there',
  'line\nbreak',
  '`w`',
  '$(tool no)',
];
const programs = pretended.slice(0, 34);

/** Writes statements that know which names are set before them. */
class Writer {
  private readonly dice: Dice;
  private readonly variables = ['v', 'w'];
  private readonly arrays: string[] = [];
  private readonly functions: string[] = [];
  private depth = 0;

  constructor(dice: Dice) {
    this.dice = dice;
  }

  script(): string {
    const count = 1 + this.dice.below(5);
    const lines = ['v=rm w="a b"'];
    if (this.dice.chance(50)) lines[0] = `v=${this.literal()} w=${this.literal()}`;
    for (let i = 0; i < count; i++) lines.push(this.statement());
    lines.push(this.command());
    return lines.join(this.dice.chance(70) ? '\n' : this.safeJoin(lines));
  }

  /** Here-documents need the end of a line. */
  private readonly safeJoin = (lines: readonly string[]): string =>
    lines.some((line) => line.includes('\n') || line.endsWith('&') || line.includes('#')) ? '\n' : '; ';

  private block(): string {
    this.depth++;
    const lines = Array.from({ length: 1 + this.dice.below(2) }, () => this.statement());
    this.depth--;
    return lines.join('\n');
  }

  statement(): string {
    const { dice } = this;
    if (this.depth > 2) return this.command();
    const kinds: readonly (() => string)[] = [
      () => this.command(),
      () => this.command(),
      () => this.command(),
      () => this.assignment(),
      () => this.assignment(),
      () => this.arrayAssignment(),
      () => this.forLoop(),
      () => this.condition(),
      () => this.caseOf(),
      () => this.functionDefinition(),
      () => this.functionCall(),
      () => this.wrapped(),
      () => this.wrapped(),
      () => this.pipe(),
      () => this.heredoc(),
      () => this.declaration(),
      () => this.positional(),
      () => this.reading(),
      () => this.separators(),
      () => this.arithmetic(),
      () => this.carried(),
      () => this.carried(),
      () => this.whileLoop(),
      () => this.andOr(),
      () => this.trap(),
      () => this.unset(),
      () => this.fileRoundTrip(),
      () => this.test(),
    ];
    return dice.pick(kinds)();
  }

  private name(): string {
    return this.dice.pick(this.variables);
  }

  private newName(): string {
    const name = this.dice.pick(['v', 'w', 'p', 'q', 'x1', '_y', 'IFSX']);
    if (!this.variables.includes(name)) this.variables.push(name);
    return name;
  }

  // ---- words

  private text(): string {
    return this.dice.chance(70) ? this.dice.pick(plain) : this.dice.pick(odd);
  }

  /** A fixed text, quoted in one of the ways there are. */
  literal(): string {
    return this.quote(this.text());
  }

  quote(text: string): string {
    const { dice } = this;
    const way = dice.below(5);
    const bare = /^[\w./=-]+$/.test(text);
    if (bare && way < 2) return text;
    if (way === 2 && !/["$`\\!]/.test(text)) return `"${text}"`;
    if (way === 3) return `$'${[...text].map((c) => this.ansi(c)).join('')}'`;
    if (way === 4 && text.length > 1) {
      const cut = 1 + dice.below(text.length - 1);
      return this.quote(text.slice(0, cut)) + this.quote(text.slice(cut));
    }
    if (dice.chance(30) && !text.includes('\n'))
      return [...text].map((c) => (/[\w]/.test(c) && !dice.chance(20) ? c : `\\${c}`)).join('') || "''";
    return `'${text.replaceAll("'", `'\\''`)}'`;
  }

  private ansi(char: string): string {
    const code = char.codePointAt(0) ?? 0;
    if (char === '\n') return '\\n';
    if (char === "'" || char === '\\') return `\\${char}`;
    if (code > 126) return char;
    const ways = [
      char,
      char,
      char,
      `\\x${code.toString(16)}`,
      `\\${code.toString(8).padStart(3, '0')}`,
      `\\u00${code.toString(16).padStart(2, '0')}`,
    ];
    return this.dice.pick(ways);
  }

  /** A pattern of `${x%…}` and `case`. */
  private pattern(): string {
    return this.dice.pick([
      'a',
      'a*',
      '*b',
      '?',
      '*',
      '[a-c]',
      '[!a]',
      '*.',
      '.*',
      '"*"',
      "'a'",
      '\\*',
      ' *',
      '*/',
      '-',
      'r',
      '[[:alpha:]]',
      '$w',
      '"$v"',
      '[^r]',
      '',
    ]);
  }

  expansion(): string {
    const { dice } = this;
    const v = this.name();
    const array = this.arrays.length > 0 && dice.chance(40) ? dice.pick(this.arrays) : undefined;
    if (array !== undefined) {
      return dice.pick([
        `\${${array}[@]}`,
        `\${${array}[*]}`,
        `\${${array}[0]}`,
        `\${${array}[1]}`,
        `\${#${array}[@]}`,
        `$${array}`,
        `\${${array}[-1]}`,
        `\${${array}[@]:1}`,
        `\${${array}[@]:0:1}`,
        `\${${array}[@]%?}`,
        `\${!${array}[@]}`,
        `\${${array}[@]/a/z}`,
        `\${${array}[@]^^}`,
        `\${${array}[#]}`.replace('[#]', '[0]'),
      ]);
    }
    const operand = () =>
      dice.chance(70)
        ? dice.pick(['a', 'x y', '"p q"', "'s t'", '$w', '"$w"', 'rm'])
        : this.depth < 2
          ? this.nested()
          : 'd';
    return dice.pick<() => string>([
      () => `$${v}`,
      () => `\${${v}}`,
      () => `\${${v}:-${operand()}}`,
      () => `\${unset1:-${operand()}}`,
      () => `\${unset1-${operand()}}`,
      () => `\${${v}:+${operand()}}`,
      () => `\${unset2:=${operand()}}`,
      () => `\${unset1+${operand()}}`,
      () => `\${${v}#${this.pattern()}}`,
      () => `\${${v}##${this.pattern()}}`,
      () => `\${${v}%${this.pattern()}}`,
      () => `\${${v}%%${this.pattern()}}`,
      () => `\${${v}/${this.pattern()}/${dice.pick(['z', '', '$w', '"x"', 'a b', '&'])}}`,
      () => `\${${v}//${this.pattern()}/${dice.pick(['z', '', '-'])}}`,
      () => `\${${v}/#${dice.pick(['a', 'r', '?'])}/${dice.pick(['z', ''])}}`,
      () => `\${${v}/%${dice.pick(['a', 'm', '?'])}/${dice.pick(['z', ''])}}`,
      () => `\${${v}${dice.pick(['^', '^^', ',', ',,'])}}`,
      () => `\${${v}:${dice.pick(['1', '0:1', '0:2', ' -1', '1:1', '0:-1', '(-1)', '1+0', '$((1))'])}}`,
      () => `\${#${v}}`,
      () => `\${${v}@${dice.pick(['U', 'L', 'u', 'Q', 'E', 'A', 'a'])}}`,
      () => '$1',
      () => '$#',
      () => '$@',
      () => '$*',
      () => `\${@:${dice.pick(['1', '2', '1:1'])}}`,
      () => `\${2:-${operand()}}`,
      () => `$((${this.expression()}))`,
      () => this.nested(),
      () => '$?',
    ])();
  }

  private expression(): string {
    const { dice } = this;
    const atom = () =>
      dice.pick([
        '1',
        '2',
        'n',
        '$n',
        '0',
        '7',
        '(1+1)',
        'n++',
        'm=3',
        '#'.replace('#', '5'),
        '-1',
        '010',
        '0x1f',
      ]);
    return dice.pick([
      `${atom()}`,
      `${atom()} ${dice.pick(['+', '-', '*', '%', '<', '==', '&&', '||', '<<', '&', '|', '^', ','])} ${atom()}`,
      `${atom()} ? ${atom()} : ${atom()}`,
      `n ${dice.pick(['=', '+=', '-='])} ${atom()}`,
    ]);
  }

  /** A substitution whose output is certain, or is not. */
  private nested(): string {
    const { dice } = this;
    this.depth++;
    const body = this.output();
    this.depth--;
    if (dice.chance(15) && !/[`\\]/.test(body)) return `\`${body}\``;
    return `$(${body})`;
  }

  /** Commands that write something to standard output. */
  private output(): string {
    const { dice } = this;
    const word = () => this.word();
    return dice.pick<() => string>([
      () => `echo ${word()}`,
      () => `echo ${dice.pick(['-n', '-e', '-E', '-en'])} ${word()}`,
      () => `echo ${word()} ${word()}`,
      () =>
        `printf ${dice.pick(['%s', "'%s\\n'", "'%s %s'", "'a%sb'", "'%b'", "'\\x72m'", "'%%'", "'%d'", "'%5s'", "'%-3s|'", "'%q'", "'%c'", "'%.1s'", "'%x'", "'%03d'"])} ${word()}`,
      () => `printf '%s ' ${word()} ${word()}`,
      () => `cat names.txt`,
      () => `cat rm.txt`,
      () => `< rm.txt`,
      () => `head -n1 names.txt`,
      () => `tail -n 1 names.txt`,
      () => `echo ${word()} | rev`,
      () =>
        `echo ${word()} | tr ${dice.pick(['a-z A-Z', 'a b', '-d a', "' ' '\\n'", '-s a', '[:lower:] [:upper:]', "-d ' '", '-c a b', 'ab z'])}`,
      () => `echo ${word()} | base64`,
      () => `echo cm0gLXJmIHg= | base64 -d`,
      () =>
        `echo ${word()} | sed ${dice.pick(['s/a/b/', "'s/r/x/g'", "'s|/|_|'", 's/a//', "'s/a*/z/'", '-n p', "'s/./z/2'", '1d'])}`,
      () => `base64 -d <<< cm0gLXJmIHg=`,
      () => `cat <<< ${word()}`,
      () => `rev <<< ${word()}`,
      () => `seq ${dice.pick(['3', '2 4', '1 2 5'])}`,
      () => `basename ${dice.pick(['a/b', '/x/y.txt .txt', 'rm', '"$v"', 'a/'])}`,
      () => `dirname ${dice.pick(['a/b', '/x/y.txt', 'rm', '"$v"'])}`,
      () => `tool ${word()}`,
      () => `echo a; echo b`,
      () => `echo ${word()} | sort`,
      () => `printf '%s\\n' ${word()} ${word()} | head -n 1`,
      () => `true && echo ${word()}`,
      () => `false || echo ${word()}`,
      () => `pwd | tail -c 1`,
      () => `echo ${word()} | cat`,
      () => `{ echo ${word()}; }`,
      () => `(echo ${word()})`,
      () => `for i in a b; do echo $i; done`,
      () => `if true; then echo ${word()}; else echo no; fi`,
      () => `test -n "$v" && echo yes`,
      () => `eval echo ${word()}`,
      () => `bash -c 'echo "$0"' ${word()}`,
      () => (this.functions.length > 0 ? `${dice.pick(this.functions)} ${word()}` : 'echo f'),
      () => `command -v rm | rev | cat`,
      () => `echo "$@"`,
      () => `echo $*`,
      () => `tee out.txt <<< ${word()}`,
    ])();
  }

  word(): string {
    const { dice } = this;
    if (this.depth > 3) return this.literal();
    const kind = dice.below(20);
    if (kind < 7) return this.literal();
    if (kind < 10) return this.expansion();
    if (kind < 14) return `"${this.inQuotes()}"`;
    if (kind < 15)
      return dice.pick([
        '{a,b}',
        '{1..3}',
        'x{p,q}y',
        '{rm,-rf}',
        '{a,"b c"}',
        '{$v,z}',
        '{a..c}',
        '{3..1}',
        'p{,s}',
        '{01..03}',
        "{a,'{'}",
        '{a,b}{1,2}',
        '{a}',
        '{,}',
        '{a,{b,c}}',
        '{1..6..2}',
      ]);
    if (kind < 16)
      return dice.pick([
        '~',
        '~/x',
        '*.txt',
        'tree/*',
        '*',
        'n*s.txt',
        'no*',
        '[nr]*.txt',
        '"*"',
        '?m.txt',
        'tree/*/*.log',
        '$v*',
        'a=~/x',
      ]);
    if (kind < 18) return this.expansion() + this.literal();
    if (kind < 19) return this.literal() + this.expansion();
    return `${this.expansion()}${this.expansion()}`;
  }

  private inQuotes(): string {
    const { dice } = this;
    const parts = Array.from({ length: 1 + dice.below(2) }, () =>
      dice.chance(65)
        ? this.expansion()
        : dice.pick([
            'a',
            ' ',
            'x y',
            "it's",
            '\\"',
            '\\$v',
            '*',
            '\\\\',
            '{a,b}',
            '~',
            '#',
            '\\a',
            'b\\\nc',
          ]),
    );
    return parts.join('');
  }

  /** A simple command: a program, most often one that is written plainly, and words. */
  command(): string {
    const { dice } = this;
    const words = Array.from({ length: dice.below(4) }, () => this.word());
    const program = dice.below(10);
    const first =
      program < 6
        ? dice.pick(programs)
        : program < 7
          ? this.quote(dice.pick(programs))
          : program < 8
            ? dice.pick([
                '"$v"',
                '$v',
                '${v}',
                '$(echo rm)',
                '$(echo tool a)',
                '`echo git`',
                '{rm,-rf}',
                "$(printf '%s' rm)",
                '${unset1:-rm}',
                'r""m',
                "g'i't",
                '\\rm',
                '$w',
                '"${v:-rm}"',
                '$(rev <<< mr)',
              ])
            : program < 9
              ? `${this.newName()}=${this.word()} ${dice.pick(programs)}`
              : dice.pick([
                  'command rm',
                  'builtin echo',
                  'echo',
                  'exec -a z rm'.replace('exec -a z ', ''),
                  'env rm',
                  'command -p rm',
                  'printf %s',
                ]);
    const redirect = dice.chance(8)
      ? ` ${dice.pick(['> out', '2>&1', '>> out', '2> /dev/null', '< names.txt', '&> out', '>| out', '3< names.txt', '> "$v.out"', '<<< hi', '>&2', '2>&-'])}`
      : '';
    return `${[first, ...words].join(' ')}${redirect}`;
  }

  // ---- statements

  private assignment(): string {
    const { dice } = this;
    const value = this.word();
    const name = this.newName();
    if (dice.chance(15)) return `${name}+=${value}`;
    if (dice.chance(10)) return `${name}=${value} ${this.newName()}=${this.word()}`;
    return `${name}=${value}`;
  }

  private arrayAssignment(): string {
    const { dice } = this;
    const name = dice.pick(['arr', 'list']);
    const words = Array.from({ length: dice.below(4) }, () => this.word()).join(' ');
    const have = this.arrays.includes(name);
    if (!have) this.arrays.push(name);
    if (have && dice.chance(30)) return `${name}+=(${words})`;
    if (have && dice.chance(30)) return `${name}[${dice.pick(['0', '1', '2', '$#', 'n'])}]=${this.word()}`;
    if (dice.chance(10)) return `declare -A map=([k]=${this.word()} [j]=z); tool "\${map[k]}" "\${map[@]}"`;
    if (dice.chance(10)) return `${name}=([1]=${this.word()} b)`;
    return `${name}=(${words})`;
  }

  private forLoop(): string {
    const { dice } = this;
    if (dice.chance(20))
      return `for ((i=0;i<${1 + dice.below(3)};i++)); do\n${this.command()} $i\n[[ $i == *[!0-9]* ]] && break\ndone`;
    const words = dice.chance(15)
      ? ''
      : ` in ${Array.from({ length: 1 + dice.below(3) }, () => this.word()).join(' ')}`;
    const name = this.newName();
    return `for ${name}${words}; do\n${this.block()}\n${dice.chance(50) ? `${this.command()} "$${name}"\n` : ''}${dice.chance(10) ? `[[ $${name} == a ]] && ${dice.pick(['break', 'continue'])}\n` : ''}done`;
  }

  private condition(): string {
    const { dice } = this;
    const test = dice.pick([
      'true',
      'false',
      '[ -n "$v" ]',
      '[[ $v == r* ]]',
      'test -f names.txt',
      '((n > 1))',
      '! true',
      '[[ -z $w ]]',
      `tool ${this.word()}`,
      '[[ $v =~ ^r(.*)$ ]]',
    ]);
    const other = dice.chance(50)
      ? `else\n${this.block()}\n`
      : dice.chance(30)
        ? `elif true; then\n${this.block()}\n`
        : '';
    return `if ${test}; then\n${this.block()}\n${other}fi`;
  }

  private caseOf(): string {
    const { dice } = this;
    const end = () => dice.pick([';;', ';;', ';&', ';;&']);
    return `case ${this.word()} in\n${this.pattern() || 'e'}) ${this.command()} ${end()}\n${dice.pick(['r*|a', 'a*', '(b)'])}${dice.pick([''])}) ${this.block()}\n${end()}\n*) ${this.command()};; esac`.replace(
      '(b))',
      '(b)',
    );
  }

  private functionDefinition(): string {
    const { dice } = this;
    const name = dice.pick(['f', 'g', 'h2', 'rm_all']);
    const local = dice.chance(40)
      ? `local ${dice.pick(['v', 'l'])}${dice.chance(80) ? `=${this.word()}` : ''}\n`
      : '';
    const body = `${local}${this.block()}\n${this.command()} ${dice.pick(['"$@"', '$1', '"$2"', '$*', '"${@:2}"', '$#'])}`;
    this.functions.push(name);
    const form = dice.pick([
      `${name}() {\n${body}\n}`,
      `function ${name} {\n${body}\n}`,
      `${name} () (\n${body}\n)`,
    ]);
    return `${form}\n${this.functionCall()}`;
  }

  private functionCall(): string {
    if (this.functions.length === 0) return this.command();
    const words = Array.from({ length: this.dice.below(3) }, () => this.word());
    const prefix = this.dice.chance(10) ? 'v=z ' : '';
    return `${prefix}${[this.dice.pick(this.functions), ...words].join(' ')}`;
  }

  private wrapped(): string {
    const { dice } = this;
    const inner = () => this.block();
    return dice.pick<() => string>([
      () => `( ${inner()}\n)`,
      () => `{ ${inner()}\n}`,
      () => `eval ${this.quote(this.command())}`,
      () => `eval "${this.inQuotes()}"`,
      () => `eval ${this.word()} ${this.word()}`,
      () => `bash -c ${this.quote(this.command())} ${this.word()} ${this.word()}`,
      () => `sh -c ${this.quote('tool "$@"')} s ${this.word()}`,
      () => `${this.command()} &\nwait`,
      () => `! ${this.command()}`,
      () => `time ${this.command()}`,
      () => `export ${this.newName()}=${this.word()}; bash -c ${this.quote(`tool "$${this.name()}"`)}`,
      () => `bash -s ${this.word()} <<< ${this.quote('tool "$1"')}`,
      () => `cat > s.sh <<'E'\n${inner()}\nE\nbash s.sh ${this.word()}`,
      () =>
        `echo ${this.quote('tool x "$1"')} > t.sh; ${dice.pick(['. ./t.sh', 'source t.sh', 'bash ./t.sh', 'sh t.sh'])} ${this.word()}`,
      () => `cd tree && ${this.command()}; cd ..`,
      () => `(cd tree; cat one.log | xargs tool; ${this.command()} $PWD)`,
    ])();
  }

  private pipe(): string {
    const { dice } = this;
    return dice.pick<() => string>([
      () => `${this.output()} | ${this.command()}`,
      () => `${this.output()} | xargs ${dice.pick(programs)}`,
      () =>
        `${this.output()} | xargs ${dice.pick(['-n1', '-n 1', '-I{}', '-t', '-r', '-L1', '-0', "-d '\\n'", '-d,', '-P2 -n1', '-I %', '-n2'])} ${dice.pick(programs)} ${dice.pick(['{}', 'a', '%', '-x{}', ''])}`,
      () =>
        `${this.output()} | while read ${dice.pick(['-r ', ''])}${dice.pick(['a', 'a b', 'v'])}; do tool "$a" "$b" $v; done`,
      () =>
        `while IFS=${dice.pick(['', ',', ':', '" "'])} read -r a b; do tool "$a" "$b"; done < ${dice.pick(['names.txt', 'rm.txt', '<(echo x,y)', '<(printf "%s\\n" a:b c)'])}`,
      () => `${this.output()} | { read -r a; tool "$a"; }`,
      () => `${this.output()} | bash`,
      () => `${this.output()} | sh -s ${this.word()}`,
      () => `${this.output()} | tee out | ${this.command()}`,
      () => `mapfile -t lines < <(${this.output()}); tool "\${lines[@]}"`,
      () => `read -r a b <<< ${this.word()}; tool "$a" "$b"`,
      () => `read -ra arr <<< ${this.word()}; tool "\${arr[@]}"`,
      () => `tool <(${this.output()})`,
      () => `${this.output()} |& ${this.command()}`,
      () => `coproc { ${this.command()}; }; wait`,
    ])();
  }

  private heredoc(): string {
    const { dice } = this;
    const quoted = dice.chance(40);
    const tag = dice.pick(['EOF', 'E', '_x']);
    const dash = dice.chance(20);
    const body = `${dash ? '\t' : ''}${quoted ? dice.pick(['tool $1', 'rm -rf "$v"', 'echo `tool`']) : dice.pick([`tool ${this.expansion()}`, `rm ${this.inQuotes().replaceAll('\\\n', '')}`, 'git \\$v', 'a \'b c\' "d"', 'x \\`tool\\`'])}`;
    const open = `<<${dash ? '-' : ''}${quoted ? dice.pick([`'${tag}'`, `\\${tag}`, `"${tag}"`]) : tag}`;
    const user = dice.pick([
      'bash',
      'cat | bash',
      'xargs tool',
      'tool',
      'sh -s a',
      'while read -r l; do tool "$l"; done',
      'cat > f.sh',
      'xargs -n1 rm',
    ]);
    return user.includes('|')
      ? `cat ${open} | bash\n${body}\n${dash ? '\t' : ''}${tag}`
      : user.startsWith('while')
        ? `while read -r l; do tool "$l"; done ${open}\n${body}\n${dash ? '\t' : ''}${tag}`
        : `${user} ${open}\n${body}\n${dash ? '\t' : ''}${tag}${user.includes('f.sh') ? '\nbash f.sh z' : ''}`;
  }

  private declaration(): string {
    const { dice } = this;
    const name = this.newName();
    const value = this.word();
    return dice.pick([
      `export ${name}=${value}`,
      `declare ${name}=${value}`,
      `readonly r${name}=${value}; tool "$r${name}"`,
      `declare -${dice.pick(['u', 'l', 'x', 'i', 'g'])} ${name}=${value}; tool "$${name}"`,
      `typeset ${name}=${value}`,
      `printf -v ${name} ${dice.pick(['%s', "'%s-%s'", "'a%s'", '%q', '%05d'])} ${this.word()}`,
      `declare -n ref=${this.name()}; ref=${value}; tool "$ref"`,
      `declare -a arr2=(${value} b); tool "\${arr2[@]}"`,
      `export ${name}; ${name}=${value}`,
      `local z=${value} 2>/dev/null; tool "$z"`,
      `export -n ${name}; tool $${name}`,
      `declare "${name}=${this.text().replace(/["$`\\]/g, '')}"`,
      `let n=${dice.pick(['1', '2+3', 'n+1'])}; tool $n`,
    ]);
  }

  private positional(): string {
    const { dice } = this;
    return dice.pick([
      `set -- ${this.word()} ${this.word()} c`,
      `set -- ${this.word()}; tool "$@"`,
      `set -- a b c; shift; tool "$1"`,
      `set -- a b c; shift 2; tool "$@" $#`,
      'shift',
      'shift 2',
      `set a ${this.word()}; tool $2`,
      'set -e',
      'set -u',
      'set -f',
      'set +f',
      `for i; do tool "$i"; done`,
      `while [ $# -gt 0 ]; do tool "$1"; shift || break; done`,
      `while (($#)); do case $1 in -*) tool opt "$1";; *) tool arg "$1";; esac; shift; done`,
    ]);
  }

  private reading(): string {
    const { dice } = this;
    return dice.pick([
      `read ${dice.pick(['-r ', ''])}v <<< ${this.word()}; tool "$v"`,
      `read v w < names.txt; tool $v "$w"`,
      `IFS=: read -r v w <<< ${this.word()}; tool "$v" "$w"`,
      `v=$(< rm.txt); $v`,
      `{ read v; read w; } < names.txt; tool "$v" "$w"`,
      `read -r v; tool "$v"`,
      `read -d b v <<< abc; tool "$v"`,
      `read -n 2 v <<< abc; tool "$v"`,
      `mapfile -t arr3 < names.txt; tool "\${arr3[1]}"; rm "\${arr3[@]}"`,
      `readarray arr3 < names.txt; tool "\${arr3[@]}"`,
    ]);
  }

  private separators(): string {
    const { dice } = this;
    const ifs = dice.pick([',', "''", ':', "$' \\t'", 'a', '"; "', '-', '/']);
    return dice.pick([
      `IFS=${ifs}`,
      `IFS=${ifs}; tool $v ${this.expansion()}`,
      `v=a,b:c; IFS=${ifs}; tool $v; unset IFS`,
      `IFS=${ifs} eval 'tool $w'`,
      `IFS=${ifs}; set -- a b; tool "$*"; IFS=' '`,
      `old=$IFS; IFS=${ifs}; tool $w; IFS=$old`,
    ]);
  }

  private arithmetic(): string {
    const { dice } = this;
    return dice.pick([
      `((${this.expression()})); tool $n`,
      `n=${dice.pick(['1', '2', '5'])}; tool $((${this.expression()}))`,
      `n=2; arr=(a b c); tool "\${arr[n]}" "\${arr[$n-1]}"`,
      `n=1; while ((n < 3)); do tool $n; ((n++)) || break; done`,
      `x='a[$(tool hidden)]'; echo $((x))`,
      `for ((i=0,j=2;i<j;i++)); do tool $i; done`,
      `n=0; until [ $n -ge 2 ]; do n=$((n+1)); tool $n; done`,
      `[[ $((n)) -eq 0 ]] && tool zero`,
      `x='a[$(tool hidden2)]'; [[ x -eq 1 ]]; tool after`,
      `x='a[$(tool hidden3)]'; tool "\${v:x:1}"`,
      `x='b[$(tool hidden4)]'; arr=(a b); tool "\${arr[x]}"`,
      `x='b[$(tool hidden5)]'; arr[x]=1`,
      `declare -i y; y='b[$(tool hidden6)]'; tool "$y"`,
    ]);
  }

  private carried(): string {
    const { dice } = this;
    const inner = `${dice.pick(programs)} ${this.word()}`;
    return dice.pick<() => string>([
      () =>
        `env ${dice.pick(['', 'A=1', '-i', '-u v', 'A="$w"', '--', '-C tree', '-S'])} ${inner}`.replace(
          '-S ',
          `-S 'tool a' `,
        ),
      () => `timeout ${dice.pick(['5', '-s KILL 5', '-k 1 5s', '--foreground 5'])} ${inner}`,
      () => `nice ${dice.pick(['', '-n 5', '-5', '--adjustment=3'])} ${inner}`,
      () => `nohup ${inner}`,
      () => `setsid -w ${inner}`,
      () => `stdbuf -oL ${inner}`,
      () => `find . -name '*.log' -exec ${dice.pick(programs)} {} ${dice.pick(['\\;', '+', "';'"])}`,
      () => `find tree -type f -exec sh -c 'tool "$1" "$@"' _ {} \\;`,
      () => `find . -name ${this.quote('*.txt')} | xargs -n1 ${dice.pick(programs)}`,
      () =>
        `find tree ${dice.pick(['-type d', "-name 'one*'", '-maxdepth 1', '-print0'])} ${dice.pick(['', '-print'])} | xargs ${dice.pick(['', '-0'])} tool`,
      () => `find tree -name '*.log' -execdir tool {} \\;`,
      () => `command ${inner}`,
      () => `exec ${inner}`,
      () => `(exec ${inner})`,
      () => `env bash -c ${this.quote(inner)}`,
      () => `timeout 5 nice env X=1 ${inner}`,
      () => `printf '%s\\0' ${this.word()} ${this.word()} | xargs -0 ${dice.pick(programs)}`,
      () => `printf '%s\\n' ${this.word()} ${this.word()} | xargs -I{} ${dice.pick(programs)} pre-{}`,
      () => `xargs -a names.txt ${dice.pick(programs)}`,
      () => `xargs ${dice.pick(programs)} < names.txt`,
      () => `echo ${this.word()} | xargs -I{} sh -c 'tool {}'`,
      () => `echo a b | xargs -n1 sh -c 'tool "$0"'`,
      () => `bash -${dice.pick(['c', 'lc', 'xc', 'ec', 'uc'])} ${this.quote(inner)}`,
      () => `bash -c -- ${this.quote(inner)}`,
      () => `bash -O nullglob -c ${this.quote(inner)}`,
      () => `bash -o errexit -c ${this.quote(inner)}`,
      () => `bash --norc -c ${this.quote(inner)}`,
      () => `bash +x -c ${this.quote(inner)}`,
      () => `"$v" ${this.word()}`,
    ])();
  }

  private whileLoop(): string {
    const { dice } = this;
    return dice.pick([
      `k=0; while [ $k -lt 2 ]; do\n${this.command()}\nk=$((k+1)); done`,
      `for i in 1 2; do\nv=$v$i\ntool $v\ndone`,
      `c=a; for i in 1 2 3; do tool $c; c=b; done`,
      `for i in a b; do for j in c d; do tool $i$j; done; done`,
      `until true; do\n${this.block()}\ndone`,
      `while read -r l; do v=$l; done < names.txt; tool "$v"`,
      `for i in rm git; do $i ${this.word()}; done`,
      `for p in "a b" c; do set -- $p; tool "$1" "$2"; done`,
      `i=0; while :; do i=$((i+1)); [ $i -gt 2 ] && break; tool $i; done`,
      `select s in a b; do tool $s; break; done <<< 1`,
    ]);
  }

  private andOr(): string {
    const { dice } = this;
    return dice.pick([
      `true && ${this.command()}`,
      `false || ${this.command()}`,
      `false && v=x; tool "$v"`,
      `true || v=x; tool "$v"`,
      `[ -z "$unset1" ] && v=${this.word()}; tool $v`,
      `tool || exit; ${this.command()}`,
      `{ v=${this.word()}; false; } || tool "$v"`,
      `cd nowhere 2>/dev/null || tool "$v"`,
      `cd tree && tool "$PWD" && cd -`,
      `(v=inner; tool $v); tool $v`,
      `false || { v=set; tool $v; }; tool $v`,
      `v=1 && w=2 || v=3; tool $v $w`,
      `test -d tree && { cd tree; tool *; cd ..; }`,
    ]);
  }

  private trap(): string {
    return this.dice.pick([
      `trap ${this.quote(`tool ${this.literal()}`)} EXIT`,
      `trap 'tool "$v"' EXIT; v=last`,
      `(trap 'tool t' 0; ${this.command()})`,
      `trap 'tool dbg' DEBUG; true; trap - DEBUG`,
      `trap 'tool err' ERR; false`,
      `trap "tool $v" EXIT`,
      `f3() { trap 'tool ret' RETURN; }; f3`,
    ]);
  }

  private unset(): string {
    return this.dice.pick([
      `unset v; tool "$v" a \${v:-gone}`,
      `unset v; tool \${v+set} x`,
      `unset -v w; tool $w x`,
      `f5() { tool one; }; unset -f f5; f5 2>/dev/null; tool two`,
      `arr5=(a b c); unset 'arr5[1]'; tool "\${arr5[@]}"`,
      `v=; tool "$v" $v "\${v-x}" \${v:-y}`,
    ]);
  }

  private fileRoundTrip(): string {
    return this.dice.pick([
      `echo ${this.word()} > f1; tool $(cat f1)`,
      `echo ${this.word()} > f1; echo more >> f1; xargs tool < f1`,
      `echo ${this.word()} > f1; read v < f1; tool "$v"`,
      `echo 'tool inside "$1"' > run.sh; bash run.sh ${this.word()}`,
      `printf '#!/bin/bash\\ntool made\\n' > made.sh; chmod2=1; bash made.sh`,
      `echo ${this.word()} | tee f2; tool "$(< f2)"`,
      `cat > f4 <<E\n${this.dice.pick(['tool $v', 'rm "$w"', 'tool \\$1'])}\nE\n. ./f4`,
      `{ echo 'tool a'; echo 'tool b'; } > f6; . ./f6`,
      `exec 3> f7; echo 'tool c' >&3; exec 3>&-; . ./f7`,
      `echo 'tool d' | cat > f8; sh f8`,
      `(echo 'tool e') > f9 2>&1; sh f9`,
    ]);
  }

  private test(): string {
    return this.dice.pick([
      `[[ $v == ${this.pattern() || 'a'} ]] && ${this.command()}`,
      `[ "$(tool t)" = x ] || ${this.command()}`,
      `[[ -n $(tool u) && $v < z ]]; tool $?`,
      `test "$v" = "$(echo rm)" && tool same`,
      `[[ abc =~ (b)(c) ]] && tool "\${BASH_REMATCH[1]}"`,
      `x=$(tool s) && tool "$x"`,
      `x="$(echo "$(echo "$v")")"; tool "$x"`,
    ]);
  }
}
