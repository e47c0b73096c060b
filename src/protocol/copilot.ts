import { absoluteAt, type Data, isObject, parsePayload, stringAt, textAt } from './payload.ts';
import { type Answer, haltText, type Protocol, printed, unknownText } from './protocol.ts';
import type { Registration } from './registration.ts';
import {
  editCall,
  otherCall,
  patchCalls,
  powerShellCall,
  readCall,
  shellCall,
  type ToolCall,
  toolCalls,
  writeCall,
} from './tools.ts';

/**
 * GitHub Copilot CLI: https://docs.github.com/en/copilot/reference/hooks-reference.
 * Any status but 0 of a preToolUse command denies; a timeout lets the call pass. `ask` asks, and is a denial where nobody
 * can answer. What a hook says about a prompt is dropped, so a halt shows at the first tool call.
 */
export const copilot: Protocol = {
  decode(text) {
    const payload = parsePayload(text);
    const around = {
      cwd: absoluteAt(payload, 'cwd'),
      permissionMode: 'default',
      sessionId: textAt(payload, 'sessionId'),
    };
    return toolCalls(read(stringAt(payload, 'toolName'), argumentsOf(payload)), around);
  },
  answer: (_, { verdict }, texts) => (verdict === 'pass' ? copilot.silence : decided(verdict, texts.model)),
  halted: (_, halt) => decided('deny', haltText(halt)),
  unknown: (_, why) => decided('deny', unknownText(why)),
  silence: { stdout: '' },
};

const decided = (permissionDecision: 'deny' | 'ask', permissionDecisionReason: string): Answer =>
  printed({ permissionDecision, permissionDecisionReason });

/** Arguments come as an object, or as JSON in a text; those of a free-form tool are a text. */
function argumentsOf({ toolArgs }: Data): unknown {
  if (typeof toolArgs !== 'string') return toolArgs;
  try {
    return JSON.parse(toolArgs);
  } catch {
    return toolArgs;
  }
}

/** Tools that neither run nor change anything outside the session. */
const harmless =
  /^(?:glob|grep|rg|web_fetch|web_search|ask_user|update_todo|report_intent|task|skill|fetch_copilot_cli_documentation|(?:read|stop|list)_(?:bash|powershell)|(?:read|list)_agents?)$/;

function read(tool: string, given: unknown): readonly ToolCall[] {
  if (harmless.test(tool)) return [];
  if (tool === 'apply_patch')
    return patchCalls(typeof given === 'string' ? given : patchIn(isObject(given) ? given : {}));
  if (!isObject(given)) return [otherCall('copilot', tool, given)];
  if (tool === 'bash') return [shellCall(given, 'command')];
  if (tool === 'powershell') return [powerShellCall(given, 'command')];
  // What is typed into a shell that is open.
  if (tool === 'write_bash') return [shellCall(given, 'input')];
  if (tool === 'write_powershell') return [powerShellCall(given, 'input')];
  if (tool === 'view') return [readCall(stringAt(given, 'path'))];
  const command = tool === 'str_replace_editor' ? stringAt(given, 'command') : tool;
  if (command === 'view') return [readCall(stringAt(given, 'path'))];
  if (command === 'create') return [writeCall(given, 'path', 'file_text')];
  if (/^(?:edit|str_replace|insert|undo_edit)$/.test(command))
    return [editCall(given, 'path', 'old_str', 'new_str')];
  return [otherCall('copilot', tool, given)];
}

function patchIn(input: Data): string {
  const key = ['patch', 'input', 'patchText', 'command'].find((name) => typeof input[name] === 'string');
  return stringAt(input, key ?? 'patch');
}

export const copilotRegistration: Registration = {
  title: 'GitHub Copilot CLI',
  projectFile: ['.github', 'hooks', 'blastguard.json'],
  userFile: ['.copilot', 'hooks', 'blastguard.json'],
  homeVariable: { name: 'COPILOT_HOME', file: ['hooks', 'blastguard.json'] },
  sample: (command, cwd) => ({
    sessionId: 'blastguard-init',
    timestamp: 0,
    cwd,
    toolName: 'bash',
    toolArgs: { command, description: 'run' },
  }),
  shape: {
    kind: 'list',
    version: 1,
    events: ['preToolUse'],
    entry: (command) => ({ type: 'command', bash: command, powershell: `& ${command}`, timeoutSec: 30 }),
  },
};
