import type { Carried } from '../carriers.ts';
import { fileText, inDirectory, optionsOf, optionValue, runTask, textOf } from './project-file.ts';

/** `foreman start [PROCESS]`, `heroku local` and their kin: the processes of a Procfile, all or those named. */
export function procfile(carried: Carried): void {
  const options = optionsOf(
    carried.args,
    '-f --procfile -d --root --app-root -e --env --env-file -m --formation -c --concurrency -p --port --port-base -t --timeout -l --processes -x --quiet -a --app -s --socket -N --can-die',
  );
  const [verb = '', ...named] = options.operands.map(textOf);
  const bare = carried.program === 'hivemind';
  const starts = carried.program === 'heroku' ? /^local(?::start)?$/ : /^(?:start|s)$/;
  if (!bare && !starts.test(verb)) return;
  const file = optionValue(options, '-f', '--procfile') ?? (bare && verb !== '' ? verb : 'Procfile');
  const state = inDirectory(carried.state, optionValue(options, '-d', '--root', '--app-root'));
  const only = [
    ...(bare ? [] : named),
    ...(optionValue(options, '-l', '--processes')?.split(',') ?? []),
  ].flatMap((name) => name.split(','));
  for (const line of (fileText(carried, state, file) ?? '').split(/\r?\n/)) {
    const [, name = '', command = ''] = /^([\w-]+):\s*(.+)$/.exec(line) ?? [];
    if (command !== '' && (only.length === 0 || only.includes(name)))
      runTask(carried, state, `${carried.program} ${name}`, command);
  }
}
