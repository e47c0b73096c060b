import { known, textsOf, type Word } from '../model/word.ts';
import { evaluateText } from './arithmetic.ts';
import { firstSeparator, separatorsOf, splitFields, trimBlanks } from './fields.ts';
import type { Interpreter } from './interpreter.ts';
import { resolvePath } from './path.ts';
import {
  type Attribute,
  isArray,
  joinWords,
  oneOf,
  type State,
  setVariable,
  subshell,
  unknown,
  unset,
} from './state.ts';

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
  state.cwd = path === undefined || path === '-' ? undefined : resolvePath(path, state.cwd);
  // Where the session is, there is a directory.
  const found = state.cwd !== undefined && (state.cwd === facts.cwd || facts.isDirectory(state.cwd));
  state.arrived = found && (state.arrived || path?.startsWith('/') === true);
  return silent;
};

/** A directory's path; of `$(mktemp -d)` and its like the name is made up, because its place is what matters. */
function directoryOf(word: Word): string | undefined {
  if (word.kind === 'known') return word.text;
  if (word.kind === 'one-of' || !word.pieces[0]?.startsWith('/')) return undefined;
  return word.pieces.map((piece) => piece ?? 'unknown-name').join('');
}

const attributeOf: Readonly<Record<string, Attribute>> = {
  i: 'integer',
  u: 'upper',
  l: 'lower',
  n: 'reference',
  A: 'keyed',
};

/** `export`, `declare` and their kin: `NAME`, `NAME=value`, options. Arrays among the arguments are set already. */
const declare =
  (program: 'export' | 'declare' | 'local' | 'readonly'): Builtin =>
  (args, state, shell) => {
    const options = args.flatMap((arg) => textsOf(arg) ?? []).filter((text) => /^-[A-Za-z]/.test(text));
    const letters = new Set(options.join(''));
    const outside = program === 'local' && !shell.inFunction();
    const local = shell.inFunction() && (program === 'local' || (program === 'declare' && !letters.has('g')));
    for (const arg of args) {
      const named = nameOf(arg);
      if (named === undefined || outside) continue;
      const { name, value } = named;
      if (local && state.locals !== undefined && !state.locals.has(name)) {
        state.locals.set(name, state.variables.get(name));
        state.attributes.delete(name);
        // It may still have the value that stands before the call of the function.
        if (value === undefined) state.variables.set(name, unknown(`$${name} is local`));
      }
      for (const letter of letters) {
        const attribute = attributeOf[letter];
        if (attribute !== undefined) state.attributes.set(name, attribute);
      }
      if (value !== undefined) {
        if (letters.has('n')) state.variables.set(name, value);
        else setVariable(state, name, named.append ? appended(state, name, value) : value);
        if (letters.has('i')) for (const text of textsOf(value) ?? []) evaluateText(text, state, shell);
      }
      if (program === 'readonly' || letters.has('r')) state.locked.add(name);
      if (program === 'export' && letters.has('f')) state.exported.add(`${name}()`);
      else if (program === 'export' && letters.has('n')) state.exported.delete(name);
      else if (program === 'export' || letters.has('x')) state.exported.add(name);
    }
    return silent;
  };

function appended(state: State, name: string, value: Word): Word {
  const before = state.variables.get(name);
  if (before === undefined || isArray(before)) return unknown(`what ${name} held before is not known`);
  return joinWords([before, value], '');
}

/** The name and value of `NAME=value`, as far as it is known. */
function nameOf(arg: Word): { name: string; value?: Word; append?: boolean } | undefined {
  const head = arg.kind === 'unknown' ? (arg.pieces[0] ?? '') : (textsOf(arg)?.[0] ?? '');
  const match = /^([A-Za-z_]\w*)(?:(\+?=)([\s\S]*))?$/.exec(head);
  if (!match?.[1]) return undefined;
  if (match[2] === undefined) return { name: match[1] };
  const append = match[2] === '+=';
  if (arg.kind === 'known') return { name: match[1], append, value: { ...arg, text: match[3] ?? '' } };
  if (arg.kind === 'one-of') {
    const name = `${match[1]}${match[2]}`;
    if (!arg.texts.every((text) => text.startsWith(name))) return undefined;
    return {
      name: match[1],
      append,
      value: { ...arg, texts: arg.texts.map((text) => text.slice(name.length)) },
    };
  }
  return {
    name: match[1],
    append,
    value: { ...arg, many: false, pieces: [match[3] ?? '', ...arg.pieces.slice(1)] },
  };
}

const set: Builtin = (args, state) => {
  if (args[0] === undefined) return unknown('the variables of the shell');
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    const text = arg?.kind === 'known' ? arg.text : undefined;
    if (text === '--' || text === '-') {
      state.positional = text === '-' && i + 1 === args.length ? state.positional : args.slice(i + 1);
      return silent;
    }
    if (text !== undefined && /^[-+]./.test(text)) {
      if (/^[-+]\w*o$/.test(text)) i++;
      continue;
    }
    // What is not known may be options.
    const unsure = arg?.kind === 'unknown' && (arg.pieces[0] ?? '-').search(/^[-+]/) >= 0;
    state.positional = unsure ? undefined : args.slice(i);
    return silent;
  }
  return silent;
};

const shift: Builtin = (args, state) => {
  const [count] = args;
  const n = count === undefined ? 1 : count.kind === 'known' ? Number(count.text) : Number.NaN;
  const { positional } = state;
  const open =
    positional?.findIndex((word) => (word.kind === 'unknown' ? word.many : word.glob === true)) ?? 0;
  if (!Number.isInteger(n) || (open >= 0 && open < n)) state.positional = undefined;
  // More than there are: nothing is shifted.
  else if (positional !== undefined && (open >= 0 || n <= positional.length))
    state.positional = positional.slice(n);
  return silent;
};

const unsetNames: Builtin = (args, state, shell) => {
  const functions = args.some((arg) => arg.kind === 'known' && arg.text === '-f');
  for (const name of args.flatMap((arg) => textsOf(arg) ?? [])) {
    const element = /^(\w+)\[(.*)\]$/s.exec(name);
    if (functions) state.functions.delete(name);
    else if (state.locked.has(name)) continue;
    else if (element?.[1] !== undefined) {
      if (!/^[@*]$/.test(element[2] ?? '') && state.attributes.get(element[1]) !== 'keyed')
        evaluateText(element[2] ?? '', state, shell);
      state.variables.set(element[1], unknown(`an element of ${element[1]} is taken away`, { many: true }));
    } else {
      // In a function, what stood before its call or in an outer function comes to light.
      const bare = !shell.inFunction() || state.locals?.has(name) === true;
      if (bare) state.variables.set(name, unset);
      else state.variables.delete(name);
      state.attributes.delete(name);
      // A name that is no variable is that of a function.
      state.functions.delete(name);
    }
  }
  return silent;
};

/** `read NAME…`: from what is known of standard input. A loop reads every line, so each value is one of the lines. */
const read: Builtin = (args, state, shell) => {
  const names: string[] = [];
  let array: string | undefined;
  let raw = false;
  let odd = false;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    const text = arg?.kind === 'known' ? arg.text : '';
    raw ||= /^-\w*r/.test(text);
    odd ||= /^-\w*[dnNu]/.test(text);
    if (/^-\w*[dinNptu]$/.test(text)) i++;
    else if (/^-\w*a$/.test(text)) array = textsOf(args[++i] ?? known(''))?.[0];
    else if (!text.startsWith('-')) names.push(text);
  }
  const input = shell.input();
  const ifs = separatorsOf(state);
  const readable = input?.kind === 'known' && input.text !== '' && !odd && ifs !== undefined;
  const text = readable ? input.text : '';
  if (!readable || input.glob === true || (!raw && text.includes('\\'))) {
    for (const name of array === undefined ? (names.length === 0 ? ['REPLY'] : names) : [array])
      setVariable(
        state,
        name,
        unknown(`$${name} is read from standard input`, { many: array !== undefined }),
      );
    return silent;
  }
  const lines = text.replace(/\n$/, '').split('\n');
  if (array !== undefined) {
    const words = splitFields(lines[0] ?? '', ifs).map(known);
    setVariable(
      state,
      array,
      lines.length === 1 ? words : unknown(`what is read into ${array}`, { many: true }),
    );
    return silent;
  }
  for (const [i, name] of (names.length === 0 ? [undefined] : names).entries()) {
    const values = lines.map((line) => (name === undefined ? line : readField(line, i, names.length, ifs)));
    setVariable(state, name ?? 'REPLY', oneOf(values.map(known), 'too many lines are read'));
  }
  return silent;
};

/** What the `at`-th of `count` names takes of a line: a field, or for the last all that is left. */
function readField(line: string, at: number, count: number, ifs: string): string {
  let rest = trimBlanks(line, ifs, 'start');
  for (let i = 0; i < count - 1; i++) {
    const cut = firstSeparator(rest, ifs);
    if (i === at) return cut === undefined ? rest : rest.slice(0, cut.start);
    rest = cut === undefined ? '' : rest.slice(cut.end);
  }
  // One field is left: a separator that ends it is dropped.
  const cut = firstSeparator(rest, ifs);
  if (cut !== undefined && cut.end === rest.length) return rest.slice(0, cut.start);
  return trimBlanks(rest, ifs, 'end');
}

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
      ? linesOf(
          input.text,
          args.some((arg) => textsOf(arg)?.some((text) => /^-\w*t/.test(text)) === true),
        ).map((text): Word => (input.glob ? { ...known(text), glob: true } : known(text)))
      : unknown(`what is read into ${name}`, { many: true }),
  );
  return silent;
};

const linesOf = (text: string, trimmed: boolean): string[] => {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  return trimmed ? lines.map((line) => line.replace(/\n$/, '')) : lines;
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
    positional.length > 0 ? positional : saved,
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
  // The values that it will find are those of the end.
  state.traps = [...state.traps, action];
  return silent;
};

const letVariables: Builtin = (args, state, shell) => {
  for (const text of args.flatMap((arg) => textsOf(arg) ?? [])) evaluateText(text, state, shell);
  return silent;
};

const leaveLoop: Builtin = (_args, state, shell) => {
  shell.leaveLoop(state);
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
  const text = joinLoosely(words);
  const decoded = escapes && text.kind === 'known' ? { ...text, text: decodeEscapes(text.text) } : text;
  return newline ? joinWords([decoded, known('\n')], '') : decoded;
};

/** Words with blanks between them; beside a word that may be none there may be no blank. */
function joinLoosely(words: readonly Word[]): Word {
  const gap = (word: Word | undefined) => word?.kind === 'unknown' && word.many;
  return joinWords(
    words.flatMap((word, i) => {
      if (i === 0) return [word];
      return [gap(word) || gap(words[i - 1]) ? unknown('there may be a word here') : known(' '), word];
    }),
    '',
  );
}

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
  setVariable(state, variable, output);
  return silent;
};

/** `printf FORMAT ARGUMENT…`, the format used again while arguments are left. */
function format([pattern, ...args]: readonly Word[]): Word {
  if (pattern?.kind !== 'known')
    return unknown(pattern?.kind === 'unknown' ? pattern.why : 'a format that is not known');
  if (pattern.text.startsWith('-') && pattern.text !== '-') return unknown('printf has no such option');
  if (!pattern.text.includes('%')) return { ...pattern, text: decodeEscapes(pattern.text) };
  const output: Word[] = [];
  let left = [...args];
  for (let round = 0; round === 0 || (left.length > 0 && round < 64); round++) {
    const before = left.length;
    for (const part of pattern.text.match(/%%|%[-+ #0-9.*]*[A-Za-z]|[^%]+|%/g) ?? []) {
      if (part === '%') return unknown('a format that is not read');
      if (!part.startsWith('%')) output.push(known(decodeEscapes(part)));
      else if (part === '%%') output.push(known('%'));
      else {
        const arg = left.shift() ?? known('');
        // How often the format is used depends on how many words it becomes.
        if (arg.kind === 'unknown' && arg.many) return joinWords([...output, unknown(arg.why)], '');
        if (/^%s$/.test(part)) output.push(arg);
        else if (part === '%d' && arg.kind === 'known' && /^(?:0|-?[1-9]\d{0,14})$/.test(arg.text))
          output.push(arg);
        else if (part === '%b') output.push(arg.kind === 'known' ? known(decodeEscapes(arg.text)) : arg);
        else if (part === '%q' && arg.kind === 'known' && /^[\w./-]+$/.test(arg.text)) output.push(arg);
        else output.push(unknown('a format that is not read'));
      }
    }
    if (left.length === before) left = [];
  }
  if (left.length > 0) output.push(unknown('too many words are written'));
  const written = joinWords(output, '');
  const glob = args.some((arg) => arg.kind !== 'unknown' && arg.glob);
  return glob && written.kind !== 'unknown' ? { ...written, glob } : written;
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
  ['export', declare('export')],
  ['declare', declare('declare')],
  ['typeset', declare('declare')],
  ['local', declare('local')],
  ['readonly', declare('readonly')],
  ['set', set],
  ['shift', shift],
  ['unset', unsetNames],
  ['read', read],
  ['mapfile', readArray],
  ['readarray', readArray],
  ['alias', alias],
  ['unalias', unalias],
  ['eval', evaluate],
  ['source', source],
  ['.', source],
  ['trap', trap],
  ['break', leaveLoop],
  ['continue', leaveLoop],
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
      state.cwd === undefined || !state.arrived
        ? unknown('the directory is not known')
        : known(`${state.cwd}\n`),
  ],
]);
