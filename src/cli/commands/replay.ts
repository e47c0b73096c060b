import { resolve } from 'node:path';
import { loadConfig, packText, readPackFile } from '../../host/config.ts';
import type { LoadedConfig } from '../../host/config-cache.ts';
import { compiledConfig } from '../../host/config-cache.ts';
import { asText, configPlaces, readContent } from '../../host/config-files.ts';
import { gatherFacts } from '../../host/facts.ts';
import { homeDir, projectRoot } from '../../host/places.ts';
import { openBuiltInPolicy } from '../../host/policy-file.ts';
import { compiler } from '../../lazy.ts';
import type { Call } from '../../model/call.ts';
import type { Facts } from '../../model/facts.ts';
import { type StageInForce, stages } from '../../model/stage.ts';
import type { PolicyStore } from '../../policy/store.ts';
import { clip } from '../../report/clip.ts';
import { count } from '../../report/count.ts';
import { isStage, stageInForce } from '../../rollout/stage.ts';
import {
  addDecision,
  addDifference,
  type Difference,
  emptyTally,
  type Summary,
  summaryOf,
  type Tally,
} from '../../rollout/tally.ts';
import { type Arguments, UsageError } from '../args.ts';
import type { CliCommand } from '../command.ts';
import { faultText } from '../fault.ts';
import { callsIn, type HistoryFile, type HistoryKind, historyFile, historyFiles } from '../history-files.ts';
import { judgeCall, stageNow } from '../judge.ts';
import { progress } from '../progress.ts';
import { sinceOf } from '../since.ts';
import { table } from '../table.ts';
import { type ExitCode, printable, type Terminal } from '../terminal.ts';

export const replay: CliCommand = {
  name: 'replay',
  summary: 'Run your own history through a policy: what would have been denied, asked and passed.',
  usage: '[FILE…] [--policy WHAT] [--against WHAT] [--since WHEN] [--json]',
  operands: true,
  options: {
    policy: {
      value: 'WHAT',
      help: 'a blastguard.yaml, a stage of the rollout, or `built-in` (default: what is in force)',
    },
    against: { value: 'WHAT', help: 'show what another policy would decide differently' },
    transcripts: { help: 'only the transcripts of Claude Code' },
    history: { help: 'only the history of bash, zsh and fish' },
    log: { help: 'only the audit log' },
    since: { value: 'WHEN', help: 'only from then on: 30m, 12h, 7d, or a date' },
    limit: { short: 'n', value: 'N', help: 'rules, projects and differences to list (default: 15)' },
    json: { help: 'answer in JSON' },
  },
  examples: [
    ['blastguard replay', 'all that this user did, through what is in force'],
    ['blastguard replay --policy staging --since 30d', 'what a stage would have stopped last month'],
    ['blastguard replay --against team.yaml', 'what a changed policy decides differently'],
  ],
  run: replayHistory,
};

async function replayHistory(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const files = filesOf(args, terminal);
  const since = sinceOf(args.text('since'), Date.now());
  const limit = args.number('limit') ?? 15;
  const policy = openBuiltInPolicy();
  const judge = new Judge(args.text('policy'), policy, terminal);
  const against = args.text('against');
  const other = against === undefined ? undefined : new Judge(against, policy, terminal);
  const tally = emptyTally();
  const otherTally = emptyTally();
  const differences = new Map<string, Difference>();
  const bar = progress('replay', terminal);
  const started = performance.now();
  const all = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const home = homeDir(terminal.env) ?? '/';
  let before = 0;
  for (const file of files) {
    const told = (end: number) => bar.at(before + end, all);
    for (const { call, time } of callsIn(file, home, told)) {
      if (since > 0 && (time === undefined || time < since)) continue;
      const here = call.cwd.startsWith('/') || /^[A-Za-z]:/.test(call.cwd) ? call : { ...call, cwd: home };
      const found = judge.summary(here);
      addDecision(tally, here, found);
      if (other === undefined) continue;
      const otherwise = other.summary(here);
      addDecision(otherTally, here, otherwise);
      addDifference(differences, here, found, otherwise);
    }
    before += file.bytes;
  }
  bar.end();
  const took = performance.now() - started;
  const result = { files, tally, took, ...(other === undefined ? {} : { otherTally, differences }) };
  if (args.flag('json')) terminal.out(`${JSON.stringify(asJson(result))}\n`);
  else show(result, args, limit, terminal);
  return 0;
}

function filesOf(args: Arguments, terminal: Terminal): readonly HistoryFile[] {
  if (args.operands.length > 0) return args.operands.map((name) => historyFile(resolve(terminal.cwd, name)));
  const wanted = (['transcripts', 'history', 'log'] as const).filter((kind) => args.flag(kind));
  const kinds: readonly HistoryKind[] = wanted.length > 0 ? wanted : ['transcripts', 'history', 'log'];
  return historyFiles(new Set(kinds), terminal);
}

type Circumstances = {
  readonly facts: Facts;
  readonly config: LoadedConfig;
  readonly stage: StageInForce | undefined;
};

/** Equal calls in one place are judged once. */
class Judge {
  readonly #known = new Map<string, Summary>();
  readonly #places = new Map<string, Circumstances>();
  readonly #configs = new Map<string, LoadedConfig>();
  readonly #policy: PolicyStore;
  readonly #env: Terminal['env'];
  readonly #fixed: LoadedConfig | undefined;
  readonly #stage: StageInForce['name'] | undefined;

  constructor(what: string | undefined, policy: PolicyStore, terminal: Terminal) {
    this.#policy = policy;
    // The project of this terminal is not that of the past.
    this.#env = { ...terminal.env, CLAUDE_PROJECT_DIR: undefined };
    this.#stage = isStage(what) ? what : undefined;
    this.#fixed = what === undefined || isStage(what) ? undefined : configFrom(what, policy, terminal);
  }

  summary(call: Call): Summary {
    const { description: _, ...input } = call.input;
    const key = `${call.tool}\n${call.cwd}\n${JSON.stringify(input)}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const summary = this.#judge(call);
    if (this.#known.size < MOST_KNOWN && key.length < LONGEST_KEY) this.#known.set(key, summary);
    return summary;
  }

  #judge(call: Call): Summary {
    try {
      const { facts, config, stage } = this.#at(call, this.#env);
      return summaryOf(judgeCall(call, this.#policy, config, stage, facts).decision);
    } catch (error) {
      const why = faultText(error);
      return { verdict: 'deny', findings: [{ rule: 'not judged', subject: why }] };
    }
  }

  /** What holds in a directory; it is looked up once. */
  #at(call: Call, env: Terminal['env']): Circumstances {
    const known = this.#places.get(call.cwd);
    if (known !== undefined) return known;
    const config = this.#configOf(call.cwd, env);
    const found = { facts: gatherFacts(call, env), config, stage: this.#stageOf(config, env) };
    if (this.#places.size < MOST_PLACES) this.#places.set(call.cwd, found);
    return found;
  }

  #configOf(cwd: string, env: Terminal['env']): LoadedConfig {
    if (this.#fixed !== undefined) return this.#fixed;
    const project = projectRoot(cwd, env);
    const known = this.#configs.get(project);
    if (known !== undefined) return known;
    const loaded = loadConfig(
      configPlaces(env, project),
      env,
      () => this.#policy,
      () => compiler().compileConfig,
    );
    this.#configs.set(project, loaded);
    return loaded;
  }

  #stageOf(config: LoadedConfig, env: Terminal['env']): StageInForce | undefined {
    const { rollout } = config.config;
    const none = { stage: 'open', ceiling: false, closed: [], demands: {} } as const;
    if (this.#stage !== undefined) return stageInForce(rollout ?? none, this.#stage, '', () => []);
    const now = stageNow(config, '', env);
    return now && { ...now, awaiting: () => [] };
  }
}

const MOST_PLACES = 2000;
const MOST_KNOWN = 200_000;
const LONGEST_KEY = 16_384;

/** A policy by its name: a file, as if it were the only one and trusted, or what is built in. */
function configFrom(what: string, policy: PolicyStore, terminal: Terminal): LoadedConfig {
  const { compileConfig } = compiler();
  if (what === 'built-in') return compiledConfig(compileConfig([], policy, () => ''));
  const file = resolve(terminal.cwd, what);
  const content = readContent(file);
  if (content.state === 'missing')
    throw new UsageError(`\`${what}\` is neither a file nor a stage (${stages.join(', ')}) nor \`built-in\``);
  const compiled = compileConfig([{ level: 'user', file, content: asText(content) }], policy, (from, pack) =>
    packText(readPackFile(from, pack), pack),
  );
  const fault = compiled.reports[0]?.fault;
  if (fault !== undefined) throw new Error(fault);
  return compiledConfig(compiled);
}

type Result = {
  readonly files: readonly HistoryFile[];
  readonly tally: Tally;
  readonly took: number;
  readonly otherTally?: Tally;
  readonly differences?: ReadonlyMap<string, Difference>;
};

function show(
  { files, tally, took, otherTally, differences }: Result,
  args: Arguments,
  limit: number,
  terminal: Terminal,
): void {
  const { colours, out } = terminal;
  if (tally.calls === 0) {
    out(files.length === 0 ? 'no history was found\n' : `no calls in ${count(files.length, 'file')}\n`);
    return;
  }
  out(
    `${count(tally.calls, 'call')} of ${count(files.length, 'file')}, judged by ${args.text('policy') ?? 'what is in force'} in ${(took / 1000).toFixed(1)} s\n`,
  );
  out(`  ${verdictLine(tally, terminal)}\n`);
  const rules = [...tally.rules].sort(([, a], [, b]) => b.count - a.count);
  if (rules.length > 0) out(`\n${colours.bold('by rule')}\n`);
  for (const [id, { verdict, count: times, examples }] of rules.slice(0, limit)) {
    const painted = verdict === 'deny' ? colours.red('deny') : colours.yellow('ask ');
    out(`  ${String(times).padStart(6)}  ${painted}  ${id}\n`);
    for (const example of examples) out(colours.dim(`                ${printable(clip(example, 100))}\n`));
  }
  more(rules.length, limit, 'rule', terminal);
  const projects = [...tally.projects].sort(
    ([, a], [, b]) => b.deny + b.ask - a.deny - a.ask || b.pass - a.pass,
  );
  out(`\n${colours.bold('by directory')}\n`);
  const rows = projects
    .slice(0, limit)
    .map(([name, { deny, ask, pass }]) => [
      '',
      deny > 0 ? colours.red(String(deny)) : '0',
      ask > 0 ? colours.yellow(String(ask)) : '0',
      String(pass),
      printable(name),
    ]);
  out(table([['', ...['denied', 'asked', 'passed', 'directory'].map(colours.dim)], ...rows], [1, 2, 3]));
  more(projects.length, limit, 'directory', terminal);
  if (otherTally === undefined || differences === undefined) return;
  out(
    `\n${colours.bold(`against ${printable(args.text('against') ?? '')}`)}\n  ${verdictLine(otherTally, terminal)}\n`,
  );
  const changed = [...differences.values()].sort((a, b) => b.count - a.count);
  if (changed.length === 0) out('  no call is decided differently\n');
  for (const { call, before, after, count: times } of changed.slice(0, limit))
    out(
      `  ${String(times).padStart(6)}  ${outcome(before, terminal)} → ${outcome(after, terminal)}  ${printable(clip(call, 100))}\n`,
    );
  more(changed.length, limit, 'difference', terminal);
}

function more(all: number, shown: number, name: string, { colours, out }: Terminal): void {
  if (all > shown) out(colours.dim(`          … and ${all - shown} more (--limit ${all}; ${name})\n`));
}

function outcome({ verdict, findings }: Summary, { colours }: Terminal): string {
  const paint = verdict === 'deny' ? colours.red : verdict === 'ask' ? colours.yellow : colours.green;
  const rule = verdict === 'pass' ? undefined : findings[0]?.rule;
  return paint(rule === undefined ? verdict : `${verdict} ${rule}`);
}

function verdictLine({ calls, verdicts }: Tally, { colours }: Terminal): string {
  const share = (number: number) => `${number} (${((number / calls) * 100).toFixed(1)} %)`;
  return `${colours.red(`denied ${share(verdicts.deny)}`)}, ${colours.yellow(`asked ${share(verdicts.ask)}`)}, ${colours.green(`passed ${share(verdicts.pass)}`)}`;
}

const asJson = ({ files, tally, took, otherTally, differences }: Result) => ({
  files: files.map(({ kind, file }) => ({ kind, file })),
  took: Math.round(took),
  ...tallyJson(tally),
  ...(otherTally === undefined ? {} : { against: tallyJson(otherTally) }),
  ...(differences === undefined ? {} : { differences: [...differences.values()] }),
});

const tallyJson = ({ calls, verdicts, rules, projects }: Tally) => ({
  calls,
  verdicts,
  rules: [...rules].map(([rule, { verdict, count: times, examples }]) => ({
    rule,
    verdict,
    count: times,
    examples: [...examples],
  })),
  projects: Object.fromEntries(projects),
});
