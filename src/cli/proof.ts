import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../host/places.ts';
import { codeOf } from '../host/wait.ts';
import type { HookEntry } from './settings/entry.ts';

/** How long the registered hook took, in ms, for a call it stops and for one it lets through. */
export type Proof = { readonly deny: number; readonly pass: number };

/**
 * Runs the entry as Claude Code would and sees that it stops `terraform destroy` and is silent about `ls`. In a
 * directory of its own: no switch, no log and no project of the person takes part. Throws an Error that says what failed.
 */
export function prove(entry: HookEntry, env: Environment): Proof {
  const dir = mkdtempSync(join(tmpdir(), 'blastguard-'));
  try {
    const destroy = call(entry, 'terraform destroy', dir, env);
    if (destroy.answer === '') throw new Error('the hook let `terraform destroy` pass');
    if (!isDeny(destroy.answer))
      throw new Error(`the hook's answer to \`terraform destroy\` is no denial: ${destroy.answer}`);
    const list = call(entry, 'ls', dir, env);
    if (list.answer !== '') throw new Error(`the hook is not silent about \`ls\`: ${list.answer}`);
    return { deny: destroy.ms, pass: list.ms };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function call(
  entry: HookEntry,
  command: string,
  dir: string,
  env: Environment,
): { answer: string; ms: number } {
  const payload = {
    session_id: 'blastguard-init',
    transcript_path: join(dir, 'transcript.jsonl'),
    cwd: dir,
    permission_mode: 'default',
    hook_event_name: 'PreToolUse',
    tool_name: 'Bash',
    tool_input: { command },
    tool_use_id: 'blastguard-init',
  };
  const started = performance.now();
  const run = spawnSync(entry.command, [...entry.args], {
    cwd: dir,
    env: environmentIn(dir, env),
    input: `${JSON.stringify(payload)}\n`,
    encoding: 'utf8',
    timeout: entry.timeout * 1000,
  });
  const ms = performance.now() - started;
  // A program that ends without reading is judged by its answer.
  if (run.error !== undefined && codeOf(run.error) !== 'EPIPE')
    throw new Error(`the hook cannot be run: ${run.error.message}`);
  if (run.status !== 0)
    throw new Error(`the hook failed with status ${run.status ?? run.signal}: ${run.stderr.trim()}`);
  return { answer: run.stdout.trim(), ms };
}

/** An environment in which a hook finds nothing but a directory of its own. */
export const environmentIn = (dir: string, env: Environment): Record<string, string | undefined> => ({
  ...env,
  HOME: dir,
  USERPROFILE: dir,
  CLAUDE_PROJECT_DIR: dir,
  BLASTGUARD_STATE_DIR: join(dir, 'state'),
});

function isDeny(answer: string): boolean {
  try {
    return JSON.parse(answer).hookSpecificOutput.permissionDecision === 'deny';
  } catch {
    return false;
  }
}
