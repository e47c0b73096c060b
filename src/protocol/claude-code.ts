import type { Call } from '../model/call.ts';
import type { Decision } from '../model/decision.ts';
import { absoluteAt, isObject, parsePayload, stringAt } from './payload.ts';
import {
  type Answer,
  type Halt,
  haltText,
  type Protocol,
  printed,
  type Texts,
  unknownText,
} from './protocol.ts';

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

/** The answer to a tool call. Never `allow`: that would switch off the client's own checks. */
function answerCall({ verdict }: Decision, texts: Texts): Answer {
  if (verdict === 'pass') return noObjection;
  return printed({
    systemMessage: texts.user,
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: verdict,
      permissionDecisionReason: texts.model,
    },
  });
}

/**
 * The answer while the kill switch is thrown. `continue: false` ends the turn; alone it would still let this call run,
 * so the denial goes with it.
 */
function answerHalted(call: Call, halt: Halt): Answer {
  const reason = haltText(halt);
  if (call.event === 'UserPromptSubmit')
    return printed({ decision: 'block', reason, continue: false, stopReason: reason });
  return printed({
    continue: false,
    stopReason: reason,
    systemMessage: reason,
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: 'deny',
      permissionDecisionReason: reason,
    },
  });
}

/** The answer when it cannot be known whether the switch is thrown. The session goes on: the source may come back. */
function answerUnknown(why: string): Answer {
  const reason = unknownText(why);
  return printed({
    systemMessage: reason,
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: 'deny',
      permissionDecisionReason: reason,
    },
  });
}

/** Claude Code: https://code.claude.com/docs/en/hooks. */
export const claudeCode: Protocol = {
  decode: (text) => [decodeCall(text)],
  answer: (_, decision, texts) => answerCall(decision, texts),
  halted: answerHalted,
  unknown: (_, why) => answerUnknown(why),
  silence: noObjection,
};
