import { lstatSync, rmdirSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { homeDir } from '../../host/places.ts';
import { readSwitchFile, switchPaths } from '../../killswitch/file.ts';
import { SWITCH_NAME } from '../../model/switch-name.ts';
import { recordAction } from '../action-log.ts';
import type { Arguments } from '../args.ts';
import type { CliCommand } from '../command.ts';
import { faultText } from '../fault.ts';
import { notAPerson } from '../person.ts';
import { chosenProject, everywhereAbove, homeOf, projectOption } from '../scope.ts';
import { describeSwitch, headline } from '../switch-text.ts';
import { type ExitCode, printable, type Terminal } from '../terminal.ts';

export const resume: CliCommand = {
  name: 'resume',
  summary: 'Clear the kill switch. For people: refused inside Claude Code.',
  usage: '[--scope SCOPE] [--project DIR] [--user] [--yes]',
  options: {
    scope: { value: 'SCOPE', help: 'clear the switch that was thrown with `stop --scope SCOPE`' },
    project: projectOption,
    user: { help: 'clear the switch in the home directory too' },
    yes: { help: 'needed where standard input is not a terminal' },
  },
  examples: [
    ['blastguard resume', 'go on in this project'],
    ['blastguard resume --user', 'clear the switch of every project of this user too'],
    ['blastguard resume --scope org', 'let the whole organisation go on'],
  ],
  exits: [
    [0, 'nothing is halted'],
    [1, 'halted still, or refused'],
  ],
  run: clearSwitches,
};

async function clearSwitches(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const refusal = notAPerson(terminal, args.flag('yes'));
  if (refusal !== undefined) {
    terminal.err(`blastguard: only a person may clear the kill switch: ${refusal}\n`);
    return 1;
  }
  const project = chosenProject(args, terminal);
  const scope = args.text('scope');
  if (scope !== undefined) {
    const { scopeNamed } = await import('../remote-switch.ts');
    const { clearRemotely } = await import('../throw-remote.ts');
    return clearRemotely(scopeNamed(scope, project), project, terminal);
  }
  const from = args.text('project') === undefined ? terminal.cwd : project;
  const meant = switchPaths({ cwd: from, projectDir: project, home: undefined });
  const toRemove = new Set(args.flag('user') ? [...meant, join(homeOf(terminal), SWITCH_NAME)] : meant);
  let removed = 0;
  for (const file of toRemove) {
    const found = readSwitchFile(file);
    if (!found.thrown) continue;
    remove(file);
    removed += 1;
    terminal.out(`removed ${file} (${describeSwitch(found)})\n`);
    await recordAction(
      { action: 'resume', file, msg: `kill switch cleared (${describeSwitch(found)})` },
      terminal,
    );
  }
  const left = switchPaths(everywhereAbove(from, terminal))
    .map(readSwitchFile)
    .filter((found) => found.thrown);
  for (const found of left) {
    const remedy =
      dirname(found.file) === homeDir(terminal.env) ? '--user' : `--project ${dirname(found.file)}`;
    terminal.out(
      `left    ${found.file} (${describeSwitch(found)}); to clear it: blastguard resume ${remedy}\n`,
    );
  }
  const remote = await leftRemotely(project, terminal);
  if (left.length > 0 || remote) {
    terminal.out(`${headline(true, terminal)} still\n`);
    return 1;
  }
  terminal.out(`${headline(false, terminal)}${removed === 0 ? ': there was no switch to clear' : ''}\n`);
  return 0;
}

/** Whether sources halt this project still, or cannot say. Prints which. */
async function leftRemotely(project: string, terminal: Terminal): Promise<boolean> {
  const { askAll, sourcesFor } = await import('../remote-switch.ts');
  const sources = sourcesFor(project, terminal);
  const states = await askAll(sources);
  sources.close();
  for (const { source, active } of states)
    for (const thrown of active)
      terminal.out(
        `left    ${source.name} (${describeSwitch(thrown)}); to clear it: blastguard resume --scope ${printable(thrown.scope)}\n`,
      );
  for (const { source, known } of states)
    if (known.fault !== undefined)
      terminal.out(
        `unread  ${source.name}: ${printable(known.fault)}; \`blastguard status\` says what that means\n`,
      );
  return states.some(({ active }) => active.length > 0);
}

function remove(file: string): void {
  try {
    if (lstatSync(file).isDirectory()) rmdirSync(file);
    else unlinkSync(file);
  } catch (error) {
    const cause = faultText(error);
    throw new Error(`the switch could not be removed: ${cause}; remove it by hand`);
  }
}
