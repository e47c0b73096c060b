import { absoluteAt, type Data, objectAt, parsePayload, stringAt, textAt } from './payload.ts';
import { type Answer, haltText, type Protocol, printed, unknownText } from './protocol.ts';
import type { Registration } from './registration.ts';
import {
  editCall,
  otherCall,
  patchCalls,
  readCall,
  shellCall,
  type ToolCall,
  toolCalls,
  writeCall,
} from './tools.ts';

/**
 * OpenCode: https://opencode.ai/docs/plugins.
 * It has no hooks of its own but plugins; the one that `init` writes gives each `tool.execute.before` to the hook and
 * throws, which stops the tool, unless the hook ends with status 0 and no denial. A plugin cannot ask.
 */
export const opencode: Protocol = {
  decode(text) {
    const payload = parsePayload(text);
    const around = {
      cwd: absoluteAt(payload, 'directory'),
      permissionMode: 'dontAsk',
      sessionId: textAt(payload, 'sessionID'),
      toolUseId: textAt(payload, 'callID'),
    };
    return toolCalls(read(stringAt(payload, 'tool'), objectAt(payload, 'args')), around);
  },
  answer: (_, { verdict }, texts) => (verdict === 'pass' ? opencode.silence : deny(texts.model)),
  halted: (_, halt) => deny(haltText(halt)),
  unknown: (_, why) => deny(unknownText(why)),
  silence: { stdout: '' },
};

const deny = (reason: string): Answer => printed({ decision: 'deny', reason });

/** Tools that neither run nor change anything outside the session. */
const harmless =
  /^(?:glob|grep|list|webfetch|websearch|codesearch|todowrite|todoread|task|question|skill|lsp)$/;

function read(tool: string, args: Data): readonly ToolCall[] {
  if (harmless.test(tool)) return [];
  if (tool === 'bash') return [shellCall(args, 'command', 'workdir')];
  if (tool === 'write') return [writeCall(args, 'filePath', 'content')];
  if (tool === 'edit') return [editCall(args, 'filePath', 'oldString', 'newString', 'replaceAll')];
  if (tool === 'read') return [readCall(stringAt(args, 'filePath'))];
  if (tool === 'patch' || tool === 'apply_patch') return patchCalls(stringAt(args, 'patchText'));
  return [otherCall('opencode', tool, args)];
}

export const opencodeRegistration: Registration = {
  title: 'OpenCode',
  projectFile: ['.opencode', 'plugins', 'blastguard.js'],
  userFile: ['.config', 'opencode', 'plugins', 'blastguard.js'],
  sample: (command, directory) => ({
    tool: 'bash',
    sessionID: 'blastguard-init',
    callID: 'blastguard-init',
    directory,
    args: { command, description: 'run' },
  }),
  shape: { kind: 'plugin' },
};
