import { codex, codexRegistration } from './codex.ts';
import { copilot, copilotRegistration } from './copilot.ts';
import { cursor, cursorRegistration } from './cursor.ts';
import { gemini, geminiRegistration } from './gemini.ts';
import { opencode, opencodeRegistration } from './opencode.ts';
import type { Protocol } from './protocol.ts';
import { qwen, qwenRegistration } from './qwen.ts';
import type { Registration } from './registration.ts';
import { windsurf, windsurfRegistration } from './windsurf.ts';

export type Agent = { readonly protocol: Protocol; readonly registration: Registration };

/** Every agent but Claude Code, by the name that `init --agent` and the hook's entry take. */
export const agents: ReadonlyMap<string, Agent> = new Map([
  ['codex', { protocol: codex, registration: codexRegistration }],
  ['copilot', { protocol: copilot, registration: copilotRegistration }],
  ['cursor', { protocol: cursor, registration: cursorRegistration }],
  ['gemini', { protocol: gemini, registration: geminiRegistration }],
  ['opencode', { protocol: opencode, registration: opencodeRegistration }],
  ['qwen', { protocol: qwen, registration: qwenRegistration }],
  ['windsurf', { protocol: windsurf, registration: windsurfRegistration }],
]);

/** How an agent is spoken to. Throws an Error for a name that is none. */
export function protocolOf(name: string): Protocol {
  const agent = agents.get(name);
  if (agent === undefined) throw new Error(`no agent is called \`${name}\``);
  return agent.protocol;
}
