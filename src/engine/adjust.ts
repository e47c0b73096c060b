import type { Choice, Exception, Level, LevelName } from '../model/config.ts';
import type { Excuse, Finding, Verdict } from '../model/decision.ts';
import type { EnvironmentClass, Landing } from '../model/environment.ts';
import type { FileRule, Rule } from '../model/rule.ts';
import { fitsText } from '../policy/glob.ts';
import type { Fit } from '../policy/match.ts';

export type Origin = LevelName | 'built-in';

/** What becomes of a rule where a command lands, and who says so. */
export type Settled = {
  readonly verdict: Verdict;
  readonly by: Origin;
  readonly held: boolean;
};

const strictness: Readonly<Record<Verdict, number>> = { pass: 0, ask: 1, deny: 2 };
const stricter = (a: Verdict, b: Verdict): Verdict => (strictness[a] >= strictness[b] ? a : b);

/** The rules that keep the agent's hands off the guard. No configuration loosens them. */
const guardsGuard = (rule: string): boolean => rule.startsWith('blastguard/');

/**
 * The decision of a rule after what the levels say of it, strongest first. What the managed level says can only be
 * tightened by the others, and a file that nobody trusts can only tighten.
 */
export function settle(
  { id, decision, byClass }: Rule | FileRule,
  origin: Origin,
  { class: environmentClass, name }: Landing,
  levels: readonly Level[],
): Settled {
  const milder =
    environmentClass !== 'production' ? environmentClass : name === undefined ? 'unrecognised' : undefined;
  const own = (milder === undefined ? undefined : byClass?.[milder]) ?? decision;
  let settled: Settled = { verdict: own, by: origin, held: origin === 'managed' || guardsGuard(id) };
  for (const level of levels) {
    const choice = choiceOf(level, id, environmentClass);
    if (choice === undefined) continue;
    const chosen = choice === 'keep' ? settled.verdict : choice;
    const mayLoosen = level.trusted && !guardsGuard(id) && (level.name === 'managed' || !settled.held);
    const verdict = mayLoosen ? chosen : stricter(settled.verdict, chosen);
    settled = {
      verdict,
      by: verdict === settled.verdict ? settled.by : level.name,
      held: settled.held || level.name === 'managed',
    };
  }
  return settled;
}

/** What a level says of a rule: by its id, else by the longest glob that fits, else nothing. */
function choiceOf(level: Level, rule: string, environmentClass: EnvironmentClass): Choice | undefined {
  const fitting = level.decisions.filter(
    (one) => one.byClass[environmentClass] !== undefined && fitsText(one.rule, rule),
  );
  const weight = (id: string) => (id === rule ? Number.POSITIVE_INFINITY : id.replaceAll(/[*?]/g, '').length);
  const [best] = fitting.sort((a, b) => weight(b.rule) - weight(a.rule));
  return best?.byClass[environmentClass];
}

/** A finding and what an exception may speak of. */
export type Excusable = {
  readonly finding: Finding;
  /** The words after those that the rule named. */
  readonly rest: Fit['operands'];
  /** How the command fits what an exception says of it. */
  fitCommand(command: NonNullable<Exception['command']>): Fit;
  /** Whether every file that it is about certainly lies where the globs say. */
  liesIn(globs: readonly string[]): boolean;
};

/** The exception that certainly covers a finding, or the end of one that did. `now` is the time in ISO 8601 (UTC). */
export function exceptionFor(
  excusable: Excusable,
  levels: readonly Level[],
  now: string,
): { readonly excuse?: Excuse; readonly lapsed?: string } {
  const { finding } = excusable;
  let lapsed: string | undefined;
  for (const level of levels) {
    if (!level.trusted || guardsGuard(finding.rule) || (finding.held === true && level.name !== 'managed'))
      continue;
    for (const exception of level.exceptions) {
      if (!covers(exception, excusable)) continue;
      if (hasEnded(exception.until, now)) {
        lapsed = exception.until;
        continue;
      }
      return { excuse: excuseBy(exception, level, finding) };
    }
  }
  return lapsed === undefined ? {} : { lapsed };
}

/** A date lasts to its end, in UTC. */
export const hasEnded = (until: string | undefined, now: string): boolean =>
  until !== undefined &&
  (until.length === 10
    ? now.slice(0, 10) > until
    : now.replace(/\.\d+Z$/, 'Z') >= until.replace(/\.\d+Z$/, 'Z'));

function covers({ rule, environment, command, paths }: Exception, excusable: Excusable): boolean {
  const { landing } = excusable.finding;
  if (!fitsText(rule, excusable.finding.rule)) return false;
  if (environment !== undefined && !(landing?.certain === true && landing.name === environment)) return false;
  if (paths !== undefined && !excusable.liesIn(paths)) return false;
  return command === undefined || coversCommand(excusable.fitCommand(command), excusable.rest);
}

/**
 * A line that names what the command acts on must name all of it: `rm -rf build` does not excuse `rm -rf build /`. One
 * that names nothing of it, such as `kubectl delete namespace`, excuses any.
 */
function coversCommand({ certainty, operands }: Fit, rest: Fit['operands']): boolean {
  if (certainty !== 'yes') return false;
  return operands.length >= rest.length || operands.every(({ doubtful }) => doubtful);
}

const excuseBy = (
  { command, paths, environment, until, reason }: Exception,
  level: Level,
  { rule, subject, landing }: Finding,
): Excuse => ({
  rule,
  subject,
  by: 'exception',
  level: level.name,
  reason: `${reason} (${[command?.text, paths?.join(' '), environment && `in ${environment}`].filter(Boolean).join(', ')})`,
  ...(until === undefined ? {} : { until }),
  ...(landing === undefined ? {} : { landing }),
});
