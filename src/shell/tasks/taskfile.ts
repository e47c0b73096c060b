import type { Carried } from '../carriers.ts';
import { directoryOf, resolvePath } from '../path.ts';
import type { State } from '../state.ts';
import { bounds } from './bounds.ts';
import {
  type Data,
  dataAt,
  hasSwitch,
  inDirectory,
  isData,
  listOf,
  optionsOf,
  optionValue,
  readData,
  runTask,
  textAt,
  textOf,
  textsIn,
  valueAt,
  variablesIn,
} from './project-file.ts';

const fileNames = ['yml', 'yaml', 'dist.yml', 'dist.yaml'].flatMap((end) => [
  `Taskfile.${end}`,
  `taskfile.${end}`,
]);

type Variables = ReadonlyMap<string, string>;
/** A Taskfile, and where its tasks run. */
type Taskfile = { readonly data: Data; readonly state: State; readonly variables: Variables };
type Task = { readonly file: Taskfile; readonly data: Data; readonly name: string };

/** `task NAME…`: the commands of the tasks of a Taskfile, those that they depend on and those that they call. */
export function taskfile(carried: Carried): void {
  const dashes = carried.args.findIndex((arg) => textOf(arg) === '--');
  const options = optionsOf(
    dashes < 0 ? carried.args : carried.args.slice(0, dashes),
    '-d --dir -t --taskfile -o --output -C --concurrency -I --interval --sort',
  );
  if (
    hasSwitch(
      options,
      '-n',
      '--dry',
      '-l',
      '--list',
      '-a',
      '--list-all',
      '--summary',
      '--status',
      '-i',
      '--init',
    )
  )
    return;
  if (hasSwitch(options, '-h', '--help', '--version')) return;
  const root = rootFile(
    carried,
    optionValue(options, '-d', '--dir'),
    optionValue(options, '-t', '--taskfile'),
  );
  if (root === undefined) return;
  const words = options.operands.map(textOf);
  const given = new Map([
    [
      'CLI_ARGS',
      dashes < 0
        ? ''
        : carried.args
            .slice(dashes + 1)
            .map(textOf)
            .join(' '),
    ],
  ]);
  const names: string[] = [];
  for (const word of words) {
    const cut = word.indexOf('=');
    if (cut > 0) given.set(word.slice(0, cut), word.slice(cut + 1));
    else names.push(word);
  }
  const run = new TaskRun(carried);
  for (const name of names.length > 0 ? names : ['default']) run.call(root, name, given);
}

/** The Taskfile that is named, or the nearest one in the directory and those above it. */
function rootFile(
  carried: Carried,
  dir: string | undefined,
  named: string | undefined,
): Taskfile | undefined {
  const start = inDirectory(carried.state, dir);
  if (named !== undefined) return load(carried, start, [named], new Map(), dir ?? directoryOf(named), true);
  for (let state = start, above = 0; above < bounds.parents; above++) {
    const found = load(carried, state, fileNames, new Map(), undefined);
    if (found !== undefined || state.cwd === undefined || state.cwd === '/') return found;
    state = inDirectory(state, '..');
  }
  return undefined;
}

function load(
  carried: Carried,
  state: State,
  names: readonly string[],
  given: Variables,
  dir: string | undefined,
  named = false,
): Taskfile | undefined {
  const file = readData(carried, state, names, named);
  if (file === undefined) return undefined;
  const variables = new Map([
    ...valuesOf(dataAt(file.data, 'env')),
    ...valuesOf(dataAt(file.data, 'vars')),
    ...given,
  ]);
  return {
    data: file.data,
    state: inDirectory(carried.state, resolvePath(dir ?? '.', state.cwd)),
    variables,
  };
}

/** Values of variables; one that a command computes is a substitution. */
function valuesOf(data: Data): Map<string, string> {
  const values = variablesIn(data);
  for (const [name, value] of Object.entries(data)) {
    const command = isData(value) ? textAt(value, 'sh') : undefined;
    if (command !== undefined) values.set(name, `$(${command})`);
  }
  return values;
}

/** One call of `task`: each task once with the same variables. */
class TaskRun {
  private readonly done = new Set<string>();

  constructor(private readonly carried: Carried) {}

  call(from: Taskfile, name: string, given: Variables): void {
    const task = this.find(from, name.replace(/^:/, ''), 0);
    if (task === undefined) return;
    const key = JSON.stringify([task.file.state.cwd, task.name, ...given]);
    if (this.done.has(key) || this.done.size > bounds.tasks) return;
    this.done.add(key);
    this.run(task, new Map([...task.file.variables, ...valuesOf(dataAt(task.data, 'vars')), ...given]));
  }

  private find(file: Taskfile, name: string, depth: number): Task | undefined {
    const tasks = dataAt(file.data, 'tasks');
    const own = valueAt(tasks, name) ?? byOtherName(tasks, name);
    if (own !== undefined) return { file, name, data: isData(own) ? own : { cmds: own } };
    if (depth > bounds.includes) return undefined;
    const [space = '', ...rest] = name.split(':');
    for (const [include, value] of Object.entries(dataAt(file.data, 'includes'))) {
      const flat = isData(value) && value.flatten === true;
      const fits = include === space || textsIn(isData(value) ? value.aliases : undefined).includes(space);
      if (!fits && !flat) continue;
      const other = this.included(file, value);
      const found = other && this.find(other, flat ? name : rest.join(':') || 'default', depth + 1);
      if (found) return found;
    }
    return undefined;
  }

  private included(file: Taskfile, value: unknown): Taskfile | undefined {
    const path = typeof value === 'string' ? value : isData(value) ? textAt(value, 'taskfile') : undefined;
    if (path === undefined) return undefined;
    const written = fillIn(path, file.variables);
    const options = isData(value) ? value : {};
    const names = /\.ya?ml$/.test(written) ? [written] : fileNames.map((name) => `${written}/${name}`);
    const given = new Map([...file.variables, ...valuesOf(dataAt(options, 'vars'))]);
    return load(this.carried, file.state, names, given, textAt(options, 'dir') ?? '.');
  }

  private run(task: Task, variables: Variables): void {
    const { data, file, name } = task;
    const dir = textAt(data, 'dir');
    const state = inDirectory(file.state, dir === undefined ? undefined : fillIn(dir, variables));
    const shell = (text: string, own = variables) =>
      runTask(this.carried, state, `task ${name}`, fillIn(text, own), {
        variables: new Map([...valuesOf(dataAt(file.data, 'env')), ...valuesOf(dataAt(data, 'env'))]),
      });
    const step = (value: unknown, own = variables): void => {
      if (typeof value === 'string') shell(value, own);
      if (!isData(value)) return;
      const items = valueAt(value, 'for');
      if (items !== undefined && !own.has('ITEM')) {
        const { for: _, ...each } = value;
        for (const item of Array.isArray(items) ? items.slice(0, bounds.items) : ['${_unknown}'])
          step(each, new Map([...own, ['ITEM', String(item)]]));
        return;
      }
      step(valueAt(value, 'defer'), own);
      const command = textAt(value, 'cmd');
      if (command !== undefined) shell(command, own);
      const called = textAt(value, 'task');
      if (called === undefined) return;
      const given = [...valuesOf(dataAt(value, 'vars'))].map(([key, text]): [string, string] => [
        key,
        fillIn(text, own),
      ]);
      this.call(file, fillIn(called, own), new Map(given));
    };
    for (const need of listOf(valueAt(data, 'deps'))) step(typeof need === 'string' ? { task: need } : need);
    for (const text of textsIn(valueAt(data, 'status'))) shell(text);
    for (const check of listOf(valueAt(data, 'preconditions')))
      step(isData(check) ? textAt(check, 'sh') : check);
    for (const each of [...listOf(valueAt(data, 'cmds')), ...listOf(valueAt(data, 'cmd'))]) step(each);
  }
}

/** A task by an alias of it, or by a pattern that its name is. */
function byOtherName(tasks: Data, name: string): unknown {
  const found = Object.entries(tasks).find(
    ([key, value]) =>
      textsIn(isData(value) ? value.aliases : undefined).includes(name) ||
      (key.includes('*') && isLike(key.split('*'), name)),
  );
  return found?.[1];
}

/** Whether a name is made of these parts with anything between them. */
function isLike([head = '', ...others]: readonly string[], name: string): boolean {
  if (!name.startsWith(head)) return false;
  let at = head.length;
  for (const part of others) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return others.at(-1) === '' || name.endsWith(others.at(-1) ?? '');
}

/** Templates filled in; what is not a plain variable becomes one that nobody knows. */
function fillIn(text: string, variables: Variables, depth = 0): string {
  return text.replaceAll(/\{\{-?([^{}]*)\}\}/g, (_whole, inside: string) => {
    const expression = inside.replace(/-$/, '').trim();
    const [, name = ''] = /(?:^|\s)\.(\w+)(?:\s|$)/.exec(expression) ?? [];
    const [, fallback] = /\bdefault\s+"([^"]*)"/.exec(expression) ?? [];
    const plain = /^\.\w+$/.test(expression) || fallback !== undefined;
    const value = plain ? (variables.get(name) ?? fallback) : undefined;
    return value === undefined || depth > 8 ? '${_unknown}' : fillIn(value, variables, depth + 1);
  });
}
