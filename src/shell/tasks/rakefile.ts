import type { Carried } from '../carriers.ts';
import { runTaskCode } from '../languages/run-code.ts';
import { resolvePath } from '../path.ts';
import type { State } from '../state.ts';
import { bounds } from './bounds.ts';
import {
  fileText,
  firstFile,
  hasSwitch,
  inDirectory,
  optionsOf,
  optionValue,
  textOf,
} from './project-file.ts';

type RakeTask = {
  readonly name: string;
  readonly needs: readonly string[];
  readonly body: string;
  readonly file: string;
};
/** The tasks of the files, and what stands around them: constants and methods. */
type Rakefile = { readonly tasks: RakeTask[]; readonly around: string[] };

/** `rake TASK…`, `rails TASK`: the bodies of the tasks and of those that they need. */
export function rake(carried: Carried): void {
  const options = optionsOf(
    carried.args,
    '-f --rakefile -I --libdir -R --rakelibdir -r --require -e -E -p -C --directory',
  );
  if (
    hasSwitch(
      options,
      '-n',
      '--dry-run',
      '-T',
      '--tasks',
      '-D',
      '-P',
      '--prereqs',
      '-W',
      '--where',
      '-h',
      '--help',
      '-V',
      '--version',
    )
  )
    return;
  const state = inDirectory(carried.state, optionValue(options, '-C', '--directory'));
  const names = options.operands
    .map((word) => textOf(word).replace(/\[.*$/, ''))
    .filter((text) => !text.includes('='));
  if (carried.program === 'rails' && names.length === 0) return;
  const { tasks, around } = rakefile(carried, state, optionValue(options, '-f', '--rakefile'));
  const done = new Set<string>();
  const run = (name: string, space: string): void => {
    if (done.size > bounds.tasks) return;
    for (const task of tasks.filter(
      (each) => each.name === `${space}${name}` || each.name === name.replace(/^\^/, ''),
    )) {
      const key = `${task.file} ${task.name} ${task.body}`;
      if (done.has(key)) continue;
      done.add(key);
      const cut = task.name.lastIndexOf(':') + 1;
      for (const need of task.needs) run(need, task.name.slice(0, cut));
      if (task.body.trim() !== '')
        runTaskCode(
          { ...carried, state },
          'ruby',
          `${around.join('\n')}\n${invocations(task.body)}`,
          task.file,
        );
      for (const other of invoked(task.body)) run(other, '');
    }
  };
  for (const name of names.length > 0 ? names : ['default']) run(name, '');
}

/** `Rake::Task['x'].invoke` runs another task. */
const invocation =
  /(?:Rake::Task|Rake\.application)\[\s*["':]?([\w:]+)["']?\s*\]\.(?:invoke|execute|reenable)(?:\([^)]*\))?/g;
const invocations = (body: string): string => body.replaceAll(invocation, 'nil');
const invoked = (body: string): string[] => [...body.matchAll(invocation)].map(([, name = '']) => name);

function rakefile(carried: Carried, state: State, named: string | undefined): Rakefile {
  const found: Rakefile = { tasks: [], around: [] };
  const main = firstFile(
    carried,
    state,
    named === undefined ? ['rakefile', 'Rakefile', 'rakefile.rb', 'Rakefile.rb'] : [named],
  );
  if (main === undefined) return found;
  read(main.name, main.text, found);
  for (const dir of ['rakelib', 'lib/tasks']) {
    const path = resolvePath(dir, state.cwd);
    const names = path === undefined ? [] : carried.shell.facts.list(path);
    for (const name of names.filter((each) => /\.(?:rake|rb)$/.test(each)).slice(0, bounds.tasks)) {
      const text = fileText(carried, state, `${dir}/${name}`);
      if (text !== undefined) read(`${dir}/${name}`, text, found);
    }
  }
  return found;
}

/** Longer lines start no task. */
const longestLine = 1000;
const opening = /^(\s*)(namespace|task|multitask|file|directory)\b[\s(]*(.*)$/;

/** Finds tasks by the words that start them, and their ends by indentation, which Ruby's formatters keep. */
function read(file: string, source: string, found: Rakefile): void {
  const lines = source.split(/\r?\n/);
  const spaces: { readonly name: string; readonly indent: string }[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    const [, indent = '', word = '', rest = ''] = (line.length < longestLine && opening.exec(line)) || [];
    const space = spaces.at(-1);
    if (word === '') {
      if (space !== undefined && new RegExp(`^${space.indent}end\\b`).test(line)) spaces.pop();
      else if (!/^\s*desc\b/.test(line)) found.around.push(line);
      continue;
    }
    const name = /^["':]?([\w:./-]+?)(?:["']|:\s|(?=[\s,)]|$))/.exec(rest)?.[1] ?? '';
    if (word === 'namespace') {
      spaces.push({ name, indent });
      continue;
    }
    const prefix = spaces.map((each) => `${each.name}:`).join('');
    // The head may go on over several lines until its block.
    let head = rest;
    while (head.length < longestLine && /[,[(]\s*$/.test(head) && i + 1 < lines.length)
      head += ` ${(lines[++i] ?? '').trim()}`;
    const inline = /\{\s*(?:\|[^|]*\|)?(.*)\}\s*$/.exec(head)?.[1];
    let body = inline ?? '';
    if (inline === undefined && /\b(?:do|\{)\s*(?:\|[^|]*\|)?\s*$/.test(head)) {
      const from = i + 1;
      const end = lines.findIndex(
        (each, at) => at >= from && new RegExp(`^${indent}(?:end\\b|\\})`).test(each),
      );
      body = lines.slice(from, end < 0 ? undefined : end).join('\n');
      i = end < 0 ? lines.length : end;
    } else if (inline === undefined) body = /\bdo\b\s*(?:\|[^|]*\|)?(.*?);?\s*end\s*$/.exec(head)?.[1] ?? '';
    found.tasks.push({ name: `${prefix}${name}`, needs: needsOf(head), body, file });
  }
}

/** What follows `=>` or, in Ruby's shorter form, the name with a colon. */
function needsOf(head: string): string[] {
  const [, list = ''] =
    /(?:=>|^["']?[\w:]+["']?:\s)\s*(\[[^\]]*\]|%[iw]\[[^\]]*\]|["':]?[\w:]+)/.exec(head) ?? [];
  return [...list.replace(/^%[iw]/, '').matchAll(/["':]*([\w:.-]+)/g)].map(([, name = '']) => name);
}
