import { known } from '../../model/word.ts';
import { type Carried, toolOfImage } from '../carriers.ts';
import { quoteWord } from '../interpreter.ts';
import { bounds } from './bounds.ts';
import { buildImage } from './dockerfile.ts';
import {
  type Data,
  dataAt,
  inDirectory,
  isData,
  listOf,
  optionsOf,
  readData,
  runInContainer,
  runTask,
  textAt,
  textOf,
  textsIn,
  valueAt,
} from './project-file.ts';

const fileNames = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];
const overrides = fileNames.map((name) => name.replace(/\.(?=ya?ml$)/, '.override.'));
const valued =
  '-f --file -p --project-name --profile --env-file --project-directory --ansi --parallel --progress -H --host --context --config -l --log-level';
const runValued =
  '-e --env --entrypoint -l --label --name -p --publish --pull -u --user -v --volume -w --workdir --env-from-file --cap-add --cap-drop';
const upValued =
  '--abort-on-container-exit --attach --exit-code-from --no-attach --pull --scale -t --timeout --wait-timeout --build-arg --builder -m --memory --ssh --progress';

/** `docker compose up|run|start|build`: what the services run, in their containers, and the images that they are built of. */
export function composeFile(carried: Carried): void {
  const { program, args } = carried;
  const own = /-compose$/.test(program) ? args : afterCompose(args);
  if (own === undefined) return;
  const files = own.flatMap((arg, i) => {
    const text = textOf(arg);
    if (/^(?:-f|--file)$/.test(text)) return [textOf(own[i + 1])];
    return /^--file=/.test(text) ? [text.slice(7)] : [];
  });
  const global = optionsOf(own, valued, true);
  const state = inDirectory(carried.state, global.values.get('--project-directory'));
  const [verb, ...rest] = global.operands;
  if (!/^(?:up|run|start|restart|build|watch)$/.test(textOf(verb))) return;
  const services = servicesOf({ ...carried, state }, files);
  const inner = { ...carried, state };
  if (textOf(verb) === 'run') {
    const options = optionsOf(rest, runValued, true);
    const [name, ...words] = options.operands;
    const service = dataAt(services, textOf(name));
    const entrypoint = options.values.get('--entrypoint');
    const command =
      words.length > 0
        ? words
            .map((word) => quoteWord(word))
            .map(textOf)
            .join(' ')
        : undefined;
    for (const each of withNeeds(services, [textOf(name)]))
      if (each !== textOf(name)) start(inner, each, dataAt(services, each));
    start(inner, textOf(name), {
      ...service,
      ...(entrypoint === undefined ? {} : { entrypoint }),
      ...(command === undefined ? {} : { command }),
    });
    return;
  }
  const options = optionsOf(rest, upValued);
  const named = options.operands.map(textOf);
  const wanted = withNeeds(services, named.length > 0 ? named : Object.keys(services));
  const builds = textOf(verb) === 'build' || options.switches.has('--build');
  for (const name of wanted) {
    const service = dataAt(services, name);
    const build = valueAt(service, 'build');
    if (builds && build !== undefined)
      buildImage(
        inner,
        (isData(build) ? textAt(build, 'context') : textAt(service, 'build')) ?? '.',
        isData(build) ? textAt(build, 'dockerfile') : undefined,
      );
    if (textOf(verb) !== 'build') start(inner, name, service);
  }
}

function afterCompose(args: Carried['args']): Carried['args'] | undefined {
  const { operands } = optionsOf(args, valued, true);
  return textOf(operands[0]) === 'compose' ? operands.slice(1) : undefined;
}

/** The services of all files, later ones over earlier ones. */
function servicesOf(carried: Carried, files: readonly string[]): Data {
  const services: Record<string, Data> = {};
  const sets = files.length > 0 ? files.map((file) => [file]) : [fileNames, overrides];
  for (const names of sets) {
    const file = readData(carried, carried.state, names, files.length > 0);
    for (const [name, value] of Object.entries(dataAt(file?.data, 'services')))
      if (isData(value)) services[name] = { ...services[name], ...value };
  }
  return services;
}

/** Services and those that they depend on. */
function withNeeds(services: Data, names: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const work = [...names];
  for (let name = work.pop(); name !== undefined && found.size < bounds.tasks; name = work.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const needs = valueAt(dataAt(services, name), 'depends_on');
    work.push(...(isData(needs) ? Object.keys(needs) : textsIn(needs)));
  }
  return found;
}

/** What a service runs: its entry point, or that of its image, with its command. */
function start(carried: Carried, name: string, service: Data): void {
  const image = toolOfImage(textAt(service, 'image') ?? '');
  const command = commandText(valueAt(service, 'command'));
  const entrypoint = commandText(valueAt(service, 'entrypoint')) ?? image;
  if (command === undefined && (entrypoint === undefined || entrypoint === image)) return;
  const text = [entrypoint, command].filter((part) => part !== undefined && part !== '').join(' ');
  const via = `compose ${name}`;
  if (!listOf(service.volumes).some(bindsHost)) {
    runInContainer(carried, via, text);
    return;
  }
  // A directory of this machine may be any directory there.
  const elsewhere = inDirectory(carried.state, undefined);
  elsewhere.cwd = undefined;
  runTask(carried, elsewhere, via, text);
}

/** Whether a volume is a directory of this machine outside the project. */
function bindsHost(volume: unknown): boolean {
  const source =
    typeof volume === 'string' ? volume.split(':')[0] : isData(volume) ? volume.source : undefined;
  return typeof source === 'string' && /^(?:\/(?!.*docker\.sock)|~|\.\.\/?$|\$\{?HOME)/.test(source);
}

/** Words or a text; `$$` is a dollar sign that compose leaves to the container. */
function commandText(value: unknown): string | undefined {
  const text = Array.isArray(value)
    ? textsIn(value)
        .map((word) => textOf(quoteWord(known(word))))
        .join(' ')
    : typeof value === 'string'
      ? value
      : undefined;
  return text?.replaceAll('$$', '$');
}
