import type { Carried } from '../carriers.ts';
import {
  dataAt,
  hasSwitch,
  isData,
  listOf,
  optionsOf,
  optionValue,
  readData,
  runInContainer,
  textAt,
  textOf,
} from './project-file.ts';

/** `act [EVENT]`: the steps of GitHub workflows that are shell text; act runs them in containers. */
export function workflows(carried: Carried): void {
  const options = optionsOf(
    carried.args,
    '-j --job -W --workflows -P --platform -s --secret --secret-file --var --var-file --env --env-file -e --eventpath -C --directory -a --actor --matrix --container-architecture --artifact-server-path --input --input-file',
  );
  if (hasSwitch(options, '-l', '--list', '-n', '--dryrun', '-g', '--graph', '--validate', '-h', '--help'))
    return;
  const [event] = options.operands.map(textOf);
  const only = optionValue(options, '-j', '--job');
  const named = optionValue(options, '-W', '--workflows');
  for (const file of workflowFiles(carried, named)) {
    const data = readData(carried, carried.state, [file], named === file)?.data;
    // YAML 1.1 takes `on` for true; the reader here is of 1.2, where it is a name.
    if (data === undefined || (event !== undefined && !eventsOf(data.on).includes(event))) continue;
    for (const [name, job] of Object.entries(dataAt(data, 'jobs'))) {
      if ((only !== undefined && only !== name) || !isData(job)) continue;
      for (const step of listOf(job.steps)) {
        const text = isData(step) ? textAt(step, 'run') : undefined;
        if (text !== undefined)
          runInContainer(carried, `act ${name}`, text.replaceAll(/\$\{\{[^{}]*\}\}/g, '${_unknown}'));
      }
    }
  }
}

function workflowFiles({ shell, state }: Carried, named: string | undefined): readonly string[] {
  if (named !== undefined && /\.ya?ml$/.test(named)) return [named];
  const dir = named ?? '.github/workflows';
  const path = dir.startsWith('/') ? dir : `${state.cwd ?? ''}/${dir}`;
  return shell.facts
    .list(path)
    .filter((name) => /\.ya?ml$/.test(name))
    .slice(0, 50)
    .map((name) => `${dir.replace(/\/$/, '')}/${name}`);
}

function eventsOf(on: unknown): readonly string[] {
  if (isData(on)) return Object.keys(on);
  return listOf(on).filter((name): name is string => typeof name === 'string');
}
