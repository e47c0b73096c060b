import type { Certainty } from '../../model/certainty.ts';
import type { Command } from '../../model/command.ts';
import type { Facts } from '../../model/facts.ts';
import type { Tool } from '../../model/rule.ts';
import type { Argument, Arguments } from '../arguments.ts';

/** A command that fitted a pattern: its arguments told apart, and the words after those that the pattern named. */
export type Matched = {
  readonly tool: Tool;
  readonly command: Command;
  readonly args: Arguments;
  readonly operands: readonly Argument[];
  /** Whether nothing else in the text can change files before it runs. */
  readonly alone?: () => boolean;
};

/** Answers a named condition about a matched command. */
export type Predicate<Value> = (value: Value, matched: Matched, facts: Facts) => Certainty;
