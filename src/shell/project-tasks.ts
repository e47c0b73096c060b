import { known, type Word } from '../model/word.ts';
import type { Carried } from './carriers.ts';
import { joinWords, type State, subshell } from './state.ts';

/** Task runners whose tasks are shell text in a file of the project. Each runs what the task named would run. */
export const taskRunners = new Map<string, (carried: Carried) => undefined>([
  ['make', make],
  ['gmake', make],
  ['npm', packageScript],
  ['yarn', packageScript],
  ['pnpm', packageScript],
  ['bun', packageScript],
  ['just', just],
  ['composer', composer],
]);

const textOf = (word: Word | undefined): string => (word?.kind === 'known' ? word.text : '');

/** A directory given by an option, as the working directory of what runs. */
function inDirectory(state: State, dir: string | undefined): State {
  const inner = subshell(state);
  if (dir === undefined) return inner;
  inner.cwd = dir.startsWith('/') ? dir : state.cwd === undefined ? undefined : `${state.cwd}/${dir}`;
  return inner;
}

function fileText(carried: Carried, state: State, name: string): string | undefined {
  const text = carried.shell.fileText(name, state);
  return text?.kind === 'known' ? text.text : undefined;
}

/** Runs shell text of a task. Text that the runner fills in (`{{x}}`, `$(X)`) is read as a variable not known. */
function runTask(
  carried: Carried,
  state: State,
  via: string,
  text: string,
  args: readonly Word[] = [],
): void {
  const { shell } = carried;
  shell.runText(joinWords([known(text), ...args], ' '), subshell(state), shell.inner(via));
}

// --- package.json

const lifecycle = new Map([
  ['test', 'test'], ['t', 'test'], ['tst', 'test'], ['start', 'start'], ['stop', 'stop'], ['restart', 'restart'],
  ['install', 'install'], ['i', 'install'], ['ci', 'install'], ['add', 'install'], ['publish', 'publish'], ['pack', 'pack'],
]); // biome-ignore format: one list

function packageScript(carried: Carried): undefined {
  const { program, args } = carried;
  let dir: string | undefined;
  const words: Word[] = [];
  for (let i = 0; i < args.length; i++) {
    const text = textOf(args[i]);
    if (/^(?:-C|--prefix|--cwd|--dir)$/.test(text)) dir = textOf(args[++i]);
    else if (/^--(?:prefix|cwd|dir)=/.test(text)) dir = text.slice(text.indexOf('=') + 1);
    else if (/^(?:-w|--workspace|-F|--filter)$/.test(text)) i++;
    else if (text === '--') words.push(...args.slice(i + 1));
    else if (!text.startsWith('-') || words.length > 1) words.push(args[i] as Word);
    if (text === '--') break;
  }
  const [first = '', second = ''] = words.map(textOf);
  const state = inDirectory(carried.state, dir);
  const source = fileText(carried, state, 'package.json');
  if (source === undefined && !/^(?:yarn|pnpm)$/.test(program)) return undefined;
  const scripts = scriptsOf(source ?? '{}');
  const explicit = /^(?:run|run-script|rum|urn)$/.test(first);
  const name = explicit ? second : (lifecycle.get(first) ?? (program === 'npm' ? '' : first));
  const rest = words.slice(explicit ? 2 : 1);
  const names =
    name === 'install'
      ? ['preinstall', 'install', 'postinstall', 'prepublish', 'prepare']
      : [`pre${name}`, name, `post${name}`];
  // Yarn and pnpm run a program of the project when there is no such script.
  if (!explicit && /^(?:yarn|pnpm)$/.test(program) && !scripts.has(name) && !lifecycle.has(first)) {
    carried.shell.runCarried(
      words,
      carried.environment,
      subshell(state),
      carried.shell.inner(program),
      carried.span,
    );
  }
  for (const script of names) {
    const text = scripts.get(script);
    if (text !== undefined)
      runTask(
        carried,
        state,
        `${program} run ${script}`,
        text,
        script === name && name !== 'install' ? rest : [],
      );
  }
  return undefined;
}

function scriptsOf(source: string): Map<string, string> {
  try {
    const { scripts }: { scripts?: unknown } = JSON.parse(source);
    if (typeof scripts !== 'object' || scripts === null) return new Map();
    return new Map(
      Object.entries(scripts).flatMap(([name, value]: [string, unknown]): [string, string][] => {
        if (typeof value === 'string') return [[name, value]];
        return Array.isArray(value)
          ? [[name, value.filter((line) => typeof line === 'string').join('\n')]]
          : [];
      }),
    );
  } catch {
    return new Map();
  }
}

function composer(carried: Carried): undefined {
  const words = carried.args.filter((arg) => !textOf(arg).startsWith('-')).map(textOf);
  const source = fileText(carried, carried.state, 'composer.json');
  if (source === undefined) return undefined;
  const name = /^run(?:-script)?$/.test(words[0] ?? '') ? words[1] : words[0];
  const text = scriptsOf(source).get(name ?? '');
  if (text !== undefined)
    runTask(carried, carried.state, `composer ${name}`, text.replaceAll(/^@(?:php|putenv)\s/gm, 'php '));
  return undefined;
}

// --- make

type MakeRule = {
  readonly targets: readonly string[];
  readonly needs: readonly string[];
  readonly recipe: string[];
};

function make(carried: Carried): undefined {
  const { args } = carried;
  let dir: string | undefined;
  let file: string | undefined;
  const goals: string[] = [];
  const variables = new Map<string, string>();
  for (let i = 0; i < args.length; i++) {
    const text = textOf(args[i]);
    if (/^(?:-C|--directory)$/.test(text)) dir = textOf(args[++i]);
    else if (/^-C.|^--directory=/.test(text)) dir = text.replace(/^-C|^--directory=/, '');
    else if (/^(?:-f|--file|--makefile)$/.test(text)) file = textOf(args[++i]);
    else if (/^-f.|^--(?:make)?file=/.test(text)) file = text.replace(/^-f|^--(?:make)?file=/, '');
    else if (/^(?:-j|-l|-I|-o|-W)$/.test(text) && /^[\d.]+$/.test(textOf(args[i + 1]))) i++;
    else if (/^[A-Za-z_][\w.]*[:+?]?=/.test(text))
      variables.set(text.split(/[:+?]?=/)[0] ?? '', text.replace(/^[^=]*=/, ''));
    else if (
      /^-[A-Za-z]*n|^--(?:just-print|dry-run|recon|question|version|help|print-data-base)$/.test(text) &&
      !text.startsWith('--no')
    )
      return undefined;
    else if (text !== '' && !text.startsWith('-')) goals.push(text);
  }
  const state = inDirectory(carried.state, dir);
  // Each line of a recipe is given to this.
  const ownShell = variables.get('SHELL');
  if (ownShell !== undefined) runTask(carried, state, 'make SHELL', ownShell);
  const names = file === undefined ? ['GNUmakefile', 'makefile', 'Makefile'] : [file];
  const source = names.map((name) => fileText(carried, state, name)).find((text) => text !== undefined);
  if (source === undefined) return undefined;
  const { rules, settings } = parseMakefile(source);
  for (const [name, value] of settings) if (!variables.has(name)) variables.set(name, value);
  const first = rules.find(({ targets }) =>
    targets.some((target) => !target.startsWith('.') && !target.includes('%')),
  );
  const wanted = goals.length > 0 ? goals : (first?.targets.slice(0, 1) ?? []);
  const done = new Set<string>();
  const build = (target: string): void => {
    if (done.has(target) || done.size > 500) return;
    done.add(target);
    for (const rule of rules.filter(({ targets }) => targets.some((one) => isTarget(one, target)))) {
      for (const need of rule.needs) build(fillIn(need, variables));
      const text = rule.recipe
        .map((line) => fillIn(line, variables, target).replace(/^[@+-\s]+/, ''))
        .join('\n');
      if (text.trim() !== '') runTask(carried, state, `make ${target}`, text);
    }
  };
  for (const goal of wanted) build(goal);
  return undefined;
}

function isTarget(pattern: string, target: string): boolean {
  if (!pattern.includes('%')) return pattern === target;
  const [head = '', tail = ''] = pattern.split('%');
  return target.length >= pattern.length && target.startsWith(head) && target.endsWith(tail);
}

function parseMakefile(source: string): { rules: MakeRule[]; settings: Map<string, string> } {
  const rules: MakeRule[] = [];
  const settings = new Map<string, string>();
  let current: MakeRule | undefined;
  for (const line of source.replaceAll(/\\\r?\n[ \t]*/g, ' ').split(/\r?\n/)) {
    if (line.startsWith('\t')) {
      current?.recipe.push(line.slice(1));
      continue;
    }
    const setting = /^\s*(?:export\s+|override\s+)*([A-Za-z_][\w.]*)\s*(?:[:+?!]|::)?=\s*(.*)$/.exec(line);
    if (setting?.[1] !== undefined) {
      settings.set(setting[1], setting[2] ?? '');
      continue;
    }
    const rule = /^([^\s#:=][^#:=]*?)\s*::?(?!=)\s*([^#;]*)(?:;(.*))?/.exec(line);
    if (!rule) continue;
    const targets = (rule[1] ?? '').split(/\s+/);
    const needs = (rule[2] ?? '').split(/\s+/).filter((need) => need !== '' && need !== '|');
    current = { targets, needs, recipe: rule[3] === undefined ? [] : [rule[3].trim()] };
    rules.push(current);
  }
  return { rules, settings };
}

/** Make's own references filled in; `$$` is the shell's `$`. What is not known becomes a variable nobody knows. */
function fillIn(text: string, variables: ReadonlyMap<string, string>, target = '', depth = 0): string {
  return text.replaceAll(
    /\$(?:\$|\(shell ([^()]*(?:\([^()]*\)[^()]*)*)\)|[({]([\w.-]+)[)}]|([@<^?*+|%])|[({][^(){}]*(?:\([^()]*\)[^(){}]*)*[)}]|(\w))/g,
    (whole, command, name, automatic, letter) => {
      if (whole === '$$') return '$';
      if (command !== undefined) return `$(${fillIn(command, variables, target, depth + 1)})`;
      if (automatic === '@') return target;
      const value = variables.get(name ?? letter ?? '');
      if (name === 'MAKE') return 'make';
      if (value === undefined || depth > 8) return '${_unknown}';
      return fillIn(value, variables, target, depth + 1);
    },
  );
}

// --- just

function just(carried: Carried): undefined {
  const { args } = carried;
  let file: string | undefined;
  const words: string[] = [];
  const variables = new Map<string, string>();
  for (let i = 0; i < args.length; i++) {
    const text = textOf(args[i]);
    if (/^(?:-f|--justfile)$/.test(text)) file = textOf(args[++i]);
    else if (/^(?:-d|--working-directory|--shell|--set)$/.test(text)) i++;
    else if (/^(?:-n|--dry-run|-l|--list|--summary|--show|-s|--evaluate|--dump)$/.test(text))
      return undefined;
    else if (/^[A-Za-z_][\w-]*=/.test(text))
      variables.set(text.split('=')[0] ?? '', text.slice(text.indexOf('=') + 1));
    else if (text !== '' && !text.startsWith('-')) words.push(text);
  }
  const names = file === undefined ? ['justfile', 'Justfile', '.justfile'] : [file];
  const source = names
    .map((name) => fileText(carried, carried.state, name))
    .find((text) => text !== undefined);
  if (source === undefined) return undefined;
  const recipes = parseJustfile(source, variables);
  const done = new Set<string>();
  const run = (name: string): void => {
    const recipe = recipes.get(name);
    if (recipe === undefined || done.has(name)) return;
    done.add(name);
    for (const need of recipe.needs) run(need);
    const body = recipe.lines.map((line) => line.replace(/^[@-]+/, '')).join('\n');
    const text = body
      .replaceAll(/\{\{\s*([\w-]+)\s*\}\}/g, (_whole, key) => variables.get(key) ?? '${_unknown}')
      .replaceAll(/\{\{[^}]*\}\}/g, '${_unknown}');
    runTask(carried, carried.state, `just ${name}`, text);
  };
  const wanted = words.filter((word) => recipes.has(word));
  for (const name of wanted.length > 0 ? wanted : [...recipes.keys()].slice(0, words.length === 0 ? 1 : 0))
    run(name);
  return undefined;
}

function parseJustfile(
  source: string,
  variables: Map<string, string>,
): Map<string, { needs: string[]; lines: string[] }> {
  const recipes = new Map<string, { needs: string[]; lines: string[] }>();
  let current: { needs: string[]; lines: string[] } | undefined;
  for (const line of source.split(/\r?\n/)) {
    if (/^[ \t]+\S/.test(line)) {
      current?.lines.push(line.trim());
      continue;
    }
    const setting = /^(?:export\s+)?([A-Za-z_][\w-]*)\s*:=\s*(["'])(.*)\2\s*$/.exec(line);
    if (setting?.[1] !== undefined && !variables.has(setting[1])) variables.set(setting[1], setting[3] ?? '');
    const recipe = /^@?([A-Za-z_][\w-]*)([^:=]*):(?!=)(.*)$/.exec(line);
    if (!recipe?.[1]) continue;
    const needs = (recipe[3] ?? '').replaceAll(/[()&]/g, ' ').split(/\s+/).filter(Boolean);
    current = { needs, lines: [] };
    recipes.set(recipe[1], current);
  }
  return recipes;
}
