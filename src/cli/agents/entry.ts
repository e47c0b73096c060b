import type { Installation } from '../../host/installation.ts';
import { quoted } from '../../model/shell-quote.ts';

/** The words that run this installation's hook for an agent. */
export function hookArgv(
  { launcher, hook }: Installation,
  platform: string,
  agent: string,
): readonly string[] {
  // The standalone binary reads its own command line, the bundle takes the name alone.
  const words = hook.at(-1) === 'hook' ? [...hook, '--agent', agent] : [...hook, agent];
  // Windows has no sh: there a hook that crashes is the agent's own affair.
  return platform === 'win32' ? words : [launcher, ...words];
}

/** The words as a line of the shell that agents start hooks with: sh, on Windows cmd or PowerShell. */
export const hookLine = (argv: readonly string[], platform: string): string =>
  argv.map((word) => (platform === 'win32' ? windowsWord(word) : shellWord(word))).join(' ');

const shellWord = (word: string): string => (/^[\w./:@%+,-]+$/.test(word) ? word : quoted(word));

const windowsWord = (word: string): string => (/^\w+$/.test(word) ? word : `"${word}"`);

/** Whether a hook's entry runs blastguard for this agent, of this or any other installation. */
export function runsHook(entry: unknown, agent: string): boolean {
  if (typeof entry === 'string')
    return new RegExp(`(?:\\bhook\\.cjs['"]?|\\bhook "?--agent"?) ${agent}$`).test(entry);
  return (
    typeof entry === 'object' && entry !== null && Object.values(entry).some((each) => runsHook(each, agent))
  );
}
