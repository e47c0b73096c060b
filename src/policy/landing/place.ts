import type { Command } from '../../model/command.ts';
import type { Tool } from '../../model/rule.ts';
import type { Word } from '../../model/word.ts';
import type { Argument, Arguments } from '../arguments.ts';

/** What is asked where it lands: a command with its tool, or a file that a call writes. */
export type Place = {
  readonly tool?: Tool;
  readonly command?: Command;
  readonly args?: Arguments;
  /** The words after those that the rule named. */
  readonly operands: readonly Argument[];
  /** Files that are acted on. */
  readonly paths: readonly Word[];
  readonly cwd: string | undefined;
  /** False where another command of the line may change, before this one runs, what files say. */
  alone(): boolean;
};

/** What a dimension holds, and which option, variable or file says so. */
export type Value = {
  readonly word: Word;
  readonly from: string;
  /** Other names of the same thing: a subscription's id beside its name. */
  readonly also?: readonly Word[];
};

export const unknown = (why: string): Word => ({
  kind: 'unknown',
  pieces: [null],
  many: false,
  options: false,
  why,
});
