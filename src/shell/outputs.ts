import type { Facts } from '../model/facts.ts';
import { known, textsOf, type Word } from '../model/word.ts';
import { decodeEscapes } from './builtins.ts';
import { joinWords, mapTexts, type State, unknown } from './state.ts';

/**
 * What a program writes to standard output, where that is certain: filters over known text, the few programs that
 * people use to compute a name. Everything else writes what cannot be known.
 */
export function outputOf(argv: readonly Word[], input: Word | undefined, state: State, facts: Facts): Word {
  const [program, ...args] = argv;
  const name = program?.kind === 'known' ? program.text.slice(program.text.lastIndexOf('/') + 1) : '';
  const settings = settingsWriters.get(name);
  if (settings?.test(args.map((arg) => (arg.kind === 'known' ? arg.text : '')).join(' ')))
    return known(':\n');
  const filter = filters.get(name);
  const why = `what ${name || 'a program'} writes`;
  return filter?.({ args, input, state, facts, why }) ?? unknown(why);
}

/** Programs that write settings for the shell to `eval`: variables and functions of a tool that people have installed. */
const settingsWriters = new Map<string, RegExp>([
  ['ssh-agent', /^(?:-[sc])?$/],
  ['pyenv', /^(?:init|virtualenv-init)\b/],
  ['rbenv', /^init\b/],
  ['nodenv', /^init\b/],
  ['goenv', /^init\b/],
  ['jenv', /^init\b/],
  ['direnv', /^(?:hook|export)\b/],
  ['brew', /^shellenv\b/],
  ['starship', /^init\b/],
  ['zoxide', /^init\b/],
  ['atuin', /^init\b/],
  ['fnm', /^env\b/],
  ['mise', /^(?:activate|env|hook-env)\b/],
  ['opam', /^env\b/],
  ['conda', /^shell\.\w+ hook\b/],
  ['micromamba', /^shell hook\b/],
  ['dircolors', /^(?:-b|-c)?\b/],
  ['lesspipe', /^$/],
  ['minikube', /^(?:(?:docker|podman)-env|completion)\b/],
  ['docker-machine', /^env\b/],
  ['keychain', /--eval\b/],
  ['luarocks', /^path\b/],
  ['fzf', /^--(?:bash|zsh)$/],
  ['thefuck', /^--alias\b/],
  ['perl', /^-I\S*\/perl5\/lib\/perl5 -Mlocal::lib/],
  ...[
    'kubectl',
    'helm',
    'gh',
    'npm',
    'pip',
    'pip3',
    'rustup',
    'uv',
    'uvx',
    'poetry',
    'docker',
    'flux',
    'argocd',
    'kind',
    'just',
    'task',
    'deno',
    'pnpm',
    'terraform',
    'doctl',
    'hcloud',
    'stern',
    'k9s',
    'yq',
  ].map((name): [string, RegExp] => [
    name,
    /^(?:completions?|generate-shell-completion|-s bash completion|--generate-shell-completion)\b/,
  ]),
]);

type Use = {
  readonly args: readonly Word[];
  readonly input: Word | undefined;
  readonly state: State;
  readonly facts: Facts;
  readonly why: string;
};
type Filter = (use: Use) => Word | undefined;

/** A filter of texts: known options, known input. */
const onInput =
  (change: (text: string, args: readonly string[]) => string | undefined): Filter =>
  ({ args, input, why }) => {
    const texts = args.map((arg) => (arg.kind === 'known' ? arg.text : undefined));
    if (input === undefined || texts.includes(undefined)) return undefined;
    // The names that a pattern stands for are changed, not the pattern.
    if (input.kind !== 'unknown' && input.glob === true) return unknown(why, { many: true });
    return mapTexts(input, (text) => change(text, texts as string[]), why);
  };

const cat: Filter = ({ args, input, state, facts }) => {
  const files = args.filter((arg) => !(arg.kind === 'known' && /^-./.test(arg.text)));
  if (files.length === 0) return input;
  const contents = files.map((file) => {
    if (file.kind !== 'known') return undefined;
    if (file.text === '-') return input;
    const path = file.text.startsWith('/')
      ? file.text
      : state.cwd === undefined
        ? undefined
        : `${state.cwd}/${file.text}`;
    if (path === undefined) return undefined;
    const text = facts.readText(path, 64 * 1024);
    return state.files.get(path) ?? (text === undefined ? undefined : known(text));
  });
  if (contents.includes(undefined)) return undefined;
  return joinWords(
    contents.flatMap((content) => content ?? []),
    '',
  );
};

/** The path of a program, of which only the name is known. A program that a line asks for is taken to be there. */
const which: Filter = ({ args, why }) => {
  const names = args.filter((arg) => !(arg.kind === 'known' && arg.text.startsWith('-')));
  const [name] = names;
  if (names.length !== 1 || name?.kind !== 'known') return undefined;
  if (name.text.includes('/')) return known(`${name.text}\n`);
  return { kind: 'unknown', pieces: [null, `/${name.text}\n`], many: false, options: false, why };
};

const base64 = onInput((text, args) => {
  if (args.some((arg) => /^(?:-d|-D|--decode|-di|-id)$/.test(arg))) {
    const clean = text.replace(/\s+/g, '');
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(clean)) return undefined;
    return Buffer.from(clean, 'base64').toString();
  }
  return args.length === 0 ? `${Buffer.from(text).toString('base64')}\n` : undefined;
});

const hex = onInput((text, args) => {
  const options = args.join(' ');
  if (!/^-(?:r -p|p -r|rp|pr)$/.test(options)) return undefined;
  const clean = text.replace(/\s+/g, '');
  return /^(?:[0-9a-fA-F]{2})*$/.test(clean) ? Buffer.from(clean, 'hex').toString() : undefined;
});

/** The characters that a set of `tr` stands for. */
function characters(set: string): string[] | undefined {
  const classes: Record<string, string> = { '[:upper:]': 'A-Z', '[:lower:]': 'a-z', '[:digit:]': '0-9' };
  let source = set;
  for (const [name, range] of Object.entries(classes)) source = source.replaceAll(name, range);
  if (source.includes('[:')) return undefined;
  const chars = [...decodeEscapes(source)];
  const list: string[] = [];
  for (let i = 0; i < chars.length; i++) {
    const from = chars[i] as string;
    const to = chars[i + 2];
    if (chars[i + 1] === '-' && to !== undefined) {
      for (let code = from.codePointAt(0) ?? 0; code <= (to.codePointAt(0) ?? 0) && list.length < 512; code++)
        list.push(String.fromCodePoint(code));
      i += 2;
    } else list.push(from);
  }
  return list;
}

const tr = onInput((text, args) => {
  const remove = args[0] === '-d';
  if (!remove && args[0] !== '-' && args[0]?.startsWith('-')) return undefined;
  const [first, second] = (remove ? args.slice(1) : args).map(characters);
  if (first === undefined || args.length !== 2) return undefined;
  if (remove) return [...text].filter((char) => !first.includes(char)).join('');
  if (second === undefined || second.length === 0) return undefined;
  const map = new Map(first.map((char, i) => [char, second[Math.min(i, second.length - 1)] as string]));
  return [...text].map((char) => map.get(char) ?? char).join('');
});

/** `sed 's/literal/literal/'` alone, without the characters that mean something in either part. */
const sed = onInput((text, args) => {
  const script = args.length === 1 ? args[0] : args.length === 2 && args[0] === '-e' ? args[1] : undefined;
  const match = /^s([/|,#:@])([\s\S]*?)\1([\s\S]*?)\1(g?)$/.exec(script ?? '');
  const [, , from = '', to = '', global] = match ?? [];
  if (!match || /[\\[\].*^$+?(){}|]/.test(from) || /[\\&]/.test(to)) return undefined;
  return text
    .split('\n')
    .map((line) => (global ? line.replaceAll(from, () => to) : line.replace(from, () => to)))
    .join('\n');
});

/**
 * `grep PATTERN` over known lines. A line is a path that stands for all below it when `find` wrote it: where the pattern
 * does not fit the path itself, what is written lies below.
 */
const grep: Filter = ({ args, input }) => {
  const texts = args.map((arg) => (arg.kind === 'known' ? arg.text : '-'));
  const options = texts.filter((text) => text.startsWith('-'));
  const [pattern, ...files] = texts.filter((text) => !text.startsWith('-'));
  if (input?.kind !== 'known' || pattern === undefined || files.length > 0) return undefined;
  if (!options.every((option) => /^-[EPFi]+$/.test(option)) || input.text.length > 4096) return undefined;
  const tests = matchersOf(pattern, options.join('').includes('i') ? 'i' : '');
  if (tests === undefined) return undefined;
  const fits = input.text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => (tests.some((test) => test.test(line)) ? line : undefined));
  if (!fits.includes(undefined)) return input;
  const [line = '', ...others] = input.text.replace(/\n$/, '').split('\n');
  const isPath = others.length === 0 && /^(?:\.|\/)/.test(line) && input.glob !== true;
  return isPath ? known(`${line.replace(/\/$/, '')}/found-*\n`) : undefined;
};

/** The pattern as each kind of grep may read it; undefined when it is none that can be tried. */
function matchersOf(pattern: string, flags: string): RegExp[] | undefined {
  const basic = pattern.replace(/\\?[|+?(){}]/g, (part) => (part.length === 2 ? part.slice(1) : `\\${part}`));
  try {
    // What repeats what repeats is not tried: it could take for ever.
    return /[*+}][)\]]*[*+{]/.test(pattern)
      ? undefined
      : [new RegExp(pattern, flags), new RegExp(basic, flags)];
  } catch {
    return undefined;
  }
}

const lines = (pick: (all: string[], count: number) => string[]): Filter =>
  onInput((text, args) => {
    const count = /^(?:-n)?-?(\d+)$/.exec(args.join(''))?.[1];
    if (args.length > 0 && count === undefined) return undefined;
    const all = text.replace(/\n$/, '').split('\n');
    return `${pick(all, Number(count ?? 10)).join('\n')}\n`;
  });

const onePath =
  (change: (path: string) => string): Filter =>
  ({ args, why }) => {
    const [path] = args;
    return args.length === 1 &&
      path !== undefined &&
      textsOf(path)?.some((text) => text.startsWith('-')) !== true
      ? mapTexts(path, (text) => `${change(text)}\n`, why)
      : undefined;
  };

const filters = new Map<string, Filter>([
  ['cat', cat],
  ['which', which],
  ['command', which],
  ['type', which],
  ['base64', base64],
  ['xxd', hex],
  ['tr', tr],
  ['sed', sed],
  [
    'rev',
    onInput((text) =>
      text
        .split('\n')
        .map((line) => [...line].reverse().join(''))
        .join('\n'),
    ),
  ],
  ['grep', grep],
  ['egrep', grep],
  ['sort', onInput((text, args) => (args.length === 0 ? text : undefined))],
  ['uniq', onInput((text, args) => (args.length === 0 ? text : undefined))],
  ['tee', ({ input }) => input],
  ['head', lines((all, count) => all.slice(0, count))],
  ['tail', lines((all, count) => all.slice(-count))],
  ['basename', onePath((path) => path.replace(/\/+$/, '').replace(/^.*\//, ''))],
  ['dirname', onePath((path) => (path.includes('/') ? path.replace(/\/+[^/]*\/*$/, '') || '/' : '.'))],
  ['realpath', onePath((path) => path)],
  [
    'readlink',
    ({ args }) =>
      args.length === 2 && textsOf(args[0] as Word)?.[0] === '-f'
        ? joinWords([args[1] as Word, known('\n')], '')
        : undefined,
  ],
  [
    'mktemp',
    ({ args }) =>
      args.every((arg) => arg.kind === 'known' && /^-\w+$/.test(arg.text))
        ? {
            kind: 'unknown',
            pieces: ['/tmp/tmp.', null],
            many: false,
            options: false,
            why: 'mktemp makes the name',
          }
        : undefined,
  ],
  [
    'seq',
    ({ args }) => {
      const [first, last] = args.map((arg) => (arg.kind === 'known' ? Number(arg.text) : Number.NaN));
      const [from, to] = last === undefined ? [1, first ?? Number.NaN] : [first ?? Number.NaN, last];
      if (args.length > 2 || !Number.isInteger(from) || !Number.isInteger(to) || to - from > 64)
        return undefined;
      return known(`${Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i).join('\n')}\n`);
    },
  ],
  [
    'git',
    ({ args, facts }) =>
      args.map((arg) => (arg.kind === 'known' ? arg.text : '')).join(' ') === 'rev-parse --show-toplevel'
        ? known(`${facts.projectDir}\n`)
        : undefined,
  ],
]);
