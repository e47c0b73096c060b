import type { Word } from '../../model/word.ts';
import type { Carried } from '../carriers.ts';
import { subshell } from '../state.ts';
import { bounds } from './bounds.ts';
import {
  dataAt,
  fileText,
  inDirectory,
  isData,
  optionsOf,
  optionValue,
  readData,
  runTask,
  textAt,
  textOf,
  textsIn,
  valueAt,
} from './project-file.ts';

const lifecycle = new Map([
  ['test', 'test'], ['t', 'test'], ['tst', 'test'], ['start', 'start'], ['stop', 'stop'], ['restart', 'restart'],
  ['install', 'install'], ['i', 'install'], ['ci', 'install'], ['add', 'install'], ['publish', 'publish'], ['pack', 'pack'],
]); // biome-ignore format: one list

/** `npm run NAME` and its kin: a script of package.json, with those that surround it. */
export function packageScript(carried: Carried): void {
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
  if (source === undefined && !/^(?:yarn|pnpm)$/.test(program)) return;
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
      runTask(carried, state, `${program} run ${script}`, text, {
        args: script === name && name !== 'install' ? rest : [],
      });
  }
}

/** `run-s NAME…`, `npm-run-all NAME… --parallel NAME…`: scripts of package.json, by name or pattern. */
export function manyScripts(carried: Carried): void {
  const scripts = scriptsOf(fileText(carried, carried.state, 'package.json') ?? '{}');
  for (const arg of carried.args) {
    const [pattern = ''] = textOf(arg).split(' ');
    if (pattern === '' || pattern.startsWith('-')) continue;
    const fits = new RegExp(`^${pattern.replace(/[.+]/g, '\\$&').replace(/\*+/g, '.*')}$`);
    for (const [name, text] of scripts)
      if (fits.test(name)) runTask(carried, carried.state, `${carried.program} ${name}`, text);
  }
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

/** `composer run NAME`: a script of composer.json. */
export function composerScript(carried: Carried): void {
  const words = carried.args.filter((arg) => !textOf(arg).startsWith('-')).map(textOf);
  const source = fileText(carried, carried.state, 'composer.json');
  if (source === undefined) return;
  const name = /^run(?:-script)?$/.test(words[0] ?? '') ? words[1] : words[0];
  const text = scriptsOf(source).get(name ?? '');
  if (text !== undefined)
    runTask(carried, carried.state, `composer ${name}`, text.replaceAll(/^@(?:php|putenv)\s/gm, 'php '));
}

/** `deno task NAME`: a task of deno.json, or a script of package.json. */
export function denoTask(carried: Carried): void {
  const [verb, ...rest] = carried.args;
  if (textOf(verb) !== 'task') return;
  const options = optionsOf(rest, '-c --config --cwd -f --filter', true);
  const [first, ...args] = options.operands;
  const config = optionValue(options, '-c', '--config');
  const state = inDirectory(carried.state, optionValue(options, '--cwd'));
  const file = readData(
    carried,
    state,
    config === undefined ? ['deno.json', 'deno.jsonc'] : [config],
    config !== undefined,
  );
  const tasks = dataAt(file?.data, 'tasks');
  const scripts = scriptsOf(fileText(carried, state, 'package.json') ?? '{}');
  const done = new Set<string>();
  const run = (name: string, given: readonly Word[]): void => {
    if (done.has(name) || done.size > bounds.tasks) return;
    done.add(name);
    const value = valueAt(tasks, name) ?? scripts.get(name);
    const command = isData(value) ? textAt(value, 'command') : value;
    if (isData(value)) for (const need of textsIn(value.dependencies)) run(need, []);
    if (typeof command === 'string') runTask(carried, state, `deno task ${name}`, command, { args: given });
  };
  run(textOf(first), args);
}
