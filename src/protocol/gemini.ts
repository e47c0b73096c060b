import { absoluteAt, type Data, objectAt, parsePayload, stringAt, textAt } from './payload.ts';
import { type Answer, haltText, type Protocol, printed, unknownText } from './protocol.ts';
import type { Registration } from './registration.ts';
import {
  editCall,
  otherCall,
  promptCall,
  readCall,
  serverCall,
  shellCall,
  type ToolCall,
  toolCalls,
  writeCall,
} from './tools.ts';

/**
 * Gemini CLI: https://geminicli.com/docs/hooks/reference.
 * BeforeTool knows `deny` and `allow`; `ask` is read by newer versions only and is in no reference, so nobody is taken to
 * be there to ask. `continue: false` ends the session's loop. Status 2 blocks, any other lets the call pass with a warning.
 */
export const gemini: Protocol = {
  decode(text) {
    const payload = parsePayload(text);
    const event = stringAt(payload, 'hook_event_name');
    const around = {
      cwd: absoluteAt(payload, 'cwd'),
      permissionMode: 'dontAsk',
      sessionId: textAt(payload, 'session_id'),
    };
    if (event === 'BeforeAgent') return [promptCall(around)];
    if (event !== 'BeforeTool') return [];
    return toolCalls(geminiTool('gemini', payload), around);
  },
  answer: (_, { verdict }, texts) =>
    verdict === 'pass' ? gemini.silence : deny(texts.model, { systemMessage: texts.user }),
  halted(_, halt) {
    const reason = haltText(halt);
    return deny(reason, { systemMessage: reason, continue: false, stopReason: reason });
  },
  unknown: (_, why) => deny(unknownText(why), { systemMessage: unknownText(why) }),
  silence: { stdout: '' },
};

const deny = (reason: string, more: object): Answer => printed({ decision: 'deny', reason, ...more });

/** The tools of Gemini CLI and of what was made from it (https://geminicli.com/docs/tools). */
export function geminiTool(host: string, payload: Data): readonly ToolCall[] {
  const tool = stringAt(payload, 'tool_name');
  if (tool.startsWith('mcp__')) return [serverCall(tool, payload.tool_input)];
  const input = objectAt(payload, 'tool_input');
  if (tool === 'run_shell_command')
    return [shellCall(input, 'command', 'dir_path' in input ? 'dir_path' : 'directory')];
  if (tool === 'write_file') return [writeCall(input, 'file_path', 'content')];
  if (tool === 'replace' || tool === 'edit')
    return [editCall(input, 'file_path', 'old_string', 'new_string', 'replace_all')];
  if (tool === 'read_file') return [readCall(textAt(input, 'file_path') || textAt(input, 'absolute_path'))];
  return [otherCall(host, tool, input)];
}

export const geminiRegistration: Registration = {
  title: 'Gemini CLI',
  projectFile: ['.gemini', 'settings.json'],
  userFile: ['.gemini', 'settings.json'],
  sample: (command, cwd) => ({
    session_id: 'blastguard-init',
    transcript_path: `${cwd}/transcript.json`,
    cwd,
    hook_event_name: 'BeforeTool',
    timestamp: '2026-01-01T00:00:00.000Z',
    tool_name: 'run_shell_command',
    tool_input: { command },
  }),
  shape: {
    kind: 'groups',
    events: { BeforeTool: '.*', BeforeAgent: null },
    // Milliseconds.
    entry: (command) => ({ type: 'command', command, name: 'blastguard', timeout: 10_000 }),
  },
};
