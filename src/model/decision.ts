import type { Certainty } from './certainty.ts';
import type { LevelName } from './config.ts';
import type { Landing } from './environment.ts';
import type { Severity } from './rule.ts';
import type { Observed, Touched } from './stage.ts';

export type Verdict = 'deny' | 'ask' | 'pass';

/** A rule that matched, certainly (`yes`) or perhaps (`maybe`). */
export type Finding = {
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  readonly verdict: 'deny' | 'ask';
  readonly certainty: Exclude<Certainty, 'no'>;
  /** The command within the line, or the file, that the rule is about. */
  readonly subject: string;
  readonly via: readonly string[];
  readonly reason: string;
  readonly instead: string;
  /** Where the command lands, for rules about commands. */
  readonly landing?: Landing;
  /** True when a managed configuration speaks of the rule, or it guards the guard: nobody below may loosen it. */
  readonly held?: boolean;
  /** The end of an exception that would have excused it. */
  readonly lapsed?: string;
};

/** A rule that matched and does not count, and who said so. */
export type Excuse = {
  readonly rule: string;
  readonly subject: string;
  readonly by: 'class' | 'decision' | 'exception' | 'allow-once';
  readonly level: LevelName | 'built-in';
  readonly reason: string;
  readonly until?: string;
  readonly landing?: Landing;
};

/** The answer to a call. `findings` holds every rule that matched and counts; the first one decided. */
export type Decision = {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  readonly excused?: readonly Excuse[];
  /** What it would have been but for a stage that only observes. */
  readonly observed?: Observed;
  /** Where the commands act, and what they do there; only where environments or a rollout are configured. */
  readonly touched?: readonly Touched[];
};
