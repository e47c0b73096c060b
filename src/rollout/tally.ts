import type { Call } from '../model/call.ts';
import type { Decision, Verdict } from '../model/decision.ts';

/** How the calls of the past would have come out, by rule and by project. */
export type Tally = {
  calls: number;
  readonly verdicts: Record<Verdict, number>;
  readonly rules: Map<string, RuleTally>;
  readonly projects: Map<string, Record<Verdict, number>>;
};

export type RuleTally = {
  verdict: 'deny' | 'ask';
  count: number;
  /** A few of the calls, each once. */
  readonly examples: Set<string>;
};

export const emptyTally = (): Tally => ({
  calls: 0,
  verdicts: { deny: 0, ask: 0, pass: 0 },
  rules: new Map(),
  projects: new Map(),
});

const mostExamples = 3;
const mostProjects = 10_000;

/** Adds a call. A call of which several rules speak counts for the one that decided. */
export function addDecision(tally: Tally, call: Call, { verdict, findings }: Summary): void {
  tally.calls += 1;
  tally.verdicts[verdict] += 1;
  const project = tally.projects.get(call.cwd);
  if (project !== undefined) project[verdict] += 1;
  else if (tally.projects.size < mostProjects)
    tally.projects.set(call.cwd, { deny: 0, ask: 0, pass: 0, [verdict]: 1 });
  const [first] = findings;
  if (first === undefined || verdict === 'pass') return;
  const rule = tally.rules.get(first.rule) ?? { verdict, count: 0, examples: new Set() };
  tally.rules.set(first.rule, rule);
  rule.count += 1;
  if (verdict === 'deny') rule.verdict = 'deny';
  if (rule.examples.size < mostExamples) rule.examples.add(first.subject);
}

/** What a tally keeps of a decision. */
export type Summary = {
  readonly verdict: Verdict;
  readonly findings: readonly { readonly rule: string; readonly subject: string }[];
};

export const summaryOf = ({ verdict, findings }: Decision): Summary => ({
  verdict,
  findings: findings.slice(0, 1).map(({ rule, subject }) => ({ rule, subject: subject.slice(0, 300) })),
});

/** A call that two policies judge differently. */
export type Difference = {
  readonly call: string;
  readonly project: string;
  readonly before: Summary;
  readonly after: Summary;
  count: number;
};

/** Adds a call to the differences where it came out differently; each call once, with how often it was made. */
export function addDifference(
  differences: Map<string, Difference>,
  call: Call,
  before: Summary,
  after: Summary,
): void {
  if (before.verdict === after.verdict && before.findings[0]?.rule === after.findings[0]?.rule) return;
  const { command, file_path: path } = call.input;
  const shown =
    typeof command === 'string' ? command : typeof path === 'string' ? path : JSON.stringify(call.input);
  const key = `${call.tool} ${shown} ${call.cwd}`;
  const known = differences.get(key);
  if (known !== undefined) known.count += 1;
  else if (differences.size < 50_000)
    differences.set(key, {
      call: `${call.tool} ${shown.slice(0, 300)}`,
      project: call.cwd,
      before,
      after,
      count: 1,
    });
}
