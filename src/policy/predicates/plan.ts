import type { Facts } from '../../model/facts.ts';
import { quote } from '../../model/shell-quote.ts';
import { known, type Word } from '../../model/word.ts';
import { absolute } from '../paths.ts';
import { runsElsewhere } from './endpoint.ts';
import type { Matched, Predicate } from './predicate.ts';

/** An inspection counts for an hour: after that, what is there may have changed under the plan. */
const RECENT = 60 * 60 * 1000;

/**
 * What is known of the plan file that a command applies, by its content: `safe` when `blastguard terraform plan` looked
 * at it of late and found that nothing with data goes, else `unproven`. Without a plan file neither holds.
 */
export const plan: Predicate<'safe' | 'unproven'> = (wanted, matched, facts) => {
  const [operand] = matched.operands;
  if (operand === undefined) return 'no';
  const { word, doubtful } = operand;
  if (runsElsewhere(matched.command)) return wanted === 'unproven' ? 'yes' : 'no';
  const isKnown = word.kind === 'known' && !doubtful && planDirectory(matched, facts) !== undefined;
  if (!isKnown) return wanted === 'unproven' ? 'maybe' : 'no';
  return (wanted === 'safe') === (planFault(matched, facts) === undefined) ? 'yes' : 'no';
};

/** Why the plan file is not known to be harmless, in words that follow `this one`; undefined when it is. */
function planFault(matched: Matched, facts: Facts): string | undefined {
  const word = matched.operands[0]?.word;
  const dir = planDirectory(matched, facts);
  if (word?.kind !== 'known' || dir === undefined) return 'cannot be known beforehand';
  if (runsElsewhere(matched.command)) return 'lies on another machine';
  if (matched.alone?.() !== true) return 'may be changed by another command of the same line';
  const path = absolute(word.text, dir, facts);
  const found = path === undefined ? undefined : facts.inspectedPlan?.(path);
  if (found === undefined) return 'was not inspected, or has changed since';
  if (found.age > RECENT) return `was inspected ${Math.round(found.age / 60_000)} minutes ago`;
  if (found.verdict === 'destructive') return 'deletes or replaces what holds data';
  return found.verdict === 'safe' ? undefined : 'is not complete';
}

const directoryOptions = ['-chdir', '-working-dir', '-terragrunt-working-dir'];

/** The directory that the plan file's name counts from; undefined when it cannot be known. */
function planDirectory({ command, args }: Matched, facts: Facts): string | undefined {
  const given = args.flags.filter(({ name }) => directoryOptions.includes(name)).map(({ value }) => value);
  let dir = command.cwd;
  for (const value of given) {
    if (value?.kind !== 'known' || dir === undefined) return undefined;
    dir = absolute(value.text, dir, facts);
  }
  return dir;
}

/** A rule's text with what is known of the plan file, and the command that inspects it, in their places. */
export function withPlan(text: string, matched: Matched, facts: Facts): string {
  if (!text.includes('{plan-')) return text;
  return text
    .replaceAll('{plan-state}', () => `this one ${planFault(matched, facts) ?? 'is'}`)
    .replaceAll('{plan-inspection}', () => inspectCommand(matched, facts));
}

function inspectCommand(matched: Matched, facts: Facts): string {
  const word: Word = matched.operands[0]?.word ?? known('PLANFILE');
  const dir = planDirectory(matched, facts);
  const from = dir === undefined || dir === facts.cwd ? '' : `--chdir ${quote(relative(dir, facts.cwd))} `;
  return `blastguard terraform plan ${from}${quote(word.kind === 'known' ? word.text : 'PLANFILE')}`;
}

const relative = (path: string, from: string): string =>
  path.startsWith(`${from}/`) ? path.slice(from.length + 1) : path;
