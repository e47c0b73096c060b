import type { Word } from './word.ts';

/** Half-open range of UTF-16 code units in the text that the call carried. */
export type Span = { readonly start: number; readonly end: number };

export type Redirection = {
  /** `>` `>>` `>|` `&>` `&>>` `<` `<>` `>&` `<&` */
  readonly operator: string;
  readonly target: Word;
};

/** One program that the call would run, with what is known of each word. */
export type Command = {
  /** argv, the program first. Empty for a redirection without a program (`> file`). */
  readonly words: readonly Word[];
  /** Environment set for this command alone or exported before it on the line. */
  readonly environment: ReadonlyMap<string, Word>;
  readonly redirections: readonly Redirection[];
  /** What it reads on standard input, when the line itself supplies it. */
  readonly input?: Word;
  /** Directory it runs in; undefined when a `cd` went somewhere unknown. */
  readonly cwd: string | undefined;
  readonly span: Span;
  /** How it was reached, outermost first: `sudo`, `bash -c`, `$( )`, `function f`. */
  readonly via: readonly string[];
  /** What the line wrote before, by absolute path (`/…/NAME` in a directory that is not known). */
  readonly files?: ReadonlyMap<string, Word>;
  /** Symbolic links that the line made before, and what they lead to; absolute paths. */
  readonly links?: ReadonlyMap<string, string>;
  /** Set when it runs in a container, whose files and services are not those of this machine. */
  readonly container?: true;
};

/**
 * Why part of a text could not be proven, and where. `syntax`: it is not valid shell, so that bash would run what
 * stands before the fault at most; `code`: something runs that cannot be known; `gap`: the grammar may be wrong.
 */
export type Doubt = { readonly about: 'syntax' | 'code' | 'gap'; readonly why: string; readonly span: Span };

/** What a text would run. `complete` is false when something in it may run that is not among `commands`. */
export type Reading = {
  readonly commands: readonly Command[];
  readonly doubts: readonly Doubt[];
  readonly complete: boolean;
  /** What the text puts into files, by absolute path, in order. */
  readonly written?: ReadonlyMap<string, readonly Word[]>;
};
