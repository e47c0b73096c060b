import { projectRoot, stateDir } from '../../host/places.ts';
import type { Arguments } from '../args.ts';
import type { CliCommand } from '../command.ts';
import type { CheckGroup, Finding, Patient } from '../doctor/finding.ts';
import { faultText } from '../fault.ts';
import { chosenProject, projectOption } from '../scope.ts';
import { type ExitCode, printable, type Terminal } from '../terminal.ts';

export const doctor: CliCommand = {
  name: 'doctor',
  summary: 'Check that the guard does its work here, and say how to mend what does not.',
  usage: '[--project DIR] [--json]',
  options: { project: projectOption, json: { help: 'answer in JSON' } },
  examples: [['blastguard doctor', 'every check; the exit status is 1 when one fails']],
  exits: [
    [0, 'the guard does its work'],
    [1, 'something keeps it from its work'],
  ],
  run: examine,
};

type Group = { readonly name: string; readonly findings: readonly Finding[] };

async function examine(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const { hookFiles } = await import('../settings/found.ts');
  const { groups } = await import('../doctor/groups.ts');
  const named = args.text('project') !== undefined;
  const project = named ? chosenProject(args, terminal) : projectRoot(terminal.cwd, terminal.env);
  const patient: Patient = {
    terminal,
    project,
    state: placeOfState(terminal),
    files: hookFiles(named ? project : terminal.cwd, project, terminal.env),
    now: Date.now(),
  };
  const results: Group[] = [];
  for (const group of groups) {
    const result = { name: group.name, findings: await findingsOf(group, patient) };
    results.push(result);
    if (!args.flag('json')) show(result, terminal);
  }
  const findings = results.flatMap((result) => result.findings);
  const count = (state: Finding['state']) => findings.filter((finding) => finding.state === state).length;
  const failed = count('fail');
  if (args.flag('json'))
    terminal.out(`${JSON.stringify({ healthy: failed === 0, project, checks: results })}\n`);
  else terminal.out(`\n${sum(failed, count('warn'), terminal)}\n`);
  return failed === 0 ? 0 : 1;
}

function placeOfState({ env }: Terminal): Patient['state'] {
  try {
    return { dir: stateDir(env) };
  } catch (error) {
    return { fault: faultText(error) };
  }
}

async function findingsOf(group: CheckGroup, patient: Patient): Promise<readonly Finding[]> {
  try {
    return await group.run(patient);
  } catch (error) {
    const cause = faultText(error);
    return [{ state: 'fail', says: `it cannot be checked: ${cause}`, mend: 'install blastguard again' }];
  }
}

function show({ name, findings }: Group, { out, colours }: Terminal): void {
  const marks = { ok: colours.green('ok  '), warn: colours.yellow('warn'), fail: colours.red('FAIL') };
  for (const { state, says, mend } of findings) {
    out(`${marks[state]} ${name.padEnd(9)}${printable(says)}\n`);
    if (mend !== undefined) out(`${' '.repeat(14)}→ ${colours.bold(printable(mend))}\n`);
  }
}

function sum(failed: number, warned: number, { colours }: Terminal): string {
  const warnings = warned === 0 ? '' : `, ${warned} to look at`;
  if (failed === 0) return `${colours.green('the guard does its work here')}${warnings}`;
  return `${colours.red(`${failed} ${failed === 1 ? 'thing keeps' : 'things keep'} the guard from its work`)}${warnings}`;
}
