import { known, type Word } from '../../model/word.ts';
import type { Carried } from '../carriers.ts';
import { quoteWord } from '../interpreter.ts';
import { runTaskCode } from '../languages/run-code.ts';
import type { State } from '../state.ts';
import { bounds } from './bounds.ts';
import {
  type Data,
  dataAt,
  fileText,
  firstFile,
  hasSwitch,
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
  variablesIn,
} from './project-file.ts';

/** Scripts of one runner, and how it reads the texts of a list: as names of scripts where there are such. */
type Scripts = { readonly via: string; readonly state: State; readonly data: Data };

const projectData = (carried: Carried, ...names: readonly string[]): Data =>
  dataAt(readData(carried, carried.state, ['pyproject.toml'])?.data, ...names);

/** `poe TASK`: a task of poethepoet. */
export function poe(carried: Carried): void {
  const options = optionsOf(carried.args, '-C --directory --root -e --executor', true);
  if (hasSwitch(options, '-d', '--dry-run', '-h', '--help')) return;
  const state = inDirectory(carried.state, optionValue(options, '-C', '--directory', '--root'));
  const own = readData(carried, state, ['poe_tasks.toml', 'poe_tasks.yaml', 'poe_tasks.json']);
  const data = {
    ...dataAt(readData(carried, state, ['pyproject.toml'])?.data, 'tool', 'poe', 'tasks'),
    ...dataAt(own?.data, 'tasks'),
  };
  runScript(carried, { via: 'poe', state, data }, options.operands);
}

/** `pdm run SCRIPT` and `pdm SCRIPT`. */
export function pdm(carried: Carried): void {
  const options = optionsOf(carried.args, '-p --project -c --config', true);
  const words =
    textOf(options.operands[0]) === 'run'
      ? optionsOf(options.operands.slice(1), '-p --project', true).operands
      : options.operands;
  const state = inDirectory(carried.state, optionValue(options, '-p', '--project'));
  if (!mentions(fileText(carried, state, 'pyproject.toml'), textOf(words[0]))) return;
  const data = dataAt(readData(carried, state, ['pyproject.toml'])?.data, 'tool', 'pdm', 'scripts');
  runScript(carried, { via: 'pdm', state, data }, words);
}

/** `hatch run [ENVIRONMENT:]SCRIPT`. */
export function hatch(carried: Carried): void {
  const options = optionsOf(carried.args, '-e --env -p --project --data-dir --cache-dir --config', true);
  if (textOf(options.operands[0]) !== 'run') return;
  const [first, ...args] = optionsOf(options.operands.slice(1), '-i -x --include --exclude', true).operands;
  const text = textOf(first);
  const cut = text.indexOf(':');
  const own = dataAt(readData(carried, carried.state, ['hatch.toml'])?.data, 'envs');
  const environments = { ...projectData(carried, 'tool', 'hatch', 'envs'), ...own };
  const environment = cut > 0 ? text.slice(0, cut) : (optionValue(options, '-e', '--env') ?? 'default');
  const data = {
    ...dataAt(environments, 'default', 'scripts'),
    ...dataAt(environments, environment.replace(/^\+?.*=/, ''), 'scripts'),
  };
  runScript(carried, { via: 'hatch', state: carried.state, data }, [known(text.slice(cut + 1)), ...args]);
}

/** `pipenv run SCRIPT`: a script of the Pipfile. */
export function pipenv(carried: Carried): void {
  const [verb, ...words] = optionsOf(carried.args, '--python', true).operands;
  if (textOf(verb) !== 'run') return;
  const data = dataAt(readData(carried, carried.state, ['Pipfile'])?.data, 'scripts');
  runScript(carried, { via: 'pipenv', state: carried.state, data }, words);
}

/** `task NAME`: a task of taskipy. */
export function taskipy(carried: Carried): void {
  const options = optionsOf(carried.args, '', true);
  if (hasSwitch(options, '-l', '--list', '-h', '--help')) return;
  const data = projectData(carried, 'tool', 'taskipy', 'tasks');
  runScript(carried, { via: 'task', state: carried.state, data }, options.operands);
}

/** `poetry run NAME`, `uv run NAME`, `rye run NAME`: an entry point of the project, a script or a Python file. */
export function pythonScript(carried: Carried): void {
  const options = optionsOf(carried.args, '-C --directory -P --project -p --python', true);
  if (textOf(options.operands[0]) !== 'run') return;
  const inner = optionsOf(
    options.operands.slice(1),
    '--with --extra --group --env-file -p --python --package -C',
    true,
  );
  const dir = optionValue(options, '-C', '--directory', '-P', '--project');
  const state = inDirectory(carried.state, dir);
  const [first, ...args] = inner.operands;
  const name = textOf(first);
  if (/\.py$/.test(name)) {
    runWords(carried, state, `${carried.program} run`, [known('python'), known(name), ...args]);
    return;
  }
  if (name === '') return;
  // Most programs are no script of the project, and its file is long to read.
  if (!mentions(fileText(carried, state, 'pyproject.toml'), name)) return;
  const project = readData(carried, state, ['pyproject.toml'])?.data;
  const rye = dataAt(project, 'tool', 'rye', 'scripts');
  if (carried.program === 'rye') runScript(carried, { via: 'rye', state, data: rye }, inner.operands);
  const entries = {
    ...dataAt(project, 'tool', 'poetry', 'scripts'),
    ...dataAt(project, 'project', 'scripts'),
  };
  const entry = valueAt(entries, name);
  const target =
    typeof entry === 'string'
      ? entry
      : isData(entry)
        ? (textAt(entry, 'reference') ?? textAt(entry, 'callable'))
        : undefined;
  if (target !== undefined) callFunction(carried, state, target);
}

/** Whether a file may give something a name. */
const mentions = (text: string | undefined, name: string): boolean =>
  text !== undefined &&
  name !== '' &&
  text.split(name).some((after, i) => i > 0 && /^["']?\s*[=\]]/.test(after));

/** Runs a script with what runs before and after it. */
function runScript(carried: Carried, scripts: Scripts, [first, ...args]: readonly Word[], depth = 0): void {
  const name = textOf(first);
  if (name === '' || depth > bounds.includes) return;
  for (const each of [`pre_${name}`, name, `post_${name}`]) {
    const value = valueAt(scripts.data, each);
    if (value !== undefined) runEntry(carried, scripts, value, each === name ? args : [], depth);
  }
}

/** Runs a value of a script: a text, a list of them, or a table that says what it is. */
function runEntry(
  carried: Carried,
  scripts: Scripts,
  value: unknown,
  args: readonly Word[],
  depth: number,
): void {
  if (depth > bounds.includes) return;
  const via = scripts.via;
  if (typeof value === 'string') {
    const { text, used } = withArguments(value.replace(/^- /, ''), args);
    const [name = '', ...rest] = text.split(/\s+/);
    // A text that starts with the name of another script runs that (hatch, pdm, and the lists of poe).
    if (depth > 0 && valueAt(scripts.data, name) !== undefined && valueAt(scripts.data, name) !== value)
      runScript(carried, scripts, [name, ...rest].map(known), depth + 1);
    else runTask(carried, scripts.state, via, text, { args: used ? [] : args.map(quoteWord) });
    return;
  }
  if (Array.isArray(value)) {
    for (const each of value.slice(0, bounds.tasks)) runEntry(carried, scripts, each, [], depth + 1);
    return;
  }
  if (!isData(value)) return;
  const state = inDirectory(scripts.state, textAt(value, 'cwd') ?? textAt(value, 'working_dir'));
  const inner = { ...scripts, state };
  for (const need of textsIn(value.deps)) runScript(carried, inner, need.split(/\s+/).map(known), depth + 1);
  const env = variablesIn(dataAt(value, 'env'));
  for (const key of ['cmd', 'shell', 'control']) {
    const command = value[key];
    const text = Array.isArray(command)
      ? textsIn(command)
          .map((word) => textOf(quoteWord(known(word))))
          .join(' ')
      : command;
    if (typeof text !== 'string') continue;
    const filled = withArguments(text, args);
    runTask(carried, state, via, filled.text, {
      args: filled.used ? [] : args.map(quoteWord),
      variables: env,
    });
  }
  for (const key of ['script', 'call']) {
    const target = textAt(value, key);
    if (target !== undefined) callFunction(carried, state, target);
  }
  for (const key of ['sequence', 'parallel', 'composite', 'chain'])
    for (const each of Array.isArray(value[key]) ? value[key] : [])
      runEntry(carried, inner, each, [], depth + 1);
  const other = textAt(value, 'ref');
  if (other !== undefined) runScript(carried, inner, other.split(/\s+/).map(known), depth + 1);
}

/** `{args}` and `{args:default}` filled in. */
function withArguments(
  text: string,
  args: readonly Word[],
): { readonly text: string; readonly used: boolean } {
  if (!/\{args(?::[^{}]*)?\}/.test(text)) return { text, used: false };
  const given = args.map((arg) => textOf(quoteWord(arg)) || '"${_unknown}"').join(' ');
  return {
    text: text.replaceAll(/\{args(?::([^{}]*))?\}/g, (_, fallback = '') => given || fallback),
    used: true,
  };
}

/** Runs a function of a module of the project (`package.module:function`); one that is installed is not here. */
function callFunction(carried: Carried, state: State, target: string): void {
  const [, module = '', name = '', args = ''] = /^([\w.]+)(?::(\w+)(?:\.\w+)*(\(.*\))?)?/.exec(target) ?? [];
  if (module === '') return;
  const path = module.replaceAll('.', '/');
  const file = firstFile(carried, state, [
    `${path}.py`,
    `src/${path}.py`,
    `${path}/__init__.py`,
    `src/${path}/__init__.py`,
  ]);
  if (file === undefined) return;
  const call = name === '' ? '' : `\n${name}${args || '()'}\n`;
  runTaskCode({ ...carried, state }, 'python', `${file.text}${call}`, file.name);
}

/** `nox -s SESSION`: the sessions of noxfile.py. */
export function nox(carried: Carried): void {
  const options = optionsOf(
    carried.args,
    '-e -f --noxfile -t --tags -k --keywords -p --pythons -P --python --envdir',
  );
  if (hasSwitch(options, '-l', '--list', '--list-sessions', '-h', '--help')) return;
  const file = optionValue(options, '-f', '--noxfile') ?? 'noxfile.py';
  const source = fileText(carried, carried.state, file);
  if (source === undefined) return;
  const sessions = [
    ...source.matchAll(/^@(?:nox\.)?session\b(.*)\n(?:(?:@.*|[ \t)].*)\n)*(?:async )?def (\w+)/gm),
  ].map(([, settings = '', name = '']) => ({
    name: /name\s*=\s*["']([^"']+)/.exec(settings)?.[1] ?? name,
    function: name,
    settings,
  }));
  const at = carried.args.findIndex((arg) => /^(?:-s|--sessions?|-e)$/.test(textOf(arg)));
  const rest = carried.args.slice(at + 1).map(textOf);
  const end = rest.findIndex((text) => text.startsWith('-'));
  const named = at < 0 ? [] : rest.slice(0, end < 0 ? undefined : end);
  const defaults = textsInList(/^nox\.options\.sessions\s*=\s*[[(]([^\])]*)/m.exec(source)?.[1]);
  const only = [
    ...named,
    ...carried.args.flatMap((arg) => /^--sessions?=(.+)|^-s=?([^=].*)/.exec(textOf(arg))?.slice(1) ?? []),
    ...(optionValue(options, '-e')?.split(',') ?? []),
  ].filter((name) => name !== undefined && name !== '');
  const wanted = only.length > 0 ? only : defaults;
  const calls = sessions
    .filter(({ name, settings }) =>
      wanted.length > 0
        ? wanted.some((each) => each.replace(/[-(].*$/, '') === name || each === name)
        : !/default\s*=\s*False/.test(settings),
    )
    .map((session) => `${session.function}(__session)`);
  // What a session runs is a program and its arguments.
  const code = source.replaceAll(/\b(?:session|s)\.run(?:_always|_install)?\(/g, '__run_in_session(');
  const head = 'import subprocess\ndef __run_in_session(*words, **options):\n  subprocess.run(words)\n';
  if (calls.length > 0) runTaskCode(carried, 'python', `${head}${code}\n${calls.join('\n')}\n`, file);
}

const textsInList = (list = ''): string[] =>
  [...list.matchAll(/["']([^"']+)["']/g)].map(([, text = '']) => text);

/** `tox [-e ENVIRONMENT]`: the commands of tox.ini, of what pyproject.toml holds in its place, or of tox.toml. */
export function tox(carried: Carried): void {
  const dashes = carried.args.findIndex((arg) => textOf(arg) === '--');
  const posargs = dashes < 0 ? [] : carried.args.slice(dashes + 1);
  const options = optionsOf(
    dashes < 0 ? carried.args : carried.args.slice(0, dashes),
    '-e -c --conf --workdir --root -x --override -p --result-json --installpkg -m -f',
  );
  if (
    hasSwitch(
      options,
      '-l',
      '--listenvs',
      '-a',
      '--listenvs-all',
      '--notest',
      '--showconfig',
      '-n',
      '-h',
      '--help',
      '--version',
    )
  )
    return;
  if (/^(?:l|list|c|config|q|quickstart|d|devenv|s|schema|depends|de)$/.test(textOf(options.operands[0])))
    return;
  const named = optionValue(options, '-c', '--conf');
  const ini = named ?? 'tox.ini';
  const legacy = () => textAt(projectData(carried, 'tool', 'tox'), 'legacy_tox_ini');
  const text = (/\.toml$/.test(ini) ? undefined : fileText(carried, carried.state, ini)) ?? legacy();
  const wanted = optionValue(options, '-e')
    ?.split(',')
    .map((name) => name.trim());
  const run = (dir: string | undefined, line: string) =>
    runTask(
      carried,
      inDirectory(carried.state, dir?.replaceAll(/\{tox_?(?:ini|_root)?_?dir\}|\{tox_root\}/g, '.')),
      'tox',
      toxLine(line, posargs),
    );
  if (text !== undefined) {
    for (const section of toxSections(text, wanted))
      for (const line of section.commands) run(section.dir, line);
    return;
  }
  const data =
    readData(carried, carried.state, [/\.toml$/.test(ini) ? ini : 'tox.toml'])?.data ??
    projectData(carried, 'tool', 'tox');
  const base = dataAt(data, 'env_run_base');
  for (const name of wanted ?? textsIn(data.env_list)) {
    const environment: Data = { ...base, ...dataAt(data, 'env', name) };
    for (const key of ['commands_pre', 'commands', 'commands_post'])
      for (const words of Array.isArray(environment[key]) ? environment[key] : [])
        run(
          textAt(environment, 'change_dir'),
          textsIn(words)
            .map((word) => (/\{posargs/.test(word) ? word : textOf(quoteWord(known(word)))))
            .join(' '),
        );
  }
}

function toxLine(line: string, posargs: readonly Word[]): string {
  const given = posargs.map((arg) => textOf(quoteWord(arg)) || '"${_unknown}"').join(' ');
  return line
    .replace(/^[-!]\s*/, '')
    .replaceAll(/\{posargs(?::([^{}]*))?\}/g, (_, fallback = '') => given || fallback)
    .replaceAll(/\{env_?python\}/g, 'python')
    .replaceAll(/\{tox_?ini_?dir\}|\{tox_root\}/g, '.')
    .replaceAll(/\{[^{}]*\}/g, '${_unknown}');
}

type ToxSection = { readonly commands: readonly string[]; readonly dir: string | undefined };

/** The sections of the environments that are run: those named, or those of `envlist`. */
function toxSections(text: string, wanted: readonly string[] | undefined): ToxSection[] {
  const sections = parseIni(text);
  const list = sections.get('tox')?.get('envlist') ?? sections.get('tox')?.get('env_list') ?? '';
  const names =
    wanted ??
    [...sections.keys()].flatMap((section) => {
      const name = /^testenv:(.+)$/.exec(section)?.[1];
      return name !== undefined && list.split(/[\s,{}]+/).includes(name) ? [name] : [];
    });
  const base = sections.get('testenv');
  const found = [
    ...new Set([...names.map((name) => sections.get(`testenv:${name}`) ?? base), ...(wanted ? [] : [base])]),
  ];
  return found
    .filter((section) => section !== undefined)
    .map((section) => ({
      dir: section.get('changedir') ?? section.get('change_dir') ?? base?.get('changedir'),
      commands: ['commands_pre', 'commands', 'commands_post'].flatMap((key) =>
        (section.get(key) ?? base?.get(key) ?? '')
          .replaceAll(/\\\n\s*/g, ' ')
          .split('\n')
          .flatMap((line) => referred(line, sections))
          // `py3: command` is for environments with that factor.
          .map((line) => line.trim().replace(/^[\w.,!{}-]+:\s+/, ''))
          .filter((line) => line !== '' && !line.startsWith('#')),
      ),
    }));
}

/** `{[testenv:x]commands}` stands for the lines there. */
function referred(line: string, sections: ReadonlyMap<string, ReadonlyMap<string, string>>): string[] {
  const [, section = '', key = ''] = /^\s*\{\[([^\]]+)\](\w+)\}\s*$/.exec(line) ?? [];
  return section === '' ? [line] : (sections.get(section)?.get(key) ?? '').split('\n');
}

/** Sections with their keys; lines that are indented go on with the value before. */
function parseIni(text: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let values = new Map<string, string>();
  let key = '';
  for (const line of text.split(/\r?\n/)) {
    const section = /^\[(.+)\]\s*$/.exec(line)?.[1];
    const [, name, value = ''] = /^(\w[\w-]*)\s*=\s*(.*)$/.exec(line) ?? [];
    if (section !== undefined) {
      values = sections.get(section) ?? new Map<string, string>();
      sections.set(section, values);
    } else if (name !== undefined) {
      key = name;
      values.set(key, value);
    } else if (/^\s/.test(line) && key !== '') values.set(key, `${values.get(key) ?? ''}\n${line.trim()}`);
  }
  return sections;
}
