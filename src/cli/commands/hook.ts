import type { CliCommand } from '../command.ts';

export const hook: CliCommand = {
  name: 'hook',
  summary: 'Judge one tool call from standard input, as an agent calls it.',
  usage: '[--agent NAME]',
  options: { agent: { value: 'NAME', help: 'the agent that asks (default: Claude Code)' } },
  examples: [['blastguard hook < payload.json', 'print a denial as JSON, or nothing']],
  exits: [
    [0, 'answered, or silent because the call passes'],
    [2, 'it could not be judged, so it is denied; standard error says why'],
  ],
  async run(args) {
    const { runHook } = await import('../../hook.ts');
    const agent = args.text('agent');
    if (agent === undefined) return runHook();
    const { protocolOf } = await import('../../protocol/agents.ts');
    return runHook(undefined, protocolOf(agent));
  },
};
