import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { logFile } from '../../host/audit-log.ts';
import { projectRoot, stateDir } from '../../host/places.ts';
import { readSwitchFile, switchPaths } from '../../killswitch/file.ts';
import type { LevelReport } from '../../policy/compile-config.ts';
import type { Arguments } from '../args.ts';
import type { CliCommand } from '../command.ts';
import { faultText } from '../fault.ts';
import { chosenProject, everywhereAbove, projectOption } from '../scope.ts';
import type { HookFile } from '../settings/found.ts';
import { sourceStates, sourceTable } from '../source-states.ts';
import { stageName } from '../stage-name.ts';
import { describeSwitch, headline } from '../switch-text.ts';
import { type ExitCode, printable, type Terminal } from '../terminal.ts';

export const status: CliCommand = {
  name: 'status',
  summary: 'Show whether anything is halted, where the hook is registered and what it did today.',
  usage: '[--quiet] [--json] [--project DIR]',
  options: {
    quiet: { short: 'q', help: 'print nothing; the exit status is 1 while halted, else 0' },
    json: { help: 'answer in JSON' },
    project: projectOption,
  },
  examples: [['blastguard status --quiet && claude', 'start Claude Code only when nothing is halted']],
  exits: [
    [0, 'nothing is halted'],
    [1, 'halted, or it cannot be told'],
  ],
  run: showStatus,
};

async function showStatus(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const from = args.text('project') === undefined ? terminal.cwd : chosenProject(args, terminal);
  const switches = switchPaths(everywhereAbove(from, terminal))
    .map(readSwitchFile)
    .filter((found) => found.thrown);
  if (args.flag('quiet') && switches.length > 0) return 1;
  const project = args.text('project') === undefined ? projectRoot(from, terminal.env) : from;
  const sources = await sourceStates(project, terminal);
  const halted = switches.length > 0 || sources.some(({ state }) => state !== 'clear');
  const code = halted ? 1 : 0;
  if (args.flag('quiet')) return code;

  const settings = await hookStates(from, project, terminal);
  const state = stateDir(terminal.env);
  const configuration = await configStates(project, terminal);
  const today = await countsOf(logFile(state, Date.now()));
  if (args.flag('json')) {
    const all = { halted, switches, sources, project, settings, configuration, state, today };
    terminal.out(`${JSON.stringify(all)}\n`);
    return code;
  }
  terminal.out(`${headline(halted, terminal)}\n`);
  for (const found of switches) terminal.out(`  ${found.file} (${describeSwitch(found)})\n`);
  if (sources.length > 0) terminal.out(sourceTable(sources, terminal));
  const registered = settings.some((file) => file.registered && file.faults.length === 0);
  terminal.out(
    row('hook', registered ? 'registered' : terminal.colours.red('not registered: run `blastguard init`')),
  );
  for (const file of settings) terminal.out(settingsRow(file, terminal));
  terminal.out(row('project', project));
  terminal.out(row('state', state));
  terminal.out(row('config', configuration.length === 0 ? 'none: the built-in rules as they are' : ''));
  const { describeLevel } = await import('../config-text.ts');
  for (const report of configuration)
    for (const line of describeLevel(report, terminal)) terminal.out(`  ${line}\n`);
  const stage = await stageName(project, terminal);
  if (stage !== undefined) terminal.out(row('stage', `${stage} (blastguard rollout)`));
  terminal.out(row('today', `${today.deny} denied, ${today.ask} asked, ${today.pass} passed`));
  return code;
}

const row = (name: string, value: string): string => `${`${name.padEnd(9)}${value}`.trimEnd()}\n`;

type HookState = Pick<HookFile, 'scope' | 'path'> & {
  readonly registered: boolean;
  readonly faults: readonly string[];
};

function settingsRow({ path, scope, registered, faults }: HookState, { colours }: Terminal): string {
  const state = registered ? colours.green('registered') : colours.dim('nothing of blastguard');
  const problems = faults.map((fault) => `           ${colours.red(printable(fault))}\n`);
  return `  ${scope.padEnd(8)} ${path}: ${state}\n${problems.join('')}`;
}

/** The files that Claude Code takes hooks from, with what each says of ours. */
async function hookStates(cwd: string, project: string, terminal: Terminal): Promise<readonly HookState[]> {
  const { hookFiles, substituted } = await import('../settings/found.ts');
  const { ownPlaces } = await import('../settings/read.ts');
  const { faultsOf } = await import('../settings/faults.ts');
  return hookFiles(cwd, project, terminal.env).map((file) => {
    const { scope, path, settings, fault } = file;
    if (fault !== undefined) return { scope, path, registered: false, faults: [fault] };
    const own = ownPlaces(settings, 'PreToolUse');
    const faults = faultsOf(settings).map((each) => `${each}: Claude Code drops the whole file`);
    if (settings.disableAllHooks === true)
      faults.push('`disableAllHooks` is true: hooks of the user and of projects do not run');
    const programs = own.flatMap(({ entry }) => wordsOf(entry)).map((word) => substituted(word, file));
    const missing = programs.filter((word) => isAbsolute(word) && !existsSync(word));
    faults.push(...new Set(missing.map((word) => `\`${word}\` is missing: run \`blastguard init\` again`)));
    return { scope, path, registered: own.length > 0, faults };
  });
}

/** The configuration files that exist. Where the program itself is broken that is said in their place. */
async function configStates(project: string, terminal: Terminal): Promise<readonly LevelReport[]> {
  const { configOf } = await import('../loaded-config.ts');
  try {
    return configOf(project, terminal).reports();
  } catch (error) {
    const fault = faultText(error);
    return [{ ...emptyReport, level: 'user', file: '', fault }];
  }
}

const emptyReport = {
  warnings: [],
  ignored: [],
  rules: [],
  environments: [],
  decisions: [],
  exceptions: [],
  sources: [],
};

/** The programs that an entry starts: the launcher, node and the bundle. */
function wordsOf(entry: unknown): readonly string[] {
  if (typeof entry !== 'object' || entry === null) return [];
  const command = 'command' in entry ? entry.command : undefined;
  const args = 'args' in entry && Array.isArray(entry.args) ? entry.args : [];
  return [command, ...args.slice(0, 2)].filter((word) => typeof word === 'string');
}

type Counts = { deny: number; ask: number; pass: number };

async function countsOf(file: string): Promise<Counts> {
  const counts: Counts = { deny: 0, ask: 0, pass: 0 };
  if (!existsSync(file)) return counts;
  const { entryOf, linesOf } = await import('../log-file.ts');
  for (const { text } of linesOf(file)) {
    const verdict = entryOf(text)?.verdict;
    if (verdict === 'deny' || verdict === 'ask' || verdict === 'pass') counts[verdict] += 1;
  }
  return counts;
}
