import { absoluteAt, type Data, objectAt, parsePayload, stringAt, textAt } from './payload.ts';
import { type Answer, haltText, type Protocol, printed, unknownText } from './protocol.ts';
import type { Registration } from './registration.ts';
import {
  absoluteIn,
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
  decode(bytes) {
    const payload = parsePayload(bytes);
    const cwd = absoluteAt(payload, 'directory');
    const around = {
      cwd,
      permissionMode: 'dontAsk',
      sessionId: textAt(payload, 'sessionID'),
      toolUseId: textAt(payload, 'callID'),
    };
    return toolCalls(read(stringAt(payload, 'tool'), objectAt(payload, 'args'), cwd), around);
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

function read(tool: string, args: Data, cwd: string): readonly ToolCall[] {
  if (harmless.test(tool)) return [];
  if (tool === 'bash') return [shellCall(args, 'command', 'workdir')];
  if (tool === 'write') return [writeCall(args, 'filePath', 'content')];
  if (tool === 'edit') return [editCall(args, 'filePath', 'oldString', 'newString', 'replaceAll')];
  if (tool === 'read') return [readCall(absoluteIn(cwd, stringAt(args, 'filePath')))];
  if (tool === 'patch' || tool === 'apply_patch') return patchCalls(stringAt(args, 'patchText'));
  return [otherCall('opencode', tool, args)];
}

/** The plugin. It runs in OpenCode's own process, so it does as little as it can. */
const pluginText = (argv: readonly string[]): string => `// Written by \`blastguard init --agent opencode\`.
import { spawnSync } from 'node:child_process';

const [program, ...words] = ${JSON.stringify(argv)};

export const Blastguard = async ({ directory }) => ({
  'tool.execute.before': async ({ tool, sessionID, callID }, { args }) => {
    const hook = spawnSync(program, words, {
      input: JSON.stringify({ tool, sessionID, callID, directory, args: args ?? {} }),
      cwd: directory,
      encoding: 'utf8',
      timeout: 10000,
    });
    const said = (hook.stdout ?? '').trim();
    if (hook.status === 0 && said === '') return;
    let reason = (hook.stderr ?? '').trim();
    try {
      reason = JSON.parse(said).reason ?? reason;
    } catch {
      // what is on standard error has to do
    }
    throw new Error(reason || 'blastguard did not answer, so this call is denied');
  },
});
`;

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
  shape: { kind: 'file', text: pluginText },
};
