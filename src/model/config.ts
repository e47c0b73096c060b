/** What a user can choose. */
export type Config = {
  /** What a rule that matches only perhaps leads to. */
  readonly onUncertain: 'ask' | 'deny';
  /** What happens to a call that cannot be recorded. */
  readonly onLogFailure: 'deny' | 'pass';
  /** Milliseconds, from the end of the input, within which a decision must be made. */
  readonly deadline: number;
};

export const defaultConfig: Config = { onUncertain: 'ask', onLogFailure: 'deny', deadline: 2000 };
