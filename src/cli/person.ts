import type { Terminal } from './terminal.ts';

const AGENT_VARIABLES = ['CLAUDECODE', 'CLAUDE_CODE_SESSION_ID', 'CLAUDE_PID', 'CLAUDE_CODE_ENTRYPOINT'];

/** What other agents set for the commands that they run. */
const OTHER_AGENTS = [
  'GEMINI_CLI',
  'QWEN_CODE',
  'CURSOR_AGENT',
  'OPENCODE',
  'CODEX_SANDBOX',
  'CODEX_THREAD_ID',
];

/**
 * Why this process is not taken for a person, or undefined when it is. A hint, not a lock: the lock is the hook, which
 * denies these commands to the agent. `--yes` is for a person's own scripts, never for a session of Claude Code.
 */
export function notAPerson(terminal: Terminal, yes: boolean): string | undefined {
  const variable = AGENT_VARIABLES.find((name) => terminal.env[name]);
  if (variable !== undefined)
    return `this runs inside Claude Code (${variable} is set); run it in a terminal of your own`;
  const other = OTHER_AGENTS.find((name) => terminal.env[name]);
  if (other !== undefined)
    return `this runs inside an agent (${other} is set); run it in a terminal of your own`;
  if (terminal.interactive || yes) return undefined;
  return 'standard input is not a terminal; in a script of your own, pass --yes';
}
