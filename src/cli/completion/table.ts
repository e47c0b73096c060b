import type { CliCommand, Option } from '../command.ts';

/** The words after `blastguard`: the commands, of those with two words the first. */
export const firstWords = (commands: readonly CliCommand[]): readonly string[] => [
  ...new Set(commands.map(({ name }) => name.split(' ', 1)[0] ?? name)),
];

/** `iam` with `boundary` and `verify`: what follows the first word of commands with two. */
export function families(commands: readonly CliCommand[]): ReadonlyMap<string, readonly CliCommand[]> {
  const found = new Map<string, CliCommand[]>();
  for (const command of commands) {
    const [first = '', second] = command.name.split(' ');
    if (second !== undefined) found.set(first, [...(found.get(first) ?? []), command]);
  }
  return found;
}

export const secondWord = ({ name }: CliCommand): string => name.split(' ')[1] ?? '';

/** What the value of an option is, as far as a shell can complete it. */
export function valueKind({ value }: Option): 'none' | 'file' | 'directory' | 'text' {
  if (value === undefined) return 'none';
  if (value === 'DIR') return 'directory';
  return value === 'FILE' ? 'file' : 'text';
}
