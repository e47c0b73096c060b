import { known } from '../../model/word.ts';
import type { Carried } from '../carriers.ts';
import { bounds } from './bounds.ts';
import {
  type Data,
  dataAt,
  fileText,
  inDirectory,
  isData,
  optionsOf,
  optionValue,
  readData,
  runTask,
  runWords,
  textAt,
  textOf,
  textsIn,
  valueAt,
} from './project-file.ts';

const files = [
  'mise.toml',
  '.mise.toml',
  'mise/config.toml',
  '.mise/config.toml',
  '.config/mise.toml',
  '.config/mise/config.toml',
];
const folders = ['mise-tasks', '.mise-tasks', 'mise/tasks', '.mise/tasks', '.config/mise/tasks'];

/** `mise run TASK` and `mise TASK`: tasks of mise.toml and of the folders of task files, with what they depend on. */
export function mise(carried: Carried): void {
  const options = optionsOf(carried.args, '-C --cd -j --jobs -t --tool -E --env', true);
  const verb = textOf(options.operands[0]);
  const explicit = /^(?:run|r)$/.test(verb);
  const inner = explicit
    ? optionsOf(options.operands.slice(1), '-C --cd -j --jobs -t --tool -o --output', true)
    : options;
  if ([...inner.switches].some((option) => /^(?:-n|--dry-run)$/.test(option))) return;
  const state = inDirectory(
    carried.state,
    optionValue(inner, '-C', '--cd') ?? optionValue(options, '-C', '--cd'),
  );
  const tasks: Record<string, unknown> = {};
  for (const file of files) Object.assign(tasks, dataAt(readData(carried, state, [file])?.data, 'tasks'));
  const [name = explicit ? 'default' : '', ...args] = inner.operands.map(textOf);
  const done = new Set<string>();
  const run = (task: string, rest: readonly string[]): void => {
    if (done.has(task) || done.size > bounds.tasks) return;
    done.add(task);
    const value = valueAt(tasks, task);
    if (value === undefined) {
      const path = folders
        .map((folder) => `${folder}/${task.replaceAll(':', '/')}`)
        .find((each) => fileText(carried, state, each) !== undefined);
      if (path !== undefined) runWords(carried, state, `mise ${task}`, [`./${path}`, ...rest].map(known));
      return;
    }
    const data: Data = isData(value) ? value : { run: value };
    for (const need of [...textsIn(data.depends), ...textsIn(data.depends_post)])
      run(need.split(' ')[0] ?? '', []);
    const dir = textAt(data, 'dir')?.replaceAll(/\{\{\s*(?:cwd|config_root)\s*\}\}/g, '.');
    const place = inDirectory(state, dir);
    const lines = textsIn(data.run);
    for (const [i, line] of lines.entries())
      runTask(carried, place, `mise ${task}`, line.replaceAll(/\{\{[^{}]*\}\}/g, '${_unknown}'), {
        args: i === lines.length - 1 ? rest.map(known) : [],
      });
    const file = textAt(data, 'file');
    if (file !== undefined)
      runWords(carried, place, `mise ${task}`, [file.includes('/') ? file : `./${file}`, ...rest].map(known));
  };
  // `mise run a ::: b`: tasks beside each other.
  for (const [i, group] of splitAt([name, ...args], ':::').entries())
    if (i === 0 || explicit)
      run(
        group[0] ?? '',
        group.slice(1).filter((word) => word !== '--'),
      );
}

function splitAt(words: readonly string[], mark: string): string[][] {
  const groups: string[][] = [[]];
  for (const word of words) {
    if (word === mark) groups.push([]);
    else groups.at(-1)?.push(word);
  }
  return groups;
}
