import type { Certainty } from './certainty.ts';
import type { Severity } from './rule.ts';

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
};

/** The answer to a call. `findings` holds every rule that matched; the first one decided. */
export type Decision = { readonly verdict: Verdict; readonly findings: readonly Finding[] };
