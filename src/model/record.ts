import type { Excuse, Verdict } from './decision.ts';
import type { EnvironmentClass } from './environment.ts';

/** One line of the audit log. Written as pino writes it: `level`, `time` in ms since 1970, `pid`, `hostname`, `msg`. */
export type Record = {
  readonly level: number;
  readonly time: number;
  readonly pid: number;
  readonly hostname: string;
  /** The process id of the client that makes the call, where it says it. */
  readonly client?: number;
  readonly event: string;
  readonly session: string;
  readonly agent?: string;
  readonly toolUse?: string;
  readonly cwd: string;
  readonly project: string;
  readonly mode: string;
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
  /** What tells this call from others; only where a person may let it through once. */
  readonly call?: string;
  /** Sources of the kill switch that could not be read, whose last known state counted. */
  readonly unread?: readonly string[];
  /** Milliseconds from the start of the process to the decision. */
  readonly took: number;
  readonly msg: string;
};
