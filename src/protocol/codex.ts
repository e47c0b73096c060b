import type { Call } from '../model/call.ts';
import { absoluteAt, objectAt, parsePayload, stringAt, textAt } from './payload.ts';
import { type Answer, haltText, type Protocol, printed, toolAnswer, unknownText } from './protocol.ts';
import type { Registration } from './registration.ts';
import { bash, otherCall, patchCalls, promptCall, serverCall, type ToolCall, toolCalls } from './tools.ts';

/**
 * Codex CLI: https://developers.openai.com/codex/hooks.
 * Its payloads are Claude Code's, with the tools `Bash`, `apply_patch` and those of MCP servers. It reads `deny` from
 * PreToolUse, but neither `ask` nor `continue: false`: an answer with one of them counts as a failed hook, and the call
 * goes on. So nobody is taken to be there to ask, and a halt is a plain denial. Status 2 blocks when something was said
 * on standard error; every other failure lets the call pass.
 */
export const codex: Protocol = {
  decode(text) {
    const payload = parsePayload(text);
    const event = stringAt(payload, 'hook_event_name');
    const around = {
      cwd: absoluteAt(payload, 'cwd'),
      permissionMode: 'dontAsk',
      sessionId: textAt(payload, 'session_id'),
      toolUseId: textAt(payload, 'tool_use_id'),
    };
    if (event === 'UserPromptSubmit') return [promptCall(around)];
    if (event !== 'PreToolUse') return [];
    return toolCalls(read(stringAt(payload, 'tool_name'), payload), around);
  },
  answer: (_, { verdict }, texts) => (verdict === 'pass' ? codex.silence : deny(texts.model, texts.user)),
  halted: (call, halt) => stop(call, haltText(halt)),
  unknown: (_, why) => deny(unknownText(why), unknownText(why)),
  silence: { stdout: '' },
};

function read(tool: string, payload: ReturnType<typeof parsePayload>): readonly ToolCall[] {
  if (tool.startsWith('mcp__')) return [serverCall(tool, payload.tool_input)];
  const input = objectAt(payload, 'tool_input');
  if (tool === 'apply_patch') return patchCalls(stringAt(input, 'command'));
  if (tool === 'Bash') {
    const command = stringAt(input, 'command');
    // A patch that is given to the program of that name changes files all the same.
    return command.includes('*** Begin Patch') ? [bash(command), ...patchCalls(command)] : [bash(command)];
  }
  return [otherCall('codex', tool, input)];
}

const deny = (model: string, user: string): Answer => toolAnswer('deny', { model, user });

const stop = (call: Call, reason: string): Answer =>
  call.event === 'UserPromptSubmit' ? printed({ decision: 'block', reason }) : deny(reason, reason);

export const codexRegistration: Registration = {
  title: 'Codex CLI',
  projectFile: ['.codex', 'hooks.json'],
  userFile: ['.codex', 'hooks.json'],
  homeVariable: { name: 'CODEX_HOME', file: ['hooks.json'] },
  sample: (command, cwd) => ({
    session_id: 'blastguard-init',
    turn_id: 'blastguard-init',
    transcript_path: null,
    cwd,
    hook_event_name: 'PreToolUse',
    model: 'none',
    permission_mode: 'default',
    tool_name: 'Bash',
    tool_input: { command },
    tool_use_id: 'blastguard-init',
  }),
  shape: {
    kind: 'groups',
    events: { PreToolUse: '*', UserPromptSubmit: null },
    // Seconds.
    entry: (command) => ({ type: 'command', command, timeout: 10, statusMessage: 'blastguard' }),
  },
  note: 'Codex runs a hook only when a person trusted it: open `/hooks` in Codex and trust blastguard.',
};
