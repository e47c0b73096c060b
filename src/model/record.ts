import type { Excuse, Verdict } from './decision.ts';
import type { EnvironmentClass } from './environment.ts';
import type { Effect, StageName } from './stage.ts';

/** What every line of the audit log has about a session. */
type SessionLine = {
  readonly level: number;
  readonly time: number;
  readonly pid: number;
  readonly hostname: string;
  /** The process id of the client that makes the call, where it says it. */
  readonly client?: number;
  readonly event: string;
  readonly session: string;
  readonly agent?: string;
  /** The user's prompt that it belongs to. */
  readonly prompt?: string;
  readonly toolUse?: string;
  readonly cwd: string;
  readonly project: string;
  readonly mode: string;
};

/** What became of a call, or what happened to its session: a line of the audit log about which nothing was decided. */
export type EventRecord = SessionLine & {
  readonly tool?: string;
  readonly outcome?: 'done' | 'failed' | 'interrupted' | 'refused';
  /** Why it failed, was refused, started or ended, with secrets replaced. */
  readonly why?: string;
  /** Milliseconds that the tool ran. */
  readonly duration?: number;
  /** Files that it changed, as far as the host says. */
  readonly files?: readonly string[];
  readonly msg: string;
};

/** One line of the audit log. Written as pino writes it: `level`, `time` in ms since 1970, `pid`, `hostname`, `msg`. */
export type Record = SessionLine & {
  readonly tool: string;
  /** What the call would do, with secrets replaced: the command, the path, or the input as JSON. */
  readonly input: string;
  /** What else the call carries (the content it writes), with secrets replaced; only where `call` is there. */
  readonly change?: string;
  readonly verdict: Verdict;
  readonly halted: boolean;
  readonly rules: readonly string[];
  /** Where the command lands that decided. */
  readonly environment?: { readonly name?: string; readonly class: EnvironmentClass };
  /** Rules that matched and did not count, with who excused them. */
  readonly excused?: readonly Omit<Excuse, 'landing'>[];
  /** What it would have been but for a stage of the rollout that only observes. */
  readonly observed?: { readonly verdict: Verdict; readonly rules: readonly string[] };
  /** Where its commands act and what they do there, where environments or a rollout are configured. */
  readonly touched?: readonly {
    readonly effect: Effect;
    readonly name?: string;
    readonly class: EnvironmentClass;
  }[];
  /** The stage of the rollout that it was judged at. */
  readonly stage?: StageName;
  /** What tells this call from others; only where a person may let it through once. */
  readonly call?: string;
  /** Sources of the kill switch that could not be read, whose last known state counted. */
  readonly unread?: readonly string[];
  /** Milliseconds from the start of the process to the decision. */
  readonly took: number;
  readonly msg: string;
};
