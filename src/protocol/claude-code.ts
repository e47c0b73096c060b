import type { Call } from '../model/call.ts';
import type { Decision } from '../model/decision.ts';

/** What a hook process prints. Nothing on standard output means: no objection. */
export type Answer = { readonly stdout: string };

const noObjection: Answer = { stdout: '' };

/** A switch that is thrown, as it is shown to the model and the user. */
export type Halt = {
  /** The file that halts, or the source. */
  readonly file: string;
  /** For whom it is thrown; of a file in the project or at home there is none. */
  readonly scope?: string;
  readonly reason: string;
  readonly by?: string;
  readonly at?: string;
  readonly until?: string;
};

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
  const payload: unknown = JSON.parse(text);
  if (!isObject(payload)) throw new Error('the input is not a JSON object');
  const event = stringAt(payload, 'hook_event_name');
  const toolEvent = event === 'PreToolUse';
  const input = payload.tool_input;
  if (toolEvent && !isObject(input)) throw new Error('`tool_input` is not an object');
  const tool = toolEvent ? stringAt(payload, 'tool_name') : '';
  // A tool that no longer calls its command `command` must not slip by unread.
  const needed = judgedBy.get(tool);
  if (needed !== undefined && isObject(input)) stringAt(input, needed);
  const cwd = stringAt(payload, 'cwd');
  if (!/^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(cwd)) throw new Error('`cwd` is not an absolute path');
  return {
    event,
    tool,
    input: isObject(input) ? input : {},
    cwd,
    permissionMode: typeof payload.permission_mode === 'string' ? payload.permission_mode : 'unknown',
    sessionId: typeof payload.session_id === 'string' ? payload.session_id : '',
    ...(typeof payload.agent_id === 'string' ? { agentId: payload.agent_id } : {}),
    ...(typeof payload.tool_use_id === 'string' ? { toolUseId: payload.tool_use_id } : {}),
    ...(typeof payload.prompt_id === 'string' ? { promptId: payload.prompt_id } : {}),
    ...(recordedEvents.has(event) ? { said: payload } : {}),
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function stringAt(payload: Record<string, unknown>, key: string): string {
  const value = payload[key];
  if (typeof value !== 'string' || value === '') throw new Error(`\`${key}\` is not a string`);
  return value;
}

/** The answer to a tool call. Never `allow`: that would switch off the client's own checks. */
export function answerCall(
  { verdict }: Decision,
  texts: { readonly model: string; readonly user: string },
): Answer {
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
export function answerHalted(call: Call, halt: Halt): Answer {
  const by = halt.by === undefined ? '' : `, thrown by ${halt.by}`;
  const at = halt.at === undefined ? '' : ` at ${halt.at}`;
  const scope = halt.scope === undefined ? '' : ` for ${halt.scope}`;
  const until = halt.until === undefined ? '' : ` or ${halt.until} has come`;
  const resume = `blastguard resume${halt.scope === undefined ? '' : ` --scope ${halt.scope}`}`;
  const reason = `KILL SWITCH ACTIVE${scope}: ${halt.reason}${by}${at} (${halt.file}). Every tool call is denied until a person runs \`${resume}\` in a terminal of their own${until}.`;
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
export function answerUnknown(why: string): Answer {
  const reason = `KILL SWITCH UNKNOWN: ${why}. Whether the switch is thrown cannot be known, so every tool call is denied (\`unreachable: deny\`) until its source answers again. This is not the command's fault; \`blastguard status\` in a terminal shows every source.`;
  return printed({
    systemMessage: reason,
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: 'deny',
      permissionDecisionReason: reason,
    },
  });
}

const printed = (answer: object): Answer => ({ stdout: JSON.stringify(answer) });
