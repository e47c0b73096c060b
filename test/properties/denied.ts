import { builtInPacks, callOf, judge, policyOf } from '../policies-in-force.ts';

export const policy = policyOf(builtInPacks);

export const verdictOf = (command: string, tool = 'Bash') =>
  judge(callOf(command, tool), policy).decision.verdict;

/** One simple command of plain words: whatever runs it runs the same, wherever it stands. */
const isSimple = (line: string): boolean => /^[a-z][\w.-]*(?: [\w./:=@%+,-]+)+$/.test(line);

/** Denied commands from the examples of the packs, of rules that do not ask where the command runs. */
export const deniedCommands: readonly string[] = builtInPacks.flatMap(({ pack }) =>
  pack.rules
    .filter((rule) => rule.match.length > 0 && rule.when.length === 0)
    .flatMap((rule) => rule.examples.deny.filter(isSimple).slice(0, 2))
    .filter((line) => verdictOf(line) === 'deny'),
);

export const singleQuoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
