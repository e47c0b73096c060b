import { known } from '../../model/word.ts';
import type { Carried } from '../carriers.ts';
import { quoteWord } from '../interpreter.ts';
import { baseOf, directoryOf, resolvePath } from '../path.ts';
import { gitCall, hookNames, hooksDir } from './git-repository.ts';
import {
  type Data,
  dataAt,
  fileText,
  inDirectory,
  isData,
  listOf,
  optionsOf,
  optionValue,
  readData,
  runTask,
  runWords,
  textAt,
  textOf,
  textsIn,
} from './project-file.ts';

const settingName = 'git core.hookspath';

/** `git commit`, `git push` and the like: the hooks of the repository. */
export function gitHooks(carried: Carried): void {
  const { args, state, shell } = carried;
  const call = gitCall(args.map(textOf));
  if (call.verb === 'config') {
    const [key = '', value] = call.args.filter((arg) => !arg.startsWith('-') && arg !== 'set');
    if (key.toLowerCase() === 'core.hookspath' && value !== undefined) state.aliases.set(settingName, value);
    return;
  }
  const names = hookNames(call);
  const cwd = resolvePath(call.dir ?? '.', state.cwd);
  if (names.length === 0 || cwd === undefined) return;
  const hooks = hooksDir(cwd, shell.facts, call.hooksPath ?? state.aliases.get(settingName));
  if (hooks === undefined) return;
  const inRoot = inDirectory(state, hooks.root);
  for (const name of names) {
    const via = `git hook ${name}`;
    if (shell.isWithin(via)) continue;
    const path = `${hooks.dir}/${name}`;
    if (fileText(carried, state, path) === undefined) continue;
    // Husky's own files are the same for all hooks and start the one beside their folder.
    const husky = baseOf(hooks.dir) === '_' ? `${directoryOf(hooks.dir)}/${name}` : undefined;
    if (husky === undefined) runWords(carried, inRoot, via, [known(path)]);
    else if (fileText(carried, state, husky) !== undefined)
      runWords(carried, inRoot, via, ['sh', '-e', husky].map(known));
  }
}

/** `pre-commit run`, also as a git hook: the hooks that the project itself defines. Those of others are not here. */
export function preCommit(carried: Carried): void {
  const [verb, ...rest] = carried.args;
  if (!/^(?:run|hook-impl)$/.test(textOf(verb))) return;
  const options = optionsOf(
    rest,
    '-c --config --hook-stage --hook-type --hook-dir --from-ref --to-ref --files --color',
  );
  const named = optionValue(options, '-c', '--config');
  const file = readData(carried, carried.state, [named ?? '.pre-commit-config.yaml']);
  const stage = stageName(optionValue(options, '--hook-type', '--hook-stage') ?? 'pre-commit');
  const only = textOf(verb) === 'run' ? textOf(options.operands[0]) : '';
  const repositories = listOf(file?.data.repos).filter(isData);
  for (const hook of repositories
    .filter(({ repo }) => repo === 'local')
    .flatMap(({ hooks }) => listOf(hooks)))
    if (isData(hook)) runLocalHook(hook, stage, only, textsIn(file?.data.default_stages), carried);
}

/** Stages were named without `pre-` in earlier versions. */
const stageName = (name: string): string =>
  /^(?:commit|push|merge-commit)$/.test(name) ? `pre-${name}` : name;

function runLocalHook(
  hook: Data,
  stage: string,
  only: string,
  defaults: readonly string[],
  carried: Carried,
): void {
  const { id, language, entry } = hook;
  const stages = (Array.isArray(hook.stages) ? textsIn(hook.stages) : defaults).map(stageName);
  const names = [id, hook.alias];
  if (only === '' ? stages.length > 0 && !stages.includes(stage) : !names.includes(only)) return;
  if (typeof entry !== 'string' || /^(?:pygrep|fail)$/.test(String(language))) return;
  const text = language === 'script' && !entry.startsWith('/') ? `./${entry}` : entry;
  const args = textsIn(hook.args).map((arg) => quoteWord(known(arg)));
  runTask(carried, carried.state, `pre-commit ${String(id)}`, text, { args });
}

const lefthookFiles = [
  'lefthook',
  '.lefthook',
  '.config/lefthook',
  'lefthook-local',
  '.lefthook-local',
].flatMap((name) => ['yml', 'yaml', 'toml', 'json'].map((end) => `${name}.${end}`));

/** `lefthook run HOOK`, also as a git hook: the commands, scripts and jobs of the hook. */
export function lefthook(carried: Carried): void {
  const options = optionsOf(
    carried.args,
    '--files-from-stdin --file --command --commands --job --jobs --tag',
  );
  const [verb, hook = ''] = options.operands.map(textOf);
  if (verb !== 'run') return;
  for (const name of lefthookFiles) {
    const file = readData(carried, carried.state, [name]);
    if (file === undefined) continue;
    const data = dataAt(file.data, hook);
    const sourceDir = textAt(file.data, 'source_dir') ?? '.lefthook';
    for (const command of Object.values(dataAt(data, 'commands'))) runJob(carried, hook, command, sourceDir);
    for (const [script, value] of Object.entries(dataAt(data, 'scripts')))
      runJob(carried, hook, { ...(isData(value) ? value : {}), script }, sourceDir);
    for (const job of listOf(data.jobs)) runJob(carried, hook, job, sourceDir);
  }
}

function runJob(carried: Carried, hook: string, job: unknown, sourceDir: string, depth = 0): void {
  if (!isData(job) || job.skip === true || depth > 8) return;
  for (const inner of listOf(dataAt(job, 'group').jobs)) runJob(carried, hook, inner, sourceDir, depth + 1);
  const state = inDirectory(carried.state, textAt(job, 'root'));
  const text = textAt(job, 'run');
  const via = `lefthook ${hook}`;
  if (text !== undefined) runTask(carried, state, via, text.replaceAll(/\{[\w ]+\}/g, '${_unknown}'));
  const script = textAt(job, 'script');
  if (script === undefined) return;
  const path = `${sourceDir}/${hook}/${script}`;
  const runner = textAt(job, 'runner');
  if (runner === undefined) runWords(carried, state, via, [known(`./${path}`)]);
  else runTask(carried, state, via, runner, { args: [quoteWord(known(path))] });
}
