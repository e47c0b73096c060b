import type { Verdict } from './decision.ts';

/** One line of the audit log. Written as pino writes it: `level`, `time` in ms since 1970, `pid`, `hostname`, `msg`. */
export type Record = {
  readonly level: number;
  readonly time: number;
  readonly pid: number;
  readonly hostname: string;
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
  readonly verdict: Verdict;
  readonly halted: boolean;
  readonly rules: readonly string[];
  /** Milliseconds from the start of the process to the decision. */
  readonly took: number;
  readonly msg: string;
};
