import { known, textsOf, type Word } from '../model/word.ts';
import type { Interpreter } from './interpreter.ts';
import { joinWords, type State, subshell, unknown } from './state.ts';

/** The text of a PowerShell call or of `pwsh -c`, read for the commands that it runs. */
export function runPowerShell(text: Word, state: State, shell: Interpreter, via: string): void {
  const texts = textsOf(text);
  if (texts === undefined) {
    shell.doubt('PowerShell code that cannot be known before it runs');
    return;
  }
  for (const source of texts) new PowerShell(shell, subshell(state), via).run(source);
}

/** The text of `cmd /c`: commands apart by `&` and `|`, `^` escapes, double quotes alone quote. */
export function runBatch(text: Word, state: State, shell: Interpreter): void {
  for (const source of textsOf(text) ?? []) {
    for (const line of source.replaceAll('^', '').split(/&&?|\|\|?|\r?\n/)) {
      const argv = (line.match(/(?:"[^"]*"|[^\s"])+/g) ?? []).map((part) => known(part.replaceAll('"', '')));
      runWindowsCommand(argv, subshell(state), shell, 'cmd /c');
    }
  }
}

/** A word, how it was written, and whether it starts with neither a quote nor a variable. */
type Part = { readonly word: Word; readonly raw: string; readonly bare: boolean };

type Token = ({ readonly kind: 'word' } & Part) | { readonly kind: 'end'; readonly pipe: boolean };

const hole = (why: string): Word => unknown(why);

class PowerShell {
  private readonly shell: Interpreter;
  private readonly state: State;
  private readonly via: string;
  private source = '';
  private at = 0;
  private depth = 0;

  constructor(shell: Interpreter, state: State, via: string) {
    this.shell = shell;
    this.state = state;
    this.via = via;
  }

  run(source: string): void {
    if (this.depth > 8 || source.length > 64 * 1024) {
      this.shell.doubt('PowerShell code that is too long or nested too deeply to be read');
      return;
    }
    const { source: outerSource, at: outerAt } = this;
    this.source = source;
    this.at = 0;
    this.depth++;
    this.methods(source);
    let statement: Part[] = [];
    let piped: readonly Word[] | undefined;
    while (this.at < this.source.length) {
      const token = this.next();
      if (token === undefined) continue;
      if (token.kind === 'word') {
        statement.push(token);
        continue;
      }
      const argv = this.statement(statement, piped);
      piped = token.pipe ? argv : undefined;
      statement = [];
    }
    this.statement(statement, piped);
    this.depth--;
    this.source = outerSource;
    this.at = outerAt;
  }

  /** Methods of .NET that delete or start something, called with what is written there. */
  private methods(source: string): void {
    const call =
      /\[(?:System\.)?(IO\.Directory|IO\.File|Diagnostics\.Process)\]::(Delete|Start)\(\s*(['"])([^'"]*)\3(?:\s*,\s*(['"])([^'"]*)\5)?/gi;
    for (const [, type = '', method = '', , first = '', , second = ''] of source.matchAll(call)) {
      const removes = method.toLowerCase() === 'delete';
      const flags = /directory/i.test(type) ? [known('-recurse')] : [];
      const argv = removes
        ? [known('remove-item'), ...flags, known(first)]
        : [known(first), ...splitText(known(second))];
      runWindowsCommand(argv, this.state, this.shell, this.via);
    }
  }

  /** Runs one statement; returns its argv, which what stands behind a `|` works on. */
  private statement(tokens: readonly Part[], piped: readonly Word[] | undefined): readonly Word[] {
    let words = tokens;
    const text = (i: number) => {
      const word = words[i]?.word;
      return word?.kind === 'known' ? word.text : '';
    };
    const variable = /^\$(?:global:|script:|local:|env:)?(\w+)$/i.exec(words[0]?.raw ?? '');
    if (variable?.[1] !== undefined && /^\+?=$/.test(text(1))) {
      const value = words.length === 3 ? words[2]?.word : undefined;
      this.state.variables.set(variable[1].toLowerCase(), value ?? hole(`$${variable[1]} is computed`));
      words = words.slice(2);
      if (words.length < 2 && words[0]?.bare !== true) return [];
    }
    while (
      /^(?:&|\.|if|elseif|else|foreach|for|while|do|try|catch|finally|switch|return|begin|process|end|exit|throw)$/i.test(
        text(0),
      )
    ) {
      words = words.slice(1);
    }
    const argv = words.map(({ word }) => word);
    const first = argv[0];
    // A value that is merely written, such as 'text' or $x, is no command unless it was called.
    if (first === undefined || (words === tokens && words[0]?.bare === false)) return argv;
    runWindowsCommand(argv, this.state, this.shell, this.via, piped);
    return argv;
  }

  private next(): Token | undefined {
    const { source } = this;
    const char = source[this.at] as string;
    if (char === '#') {
      const end = source.indexOf('\n', this.at);
      this.at = end < 0 ? source.length : end;
      return undefined;
    }
    if (source.startsWith('<#', this.at)) {
      const end = source.indexOf('#>', this.at);
      this.at = end < 0 ? source.length : end + 2;
      return undefined;
    }
    if (char === ',' || (char !== '\n' && /\s/.test(char))) {
      this.at++;
      return undefined;
    }
    if (char === '`' && /\r?\n/.test(source.slice(this.at + 1, this.at + 3))) {
      this.at += source[this.at + 1] === '\r' ? 3 : 2;
      return undefined;
    }
    if (/[\n;|&(){}]/.test(char)) {
      const double = source[this.at + 1] === char && /[|&]/.test(char);
      this.at += double ? 2 : 1;
      if (char === '&' && !double) return { kind: 'word', word: known('&'), raw: '&', bare: true };
      return { kind: 'end', pipe: char === '|' && !double };
    }
    return this.word();
  }

  private word(): Token {
    const pieces: Word[] = [];
    let bare = true;
    let literal = '';
    const flush = () => {
      if (literal !== '') pieces.push(known(literal));
      literal = '';
    };
    const start = this.at;
    if (this.source[start] === '=' && /\w/.test(this.source[start - 1] ?? '')) {
      this.at++;
      return { kind: 'word', word: known('='), raw: '=', bare: true };
    }
    while (this.at < this.source.length) {
      const char = this.source[this.at] as string;
      if (/[\s;|&(){},]/.test(char)) break;
      // `$x="a"`: the variable, the sign and the value are words of their own.
      if (char === '=' && /^\$(?:\w+:)?\w+$/.test(this.source.slice(start, this.at))) break;
      if (char === "'" || this.source.startsWith("@'", this.at)) {
        flush();
        if (this.at === start) bare = false;
        pieces.push(this.singleQuoted());
      } else if (char === '"' || this.source.startsWith('@"', this.at)) {
        flush();
        if (this.at === start) bare = false;
        pieces.push(this.doubleQuoted());
      } else if (char === '`') {
        literal += this.source[this.at + 1] ?? '';
        this.at += 2;
      } else if (char === '$') {
        flush();
        if (this.at === start) bare = false;
        pieces.push(this.variable());
      } else {
        literal += char;
        this.at++;
      }
    }
    // INVARIANT: every token moves on, whatever stands there.
    if (this.at === start) this.at++;
    flush();
    return { kind: 'word', word: joinWords(pieces, ''), raw: this.source.slice(start, this.at), bare };
  }

  private singleQuoted(): Word {
    if (this.source[this.at] === '@') return this.hereString("'@");
    let text = '';
    for (this.at++; this.at < this.source.length; this.at++) {
      if (this.source[this.at] !== "'") text += this.source[this.at];
      else if (this.source[this.at + 1] === "'") {
        text += "'";
        this.at++;
      } else break;
    }
    this.at++;
    return known(text);
  }

  private hereString(end: string): Word {
    const close = this.source.indexOf(`\n${end}`, this.at);
    const text = this.source.slice(this.source.indexOf('\n', this.at) + 1, close < 0 ? undefined : close);
    this.at = close < 0 ? this.source.length : close + 1 + end.length;
    return known(text);
  }

  private doubleQuoted(): Word {
    if (this.source[this.at] === '@') return this.hereString('"@');
    const pieces: Word[] = [];
    let text = '';
    this.at++;
    while (this.at < this.source.length) {
      const char = this.source[this.at] as string;
      if (char === '"') {
        if (this.source[this.at + 1] !== '"') break;
        text += '"';
        this.at += 2;
      } else if (char === '`') {
        text += this.source[this.at + 1] === 'n' ? '\n' : (this.source[this.at + 1] ?? '');
        this.at += 2;
      } else if (char === '$') {
        pieces.push(known(text), this.variable());
        text = '';
      } else {
        text += char;
        this.at++;
      }
    }
    this.at++;
    pieces.push(known(text));
    return joinWords(pieces, '');
  }

  private variable(): Word {
    const rest = this.source.slice(this.at);
    if (rest.startsWith('$(')) {
      let level = 0;
      let end = 1;
      for (; end < rest.length; end++) {
        if (rest[end] === '(') level++;
        else if (rest[end] === ')' && --level === 0) break;
      }
      this.at += end + 1;
      this.run(rest.slice(2, end));
      return hole('$( ) is computed');
    }
    const match = /^\$(?:\{([^}]*)\}|((?:\w+:)?\w+))/.exec(rest);
    if (!match) {
      this.at++;
      return known('$');
    }
    this.at += match[0].length;
    const name = (match[1] ?? match[2] ?? '').toLowerCase();
    const { environment } = this.shell.facts;
    if (name.startsWith('env:')) {
      const value = environment[name.slice(4).toUpperCase()];
      return value === undefined ? hole(`$${name} is not known`) : known(value);
    }
    if (name === 'null') return known('');
    if (name === 'home') return known(this.shell.facts.home ?? '~');
    if (name === 'pwd') return known(this.state.cwd ?? '.');
    if (name === 'true' || name === 'false') return known(`$${name}`);
    const value = this.state.variables.get(name);
    return value !== undefined && 'kind' in value ? value : hole(`$${name} is not known`);
  }
}

const removers = new Set(['remove-item', 'ri', 'rd', 'del', 'erase', 'rmdir', 'rm', 'clear-recyclebin']);
const listers = new Set(['get-childitem', 'gci', 'ls', 'dir', 'get-item', 'gi']);

/** Runs one command of PowerShell or cmd.exe: itself, and what it comes to in the words that rules are written in. */
function runWindowsCommand(
  argv: readonly Word[],
  state: State,
  shell: Interpreter,
  via: string,
  piped?: readonly Word[],
): void {
  const [program, ...args] = argv;
  if (program === undefined) return;
  const text = (word: Word | undefined) => (word?.kind === 'known' ? word.text : '');
  const name = text(program)
    .toLowerCase()
    .replace(/^.*[\\/]/, '')
    .replace(/\.exe$/, '');
  const span = { pos: 0, end: 0 };
  const frame = shell.inner(via);
  const run = (words: readonly Word[]) => shell.runCarried(words, new Map(), state, frame, span);
  const operands = args.filter(
    (arg, i) =>
      !/^(?:-|\/\w$)/.test(text(arg)) &&
      !/^-(?:filter|include|exclude|erroraction|ea)$/i.test(text(args[i - 1])),
  );
  if (removers.has(name)) {
    const options = args.map(text);
    const recursive = options.some(
      (option) => /^-r(?:e(?:c(?:u(?:r(?:s(?:e)?)?)?)?)?)?$/i.test(option) || /^\/s$/i.test(option),
    );
    const dry = options.some((option) => /^-(?:whatif|wi)$/i.test(option));
    const from = piped !== undefined && listers.has(text(piped[0]).toLowerCase()) ? pathsOf(piped) : [];
    const targets = operands.length > 0 ? operands : from;
    if (!dry) run([known('rm'), ...(recursive || from.length > 0 ? [known('-rf')] : []), ...targets]);
    return;
  }
  if (name === 'invoke-expression' || name === 'iex') {
    const code = operands[0] ?? (piped === undefined ? undefined : hole('what comes through the pipe'));
    if (code !== undefined) runPowerShell(code, state, shell, 'Invoke-Expression');
    return;
  }
  if (name === 'start-process' || name === 'saps' || name === 'start') {
    const at = args.findIndex((arg) => /^-(?:argumentlist|args)$/i.test(text(arg)));
    const file = operands[0];
    if (file !== undefined)
      run([file, ...operands.slice(1).flatMap((word) => (at >= 0 ? splitText(word) : [word]))]);
    return;
  }
  if (name === 'invoke-command' || name === 'icm' || name === 'foreach-object' || name === 'where-object')
    return;
  run(argv);
}

const splitText = (word: Word): Word[] =>
  word.kind === 'known' ? word.text.split(/\s+/).filter(Boolean).map(known) : [word];

function pathsOf(argv: readonly Word[]): Word[] {
  const paths = argv.slice(1).filter((arg) => !(arg.kind === 'known' && arg.text.startsWith('-')));
  return paths.length > 0 ? paths : [known('.')];
}

/** `pwsh -c TEXT`, `-EncodedCommand BASE64`, `-File`, and text on standard input. */
export function runPowerShellProgram(args: readonly Word[], state: State, shell: Interpreter): void {
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    const option = arg?.kind === 'known' ? arg.text.toLowerCase() : '';
    if (/^[-/]e(?:nc?|ncodedcommand|c)?$/.test(option)) {
      const value = args[i + 1];
      const decoded =
        value?.kind === 'known' ? Buffer.from(value.text, 'base64').toString('utf16le') : undefined;
      runPowerShell(
        decoded === undefined ? hole('an encoded command') : known(decoded),
        state,
        shell,
        'powershell -EncodedCommand',
      );
      return;
    }
    if (/^[-/]f(?:ile)?$/.test(option)) return;
    if (/^[-/]c(?:ommand)?$/.test(option)) {
      runPowerShell(joinWords(args.slice(i + 1), ' '), state, shell, 'powershell -Command');
      return;
    }
    if (
      /^[-/](?:ex(?:ecutionpolicy)?|ep|w(?:indowstyle)?|version|psconsolefile|outputformat|inputformat|workingdirectory|wd)$/.test(
        option,
      )
    )
      i++;
    else if (!/^[-/]/.test(option)) {
      runPowerShell(joinWords(args.slice(i), ' '), state, shell, 'powershell');
      return;
    }
  }
  const input = shell.input();
  if (input !== undefined) runPowerShell(input, state, shell, 'powershell');
}
