import type { Arguments } from './args.ts';
import type { ExitCode, Terminal } from './terminal.ts';

export async function verifyLive(_args: Arguments, _terminal: Terminal): Promise<ExitCode> {
  return 1;
}
