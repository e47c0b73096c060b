import { basename } from 'node:path';
import type { Installation } from '../../host/installation.ts';

/** A hook entry in the form that Claude Code spawns without a shell. */
export type HookEntry = {
  readonly type: 'command';
  readonly command: string;
  readonly args: readonly string[];
  /** Seconds. */
  readonly timeout: number;
  readonly onFailure: 'block';
  readonly statusMessage: 'blastguard';
};

/** The events that the hook answers. Others are not registered. */
export const EVENTS = ['PreToolUse', 'UserPromptSubmit'] as const;
export type GuardedEvent = (typeof EVENTS)[number];

/** The entry that runs this installation. */
export function hookEntry({ launcher, hook }: Installation, platform: string): HookEntry {
  // Windows has no sh: there `onFailure` alone turns a crash into a denial.
  const [command, ...args] = platform === 'win32' ? hook : [launcher, ...hook];
  const program = { command: command ?? launcher, args };
  return { type: 'command', ...program, timeout: 10, onFailure: 'block', statusMessage: 'blastguard' };
}

/** True for an entry that `init` wrote, of this or any other installation. */
export function isOurs(hook: unknown): boolean {
  if (typeof hook !== 'object' || hook === null || !('command' in hook)) return false;
  if (typeof hook.command === 'string' && baseName(hook.command) === 'blastguard-hook') return true;
  const args = 'args' in hook && Array.isArray(hook.args) ? hook.args : [];
  const named = 'statusMessage' in hook && hook.statusMessage === 'blastguard';
  const binary = typeof hook.command === 'string' && /^blastguard\b/.test(baseName(hook.command));
  const bundled = args.some((arg) => typeof arg === 'string' && baseName(arg) === 'hook.cjs');
  return named && (bundled || (binary && args[0] === 'hook'));
}

const baseName = (path: string): string => basename(path.replaceAll('\\', '/'));

/** What goes into the event's list. UserPromptSubmit knows no matcher. */
export const groupFor = (event: GuardedEvent, entry: HookEntry) =>
  event === 'PreToolUse' ? { matcher: '*', hooks: [entry] } : { hooks: [entry] };
