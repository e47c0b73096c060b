import type { Config } from '../../model/config.ts';
import type { LevelReport } from '../../policy/compile-config.ts';
import { type Arguments, UsageError } from '../args.ts';
import type { CliCommand } from '../command.ts';
import { describeLevel } from '../config-text.ts';
import { compileFile, describeFailure, ownFailures } from '../examples.ts';
import { configOf } from '../loaded-config.ts';
import { chosenProject, projectOption } from '../scope.ts';
import type { ExitCode, Terminal } from '../terminal.ts';

export const compile: CliCommand = {
  name: 'compile',
  summary: 'Check the configuration, or one file of it, run its examples, and say what is in force.',
  usage: '[FILE] [--project DIR] [--json]',
  operands: true,
  options: { project: projectOption, json: { help: 'answer in JSON' } },
  examples: [
    ['blastguard compile', 'what all levels come to in this project'],
    ['blastguard compile .blastguard.yaml', 'check one file, as if it were the only one and trusted'],
  ],
  exits: [
    [0, 'all is in force as it was written, and every example came out as expected'],
    [1, 'a fault, a warning, or an example that did not'],
  ],
  run: showConfig,
};

function showConfig(args: Arguments, terminal: Terminal): ExitCode {
  const [file, ...surplus] = args.operands;
  if (surplus.length > 0) throw new UsageError('more than one file');
  const { config, reports, failures } =
    file === undefined ? compileAll(args, terminal) : compileOne(file, terminal);
  const faulty = reports.some(({ fault, warnings }) => fault !== undefined || warnings.length > 0);
  if (args.flag('json')) terminal.out(`${JSON.stringify({ config, reports, failures })}\n`);
  else {
    show(config, reports, terminal);
    for (const failure of failures) terminal.out(`${describeFailure(failure, terminal)}\n`);
  }
  return faulty || failures.length > 0 ? 1 : 0;
}

function compileAll(args: Arguments, terminal: Terminal) {
  const { config, reports } = configOf(chosenProject(args, terminal), terminal);
  const sound = reports().filter(({ fault, rules }) => fault === undefined && rules.length > 0);
  const failures = sound.flatMap(({ file, level }) => ownFailures(compileFile(file, terminal, level)));
  return { config, reports: reports(), failures };
}

function compileOne(name: string, terminal: Terminal) {
  const compiled = compileFile(name, terminal);
  return { config: compiled.config, reports: compiled.reports, failures: ownFailures(compiled) };
}

function show(config: Config, reports: readonly LevelReport[], terminal: Terminal): void {
  const { out } = terminal;
  if (reports.length === 0) out('no configuration: the built-in rules are in force as they are\n');
  for (const report of reports) out(`${describeLevel(report, terminal).join('\n')}\n`);
  out(
    `in force: on-uncertain ${config.onUncertain}, on-log-failure ${config.onLogFailure}, deadline-ms ${config.deadline}\n`,
  );
  for (const { level, rules, environments, decisions, fault } of reports) {
    if (fault !== undefined) continue;
    for (const id of rules) out(`  ${level.padEnd(8)} rule ${id}\n`);
    for (const { rule, byClass } of decisions) out(`  ${level.padEnd(8)} ${rule}: ${choices(byClass)}\n`);
    for (const { name, class: kind } of environments)
      out(`  ${level.padEnd(8)} environment ${name} (${kind})\n`);
  }
}

function choices(byClass: Readonly<Record<string, string>>): string {
  const values = new Set(Object.values(byClass));
  if (values.size === 1 && Object.keys(byClass).length === 3) return [...values].join('');
  return Object.entries(byClass)
    .map(([kind, choice]) => `${choice} in ${kind}`)
    .join(', ');
}
