import { readArguments } from './args.ts';
import type { CliCommand } from './command.ts';
import { commands } from './commands/index.ts';
import type { Terminal } from './terminal.ts';

/** Whether `blastguard readiness` is green here; undefined where this build has no such command. */
export async function isReady(terminal: Terminal): Promise<boolean | undefined> {
  const readiness: CliCommand | undefined = commands.find(({ name }) => name === 'readiness');
  if (readiness === undefined) return undefined;
  const quiet: Terminal = { ...terminal, cwd: terminal.cwd, out: () => {}, err: () => {} };
  try {
    return (await readiness.run(readArguments(readiness, []), quiet)) === 0;
  } catch {
    return false;
  }
}
