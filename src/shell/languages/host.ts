import type { Word } from '../../model/word.ts';

/** What code can do to the world around it. Given to the readers of code by whoever found the code. */
export type Host = {
  /** Runs a program. Returns what it writes. */
  run(
    argv: readonly Word[],
    how?: { readonly cwd?: Word | undefined; readonly input?: Word | undefined },
  ): Word;
  /** Runs shell text. Returns what it writes. */
  shell(text: Word, cwd?: Word): Word;
  /** What a file holds; undefined when it is not there or not text. */
  file(path: string): Word | undefined;
  write(path: string, content: Word): void;
  /** Standard input of the program; undefined when it is the session's. */
  input(): Word | undefined;
  variable(name: string): Word | undefined;
  doubt(why: string): void;
  readonly home: string | undefined;
  readonly cwd: string | undefined;
  /** Words after the code or the script. */
  readonly args: readonly Word[];
  /** The script's path; undefined for code that the line itself holds. */
  readonly script: string | undefined;
  /**
   * Whether every unknown counts. Code that the line holds was written for this call; in a script that was there
   * before, a program or path that depends on its data is everyday.
   */
  readonly strict: boolean;
  /** Whether functions that nobody calls are left alone: in a file of many tasks, of which one is run. */
  readonly calledOnly: boolean;
};

export type Language =
  | 'python'
  | 'javascript'
  | 'ruby'
  | 'perl'
  | 'php'
  | 'lua'
  | 'r'
  | 'julia'
  | 'elixir'
  | 'groovy'
  | 'go'
  | 'awk';
