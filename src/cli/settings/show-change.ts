import type { Arguments } from '../args.ts';
import { unifiedDiff } from '../diff.ts';
import type { ExitCode, Terminal } from '../terminal.ts';

/** Prints what would be written to a file, as a diff or in JSON; nothing is written. */
export function showChange(
  args: Arguments,
  terminal: Terminal,
  file: string,
  before: string,
  after: string,
): ExitCode {
  const diff = unifiedDiff(file, before, after);
  if (args.flag('json')) terminal.out(`${JSON.stringify({ file, changes: diff !== '', diff })}\n`);
  else terminal.out(diff === '' ? `${file}: already registered\n` : diff);
  return 0;
}
