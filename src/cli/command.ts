import type { Arguments } from './args.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** One subcommand of `blastguard`. What is slow to load it imports in `run`. */
export type CliCommand = {
  readonly name: string;
  readonly summary: string;
  /** What follows `blastguard NAME` in the usage line. */
  readonly usage: string;
  readonly options: Readonly<Record<string, Option>>;
  /** True when words that are not options are accepted. */
  readonly operands?: true;
  /** Operands that are known beforehand, for completion. */
  readonly words?: readonly string[];
  /** Command lines with what they do, for the help. */
  readonly examples: readonly (readonly [command: string, effect: string])[];
  /** What its exit statuses mean, where that is more than done or failed. */
  readonly exits?: readonly Exit[];
  run(args: Arguments, terminal: Terminal): ExitCode | Promise<ExitCode>;
};

export type Exit = readonly [status: ExitCode, meaning: string];

/** Commands that serve one purpose. */
export type Job = { readonly title: string; readonly commands: readonly CliCommand[] };

export type Option = {
  readonly help: string;
  readonly short?: string;
  /** The name of its value in the help. An option without one is a switch. */
  readonly value?: string;
};
