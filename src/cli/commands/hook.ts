import type { CliCommand } from '../command.ts';

export const hook: CliCommand = {
  name: 'hook',
  summary: 'judge one tool call from standard input, as Claude Code calls it',
  usage: '',
  options: {},
  examples: [['blastguard hook < payload.json', 'print a denial as JSON, or nothing']],
  async run() {
    const { runHook } = await import('../../hook.ts');
    return runHook();
  },
};
