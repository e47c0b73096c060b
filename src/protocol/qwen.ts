import { claudeAnswers } from './claude-code.ts';
import { geminiTool } from './gemini.ts';
import { absoluteAt, parsePayload, stringAt, textAt } from './payload.ts';
import type { Protocol } from './protocol.ts';
import type { Registration } from './registration.ts';
import { promptCall, toolCalls } from './tools.ts';

/**
 * Qwen Code: https://github.com/QwenLM/qwen-code/blob/main/docs/users/features/hooks.md.
 * The answers are Claude Code's, the tools Gemini CLI's. `ask` asks in the terminal and is a denial where there is none.
 * Status 2 blocks, any other lets the call pass.
 */
export const qwen: Protocol = {
  decode(text) {
    const payload = parsePayload(text);
    const event = stringAt(payload, 'hook_event_name');
    const around = {
      cwd: absoluteAt(payload, 'cwd'),
      permissionMode: modes.get(textAt(payload, 'permission_mode')) ?? 'unknown',
      sessionId: textAt(payload, 'session_id'),
      toolUseId: textAt(payload, 'tool_use_id'),
    };
    if (event === 'UserPromptSubmit') return [promptCall(around)];
    if (event !== 'PreToolUse') return [];
    return toolCalls(geminiTool('qwen', payload), around);
  },
  ...claudeAnswers,
};

/** How its approval modes are called in Claude Code: in `yolo` nobody is asked. */
const modes: ReadonlyMap<string, string> = new Map([
  ['default', 'default'],
  ['plan', 'plan'],
  ['auto_edit', 'acceptEdits'],
  ['auto-edit', 'acceptEdits'],
  ['yolo', 'bypassPermissions'],
]);

export const qwenRegistration: Registration = {
  title: 'Qwen Code',
  projectFile: ['.qwen', 'settings.json'],
  userFile: ['.qwen', 'settings.json'],
  sample: (command, cwd) => ({
    session_id: 'blastguard-init',
    transcript_path: `${cwd}/transcript.json`,
    cwd,
    hook_event_name: 'PreToolUse',
    timestamp: '2026-01-01T00:00:00.000Z',
    permission_mode: 'default',
    tool_name: 'run_shell_command',
    tool_input: { command, is_background: false },
    tool_use_id: 'blastguard-init',
  }),
  shape: {
    kind: 'groups',
    events: { PreToolUse: '*', UserPromptSubmit: null },
    // Milliseconds.
    entry: (command) => ({ type: 'command', command, name: 'blastguard', timeout: 10_000 }),
  },
};
