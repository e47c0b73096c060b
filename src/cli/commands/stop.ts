import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../../host/wait.ts';
import { readSwitchFile } from '../../killswitch/file.ts';
import { SWITCH_NAME } from '../../model/switch-name.ts';
import { recordAction } from '../action-log.ts';
import { type Arguments, UsageError } from '../args.ts';
import type { CliCommand } from '../command.ts';
import { faultText } from '../fault.ts';
import { chosenProject, homeOf, projectOption } from '../scope.ts';
import { describeSwitch, headline } from '../switch-text.ts';
import type { ExitCode, Terminal } from '../terminal.ts';

export const stop: CliCommand = {
  name: 'stop',
  summary: 'Throw the kill switch: every tool call is denied until `resume`.',
  usage: '[--reason TEXT] [--scope SCOPE [--until TIME]] [--project DIR | --user] [--kill [--dry-run]]',
  options: {
    reason: { short: 'r', value: 'TEXT', help: 'why; Claude and the user are told' },
    scope: {
      value: 'SCOPE',
      help: 'halt others, too, by the sources of the configuration: org, team:NAME, project[:NAME], environment:NAME, user[:NAME], host[:NAME]',
    },
    until: {
      value: 'TIME',
      help: 'with --scope: when it ends by itself (30m, 2h, 1d, 2026-12-31T18:00:00Z)',
    },
    project: projectOption,
    user: { help: 'halt every project of this user' },
    kill: {
      help: 'also end the tool processes that Claude Code is running on this machine: INT, TERM, KILL',
    },
    'dry-run': { help: 'with --kill: only list them, and throw nothing' },
  },
  examples: [
    ['blastguard stop --reason "bad deploy"', 'halt this project'],
    ['blastguard stop --user', 'halt everything of this user'],
    ['blastguard stop --scope org --reason "incident 42" --until 2h', 'halt the whole organisation'],
    ['blastguard stop --user --kill', 'halt everything, and end what is running'],
  ],
  async run(args, terminal) {
    const dryRun = args.flag('dry-run');
    if (dryRun && !args.flag('kill')) throw new UsageError('--dry-run needs --kill');
    // First the switch, so that nothing new starts.
    const thrown = dryRun ? 0 : await throwSwitch(args, terminal);
    if (!args.flag('kill')) return thrown;
    const { endTools } = await import('../end-tools.ts');
    return (await endTools(dryRun, terminal)) === 0 ? thrown : 1;
  },
};

async function throwSwitch(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const reason = args.text('reason') ?? 'no reason given';
  args.exclusive('user', 'scope');
  args.exclusive('user', 'project');
  const scope = args.text('scope');
  const until = args.text('until');
  if (scope === undefined) {
    // Anyone may write the local file, so an end in it would be a way to clear it.
    if (until !== undefined)
      throw new UsageError('--until needs --scope: the local switch stays until `resume`');
    return throwLocally(reason, args, terminal);
  }
  const { momentOf, scopeNamed } = await import('../remote-switch.ts');
  const { throwRemotely } = await import('../throw-remote.ts');
  const now = Date.now();
  const project = chosenProject(args, terminal);
  const thrown = {
    scope: scopeNamed(scope, project),
    reason,
    by: terminal.person,
    at: new Date(now).toISOString(),
    ...(until === undefined ? {} : { until: momentOf(until, now) }),
  };
  return throwRemotely(thrown, project, terminal);
}

async function throwLocally(reason: string, args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const dir = args.flag('user') ? homeOf(terminal) : chosenProject(args, terminal);
  const file = join(dir, SWITCH_NAME);
  const isNew = create(file, { reason, by: terminal.person, at: new Date().toISOString() });
  const found = readSwitchFile(file);
  if (!found.thrown) throw new Error(`the switch was written but is not there: \`${file}\``);
  const already = isNew ? '' : ' already';
  terminal.out(
    `${headline(true, terminal)}${already}: every tool call below ${dir} is denied (${describeSwitch(found)})\n`,
  );
  terminal.out(`To go on: blastguard resume${args.flag('user') ? ' --user' : ''}\n`);
  if (isNew) await recordAction({ action: 'stop', file, msg: `kill switch thrown: ${reason}` }, terminal);
  return 0;
}

/** False when a switch is there already: the first reason stays. */
function create(file: string, content: { reason: string; by: string; at: string }): boolean {
  try {
    writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    const cause = faultText(error);
    throw new Error(
      `the kill switch could not be written: ${cause}; \`blastguard stop --user\` writes it to your home`,
    );
  }
}
