import { known, textsOf, type Word } from '../../model/word.ts';
import { type Carried, dropText } from '../carriers.ts';
import { outputOf } from '../outputs.ts';
import { joinWords, subshell, unknown } from '../state.ts';
import type { Host } from './host.ts';
import { type CodeKind, type CodeProgram, codeProgram } from './programs.ts';
import { readSed } from './sed.ts';

/** A piece of code that a program was given. */
type Given = {
  readonly code: Word;
  readonly script?: string;
  readonly fromInput?: true;
  readonly calledOnly?: true;
};
type Invocation = {
  readonly codes: readonly Given[];
  readonly rest: readonly Word[];
  readonly options: ReadonlyMap<string, readonly Word[]>;
};

const prefixOf = (word: Word | undefined): string =>
  word?.kind === 'known' ? word.text : word?.kind === 'unknown' ? (word.pieces[0] ?? '') : '';
const list = (text: string | undefined): readonly string[] =>
  text === undefined || text === '' ? [] : text.split(' ');

/** Reads what an interpreter was given; returns what it writes, or undefined when the program is none. */
export function runCodeProgram(carried: Carried): Word | undefined {
  const { program } = carried;
  if (program === 'sed' || program === 'gsed') return runSed(carried);
  if (program === 'nu' || program === 'xonsh' || program === 'elvish') return runOtherShell(carried);
  if (isDatabaseShell(carried)) {
    const { shell, environment, state, span } = carried;
    shell.runCarried([known('psql')], environment, state, shell.inner(`${program} database shell`), span);
    return unknown(`what ${program} writes`);
  }
  const framework = frameworkCode(carried);
  if (framework) {
    read(framework.kind, { code: framework.code }, [], new Map(), carried);
    return unknown(`what ${program} writes`);
  }
  const row = codeProgram(program);
  if (row === undefined) return undefined;
  const invocation = parse(row, carried);
  const kind = kindOf(row, invocation, carried);
  const variables = new Map<string, Word>();
  for (const assignment of invocation.options.get('-v') ?? []) {
    const text = prefixOf(assignment);
    const cut = text.indexOf('=');
    if (cut > 0) variables.set(text.slice(0, cut), dropText(assignment, cut + 1));
  }
  for (const given of invocation.codes) read(kind, given, invocation.rest, variables, carried);
  return unknown(`what ${program} writes`);
}

/** Perl and Ruby with -n or -p run their code for each line; osascript speaks JavaScript when told to. */
function kindOf(row: CodeProgram, { options }: Invocation, { args }: Carried): CodeKind {
  const perLine = args.some(
    (arg) => /^-[a-zA-Z0-9]*[np]/.test(prefixOf(arg)) && !/^-[IMmr]/.test(prefixOf(arg)),
  );
  if (row.kind === 'perl' && perLine) return 'perl lines';
  if (row.kind === 'ruby' && perLine) return 'ruby lines';
  if (
    row.kind === 'applescript' &&
    (options.get('-l') ?? []).some((word) => /javascript/i.test(prefixOf(word)))
  )
    return 'javascript';
  return row.kind;
}

/** Finds code among the arguments. */
function parse(row: CodeProgram, carried: Carried): Invocation {
  const { args, shell, state, program } = carried;
  const codeOptions = list(row.code);
  const fileOptions = list(row.files);
  const valueOptions = list(row.values);
  const stops = list(row.stops);
  const pieces: Word[] = [];
  const codes: Given[] = [];
  const options = new Map<string, Word[]>();
  const keep = (option: string, value: Word | undefined) => {
    if (value !== undefined) options.set(option, [...(options.get(option) ?? []), value]);
  };
  const fromFile = (path: Word | undefined) => {
    for (const text of (path && textsOf(path)) ?? []) {
      const code = text === '-' || text === '/dev/stdin' ? shell.input() : shell.fileText(text, state);
      if (code !== undefined)
        codes.push(
          text === '-' || text === '/dev/stdin' ? { code, fromInput: true } : { code, script: text },
        );
    }
  };
  let operand = row.operand;
  let input = row.input === 'code' || program === 'ex';
  let inputByOption = false;
  let i = 0;
  for (; i < args.length; i++) {
    const arg = args[i] as Word;
    const text = prefixOf(arg);
    if (list(row.inputOptions).includes(text)) {
      inputByOption = true;
      if (text.length > 2) continue;
    }
    if (text === '--') {
      i++;
      break;
    }
    if (row.kind === 'vim' && text.startsWith('+')) {
      if (text.length > 1) codes.push({ code: dropText(arg, 1) });
      continue;
    }
    if (!text.startsWith('-') || text === '-') {
      const next = row.after?.[text];
      if (next === undefined || operand === 'code') break;
      operand = next;
      continue;
    }
    if (stops.includes(text)) return { codes: [], rest: [], options };
    const cut = text.startsWith('--') || row.kind === 'debugger' ? text.indexOf('=') : -1;
    const option = cut > 0 ? text.slice(0, cut) : text;
    const attached = cut > 0 ? dropText(arg, cut + 1) : undefined;
    if (codeOptions.includes(option)) {
      const value = attached ?? args[++i];
      if (value !== undefined) pieces.push(value);
    } else if (fileOptions.includes(option)) {
      fromFile(attached ?? args[++i]);
      operand = 'nothing';
      input = false;
    } else if (valueOptions.includes(option)) {
      if (attached === undefined && !optionalValue(row, option)) keep(option, args[++i]);
      else keep(option, attached);
    } else if (!text.startsWith('--')) {
      const found = bundle(text, row);
      if (found === undefined) continue;
      const rest =
        text.length > found.at + 1 && !(row.separate && found.kind === 'code')
          ? dropText(arg, found.at + 1)
          : undefined;
      const value =
        rest ?? (found.kind === 'value' && optionalValue(row, `-${text[found.at]}`) ? undefined : args[++i]);
      if (found.kind === 'stop') return { codes: [], rest: [], options };
      if (found.kind === 'code' && value !== undefined) pieces.push(value);
      if (found.kind === 'file') {
        fromFile(value);
        operand = 'nothing';
        input = false;
      }
      if (found.kind === 'value') keep(`-${text[found.at]}`, value);
    }
  }
  const rest = args.slice(i);
  if (pieces.length > 0) {
    codes.push({ code: joinWords(pieces, '\n') });
    return { codes, rest, options };
  }
  const [first, ...more] = rest;
  if (operand === 'code') {
    if (first !== undefined) codes.push({ code: first });
    return { codes, rest: more, options };
  }
  if (operand === 'file' && first !== undefined && prefixOf(first) !== '-') {
    fromFile(first);
    return { codes, rest: more, options };
  }
  if (
    (input && codes.length === 0 && (operand !== 'nothing' || row.kind !== 'vim' || program === 'ex')) ||
    inputByOption
  ) {
    const code = shell.input();
    if (code !== undefined) codes.push({ code, fromInput: true });
  }
  return { codes, rest: more, options };
}

/** Short options whose value, if any, is attached. */
const optionalValue = (row: CodeProgram, option: string): boolean =>
  (row.kind === 'perl' && /^-[i0lxCdDV]$/.test(option)) ||
  (row.kind === 'ruby' && /^-[i0xWTKF]$/.test(option)) ||
  (row.kind === 'vim' && /^-[wW]$/.test(option));

/** The first letter of a bundle that means something here. */
function bundle(
  text: string,
  row: CodeProgram,
): { readonly kind: 'code' | 'value' | 'file' | 'stop'; readonly at: number } | undefined {
  for (let at = 1; at < text.length; at++) {
    const option = `-${text[at]}`;
    if (list(row.code).includes(option)) return { kind: 'code', at };
    if (list(row.files).includes(option)) return { kind: 'file', at };
    if (list(row.stops).includes(option)) return { kind: 'stop', at };
    // `-0777`, `-l012`: digits belong to the option, letters go on.
    if (row.kind === 'perl' && /^-[0l]$/.test(option)) continue;
    if (list(row.values).includes(option)) return { kind: 'value', at };
  }
  return undefined;
}

/** Reads one piece of code. */
function read(
  kind: CodeKind,
  given: Given,
  rest: readonly Word[],
  variables: ReadonlyMap<string, Word>,
  carried: Carried,
): void {
  if (kind === 'awk' && isPlainAwk(given.code)) return;
  // A script that was there before the line is judged by what it certainly runs.
  const strict =
    given.script === undefined || carried.state.files.has(absolute(given.script, carried.state.cwd));
  if (!strict && given.code.kind === 'known' && given.code.text.length > 64 * 1024) return;
  carried.shell.readers
    .languages()
    .readCode(kind, given.code, hostFor(kind, given, rest, strict, carried), variables);
}

/** Reads code of a file that holds many tasks: only what it calls counts. */
export function runTaskCode(carried: Carried, kind: CodeKind, code: string, script: string): void {
  read(kind, { code: known(code), script, calledOnly: true }, [], new Map(), carried);
}

/** Programs of awk that only print are everyday; the reader of code need not be loaded for them. */
const isPlainAwk = (code: Word): boolean => {
  const texts = textsOf(code);
  // An unknown program is most often a filter that was built from parts.
  return texts === undefined
    ? code.kind === 'unknown' && code.pieces.every((piece) => piece === null)
    : texts.every((text) => !/system|[|>]/.test(text));
};

const absolute = (path: string, cwd: string | undefined): string =>
  path.startsWith('/') ? path : `${cwd ?? ''}/${path}`.replaceAll('/./', '/');

function hostFor(
  kind: CodeKind,
  given: Given,
  rest: readonly Word[],
  strict: boolean,
  { program, environment, state, shell, span }: Carried,
): Host {
  const inner = (cwd: Word | undefined) => {
    const copy = subshell(state);
    if (cwd !== undefined)
      copy.cwd = cwd.kind === 'known' ? absolute(cwd.text, state.cwd).replace(/(?<=.)\/$/, '') : undefined;
    return copy;
  };
  const taken = given.fromInput ? known('') : undefined;
  const operands =
    kind === 'awk' || kind.endsWith('lines') ? rest.filter((word) => !/^\w+=/.test(prefixOf(word))) : [];
  const content = (path: string) => shell.fileText(path, state);
  const records = (): Word | undefined => {
    const [first] = operands;
    if (first === undefined) return taken ?? shell.input();
    return (
      (first.kind === 'known' && operands.length === 1 ? content(first.text) : undefined) ??
      unknown('the content of a file')
    );
  };
  return {
    run: (argv, how) =>
      shell.runCarried(argv, environment, inner(how?.cwd), shell.inner(program, how?.input ?? taken), span),
    shell: (text, cwd) => shell.runText(text, inner(cwd), shell.inner(program, taken)),
    file: content,
    write: (path, text) => shell.write(path, text, false, state),
    input: records,
    variable: (name) => {
      const value =
        environment.get(name) ??
        (shell.facts.environment[name] === undefined
          ? undefined
          : known(shell.facts.environment[name] ?? ''));
      return value;
    },
    doubt: (why) => shell.doubt(why),
    home: shell.facts.home,
    cwd: state.cwd,
    args: rest,
    script: given.script === undefined ? undefined : absolute(given.script, state.cwd),
    strict,
    calledOnly: given.calledOnly === true,
  };
}

/** sed's own scripts: small enough to be read without loading anything. */
function runSed({ args, shell, state, environment, span, program }: Carried): Word | undefined {
  const scripts: Word[] = [];
  const operands: Word[] = [];
  let sandbox = false;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as Word;
    const text = prefixOf(arg);
    const script = /^(?:-[nErsuz]*e|--expression=)/.exec(text)?.[0];
    const file = /^(?:-[nErsuz]*f|--file=)/.exec(text)?.[0];
    if (text === '--sandbox') sandbox = true;
    else if (text === '--expression' || text === '--file') {
      const value = args[++i];
      const content =
        text === '--expression'
          ? value
          : value?.kind === 'known'
            ? shell.fileText(value.text, state)
            : undefined;
      if (content) scripts.push(content);
    } else if (script !== undefined || file !== undefined) {
      const mark = script ?? file ?? '';
      const value = text.length > mark.length ? dropText(arg, mark.length) : args[++i];
      const content =
        script !== undefined
          ? value
          : value?.kind === 'known'
            ? shell.fileText(value.text, state)
            : undefined;
      if (content) scripts.push(content);
    } else if (text === '-l' || text === '--line-length') i++;
    else if (!text.startsWith('-') || text === '-') operands.push(arg);
  }
  const all = scripts.length > 0 ? scripts : operands.splice(0, 1);
  const input = shell.input();
  for (const script of all) {
    if (sandbox) break;
    for (const source of textsOf(script) ??
      (script.kind === 'unknown' ? [script.pieces.map((piece) => piece ?? '_').join('')] : [])) {
      for (const effect of readSed(source.slice(0, 64 * 1024))) {
        if (effect.kind === 'write') {
          if (effect.text && !/^\/dev\/std(?:out|err)$/.test(effect.text))
            shell.runCarried(
              [known('tee'), known(effect.text)],
              environment,
              subshell(state),
              shell.inner(program, known('')),
              span,
            );
        } else
          shell.runText(
            effect.text === undefined
              ? input?.kind === 'known'
                ? input
                : unknown('what sed makes of its input')
              : known(effect.text),
            subshell(state),
            shell.inner(program),
          );
      }
    }
  }
  const [only, ...more] = all;
  const inPlace = args.some((arg) => /^(?:-[nErsuz]*i|--in-place)/.test(prefixOf(arg)));
  for (const path of inPlace && only !== undefined && more.length === 0
    ? operands.flatMap((file) => textsOf(file) ?? [])
    : []) {
    const output = outputOf([known('sed'), only as Word], shell.fileText(path, state), state, shell.facts);
    if (output.kind === 'known') shell.keepFile(absolute(path, state.cwd), output, state);
  }
  return undefined;
}

/** Shells of other languages: their plain commands read as bash's do. */
function runOtherShell({ program, args, shell, state }: Carried): Word | undefined {
  for (const [i, arg] of args.entries()) {
    const text = prefixOf(arg);
    if (!/^(?:-c|--commands|-e|--execute)(?:=|$)/.test(text)) continue;
    const code = text.includes('=') ? dropText(arg, text.indexOf('=') + 1) : args[i + 1];
    if (code) shell.runText(code, subshell(state), shell.inner(program));
  }
  const [first] = args;
  if (first === undefined) {
    const input = shell.input();
    if (input !== undefined) shell.runText(input, subshell(state), shell.inner(program));
  } else if (!prefixOf(first).startsWith('-'))
    shell.runFile(first, args.slice(1), subshell(state), shell.inner(program));
  return unknown(`what ${program} writes`);
}

/** `manage.py dbshell`: the client of the application's database, which reads statements. */
const isDatabaseShell = ({ program, args, shell }: Carried): boolean => {
  const texts = args.map(prefixOf);
  const tool = /^(?:python|pypy)/.test(program) ? (texts[0] ?? '') : program;
  return (
    shell.input() !== undefined &&
    texts.includes('dbshell') &&
    /(?:^|\/)(?:manage\.py|django-admin)$/.test(tool)
  );
};

/** Code that a framework's own tool runs in the application: `rails runner`, `manage.py shell -c`, `artisan tinker`. */
function frameworkCode({
  program,
  args,
  shell,
}: Carried): { readonly kind: CodeKind; readonly code: Word } | undefined {
  const input = shell.input();
  const typed = (kind: CodeKind) => (input === undefined ? undefined : { kind, code: input });
  const texts = args.map(prefixOf);
  const after = (index: number, kind: CodeKind) => {
    const code = index < 0 ? undefined : args[index + 1];
    return code === undefined ? undefined : { kind, code };
  };
  if (
    /^(?:rails|spring|bin\/rails)$/.test(program) ||
    (program === 'ruby' && /(?:^|\/)rails$/.test(texts[0] ?? ''))
  ) {
    if (/^c(?:onsole)?$/.test(texts.find((text) => /^(?:c|console|r|runner)$/.test(text)) ?? ''))
      return typed('ruby');
    const at = texts.findIndex((text) => text === 'runner' || text === 'r');
    return at < 0 || /\.rb$/.test(texts[at + 1] ?? '') ? undefined : after(at, 'ruby');
  }
  const tool = /^(?:python|pypy)/.test(program) ? (texts[0] ?? '') : program;
  if (
    /(?:^|\/)(?:manage\.py|django-admin(?:\.py)?)$/.test(tool) &&
    texts.some((text) => /^shell(?:_plus)?$/.test(text))
  ) {
    const at = texts.findIndex((text) => text === '-c' || text === '--command');
    return at < 0 ? typed('python') : after(at, 'python');
  }
  if (program === 'flask' && texts.includes('shell')) return typed('python');
  if (program === 'php' && /(?:^|\/)artisan$/.test(texts[0] ?? '') && texts[1] === 'tinker') {
    const at = texts.findIndex((text) => text.startsWith('--execute'));
    const arg = args[at];
    if (arg === undefined) return typed('php');
    return texts[at]?.startsWith('--execute=')
      ? { kind: 'php', code: dropText(arg, '--execute='.length) }
      : after(at, 'php');
  }
  return undefined;
}
