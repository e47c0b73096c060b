import type { Arguments } from '../args.ts';
import type { CliCommand } from '../command.ts';
import type { Finding, Layer } from '../readiness/layer.ts';
import { chosenProject, projectOption } from '../scope.ts';
import { type ExitCode, printable, type Terminal } from '../terminal.ts';

export const readiness: CliCommand = {
  name: 'readiness',
  summary: 'Show on one page which layers stand around an agent, what is missing, and what mends it.',
  usage: '[--live] [--json] [--project DIR]',
  options: {
    live: { help: 'ask AWS for the identity in use and its boundary' },
    json: { help: 'answer in JSON' },
    project: projectOption,
  },
  examples: [['blastguard readiness && claude', 'start Claude Code only when nothing required is missing']],
  exits: [
    [0, 'nothing required is missing'],
    [1, 'something is'],
  ],
  run: showReadiness,
};

async function showReadiness(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const { checkers } = await import('../readiness/checkers.ts');
  const place = { project: chosenProject(args, terminal), terminal, live: args.flag('live') };
  const layers: Layer[] = [];
  for (const { name, title, check } of checkers) layers.push({ name, title, findings: await check(place) });
  const ready = layers.every(({ findings }) => findings.every(({ state }) => state !== 'missing'));
  if (args.flag('json')) terminal.out(`${JSON.stringify({ ready, project: place.project, layers })}\n`);
  else show(layers, ready, terminal);
  return ready ? 0 : 1;
}

function show(layers: readonly Layer[], ready: boolean, { out, colours }: Terminal): void {
  for (const { title, findings } of layers) {
    out(`${colours.bold(title)}\n`);
    for (const finding of findings)
      out(`  ${mark(finding, colours)} ${printable(finding.text)}\n${remedy(finding)}`);
  }
  const count = layers.flatMap(({ findings }) => findings).filter(({ state }) => state === 'missing').length;
  out(
    ready
      ? `${colours.green('ready')}: nothing required is missing\n`
      : `${colours.red('not ready')}: ${count} required ${count === 1 ? 'thing is' : 'things are'} missing\n`,
  );
}

const remedy = ({ mend }: Finding): string => (mend === undefined ? '' : `      → ${printable(mend)}\n`);

function mark({ state }: Finding, colours: Terminal['colours']): string {
  if (state === 'stands') return colours.green('✓');
  if (state === 'missing') return colours.red('✗');
  return state === 'advised' ? colours.yellow('!') : colours.dim('-');
}
