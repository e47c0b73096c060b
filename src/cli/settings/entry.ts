import { basename } from 'node:path';
import type { Installation } from '../../host/installation.ts';

/** A hook entry in the form that Claude Code spawns without a shell. */
export type HookEntry = {
  readonly type: 'command';
  readonly command: string;
  readonly args: readonly string[];
  /** Seconds. */
  readonly timeout: number;
  /** Where something is decided. */
  readonly onFailure?: 'block';
  /** Where nothing is: the session does not wait for it. */
  readonly async?: true;
  readonly statusMessage: 'blastguard';
};

/** The events that the hook answers, and those that it only records. */
const ANSWERED = ['PreToolUse', 'UserPromptSubmit'] as const;
const RECORDED = [
  'PostToolUse',
  'PostToolUseFailure',
  'PermissionDenied',
  'SessionStart',
  'SessionEnd',
  'ConfigChange',
] as const;
export const EVENTS = [...ANSWERED, ...RECORDED] as const;
export type GuardedEvent = (typeof EVENTS)[number];

/** The entry for one event. A client that ends does not wait for what runs beside it, so SessionEnd is waited for. */
export function entryFor(event: GuardedEvent, entry: HookEntry): HookEntry {
  if (ANSWERED.some((name) => name === event)) return entry;
  const { onFailure: _, ...rest } = entry;
  return event === 'SessionEnd' ? rest : { ...rest, async: true };
}

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
  event === 'PreToolUse' ? { matcher: '*', hooks: [entry] } : { hooks: [entryFor(event, entry)] };
