import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../../host/wait.ts';
import { readSwitchFile } from '../../killswitch/file.ts';
import { SWITCH_NAME } from '../../model/switch-name.ts';
import { recordAction } from '../action-log.ts';
import { type Arguments, UsageError } from '../args.ts';
import type { CliCommand } from '../command.ts';
import { chosenProject, homeOf, projectOption } from '../scope.ts';
import { describeSwitch, headline } from '../switch-text.ts';
import type { ExitCode, Terminal } from '../terminal.ts';

export const stop: CliCommand = {
  name: 'stop',
  summary: 'Throw the kill switch: every tool call is denied until `resume`.',
  usage: '[--reason TEXT] [--project DIR | --user]',
  options: {
    reason: { short: 'r', value: 'TEXT', help: 'why; Claude and the user are told' },
    project: projectOption,
    user: { help: 'halt every project of this user' },
  },
  examples: [
    ['blastguard stop --reason "bad deploy"', 'halt this project'],
    ['blastguard stop --user', 'halt everything of this user'],
  ],
  run: throwSwitch,
};

async function throwSwitch(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  if (args.flag('user') && args.text('project') !== undefined)
    throw new UsageError('--user and --project exclude each other');
  const dir = args.flag('user') ? homeOf(terminal) : chosenProject(args, terminal);
  const file = join(dir, SWITCH_NAME);
  const reason = args.text('reason') ?? 'no reason given';
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
    const cause = error instanceof Error ? error.message : String(error);
    throw new Error(
      `the kill switch could not be written: ${cause}; \`blastguard stop --user\` writes it to your home`,
    );
  }
}
