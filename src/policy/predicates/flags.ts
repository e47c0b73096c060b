import { type Certainty, either } from '../../model/certainty.ts';
import type { FlagPattern, Tool } from '../../model/rule.ts';
import { type Arguments, type Flag, isPrefix } from '../arguments.ts';
import { fits, fitsText } from '../glob.ts';
import type { Predicate } from './predicate.ts';

export const flags: Predicate<readonly FlagPattern[]> = (value, { tool, args }) =>
  value.map((flag) => hasFlag(flag, tool, args)).reduce(either, 'no');

/** Whether an option is in force: given in any of its spellings and not taken back by a later `--no-…`. */
export function hasFlag(pattern: FlagPattern, tool: Tool, args: Arguments): Certainty {
  let answer: Certainty = 'no';
  for (const flag of args.flags) {
    if (pattern.names.some((name) => flag.name === `--no-${name.slice(2)}` && name.startsWith('--')))
      answer = 'no';
    if (!pattern.names.some((name) => isSpelling(flag.name, name, tool))) continue;
    answer = either(answer, valueFits(pattern, flag));
  }
  // `$FLAGS` or `"$@"` may hold the option.
  const open = args.words.some(({ word }) => word.kind === 'unknown' && word.options);
  return open ? either(answer, 'maybe') : answer;
}

function isSpelling(given: string, name: string, tool: Tool): boolean {
  if (given === name) return true;
  if (tool.abbreviates && isPrefix(given, name)) return true;
  // `-?` asks many programs for help; it is no pattern.
  return name !== '-?' && /[*?]/.test(name) && fitsText(name, given);
}

function valueFits(pattern: FlagPattern, flag: Flag): Certainty {
  const certainty = flag.certain ? 'yes' : 'maybe';
  if (pattern.value === undefined) return certainty;
  if (flag.value === undefined) return 'no';
  return fits(pattern.value, flag.value);
}
