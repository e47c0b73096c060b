import { known, textsOf, type Word } from '../model/word.ts';
import { evaluateText } from './arithmetic.ts';
import type { Interpreter } from './interpreter.ts';
import { joinWords, type State, subshell, unknown } from './state.ts';

type Builtin = (args: readonly Word[], state: State, shell: Interpreter) => Word;

const silent = known('');

/** Runs a shell builtin: changes the state, runs what it is given. Undefined when the program is not one. */
export function runBuiltin(argv: readonly Word[], state: State, shell: Interpreter): Word | undefined {
  const [program, ...args] = argv;
  if (program?.kind !== 'known') return undefined;
  return builtins.get(program.text)?.(args, state, shell);
}

const nothing: Builtin = () => silent;

const changeDirectory: Builtin = (args, state, { facts }) => {
  const target = args.filter((arg) => !(arg.kind === 'known' && /^-[LPe@]+$|^--$/.test(arg.text)))[0];
  const path = target === undefined ? facts.home : directoryOf(target);
  state.cwd = path === undefined || path === '-' ? undefined : resolve(path, state.cwd);
  return silent;
};

/** A directory's path; of `$(mktemp -d)` and its like the name is made up, because its place is what matters. */
function directoryOf(word: Word): string | undefined {
  if (word.kind === 'known') return word.text;
  if (word.kind === 'one-of' || !word.pieces[0]?.startsWith('/')) return undefined;
  return word.pieces.map((piece) => piece ?? 'unknown-name').join('');
}

function resolve(path: string, cwd: string | undefined): string | undefined {
  if (!path.startsWith('/') && cwd === undefined) return undefined;
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** `export`, `declare` and their kin: `NAME`, `NAME=value`, options. */
const declare =
  (exports: boolean): Builtin =>
  (args, state) => {
    let exporting = exports;
    for (const arg of args) {
      for (const text of textsOf(arg) ?? []) {
        if (text.startsWith('-')) exporting ||= /^-\w*x/.test(text);
      }
      const named = nameOf(arg);
      if (named === undefined) continue;
      if (named.value !== undefined) state.variables.set(named.name, named.value);
      if (exporting) state.exported.add(named.name);
    }
    return silent;
  };

/** The name and value of `NAME=value`, as far as it is known. */
function nameOf(arg: Word): { name: string; value?: Word } | undefined {
  const head = arg.kind === 'known' ? arg.text : arg.kind === 'unknown' ? (arg.pieces[0] ?? '') : '';
  const match = /^([A-Za-z_]\w*)(?:(\+?=)([\s\S]*))?$/.exec(head);
  if (!match?.[1]) return undefined;
  if (match[2] === undefined) return { name: match[1] };
  if (arg.kind === 'known') return { name: match[1], value: known(match[3] ?? '') };
  if (arg.kind !== 'unknown') return undefined;
  return { name: match[1], value: { ...arg, many: false, pieces: [match[3] ?? '', ...arg.pieces.slice(1)] } };
}

const set: Builtin = (args, state) => {
  const first = args[0];
  if (first === undefined) return unknown('the variables of the shell');
  const marker = args.findIndex((arg) => arg.kind === 'known' && (arg.text === '--' || arg.text === '-'));
  if (marker >= 0) state.positional = args.slice(marker + 1);
  else if (!(first.kind === 'known' && /^[-+]/.test(first.text))) state.positional = args;
  return silent;
};

const shift: Builtin = (args, state) => {
  const [count] = args;
  const n = count === undefined ? 1 : count.kind === 'known' ? Number(count.text) : Number.NaN;
  state.positional = Number.isInteger(n) ? state.positional?.slice(n) : undefined;
  return silent;
};

const unset: Builtin = (args, state) => {
  const functions = args.some((arg) => arg.kind === 'known' && arg.text === '-f');
  for (const name of args.flatMap((arg) => textsOf(arg) ?? [])) {
    if (functions) state.functions.delete(name);
    else state.variables.set(name, known(''));
  }
  return silent;
};

/** `read NAME…` and `mapfile NAME`: from what is known of standard input. */
const read: Builtin = (args, state, shell) => {
  const names: string[] = [];
  let array: string | undefined;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    const text = arg?.kind === 'known' ? arg.text : '';
    if (/^-\w*[dinNptu]$/.test(text)) i++;
    else if (/^-\w*a$/.test(text)) array = textsOf(args[++i] ?? known(''))?.[0];
    else if (!text.startsWith('-')) names.push(text);
  }
  const input = shell.input();
  if (array !== undefined) {
    state.variables.set(
      array,
      input?.kind === 'known'
        ? fields(firstLine(input.text)).map(known)
        : unknown(`what is read into ${array}`, { many: true }),
    );
    return silent;
  }
  const targets = names.length === 0 ? ['REPLY'] : names;
  if (input?.kind !== 'known' || input.text.trim() === '') {
    for (const name of targets) state.variables.set(name, unknown(`$${name} is read from standard input`));
    return silent;
  }
  // A loop reads every line; each of its values is one of the lines.
  const lines = input.text.split('\n').filter((line) => line.trim() !== '');
  for (const [i, name] of targets.entries()) {
    const values = lines.map((line) => (i === targets.length - 1 ? rest(line, i) : (fields(line)[i] ?? '')));
    const distinct = [...new Set(values)];
    const [only] = distinct;
    state.variables.set(
      name,
      distinct.length === 1 && only !== undefined
        ? known(only)
        : { kind: 'one-of', texts: distinct.slice(0, 64) },
    );
  }
  return silent;
};

const firstLine = (text: string): string => text.split('\n')[0] ?? '';
const fields = (line: string): string[] => line.split(/[ \t]+/).filter(Boolean);
const rest = (line: string, skip: number): string => {
  let tail = line.trim();
  for (let i = 0; i < skip; i++) tail = tail.replace(/^\S+\s*/, '');
  return tail;
};

const readArray: Builtin = (args, state, shell) => {
  const name =
    args
      .flatMap((arg) => textsOf(arg) ?? [])
      .filter((text) => /^[A-Za-z_]\w*$/.test(text))
      .at(-1) ?? 'MAPFILE';
  const input = shell.input();
  state.variables.set(
    name,
    input?.kind === 'known'
      ? input.text.replace(/\n$/, '').split('\n').map(known)
      : unknown(`what is read into ${name}`, { many: true }),
  );
  return silent;
};

const alias: Builtin = (args, state) => {
  for (const text of args.flatMap((arg) => textsOf(arg) ?? [])) {
    const match = /^([^=\s]+)=([\s\S]*)$/.exec(text);
    if (match?.[1] !== undefined) state.aliases.set(match[1], match[2] ?? '');
  }
  return silent;
};

const unalias: Builtin = (args, state) => {
  for (const text of args.flatMap((arg) => textsOf(arg) ?? [])) {
    if (text === '-a') state.aliases.clear();
    else state.aliases.delete(text);
  }
  return silent;
};

const evaluate: Builtin = (args, state, shell) => {
  const words = args[0]?.kind === 'known' && args[0].text === '--' ? args.slice(1) : args;
  if (words.length === 0) return silent;
  return shell.runText(joinWords(words, ' '), state, shell.inner('eval'));
};

const source: Builtin = (args, state, shell) => {
  const [file, ...positional] = args;
  if (file === undefined) return silent;
  const texts = textsOf(file);
  if (texts === undefined) return unknown('a file that is not known');
  const saved = state.positional;
  const output = shell.runFile(
    file,
    positional.length > 0 ? positional : (saved ?? []),
    state,
    shell.inner('source'),
  );
  state.positional = saved;
  return output;
};

const trap: Builtin = (args, state, shell) => {
  const [action, ...signals] = args.filter((arg) => !(arg.kind === 'known' && /^-[lp-]+$/.test(arg.text)));
  if (action === undefined || signals.length === 0) return silent;
  if (action.kind === 'known' && (action.text === '-' || action.text === '')) return silent;
  shell.runText(action, subshell(state), shell.inner('trap'));
  return silent;
};

const letVariables: Builtin = (args, state, shell) => {
  for (const text of args.flatMap((arg) => textsOf(arg) ?? [])) evaluateText(text, state, shell);
  return silent;
};

const end: Builtin = (_args, state) => {
  state.ended = true;
  return silent;
};

const echo: Builtin = (args) => {
  let words = args;
  let newline = true;
  let escapes = false;
  for (let first = words[0]; first?.kind === 'known' && /^-[neE]+$/.test(first.text); first = words[0]) {
    if (first.text.includes('n')) newline = false;
    if (first.text.includes('e')) escapes = true;
    words = words.slice(1);
  }
  const text = joinWords(words, ' ');
  const decoded = escapes && text.kind === 'known' ? known(decodeEscapes(text.text)) : text;
  return newline ? joinWords([decoded, known('\n')], '') : decoded;
};

/** Backslash escapes as `echo -e` and `printf` read them. */
export function decodeEscapes(text: string): string {
  const simple: Record<string, string> = {
    a: '\x07',
    b: '\b',
    e: '\x1b',
    E: '\x1b',
    f: '\f',
    n: '\n',
    r: '\r',
    t: '\t',
    v: '\v',
    '\\': '\\',
    '"': '"',
  };
  return text.replace(
    /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|0?([0-7]{1,3})|(.))/gs,
    (whole, hex, unicode, octal, char) => {
      if (hex ?? unicode) return String.fromCodePoint(Number.parseInt(hex ?? unicode, 16));
      if (octal) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
      return simple[char] ?? whole;
    },
  );
}

const printf: Builtin = (args, state) => {
  let words = args;
  let variable: string | undefined;
  if (words[0]?.kind === 'known' && words[0].text === '-v') {
    variable = textsOf(words[1] ?? known(''))?.[0];
    words = words.slice(2);
  }
  if (words[0]?.kind === 'known' && words[0].text === '--') words = words.slice(1);
  const output = format(words);
  if (variable === undefined) return output;
  state.variables.set(variable, output);
  return silent;
};

/** `printf FORMAT ARGUMENT…`, the format used again while arguments are left. */
function format([pattern, ...args]: readonly Word[]): Word {
  if (pattern?.kind !== 'known')
    return unknown(pattern?.kind === 'unknown' ? pattern.why : 'a format that is not known');
  if (!pattern.text.includes('%')) return known(decodeEscapes(pattern.text));
  const output: Word[] = [];
  let left = [...args];
  for (let round = 0; round === 0 || (left.length > 0 && round < 64); round++) {
    const before = left.length;
    for (const part of pattern.text.match(/%%|%[-+ #0-9.*]*[A-Za-z]|[^%]+|%/g) ?? []) {
      if (!part.startsWith('%') || part === '%') output.push(known(decodeEscapes(part)));
      else if (part === '%%') output.push(known('%'));
      else {
        const arg = left.shift() ?? known('');
        if (/^%s$/.test(part) || (/^%d$/.test(part) && arg.kind === 'known')) output.push(arg);
        else if (part === '%b') output.push(arg.kind === 'known' ? known(decodeEscapes(arg.text)) : arg);
        else if (part === '%q' && arg.kind === 'known' && /^[\w./-]+$/.test(arg.text)) output.push(arg);
        else output.push(unknown('a format that is not read'));
      }
    }
    if (left.length === before) left = [];
  }
  return joinWords(output, '');
}

const builtins = new Map<string, Builtin>([
  ['cd', changeDirectory],
  ['pushd', changeDirectory],
  [
    'popd',
    (_args, state) => {
      state.cwd = undefined;
      return silent;
    },
  ],
  ['export', declare(true)],
  ['declare', declare(false)],
  ['typeset', declare(false)],
  ['local', declare(false)],
  ['readonly', declare(false)],
  ['set', set],
  ['shift', shift],
  ['unset', unset],
  ['read', read],
  ['mapfile', readArray],
  ['readarray', readArray],
  ['alias', alias],
  ['unalias', unalias],
  ['eval', evaluate],
  ['source', source],
  ['.', source],
  ['trap', trap],
  ['exit', end],
  ['return', end],
  ['echo', echo],
  ['printf', printf],
  [':', nothing],
  ['true', nothing],
  ['false', nothing],
  ['test', nothing],
  ['[', nothing],
  ['wait', nothing],
  ['let', letVariables],
  ['shopt', nothing],
  ['umask', nothing],
  [
    'pwd',
    (_args, state) =>
      state.cwd === undefined ? unknown('the directory is not known') : known(`${state.cwd}\n`),
  ],
]);
