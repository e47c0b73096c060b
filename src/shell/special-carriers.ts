import { known, textsOf, type Word } from '../model/word.ts';
import { decodeEscapes } from './builtins.ts';
import { type Carried, dropText } from './carriers.ts';
import { baseOf, directoryOf, resolvePath } from './path.ts';
import { runBatch, runPowerShellProgram } from './powershell.ts';
import { shells } from './shell-programs.ts';
import { joinWords, subshell, unknown } from './state.ts';
import { configuredAlias } from './tasks/git-repository.ts';

/** Carriers whose grammar is their own. Each returns what it writes, or undefined when it carries nothing here. */
export const special = new Map<string, (carried: Carried) => Word | undefined>([
  ['find', find],
  ['gfind', find],
  ['bfs', find],
  ['fd', fd],
  ['fdfind', fd],
  ['xargs', xargs],
  ['gxargs', xargs],
  ['parallel', parallel],
  ['git', git],
  ['hub', git],
  ['crontab', fromInput],
  ['at', fromInput],
  ['batch', fromInput],
  ['tee', tee],
  ['screen', screen],
  ['aws', sendCommand],
  ...['psql', 'pgcli', 'mysql', 'mariadb', 'sqlite3', 'duckdb'].map((name) => [name, shellEscapes] as const),
  ['ln', ln],
  ...['cp', 'mv', 'install', 'gcp', 'gmv', 'ginstall'].map((name) => [name, copy] as const),
  ['dd', dd],
  ...['nc', 'ncat', 'netcat', 'telnet'].map((name) => [name, netcat] as const),
  ['schtasks', schtasks],
  ['ssh', sshOptions],
  ['curl', curl],
  ['curlie', curl],
  ['pwsh', powershell],
  ['powershell', powershell],
  ['cmd', batch],
]);

const textOf = (word: Word | undefined): string => (word?.kind === 'known' ? word.text : '');

function run(carried: Carried, argv: readonly Word[], via: string, input?: Word): Word {
  const { shell, environment, state, span } = carried;
  return shell.runCarried(argv, environment, subshell(state), shell.inner(via, input), span);
}

/** `find ROOT… EXPRESSION`: the commands of -exec and its kin, with a path that the expression lets through for `{}`. */
function find(carried: Carried): Word {
  const { args } = carried;
  const start = args.findIndex((arg) => /^(?:-[^HLPODf]|-depth|[(!])/.test(textOf(arg)));
  const roots = (start < 0 ? args : args.slice(0, start)).filter((arg) => !/^-[HLPODf]/.test(textOf(arg)));
  const expression = start < 0 ? [] : args.slice(start);
  const found = foundPath(roots[0] ?? known('.'), expression);
  for (let i = 0; i < expression.length; i++) {
    if (!/^-(?:exec|execdir|ok|okdir)$/.test(textOf(expression[i]))) continue;
    const end = expression.findIndex(
      (arg, j) =>
        j > i && (textOf(arg) === ';' || (textOf(arg) === '+' && textOf(expression[j - 1]) === '{}')),
    );
    const argv = expression.slice(i + 1, end < 0 ? undefined : end);
    // To a shell each is a script, whatever its name.
    const scripts = shells.has(baseOf(textOf(argv[0]))) && textOf(argv[1]).includes('{}');
    const handed = (path: Word): Word => (scripts ? { ...known(`${textOf(path)}*`), glob: true } : path);
    const starts = (at: number) =>
      at === 0 || (shells.has(baseOf(textOf(argv[0]))) && textOf(argv[at - 1]) === '-c');
    for (const root of roots.length > 1 ? roots : [roots[0] ?? known('.')]) {
      const path = roots.length > 1 ? foundPath(root, expression) : found;
      run(
        carried,
        argv.map((word, at) =>
          starts(at) && textOf(word) === '{}'
            ? unknown('a file that find finds', { many: true })
            : replace(word, '{}', handed(path)),
        ),
        `find ${textOf(expression[i])}`,
      );
    }
    i = end < 0 ? expression.length : end;
  }
  const end = expression.some((arg) => textOf(arg) === '-print0') ? '\0' : '\n';
  return roots.length < 2 ? joinWords([found, known(end)], '') : unknown('the paths that find writes');
}

/** Tests that let only some files through. Kinds of file and depth are not among them: they keep what matters. */
const selective =
  /^-(?:i?name|i?path|i?wholename|i?regex|i?lname|size|empty|[acm]time|[acm]min|newer.*|anewer|cnewer|inum|samefile|user|group|uid|gid|nouser|nogroup|perm|links|used|mindepth)$/;

/** A path that `find` hands on: the root itself, or something below it when the tests are selective. */
function foundPath(root: Word, expression: readonly Word[]): Word {
  const texts = expression.map(textOf);
  const action = texts.findIndex((text) => /^-(?:exec|execdir|ok|okdir|delete|print0?)$/.test(text));
  const tests = action < 0 ? texts : texts.slice(0, action);
  if (!tests.some((text) => selective.test(text)) || tests.some((text) => /^(?:!|-not|-o|-or)$/.test(text))) {
    return texts[texts.indexOf('-type') + 1] === 'f' ? joinWords([root, known('/*')], '') : root;
  }
  const at = tests.findIndex((text) => /^-i?name$/.test(text));
  const name = at < 0 ? undefined : expression[at + 1];
  return joinWords([root, known('/'), name ?? known('found-*')], '');
}

function replace(word: Word, mark: string, value: Word): Word {
  if (word.kind !== 'known' || mark === '' || !word.text.includes(mark)) return word;
  const parts = word.text.split(mark);
  return joinWords(
    parts.flatMap((part, i) => (i === 0 ? [known(part)] : [value, known(part)])),
    '',
  );
}

/** `fd … -x CMD` / `-X CMD`. */
function fd(carried: Carried): Word | undefined {
  const { args } = carried;
  const at = args.findIndex((arg) => /^(?:-x|-X|--exec|--exec-batch)$/.test(textOf(arg)));
  if (at < 0) return undefined;
  const argv = args.slice(at + 1).filter((arg) => textOf(arg) !== ';');
  const path = unknown('a path that fd finds');
  const filled = argv.some((arg) => textOf(arg).includes('{}'))
    ? argv.map((arg) => replace(arg, '{}', path))
    : [...argv, path];
  return run(carried, filled, 'fd --exec');
}

const xargsValues = new Set([
  '-a',
  '--arg-file',
  '-d',
  '--delimiter',
  '-E',
  '-I',
  '-J',
  '-L',
  '-l',
  '-n',
  '--max-args',
  '-P',
  '--max-procs',
  '-R',
  '-S',
  '-s',
  '--max-chars',
  '--process-slot-var',
  '--max-lines',
]);

/** `xargs OPTIONS CMD`: the command with the words that it reads. */
function xargs(carried: Carried): Word {
  const { args, shell } = carried;
  let mark: string | undefined;
  let delimiter: RegExp | undefined;
  let file: Word | undefined;
  let i = 0;
  for (; i < args.length; i++) {
    const given = textOf(args[i]);
    if (given === '--') {
      i++;
      break;
    }
    if (!given.startsWith('-') || given === '-') break;
    // Letters that take no value may stand before one that does: `-0I{}`.
    const [, letters = '', rest] = /^-([0oprtx]+)(.*)$/s.exec(given) ?? [];
    const text = rest === undefined || given.startsWith('--') ? given : `-${rest}`;
    if (letters.includes('0')) delimiter = /\0/;
    const next = textOf(args[i + 1]);
    if (text === '-I' || text === '-J') mark = next;
    else if (/^-[IJ]./.test(text)) mark = text.slice(2);
    else if (text === '-i' || text === '--replace' || text === '--replace=') mark = '{}';
    else if (/^-i./.test(text)) mark = text.slice(2);
    else if (text.startsWith('--replace=')) mark = text.slice('--replace='.length);
    else if (text === '--null') delimiter = /\0/;
    else if (text === '-d' || text === '--delimiter') delimiter = separator(next);
    else if (/^-d.|^--delimiter=/.test(text)) delimiter = separator(text.replace(/^(?:-d|--delimiter=)/, ''));
    else if (/^-a$|^--arg-file$/.test(text)) file = args[i + 1];
    else if (/^-a.|^--arg-file=/.test(text)) file = known(text.replace(/^-a|^--arg-file=/, ''));
    if (xargsValues.has(text)) i++;
  }
  const size = chunkSize(args.slice(0, i).map(textOf));
  const command = args.slice(i);
  const argv = command.length === 0 ? [known('echo')] : command;
  const input = file === undefined ? shell.input() : contentOf(file, carried);
  const separated = delimiter ?? (mark === undefined ? undefined : 'lines');
  let output: Word = known('');
  const start = (words: readonly Word[]) => {
    output = run(carried, words, 'xargs', known(''));
  };
  for (const given of input === undefined ? [undefined] : alternatives(input)) {
    const read = given && inputWords(given, separated);
    if (mark !== undefined) {
      const values = read === undefined || read.length === 0 ? [unknown('what xargs reads')] : read;
      for (const value of values) start(argv.map((word) => replace(word, mark ?? '', value)));
      continue;
    }
    const all = read ?? [unknown('what xargs reads', { many: true })];
    start([...argv, ...all]);
    for (let at = 0; size !== undefined && at < all.length && at < 64; at += size)
      start([...argv, ...all.slice(at, at + size)]);
  }
  return output;
}

const contentOf = (path: Word, { shell, state }: Carried): Word =>
  (path.kind === 'known' ? shell.fileText(path.text, state) : undefined) ?? unknown('the content of a file');

/** Each text that a word may be, as a word of its own. */
const alternatives = (word: Word): readonly Word[] =>
  word.kind === 'one-of'
    ? word.texts.map((text) => ({ ...known(text), ...(word.glob && { glob: true }) }))
    : [word];

const separator = (text: string): RegExp =>
  new RegExp(decodeEscapes(text).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));

/** How many words each run of the command gets, where xargs is told. */
function chunkSize(options: readonly string[]): number | undefined {
  const at = options.findIndex((option) => /^(?:-[nL]\d*|--max-(?:args|lines)(?:=\d+)?)$/.test(option));
  const given = /\d+$/.exec(options[at] ?? '')?.[0] ?? options[at + 1];
  return at >= 0 && Number(given) > 0 ? Number(given) : undefined;
}

/** The words of a text that is read as arguments. */
function inputWords(input: Word, delimiter: RegExp | 'lines' | undefined): Word[] {
  if (input.kind === 'unknown') {
    // What stands before the first hole is known up to the last separator; what follows may be any words.
    const [head] = input.pieces;
    if (typeof delimiter !== 'object' && input.pieces.some((piece) => /['"\\]/.test(piece ?? '')))
      return [unknown(input.why, { many: true })];
    const cut = typeof head === 'string' ? lastSeparator(head, delimiter) : 0;
    const rest = dropText(input, cut);
    const words = cut === 0 ? [] : inputWords(known((head ?? '').slice(0, cut)), delimiter);
    const pieces = rest.kind === 'unknown' ? rest.pieces : [null];
    const trimmed = pieces
      .map((piece, i) => (i === pieces.length - 1 ? (piece?.trimEnd() ?? null) : piece))
      .filter((piece) => piece !== '');
    const separated = trimmed.some(
      (piece, i) => i > 0 && piece !== null && lastSeparator(piece, delimiter) > 0,
    );
    return [
      ...words,
      { ...unknown(input.why, { many: true }), pieces: separated ? [null] : trimmed } as Word,
    ];
  }
  const texts = textsOf(input) ?? [];
  if (typeof delimiter !== 'object' && texts.some((text) => /\0|\\(?:\n|$)/.test(text)))
    return [unknown('words that are not separated as xargs expects', { many: true })];
  const words = texts.flatMap((text) => {
    if (delimiter === undefined) return shellLikeWords(text);
    return delimiter === 'lines' ? quotedLines(text) : delimited(text, delimiter);
  });
  return input.glob === true
    ? words.map((word) => (word.kind === 'unknown' ? word : { ...word, glob: true }))
    : words;
}

/** Where the text after the last separator starts. */
function lastSeparator(text: string, delimiter: RegExp | 'lines' | undefined): number {
  const last = [...text.matchAll(new RegExp(delimiter === 'lines' ? /\n/ : (delimiter ?? /\s+/), 'g'))].at(
    -1,
  );
  return last === undefined ? 0 : last.index + last[0].length;
}

/** What a delimiter ends; the last part counts only when it holds something. */
function delimited(text: string, delimiter: RegExp): Word[] {
  const parts = text.split(delimiter);
  return (parts.at(-1) === '' ? parts.slice(0, -1) : parts).map(known);
}

/** Words as xargs reads them: quotes and backslashes keep blanks in a word. */
function shellLikeWords(text: string): Word[] {
  const parts = text.match(/(?:\\[\s\S]|'[^'\n]*'|"[^"\n]*"|[^\s'"\\])+/g) ?? [];
  return parts.map((part) => known(unquoted(part)));
}

/** Lines as `xargs -I` reads them: without the blanks before, quotes and backslashes taken away. */
const quotedLines = (text: string): Word[] =>
  text
    .split('\n')
    .map((line) => line.trimStart())
    .filter((line) => line !== '')
    .map((line) => known(unquoted(line)));

const unquoted = (text: string): string =>
  text.replace(/\\([\s\S])|'([^']*)'|"([^"]*)"/g, (_, a, b, c) => a ?? b ?? c ?? '');

/** GNU parallel: the command with each of the arguments after `:::`, or of what it reads; without a command, each is one. */
function parallel(carried: Carried): Word {
  const { args, shell, state } = carried;
  const values = new Set([
    '-j',
    '--jobs',
    '-P',
    '--max-procs',
    '-a',
    '--arg-file',
    '--colsep',
    '-C',
    '-I',
    '-S',
    '--sshlogin',
    '--tmpdir',
    '--joblog',
    '--timeout',
    '--delay',
    '--retries',
    '-n',
    '-N',
    '-L',
    '--workdir',
    '--wd',
    '--results',
    '--env',
    '-d',
    '--delimiter',
  ]);
  let file: Word | undefined;
  let i = 0;
  for (; i < args.length; i++) {
    const text = textOf(args[i]);
    if (!text.startsWith('-') || text === '--') break;
    if (text === '-a' || text === '--arg-file') file = args[i + 1];
    else if (text.startsWith('--arg-file=')) file = known(text.slice('--arg-file='.length));
    if (values.has(text)) i++;
  }
  const separator = args.findIndex((arg, at) => at >= i && /^::::?\+?$/.test(textOf(arg)));
  const command = args.slice(i, separator < 0 ? undefined : separator);
  const fromFiles = separator >= 0 && textOf(args[separator]).startsWith('::::');
  const listed =
    separator < 0 || fromFiles
      ? undefined
      : args.slice(separator + 1).filter((arg) => !/^:::\+?$/.test(textOf(arg)));
  if (fromFiles) file = args[separator + 1];
  const input = file === undefined ? shell.input() : contentOf(file, carried);
  const given = listed ?? (input === undefined ? [unknown('what parallel reads')] : inputWords(input, /\n/));
  let output: Word = known('');
  for (const value of given) {
    const marked = command.some((word) => /\{(?:[#%]|[+-]?\d*(?:\/\/|\/\.|[./])?)\}/.test(textOf(word)));
    const filled = marked
      ? command.map((word) => replace(replace(word, '{}', value), '{1}', value))
      : [...command, value];
    // parallel hands the line to a shell, so words with spaces are read again.
    const text = command.length === 0 ? value : joinWords(filled, ' ');
    output = shell.runText(text, subshell(state), shell.inner('parallel', known('')));
    if (command.length > 0) output = run(carried, filled, 'parallel', known(''));
  }
  return output;
}

/** Configuration keys whose value git runs. */
const commandKeys =
  /^(?:core\.(?:sshcommand|pager|editor|fsmonitor|askpass)|sequence\.editor|diff\.external|gpg\.program|credential\.helper|pager\..+|diff\..+\.(?:command|textconv)|filter\..+\.(?:clean|smudge|process)|merge\..+\.driver|(?:diff|merge)tool\..+\.cmd)$/;

/** Aliases and commands that come with a call of git, by `-c`, `--config-env` or the environment. */
function git(carried: Carried): Word | undefined {
  const { args, environment, shell, state } = carried;
  const settings: [string, Word][] = [];
  let i = 0;
  for (; i < args.length; i++) {
    const text = textOf(args[i]);
    if (text === '-c') settings.push(...setting(args[++i]));
    else if (/^-c./.test(text)) settings.push(...setting(known(text.slice(2))));
    else if (/^(?:-C|--git-dir|--work-tree|--namespace|--exec-path|--super-prefix|--config-env)$/.test(text))
      i++;
    else if (!text.startsWith('-')) break;
  }
  for (const [name, key] of environment) {
    const at = /^GIT_CONFIG_KEY_(\d+)$/.exec(name)?.[1];
    const value = at === undefined ? undefined : environment.get(`GIT_CONFIG_VALUE_${at}`);
    if (value !== undefined) settings.push([textOf(key), value]);
  }
  for (const pair of textOf(environment.get('GIT_CONFIG_PARAMETERS')).matchAll(/'([^'=]+)=([^']*)'/g))
    settings.push([pair[1] ?? '', known(pair[2] ?? '')]);
  const subcommand = textOf(args[i]);
  const rest = args.slice(i + 1);
  if (subcommand === 'config') {
    const [key, value] = rest.filter((arg) => !textOf(arg).startsWith('-'));
    const name = /^alias\.(.+)$/i.exec(textOf(key))?.[1];
    if (name !== undefined && value?.kind === 'known')
      state.aliases.set(`git ${name.toLowerCase()}`, value.text);
  }
  const alias =
    state.aliases.get(`git ${subcommand.toLowerCase()}`) ??
    (state.cwd === undefined ? undefined : configuredAlias(subcommand, state.cwd, shell.facts));
  if (alias !== undefined) settings.push([`alias.${subcommand}`, known(alias)]);
  for (const [key, value] of settings) {
    const name = key.toLowerCase();
    if (commandKeys.test(name)) shell.runText(value, subshell(state), shell.inner(`git ${key}`));
    if (name !== `alias.${subcommand.toLowerCase()}` || subcommand === '') continue;
    const text = textOf(value);
    if (text.startsWith('!'))
      shell.runText(
        joinWords([known(text.slice(1)), ...rest], ' '),
        subshell(state),
        shell.inner('git alias'),
      );
    else run(carried, [known('git'), ...text.split(/\s+/).filter(Boolean).map(known), ...rest], 'git alias');
  }
  return undefined;
}

function setting(word: Word | undefined): [string, Word][] {
  const text = textOf(word);
  const cut = text.indexOf('=');
  return cut < 0 ? [] : [[text.slice(0, cut), known(text.slice(cut + 1))]];
}

/** `crontab -` and `at`: shell text on standard input; a line of a crontab starts with five fields of time. */
function fromInput({ program, args, shell, state }: Carried): Word | undefined {
  const input = shell.input();
  if (input === undefined || input.kind === 'one-of') return undefined;
  if (program === 'crontab' && !args.some((arg) => textOf(arg) === '-')) return undefined;
  // What cannot be known is most often the crontab as it was (`crontab -l`).
  const given = input.kind === 'known' ? input.text : input.pieces.map((piece) => piece ?? '').join('');
  const text = program === 'crontab' ? given.replace(/^\s*(?:@\w+|(?:\S+\s+){5})/gm, '') : given;
  shell.runText(known(text), subshell(state), shell.inner(program));
  return undefined;
}

/** `tee FILE` writes what it reads. */
function tee({ args, shell, state }: Carried): Word | undefined {
  const append = args.some((arg) => /^(?:-\w*a\w*|--append)$/.test(textOf(arg)));
  const input = shell.input() ?? unknown('what is typed');
  for (const arg of args)
    for (const path of textsOf(arg) ?? []) if (!path.startsWith('-')) shell.write(path, input, append, state);
  return input;
}

/** `screen -X stuff TEXT` types a line into a window. */
function screen({ args, shell, state }: Carried): Word | undefined {
  const at = args.findIndex((arg) => textOf(arg) === 'stuff');
  const typed = at < 0 ? undefined : args[at + 1];
  if (typed?.kind === 'known')
    shell.runText(
      known(typed.text.replace(/(?:\\[nr]|\^M)+$/, '')),
      subshell(state),
      shell.inner('screen -X stuff'),
    );
  return undefined;
}

/** `aws ssm send-command --parameters commands=…` runs shell text on machines; the value is a shorthand or JSON. */
function sendCommand({ args, shell, state }: Carried): Word | undefined {
  const texts = args.map(textOf);
  if (!texts.includes('ssm') || !texts.some((text) => /^(?:send-command|start-session)$/.test(text)))
    return undefined;
  const at = texts.findIndex((text) => /^--parameters(?:=|$)/.test(text));
  const given =
    texts[at] === '--parameters' ? (texts[at + 1] ?? '') : (texts[at] ?? '').slice('--parameters='.length);
  for (const [, list = ''] of given.matchAll(
    /"?\bcommands?"?\s*[=:]\s*(\[[^\]]*\]|"(?:[^"\\]|\\.)*"|[\s\S]+)/g,
  )) {
    const quoted = [...list.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g)].map(([, a, b]) => a ?? b ?? '');
    const lines = quoted.length > 0 ? quoted : [list.replace(/^\[|\]$/g, '')];
    const text = lines.map((line) => line.replace(/\\(["\\/])/g, '$1').replaceAll('\\n', '\n')).join('\n');
    const inner = subshell(state);
    inner.cwd = undefined;
    shell.runText(known(text), inner, shell.inner('aws ssm'));
  }
  return undefined;
}

/** Lines with which a database's client leaves for the shell: `\! CMD`, `.shell CMD`, `system CMD`, `\o |CMD`. */
function shellEscapes({ program, args, shell, state }: Carried): Word | undefined {
  const input = shell.input();
  const texts = [...args, ...(input === undefined ? [] : [input])].flatMap((word) => textsOf(word) ?? []);
  for (const text of texts)
    for (const [, command = ''] of text.matchAll(
      /(?:^|[\n;])\s*(?:\\!|\.(?:shell|system)\b|system\s|\\(?:o|g|gx|w|copy\b[^\n]*\bprogram)\s*\|?(?=\s*['|]|\|))\s*([^\n]+)/gi,
    ))
      shell.runText(
        known(command.replace(/^\s*\|?\s*'?|'\s*;?\s*$/g, '')),
        subshell(state),
        shell.inner(`a line of ${program}`),
      );
  return undefined;
}

function powershell({ args, state, shell }: Carried): Word {
  runPowerShellProgram(args, state, shell);
  return unknown('what PowerShell writes');
}

function batch({ args, state, shell }: Carried): Word | undefined {
  const at = args.findIndex((arg) => /^\/\/?[ckrs]$/i.test(textOf(arg)));
  if (at < 0) return undefined;
  runBatch(joinWords(args.slice(at + 1), ' '), state, shell);
  return unknown('what cmd writes');
}

/** `ln -s TARGET… LINK`: paths through the link lead to its target. */
function ln(carried: Carried): undefined {
  const { args, state } = carried;
  const options = args.filter((arg) => /^-./.test(textOf(arg))).map(textOf);
  if (!options.some((text) => /^(?:-[a-zA-Z]*s[a-zA-Z]*|--symbolic)$/.test(text))) return copy(carried);
  for (const [text, link] of placesOf(carried)) {
    // A relative target is seen from where the link lies.
    const leadsTo = resolvePath(text, directoryOf(link));
    if (leadsTo !== undefined && link !== leadsTo) state.links.set(link, leadsTo);
  }
  return undefined;
}

/** `cp`, `mv`, `install`, `ln`: what lies under the new name is what lay under the old one. */
function copy(carried: Carried): undefined {
  const { shell, state } = carried;
  for (const [text, place] of placesOf(carried)) {
    const from = resolvePath(text, state.cwd);
    const content = shell.fileText(text, state);
    if (content !== undefined) shell.keepFile(place, content, state);
    else if (from !== undefined && from !== place) state.copies.set(place, from);
  }
  return undefined;
}

/** Each file that `cp` and its kin are given, and the absolute path that it gets. */
function placesOf({ args, state, shell }: Carried): readonly (readonly [string, string])[] {
  const into = args.findIndex((arg) => /^(?:-[a-zA-Z]*t|--target-directory)$/.test(textOf(arg)));
  const dir = into < 0 ? undefined : textOf(args[into + 1]);
  const operands = args.filter(
    (arg, i) =>
      !/^-./.test(textOf(arg)) &&
      !/^(?:-[a-zA-Z]*[tSmog]|--(?:target-directory|suffix|mode|owner|group))$/.test(textOf(args[i - 1])),
  );
  const last = operands.length > 1 && dir === undefined ? operands.at(-1) : undefined;
  const place = resolvePath(dir ?? (last === undefined ? '.' : textOf(last)), state.cwd);
  const targets = last === undefined ? operands : operands.slice(0, -1);
  const isDir =
    last === undefined ||
    targets.length > 1 ||
    textOf(last).endsWith('/') ||
    (place !== undefined && shell.facts.isDirectory(place));
  return targets.flatMap((target) => {
    const text = textOf(target);
    const name = isDir ? resolvePath(baseOf(text.replace(/\/+$/, '')), place) : place;
    return text === '' || name === undefined ? [] : [[text, name] as const];
  });
}

/** `… | nc HOST 6379`: what a server of Redis reads are commands. */
function netcat(carried: Carried): undefined {
  const [host, port] = carried.args.filter((arg) => !textOf(arg).startsWith('-')).slice(-2);
  const input = carried.shell.input();
  if (textOf(port) !== '6379' || host === undefined || input === undefined) return undefined;
  run(carried, [known('redis-cli'), known('-h'), host], textOf(port), input);
  return undefined;
}

/** `schtasks /create /tr TEXT` runs it later. */
function schtasks({ args, shell, state }: Carried): undefined {
  const text = args[args.findIndex((arg) => /^\/\/?tr$/i.test(textOf(arg))) + 1];
  if (text !== undefined && args.some((arg) => /^\/\/?create$/i.test(textOf(arg))))
    shell.runText(text, subshell(state), shell.inner('schtasks'));
  return undefined;
}

/** `dd of=FILE` writes what it reads. */
function dd(carried: Carried): Word | undefined {
  const { args, shell, state } = carried;
  const value = (name: string) =>
    args
      .map(textOf)
      .find((text) => text.startsWith(`${name}=`))
      ?.slice(name.length + 1);
  const [from, to] = [value('if'), value('of')];
  const input = from === undefined ? shell.input() : contentOf(known(from), carried);
  if (to === undefined) return input;
  shell.write(to, input ?? unknown('what is typed'), false, state);
  return known('');
}

/** `ssh -o ProxyCommand=TEXT`: options whose value a shell runs, here or there. */
function sshOptions({ args, shell, state }: Carried): undefined {
  for (const [i, arg] of args.entries()) {
    const text = textOf(args[i - 1]) === '-o' ? textOf(arg) : textOf(arg).replace(/^-o(?=.)|^.*/, '');
    const command = /^(?:proxy|local|remote|knownhosts)command[ =]\s*(.+)/is.exec(text)?.[1];
    if (command !== undefined) shell.runText(known(command), subshell(state), shell.inner('ssh -o'));
  }
  return undefined;
}

/** `curl -K FILE`: the options in the file, as arguments. */
function curl(carried: Carried): Word | undefined {
  const { args, program, shell } = carried;
  let read = false;
  const given = args.flatMap((arg, i): readonly Word[] => {
    const text = textOf(arg);
    const [, letters = ''] = /^-([A-Za-z#0-9]*)K$/.exec(text) ?? [];
    if (isConfigOption(textOf(args[i - 1]))) return [];
    const file = isConfigOption(text) ? args[i + 1] : attachedConfig(text);
    if (file === undefined) return [arg];
    const content = textOf(file) === '-' ? shell.input() : contentOf(file, carried);
    read = true;
    return [...(letters === '' ? [] : [known(`-${letters}`)]), ...configWords(content)];
  });
  return read ? run(carried, [known(program), ...given], 'curl --config') : undefined;
}

const isConfigOption = (text: string): boolean => /^-[A-Za-z#0-9]*K$|^--config$/.test(text);
const attachedConfig = (text: string): Word | undefined => {
  const path = /^-K(.+)$|^--config=(.+)$/.exec(text);
  return path ? known(path[1] ?? path[2] ?? '') : undefined;
};

/** A line of curl's configuration: an option without its dashes, then `=`, `:` or blanks, then its value. */
function configWords(content: Word | undefined): Word[] {
  const texts = content === undefined ? undefined : textsOf(content);
  if (texts === undefined) return [unknown('options in a file', { many: true, options: true })];
  return texts.flatMap((text) =>
    text.split(/\r?\n/).flatMap((line) => {
      const [, name = '', quoted, plain] =
        /^\s*(-?-?[\w-]+)(?:[ \t]*[=:][ \t]*|[ \t]+|$)(?:"((?:[^"\\]|\\.)*)"|(\S*))/.exec(line) ?? [];
      if (name === '') return [];
      const value = quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '';
      return [known(name.startsWith('-') ? name : `--${name}`), ...(value === '' ? [] : [known(value)])];
    }),
  );
}
