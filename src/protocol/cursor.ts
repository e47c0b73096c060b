import type { Call } from '../model/call.ts';
import { absolute, type Data, isObject, objectAt, parsePayload, stringAt, textAt } from './payload.ts';
import { type Answer, haltText, type Protocol, printed, unknownText } from './protocol.ts';
import type { Registration } from './registration.ts';
import {
  bash,
  editCall,
  otherCall,
  promptCall,
  readCall,
  type ToolCall,
  toolCalls,
  writeCall,
} from './tools.ts';

/**
 * Cursor: https://cursor.com/docs/agent/hooks.
 * Each kind of action is an event of its own. `ask` is honoured before shell commands and MCP tools alone, so elsewhere
 * nobody is taken to be there to ask. With `failClosed`, which `init` sets, a hook that fails or prints no JSON blocks:
 * no objection is therefore `{}`, which grants nothing. Status 2 blocks.
 */
export const cursor: Protocol = {
  decode(text, here) {
    const payload = parsePayload(text);
    const event = stringAt(payload, 'hook_event_name');
    const asks = event === 'beforeShellExecution' || event === 'beforeMCPExecution';
    const around = {
      cwd: directoryOf(payload, here),
      permissionMode: asks ? 'default' : 'dontAsk',
      sessionId: textAt(payload, 'conversation_id'),
    };
    if (event === 'beforeSubmitPrompt') return [promptCall(around)];
    return toolCalls(read(event, payload), around);
  },
  answer: (_, { verdict }, texts) =>
    verdict === 'pass'
      ? cursor.silence
      : printed({ permission: verdict, user_message: texts.user, agent_message: texts.model }),
  halted: (call, halt) => stop(call, haltText(halt)),
  unknown: (call, why) => stop(call, unknownText(why)),
  silence: { stdout: '{}' },
};

const stop = (call: Call, reason: string): Answer =>
  call.event === 'UserPromptSubmit'
    ? printed({ continue: false, user_message: reason })
    : printed({ permission: 'deny', user_message: reason, agent_message: reason });

/** Where the call is made: its own directory, else the workspace, which on Windows is written `/c:/…`. */
function directoryOf(payload: Data, here: () => string): string {
  const roots = Array.isArray(payload.workspace_roots) ? payload.workspace_roots : [];
  const named = [payload.cwd, roots[0]].find(
    (path): path is string => typeof path === 'string' && path !== '',
  );
  if (named === undefined) return here();
  return absolute(named.replace(/^\/(?=[A-Za-z]:)/, ''), 'cwd');
}

function read(event: string, payload: Data): readonly ToolCall[] {
  if (event === 'beforeShellExecution') return [bash(stringAt(payload, 'command'))];
  if (event === 'beforeReadFile') return [readCall(stringAt(payload, 'file_path'))];
  if (event === 'beforeMCPExecution')
    return [otherCall('cursor', stringAt(payload, 'tool_name'), inputOf(payload))];
  if (event !== 'preToolUse') return [];
  const tool = stringAt(payload, 'tool_name');
  // These have events of their own, which know more of them.
  if (tool === 'Shell' || tool === 'Read' || tool.startsWith('MCP')) return [];
  const input = objectAt(payload, 'tool_input');
  const path = ['file_path', 'path', 'target_file'].find((name) => typeof input[name] === 'string');
  if (path === undefined) return [otherCall('cursor', tool, input)];
  if (tool === 'Delete') return [otherCall('cursor', 'delete_file', { path: input[path] })];
  if (tool === 'Edit' || tool === 'StrReplace') return [editCall(input, path, 'old_string', 'new_string')];
  return tool === 'Write' ? [writeCall(input, path, contentKey(input))] : [otherCall('cursor', tool, input)];
}

const contentKey = (input: Data): string => ('content' in input ? 'content' : 'contents');

/** The input of an MCP tool, which comes as JSON in a text. Throws an Error. */
function inputOf(payload: Data): unknown {
  const { tool_input: given } = payload;
  if (isObject(given)) return given;
  return typeof given === 'string' && given !== '' ? JSON.parse(given) : {};
}

export const cursorRegistration: Registration = {
  title: 'Cursor',
  projectFile: ['.cursor', 'hooks.json'],
  userFile: ['.cursor', 'hooks.json'],
  sample: (command, cwd) => ({
    conversation_id: 'blastguard-init',
    generation_id: 'blastguard-init',
    model: 'none',
    hook_event_name: 'beforeShellExecution',
    cursor_version: '0',
    workspace_roots: [cwd],
    user_email: null,
    command,
    cwd,
  }),
  shape: {
    kind: 'list',
    version: 1,
    events: [
      'beforeShellExecution',
      'beforeMCPExecution',
      'beforeReadFile',
      'preToolUse',
      'beforeSubmitPrompt',
    ],
    entry: (command) => ({ command, failClosed: true }),
  },
};
