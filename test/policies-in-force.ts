import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Examination, examine } from '../src/engine/decide.ts';
import type { Call } from '../src/model/call.ts';
import { compilePolicy, type Policy } from '../src/policy/compile.ts';
import { type LoadedPack, loadPack } from '../src/policy/load.ts';
import { encodePolicy, openPolicy, type PolicyStore } from '../src/policy/store.ts';
import { readPlain } from '../src/shell/plain.ts';
import { readCommands } from '../src/shell/read.ts';
import { pretend, type World } from './shell/pretend.ts';
import { readers } from './shell/readers.ts';

export const policyFolder = resolve(import.meta.dirname, '../policies');

/** Every built-in pack, from its source. */
export const builtInPacks: readonly LoadedPack[] = readdirSync(policyFolder)
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .map((name) => loadPack(`policies/${name}`, readFileSync(join(policyFolder, name), 'utf8')));

/** A policy compiled from packs, opened from memory as the hook opens its file. */
export const policyOf = (packs: readonly LoadedPack[]): PolicyStore => openedPolicy(compilePolicy(packs));

export function openedPolicy(policy: Policy): PolicyStore {
  const text = encodePolicy(policy, 'test');
  const bytes = Buffer.from(text);
  return openPolicy(text.slice(0, text.indexOf('\n')), bytes.length, (offset, length) =>
    bytes.toString('utf8', offset, offset + length),
  );
}

export const callOf = (command: string, tool = 'Bash', permissionMode = 'auto'): Call => ({
  event: 'PreToolUse',
  tool,
  input: { command },
  cwd: '/home/dev/project',
  permissionMode,
  sessionId: 'test',
});

/** Judges a call as the hook would, in a world that exists nowhere. */
export function judge(call: Call, policy: PolicyStore, world: World = {}): Examination {
  const facts = pretend({ cwd: call.cwd, ...world });
  return examine(call, {
    policy,
    facts,
    read: ({ text, language }) =>
      readPlain(text, facts) ?? readCommands(text, language, facts, () => {}, readers),
    onUncertain: 'ask',
    checkTime: () => {},
  });
}
