import { both, type Certainty, either } from '../model/certainty.ts';
import type { Command } from '../model/command.ts';
import type { Facts } from '../model/facts.ts';
import type { Pattern, Rule, Tool } from '../model/rule.ts';
import { known, textsOf, type Word } from '../model/word.ts';
import { type Argument, type Arguments, parseArguments } from './arguments.ts';
import { fits } from './glob.ts';
import { hasFlag } from './predicates/flags.ts';
import { holds } from './predicates/holds.ts';
import type { Matched } from './predicates/predicate.ts';

/** The arguments of a command as its tool reads them, those that environment variables add included. */
export function readArguments(tool: Tool, command: Command, facts: Facts): Arguments {
  const args = command.words.slice(1);
  const added = tool.argumentVariables.flatMap((name) => variableWords(name, command, facts));
  return parseArguments(tool, added.length === 0 ? args : [...args, ...added]);
}

function variableWords(pattern: string, command: Command, facts: Facts): Word[] {
  const names = new Set([...command.environment.keys(), ...Object.keys(facts.environment)]);
  return [...names]
    .filter((name) => fits(pattern, known(name)) === 'yes')
    .flatMap((name): Word[] => {
      const value = command.environment.get(name) ?? known(facts.environment[name] ?? '');
      const texts = textsOf(value);
      // An unknown value may be any words, options among them.
      if (texts === undefined && value.kind === 'unknown') return [{ ...value, many: true, options: true }];
      return (texts ?? []).flatMap((text) => text.split(/\s+/).filter(Boolean).map(known));
    });
}

/**
 * Whether a rule holds for a command: a pattern fits, every `when` holds, and no `unless` certainly does; and the words
 * after those that the pattern names.
 */
export function fitRule(
  rule: Rule,
  tool: Tool,
  command: Command,
  args: Arguments,
  facts: Facts,
  alone: () => boolean = () => false,
): Fit {
  let best = noFit;
  for (const pattern of rule.match) {
    const fit = matchPattern(pattern, tool, args);
    if (fit.certainty === 'no') continue;
    const matched: Matched = { tool, command, args, operands: fit.operands, alone };
    if (rule.unless.some((condition) => holds(condition, matched, facts) === 'yes')) continue;
    let certainty: Certainty = fit.certainty;
    for (const condition of rule.when) {
      if (certainty === 'no') break;
      certainty = both(certainty, holds(condition, matched, facts));
    }
    best = better(best, { certainty, operands: fit.operands });
    if (best.certainty === 'yes') break;
  }
  return best;
}

/** Whether a rule holds for a command. */
export const matchRule = (...given: Parameters<typeof fitRule>): Certainty => fitRule(...given).certainty;

export type Fit = { readonly certainty: Certainty; readonly operands: readonly Argument[] };

const noFit: Fit = { certainty: 'no', operands: [] };

/** Whether words and flags fit, and the words that follow those which the pattern names. */
export function matchPattern(pattern: Pattern, tool: Tool, args: Arguments): Fit {
  let flagged: Certainty = 'yes';
  for (const flag of pattern.flags) {
    flagged = both(flagged, hasFlag(flag, tool, args));
    if (flagged === 'no') return noFit;
  }
  const fit = align({ pattern: pattern.words, words: args.words, known: new Map() }, 0, 0);
  return { certainty: both(flagged, fit.certainty), operands: fit.operands };
}

type Alignment = {
  readonly pattern: readonly string[];
  readonly words: readonly Argument[];
  /** What was found for a place in both. */
  readonly known: Map<number, Fit>;
};

/** The best way to lay the pattern's words, from `p`, over the command's words, from `w`. */
function align(alignment: Alignment, p: number, w: number): Fit {
  const { pattern, words, known: found } = alignment;
  if (p === pattern.length) return { certainty: 'yes', operands: words.slice(w) };
  // Only a word that may be left out leads to the same place by several ways.
  const next = words[w];
  if (pattern[p] !== '**' && next?.doubtful !== true && next?.word.kind !== 'unknown')
    return step(alignment, p, w);
  const place = p * (words.length + 1) + w;
  const fit = found.get(place) ?? step(alignment, p, w);
  found.set(place, fit);
  return fit;
}

function step(alignment: Alignment, p: number, w: number): Fit {
  const { pattern, words } = alignment;
  const glob = pattern[p] as string;
  if (glob === '**') {
    let best = noFit;
    for (let from = w; from <= words.length && best.certainty !== 'yes'; from++) {
      best = better(best, align(alignment, p + 1, from));
    }
    return best;
  }
  const next = words[w];
  if (next === undefined) return noFit;
  const fitted = fits(glob, next.word);
  let best = noFit;
  if (fitted !== 'no') best = limit(align(alignment, p + 1, w + 1), fitted);
  // The value of an undeclared option, if it is one, is not a word of the command.
  if (best.certainty !== 'yes' && next.doubtful) best = better(best, align(alignment, p, w + 1));
  if (best.certainty !== 'yes' && next.word.kind === 'unknown' && next.word.many) {
    best = better(best, limit(align(alignment, p, w + 1), 'maybe'));
    if (fitted !== 'no') best = better(best, limit(align(alignment, p + 1, w), 'maybe'));
  }
  return best;
}

const limit = (fit: Fit, certainty: Certainty): Fit => ({
  ...fit,
  certainty: both(fit.certainty, certainty),
});
const better = (a: Fit, b: Fit): Fit => (either(a.certainty, b.certainty) === a.certainty ? a : b);
