import { stateDir } from '../../host/places.ts';
import { readSetStage, writeSetStage } from '../../host/rollout.ts';
import type { Rollout, StageName } from '../../model/stage.ts';
import { stageRules, stages } from '../../model/stage.ts';
import { demandsOf, type Evidence, evidenceOf } from '../../rollout/evidence.ts';
import {
  type CurrentStage,
  currentStage,
  demandsReview,
  isStage,
  parseSetStage,
  type SetStage,
  stageAfter,
  stageBefore,
} from '../../rollout/stage.ts';
import { addEntry, type Story } from '../../rollout/story.ts';
import { recordAction } from '../action-log.ts';
import { type Arguments, readArguments, suggestion, UsageError } from '../args.ts';
import type { CliCommand } from '../command.ts';
import { configOf } from '../loaded-config.ts';
import { entriesSince } from '../log-file.ts';
import { notAPerson } from '../person.ts';
import { chosenProject, projectOption } from '../scope.ts';
import { localMinute, table } from '../table.ts';
import { type ExitCode, printable, type Terminal } from '../terminal.ts';

export const rollout: CliCommand = {
  name: 'rollout',
  summary: 'Show how far agents are let, and what the next stage needs; set the stage or advance it.',
  usage: '[status | set STAGE | advance] [--why TEXT] [--days N] [--json]',
  operands: true,
  words: ['status', 'set', 'advance'],
  options: {
    why: { value: 'TEXT', help: 'why the stage changes; kept in the audit log' },
    days: { value: 'N', help: 'the stage ends after so many days and falls back to the one before' },
    project: projectOption,
    yes: { help: 'needed where standard input is not a terminal' },
    json: { help: 'answer in JSON' },
  },
  examples: [
    ['blastguard rollout', 'the stage, what it means and what the next one needs'],
    ['blastguard rollout set observe --why "week 1"', 'begin'],
    ['blastguard rollout advance --why "two quiet weeks"', 'go on, if the evidence is there'],
  ],
  exits: [
    [0, 'shown, or the stage was changed'],
    [1, 'not advanced, or refused'],
  ],
  run: runRollout,
};

const DAY = 24 * 60 * 60 * 1000;

async function runRollout(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const [what = 'status', ...rest] = args.operands;
  if (!['status', 'set', 'advance'].includes(what))
    throw new UsageError(`\`${what}\` is none of status, set and advance`);
  if (rest.length > (what === 'set' ? 1 : 0)) throw new UsageError(`unexpected argument \`${rest.at(-1)}\``);
  const configured = configOf(chosenProject(args, terminal), terminal).config.rollout;
  if (configured === undefined) {
    terminal.out(
      args.flag('json')
        ? '{"configured":false}\n'
        : 'no rollout is configured: the rules alone decide\nTo begin, put into your blastguard.yaml:\n\n  rollout:\n    stage: observe\n\n',
    );
    return what === 'status' ? 0 : 1;
  }
  const situation = await situationOf(configured, args, terminal);
  if (what === 'status') return showStatus(situation, args, terminal);
  const stage = what === 'set' ? stageNamed(rest[0]) : undefined;
  const why = args.text('why');
  if (why === undefined || why.trim() === '') throw new UsageError('say why: --why "…"');
  const refusal = notAPerson(terminal, args.flag('yes'));
  if (refusal !== undefined) {
    terminal.err(`blastguard: only a person may change the stage: ${refusal}\n`);
    return 1;
  }
  return stage === undefined
    ? advance(why, situation, args, terminal)
    : change(stage, why, situation, args, terminal);
}

type Situation = {
  readonly rollout: Rollout;
  readonly current: CurrentStage;
  readonly set: SetStage | undefined;
  readonly next: StageName | undefined;
  readonly evidence: readonly Evidence[];
};

async function situationOf(configured: Rollout, args: Arguments, terminal: Terminal): Promise<Situation> {
  const state = stateDir(terminal.env);
  const kept = readSetStage(state);
  const current = currentStage(configured, kept, Date.now());
  const stories = new Map<string, Story>();
  const since = current.since ?? 0;
  for (const entry of entriesSince(state, since)) addEntry(stories, entry);
  const demands = demandsOf(configured, current.name);
  const evidence = [...evidenceOf(demands, current.since, [...stories.values()], Date.now())];
  if (demands.readiness) evidence.push(await readinessEvidence(args, terminal));
  return {
    rollout: configured,
    current,
    set: kept === undefined ? undefined : parseSetStage(kept),
    next: stageAfter(current.name),
    evidence,
  };
}

async function readinessEvidence(args: Arguments, terminal: Terminal): Promise<Evidence> {
  const { readiness } = await import('./readiness.ts');
  const project = args.text('project');
  const words = project === undefined ? [] : ['--project', project];
  const quiet: Terminal = { ...terminal, cwd: terminal.cwd, out: () => {}, err: () => {} };
  const green = (await readiness.run(readArguments(readiness, words), quiet)) === 0;
  return {
    what: '`blastguard readiness` green',
    have: green ? 'green' : 'not green: run it to see why',
    met: green,
  };
}

function showStatus(situation: Situation, args: Arguments, terminal: Terminal): ExitCode {
  const { rollout: configured, current, set, next, evidence } = situation;
  const { colours, out } = terminal;
  if (args.flag('json')) {
    out(`${JSON.stringify({ configured: true, ...situation, rules: stageRules[current.name] })}\n`);
    return 0;
  }
  for (const stage of stages) {
    const here = stage === current.name;
    const name = here ? colours.bold(colours.cyan(stage)) : stage;
    out(`${here ? '→' : ' '} ${name}${' '.repeat(14 - stage.length)}${stageRules[stage].lets}\n`);
  }
  out('\n');
  if (current.note !== undefined) out(`${colours.yellow(NOTES[current.note])}\n`);
  if (set !== undefined) {
    out(`set to ${set.stage} by ${printable(set.by)}, ${localMinute(set.since)}: ${printable(set.why)}\n`);
    if (set.until !== undefined && current.note !== 'expired')
      out(`it ends ${localMinute(set.until)}; then: ${set.fallback}\n`);
  } else out('as the configuration says; never set by `blastguard rollout set`\n');
  if (configured.closed.length > 0)
    out(`closed at every stage: ${printable(configured.closed.join(', '))} (in production)\n`);
  if (demandsReview(configured, current.name))
    out('a session that changes production must be reviewed before another does\n');
  if (next === undefined) return 0;
  out(`\nto advance to ${next}:\n`);
  out(evidenceTable(evidence, terminal));
  return 0;
}

const NOTES = {
  expired: 'the stage that was set has ended; this is what it fell back to',
  ceiling: 'the managed configuration allows no more than this',
  damaged: 'what was set cannot be read, so the strictest stage holds; set it again',
} as const;

const evidenceTable = (evidence: readonly Evidence[], { colours }: Terminal): string =>
  table(
    evidence.map(({ what, have, met }) => [
      met ? colours.green('  ✓') : colours.red('  ✗'),
      what,
      colours.dim(`now: ${have}`),
    ]),
  );

function stageNamed(name: string | undefined): StageName {
  if (isStage(name)) return name;
  throw new UsageError(
    name === undefined
      ? `name a stage: ${stages.join(', ')}`
      : `\`${name}\` is no stage${suggestion(name, stages)}: ${stages.join(', ')}`,
  );
}

function advance(
  why: string,
  situation: Situation,
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> | ExitCode {
  const { next, evidence } = situation;
  if (next === undefined) {
    terminal.err('blastguard: this is the last stage\n');
    return 1;
  }
  if (evidence.every(({ met }) => met)) return change(next, why, situation, args, terminal);
  terminal.out(`not advanced to ${next}; what is missing:\n`);
  terminal.out(
    evidenceTable(
      evidence.filter(({ met }) => !met),
      terminal,
    ),
  );
  terminal.out('`blastguard review` lists the sessions; `blastguard rollout set` goes on without evidence\n');
  return 1;
}

async function change(
  stage: StageName,
  why: string,
  { rollout: configured, current }: Situation,
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  if (configured.ceiling && stages.indexOf(stage) > stages.indexOf(configured.stage)) {
    terminal.err(`blastguard: the managed configuration allows no more than \`${configured.stage}\`\n`);
    return 1;
  }
  const now = Date.now();
  const days = args.number('days', 1) ?? configured.expiresDays;
  const set: SetStage = {
    stage,
    since: now,
    by: terminal.person,
    why,
    ...(days === undefined ? {} : { until: now + days * DAY, fallback: stageBefore(stage) }),
  };
  writeSetStage(stateDir(terminal.env), `${JSON.stringify(set)}\n`);
  await recordAction(
    { action: 'rollout', note: why, msg: `rollout: ${current.name} → ${stage}: ${why}` },
    terminal,
  );
  const { colours, out } = terminal;
  out(`${colours.green(stage)}: ${stageRules[stage].lets}\n`);
  if (set.until !== undefined) out(`it ends ${localMinute(set.until)}; then: ${set.fallback}\n`);
  return 0;
}
