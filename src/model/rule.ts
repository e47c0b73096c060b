import type { EnvironmentClass, ToolDimension } from './environment.ts';

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
  /** All names of the program, where it has several; kept with the first of them. */
  readonly programs?: readonly string[];
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
  /** Command shapes that change at most what the tool keeps on this machine. */
  readonly local?: readonly Pattern[];
  /** True when it acts in an environment, also where no rule speaks of it, and not on this machine alone. */
  readonly remote?: boolean;
  /** Where its command line holds code (SQL …), for a client of a database. */
  readonly code?: CodeOptions;
  /** Where its command line and environment name hosts and databases. */
  readonly endpoints?: EndpointOptions;
  /** Options and variables that say where a command lands; `!NAME` makes what the others say unknown. */
  readonly lands?: Lands;
  readonly rules: readonly Rule[];
};

export type Lands = Readonly<Partial<Record<ToolDimension, readonly string[]>>>;

export type CodeOptions = {
  readonly language: string;
  /** Options whose value is code, and options whose value is a file of it. */
  readonly options: readonly string[];
  readonly files: readonly string[];
  /** From which of the words after the matched ones on they are code; undefined when none is. */
  readonly operands?: number;
  /** True when all these words together are one piece of code. */
  readonly joined: boolean;
  /** Whether it reads code from standard input: where nothing else gives any, or in any case. */
  readonly input: 'never' | 'alone' | 'always';
};

export type EndpointOptions = {
  /** Options whose value is a host or a URL, and options whose value is a database's name or a URL. */
  readonly hosts: readonly string[];
  readonly databases: readonly string[];
  /** Variables that hold either, where the command line holds none. */
  readonly variables: readonly string[];
  /** How many of the words after the matched ones name a database; `urls`: any word that is a URL. */
  readonly operands: number | 'urls';
};

export type Rule = {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly decision: 'deny' | 'ask';
  /** What a match that is only perhaps one means: by the configuration, or nothing. */
  readonly onUncertain: 'ask' | 'pass';
  /** What it decides elsewhere than in production. */
  readonly byClass?: ByClass;
  readonly match: readonly Pattern[];
  readonly when: readonly Condition[];
  readonly unless: readonly Condition[];
  readonly reason: string;
  readonly instead: string;
};

export type ByClass = Readonly<
  Partial<Record<Exclude<EnvironmentClass, 'production'> | 'unrecognised', 'deny' | 'ask' | 'pass'>>
>;

/** One line of `match`: words in order after the program, flags wherever they stand. */
export type Pattern = {
  /** Globs; `**` stands for any number of words. */
  readonly words: readonly string[];
  readonly flags: readonly FlagPattern[];
};

export type FlagPattern = { readonly names: readonly string[]; readonly value?: string };

/** A named condition; `value` is in the form that the predicate of that name takes. */
export type Condition = { readonly name: string; readonly value: unknown };

export type FileAct = 'read' | 'write' | 'remove';

/** A rule about files rather than programs: who reads, writes or removes them does not matter. */
export type FileRule = Omit<Rule, 'match' | 'when' | 'unless'> & {
  readonly reads: readonly FilePattern[];
  readonly writes: readonly FilePattern[];
  readonly removes: readonly FilePattern[];
  /** Only where the change does this to what stands in the file. */
  readonly change?: FileChange;
};

export type FileChange = 'unprotects';

/** Globs of absolute paths (`**` for any number of directories), or one of blastguard's own places. */
export type FilePattern =
  | { readonly globs: readonly string[] /** These files the others do not speak of. */; readonly not?: true }
  | { readonly guard: GuardPlace };

export type GuardPlace = 'settings' | 'program' | 'state' | 'switch';
