import { absolute, type Data, isObject, objectAt, parsePayload, stringAt, textAt } from './payload.ts';
import { type Answer, haltText, type Protocol, unknownText } from './protocol.ts';
import type { Registration } from './registration.ts';
import { bash, otherCall, promptCall, readCall, type ToolCall, toolCalls } from './tools.ts';

/**
 * Windsurf (Cascade): https://docs.windsurf.com/windsurf/cascade/hooks.
 * Its only answer is status 2 with the reason on standard error; it cannot ask, so nobody is taken to be there. Any other
 * status lets the action pass.
 */
export const windsurf: Protocol = {
  decode(text, here) {
    const payload = parsePayload(text);
    const event = stringAt(payload, 'agent_action_name');
    const info = isObject(payload.tool_info) ? payload.tool_info : {};
    const around = {
      cwd: directoryOf(info, here),
      permissionMode: 'dontAsk',
      sessionId: textAt(payload, 'trajectory_id'),
    };
    if (event === 'pre_user_prompt') return [promptCall(around)];
    if (!event.startsWith('pre_')) return [];
    return toolCalls(read(event, objectAt(payload, 'tool_info')), around);
  },
  answer: (_, { verdict }, texts) => (verdict === 'pass' ? windsurf.silence : block(texts.model)),
  halted: (_, halt) => block(haltText(halt)),
  unknown: (_, why) => block(unknownText(why)),
  silence: { stdout: '' },
};

const block = (reason: string): Answer => ({ stdout: '', stderr: `${reason}\n` });

/** The command's directory; for other actions the workspace, in which Cascade starts its hooks. */
function directoryOf(info: Data, here: () => string): string {
  const cwd = textAt(info, 'cwd');
  return cwd === '' ? here() : absolute(cwd, 'cwd');
}

function read(event: string, info: Data): readonly ToolCall[] {
  if (event === 'pre_run_command') return [bash(stringAt(info, 'command_line'))];
  if (event === 'pre_read_code') return [readCall(stringAt(info, 'file_path'))];
  if (event === 'pre_mcp_tool_use')
    return [
      otherCall(
        textAt(info, 'mcp_server_name'),
        stringAt(info, 'mcp_tool_name'),
        info.mcp_tool_arguments ?? {},
      ),
    ];
  if (event !== 'pre_write_code') return [otherCall('windsurf', event, info)];
  const path = stringAt(info, 'file_path');
  const edits = Array.isArray(info.edits) ? info.edits.filter(isObject) : [];
  return (edits.length > 0 ? edits : [{}]).map((edit: Data) => ({
    tool: 'Edit',
    input: {
      file_path: path,
      old_string: textAt(edit, 'old_string'),
      new_string: textAt(edit, 'new_string'),
    },
  }));
}

export const windsurfRegistration: Registration = {
  title: 'Windsurf',
  projectFile: ['.windsurf', 'hooks.json'],
  userFile: ['.codeium', 'windsurf', 'hooks.json'],
  sample: (command, cwd) => ({
    agent_action_name: 'pre_run_command',
    trajectory_id: 'blastguard-init',
    execution_id: 'blastguard-init',
    timestamp: '2026-01-01T00:00:00Z',
    tool_info: { command_line: command, cwd },
  }),
  shape: {
    kind: 'list',
    events: ['pre_run_command', 'pre_write_code', 'pre_read_code', 'pre_mcp_tool_use', 'pre_user_prompt'],
    entry: (command) => ({ command, show_output: true }),
  },
};
