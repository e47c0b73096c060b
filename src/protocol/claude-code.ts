import type { Call } from '../model/call.ts';
import { absoluteAt, isObject, parsePayload, stringAt } from './payload.ts';
import { type Answer, haltText, type Protocol, printed, toolAnswer, unknownText } from './protocol.ts';

const noObjection: Answer = { stdout: '' };

/** Events that decide nothing and belong to the story of a session. */
const recordedEvents: ReadonlySet<string> = new Set([
  'PostToolUse',
  'PostToolUseFailure',
  'PermissionDenied',
  'SessionStart',
  'SessionEnd',
  'ConfigChange',
]);

/** The input that a call of these tools is judged by. */
const judgedBy: ReadonlyMap<string, string> = new Map([
  ['Bash', 'command'],
  ['PowerShell', 'command'],
  ['Write', 'file_path'],
  ['Edit', 'file_path'],
  ['NotebookEdit', 'notebook_path'],
]);

/** Reads the JSON that the client gives a hook. Throws an Error that says what is wrong with it. */
export function decodeCall(text: string): Call {
  const payload = parsePayload(text);
  const event = stringAt(payload, 'hook_event_name');
  const toolEvent = event === 'PreToolUse';
  const input = payload.tool_input;
  if (toolEvent && !isObject(input)) throw new Error('`tool_input` is not an object');
  const tool = toolEvent ? stringAt(payload, 'tool_name') : '';
  // A tool that no longer calls its command `command` must not slip by unread.
  const needed = judgedBy.get(tool);
  if (needed !== undefined && isObject(input)) stringAt(input, needed);
  return {
    event,
    tool,
    input: isObject(input) ? input : {},
    cwd: absoluteAt(payload, 'cwd'),
    permissionMode: typeof payload.permission_mode === 'string' ? payload.permission_mode : 'unknown',
    sessionId: typeof payload.session_id === 'string' ? payload.session_id : '',
    ...(typeof payload.agent_id === 'string' ? { agentId: payload.agent_id } : {}),
    ...(typeof payload.tool_use_id === 'string' ? { toolUseId: payload.tool_use_id } : {}),
    ...(typeof payload.prompt_id === 'string' ? { promptId: payload.prompt_id } : {}),
    ...(recordedEvents.has(event) ? { said: payload } : {}),
  };
}

/** How Claude Code is answered, and what reads the same answers. */
export const claudeAnswers: Omit<Protocol, 'decode'> = {
  // Never `allow`: that would switch off the client's own checks.
  answer: (_, { verdict }, texts) => (verdict === 'pass' ? noObjection : toolAnswer(verdict, texts)),
  /** `continue: false` ends the turn; alone it would still let this call run, so the denial goes with it. */
  halted(call, halt) {
    const reason = haltText(halt);
    const ends = { continue: false, stopReason: reason };
    return call.event === 'UserPromptSubmit'
      ? printed({ decision: 'block', reason, ...ends })
      : toolAnswer('deny', { model: reason, user: reason }, ends);
  },
  /** The session goes on: the source may come back. */
  unknown(_, why) {
    const reason = unknownText(why);
    return toolAnswer('deny', { model: reason, user: reason });
  },
  silence: noObjection,
};

/** Claude Code: https://code.claude.com/docs/en/hooks. */
export const claudeCode: Protocol = { decode: (text) => [decodeCall(text)], ...claudeAnswers };
