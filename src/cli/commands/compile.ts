import { resolve } from 'node:path';
import { packText, readPackFile } from '../../host/config.ts';
import { asText, readContent } from '../../host/config-files.ts';
import { openBuiltInPolicy } from '../../host/policy-file.ts';
import { compiler } from '../../lazy.ts';
import type { Config } from '../../model/config.ts';
import type { LevelReport } from '../../policy/compile-config.ts';
import { type Arguments, UsageError } from '../args.ts';
import type { CliCommand } from '../command.ts';
import { describeLevel } from '../config-text.ts';
import { configOf } from '../loaded-config.ts';
import { chosenProject, projectOption } from '../scope.ts';
import type { ExitCode, Terminal } from '../terminal.ts';

export const compile: CliCommand = {
  name: 'compile',
  summary: 'check the configuration, or one file of it, and say what is in force',
  usage: '[FILE] [--project DIR] [--json]',
  operands: true,
  options: { project: projectOption, json: { help: 'answer in JSON' } },
  examples: [
    ['blastguard compile', 'what all levels come to in this project'],
    ['blastguard compile .blastguard.yaml', 'check one file, as if it were the only one and trusted'],
  ],
  run: showConfig,
};

function showConfig(args: Arguments, terminal: Terminal): ExitCode {
  const [file, ...surplus] = args.operands;
  if (surplus.length > 0) throw new UsageError('more than one file');
  const { config, reports } = file === undefined ? compileAll(args, terminal) : compileFile(file, terminal);
  const faulty = reports.some(({ fault, warnings }) => fault !== undefined || warnings.length > 0);
  if (args.flag('json')) terminal.out(`${JSON.stringify({ config, reports })}\n`);
  else show(config, reports, terminal);
  return faulty ? 1 : 0;
}

function compileAll(args: Arguments, terminal: Terminal) {
  const { config, reports } = configOf(chosenProject(args, terminal), terminal);
  return { config, reports: reports() };
}

function compileFile(name: string, terminal: Terminal) {
  const file = resolve(terminal.cwd, name);
  const content = readContent(file);
  if (content.state === 'missing') throw new UsageError(`no such file: \`${name}\``);
  const source = { level: 'user', file, content: asText(content) } as const;
  return compiler().compileConfig([source], openBuiltInPolicy(), (from, pack) =>
    packText(readPackFile(from, pack), pack),
  );
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
