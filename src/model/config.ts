import type { Environment, EnvironmentClass } from './environment.ts';
import type { KillSwitch } from './kill-switch.ts';
import type { Pattern } from './rule.ts';
import type { Rollout } from './stage.ts';

/** What is in force of all configuration files together. */
export type Config = {
  /** What a rule that matches only perhaps leads to. */
  readonly onUncertain: 'ask' | 'deny';
  /** What happens to a call that cannot be recorded. */
  readonly onLogFailure: 'deny' | 'pass';
  /** Milliseconds, from the end of the input, within which a decision must be made. */
  readonly deadline: number;
  /** Where a rollout is configured. */
  readonly rollout?: Rollout;
  /** The files that say something, strongest first. */
  readonly levels: readonly Level[];
  /** Undefined when no file speaks of it. */
  readonly killSwitch?: KillSwitch;
};

export const defaultConfig: Config = { onUncertain: 'ask', onLogFailure: 'deny', deadline: 2000, levels: [] };

export type LevelName = 'managed' | 'user' | 'project';

/** What one configuration file says. */
export type Level = {
  readonly name: LevelName;
  /** False for a project's file that its user has not trusted: then it only tightens. */
  readonly trusted: boolean;
  readonly environments: readonly Environment[];
  readonly decisions: readonly ChosenDecision[];
  readonly exceptions: readonly Exception[];
};

/** `keep`: as the rule has it, and nobody below may loosen it. */
export type Choice = 'deny' | 'ask' | 'pass' | 'keep';

/** What becomes of the rules whose id fits, by where the command lands. */
export type ChosenDecision = {
  readonly rule: string;
  readonly byClass: Readonly<Partial<Record<EnvironmentClass, Choice>>>;
};

/** Commands that a rule does not stop. All that is given must certainly hold. */
export type Exception = {
  /** Id or glob of ids. */
  readonly rule: string;
  readonly command?: {
    readonly text: string;
    readonly programs: readonly string[];
    readonly patterns: readonly Pattern[];
  };
  /** Globs of paths, for rules about files. */
  readonly paths?: readonly string[];
  readonly environment?: string;
  /** The last day (UTC), or the moment, in ISO 8601. */
  readonly until?: string;
  readonly reason: string;
};
