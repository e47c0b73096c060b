/** The compiled form of a policy: what `blastguard` runs on. Written by policy/compile.ts, read by policy/match.ts. */

export type Severity = 'critical' | 'high' | 'medium' | 'low';

/** How a program spells its options. */
export type OptionStyle =
  /** `-abc` is `-a -b -c`; `--long` may be shortened when the tool says so; `--long=value`. */
  | 'gnu'
  /** `-name` and `--name` are one option (Go's flag package, terraform). */
  | 'go'
  /** `-name` is one option, never a bundle (find, java). */
  | 'plain';

export type Tool = {
  readonly name: string;
  readonly style: OptionStyle;
  /** Options that take a value, as the next word or after `=`. */
  readonly values: readonly string[];
  /** Options that take none. An option in neither list is tried both ways. */
  readonly switches: readonly string[];
  /** Options that carry a whole command, up to `;` or `{} +` (find -exec). */
  readonly commandOptions: readonly string[];
  /** True when unambiguous prefixes of long options are accepted. */
  readonly abbreviates: boolean;
  /** Environment variables whose words the program adds to its arguments. */
  readonly argumentVariables: readonly string[];
  /** Command shapes that only read. */
  readonly reads: readonly Pattern[];
  readonly rules: readonly Rule[];
};

export type Rule = {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly decision: 'deny' | 'ask';
  /** What a match that is only perhaps one means: by the configuration, or nothing. */
  readonly onUncertain: 'ask' | 'pass';
  readonly match: readonly Pattern[];
  readonly when: readonly Condition[];
  readonly unless: readonly Condition[];
  readonly reason: string;
  readonly instead: string;
};

/** One line of `match`: words in order after the program, flags wherever they stand. */
export type Pattern = {
  /** Globs; `**` stands for any number of words. */
  readonly words: readonly string[];
  readonly flags: readonly FlagPattern[];
  /** As it is written in the pack, for messages. */
  readonly text: string;
};

export type FlagPattern = { readonly names: readonly string[]; readonly value?: string };

/** A named condition; `value` is in the form that the predicate of that name takes. */
export type Condition = { readonly name: string; readonly value: unknown };

/** A rule about files rather than programs: who writes or removes them does not matter. */
export type FileRule = Omit<Rule, 'match' | 'when' | 'unless'> & {
  readonly writes: readonly FilePattern[];
  readonly removes: readonly FilePattern[];
};

/** Globs of absolute paths (`**` for any number of directories), or one of blastguard's own places. */
export type FilePattern = { readonly globs: readonly string[] } | { readonly guard: GuardPlace };

export type GuardPlace = 'settings' | 'program' | 'state' | 'switch';
