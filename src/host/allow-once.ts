import { mkdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Call } from '../model/call.ts';
import { UNLOCK_LASTS, type Unlock } from '../model/unlock.ts';
import { asText, readContent } from './config-files.ts';
import { sha256 } from './sha256.ts';
import { writeWhole } from './write-whole.ts';

/** How much of a call's digest a person types. */
export const callCode = (digest: string): string => digest.slice(0, 8);

const unlockDir = (stateDir: string): string => join(stateDir, 'allow-once');
const unlockFile = (stateDir: string, call: string): string => join(unlockDir(stateDir), `${call}.json`);

/**
 * What tells a call from every other: its tool, its whole input and where it is made, whatever the session. What a
 * shell command is described as changes nothing that it does. Undefined for a call that is too long to be shown whole:
 * nobody could see what they let through.
 */
export function callDigest({ tool, input, cwd }: Call): string | undefined {
  const { description: _, ...rest } = input;
  const does = ['Bash', 'PowerShell', 'Monitor'].includes(tool) ? rest : input;
  if (typeof does.command === 'string' && does.command.length > LONGEST_SHOWN) return undefined;
  const text = JSON.stringify([tool, sorted(does), cwd]);
  const told = [does.command, does.file_path, does.notebook_path].some((part) => typeof part === 'string');
  return text.length > (told ? LONGEST_CALL : LONGEST_SHOWN) ? undefined : sha256(text);
}

const LONGEST_SHOWN = 8000;
const LONGEST_CALL = 32 * 1024;

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => [key, sorted(item)]);
}

export function giveUnlock(stateDir: string, unlock: Unlock): void {
  mkdirSync(unlockDir(stateDir), { recursive: true, mode: 0o700 });
  writeWhole(unlockFile(stateDir, unlock.call), JSON.stringify(unlock));
}

/** Uses up the unlock of a call, if there is one that is still good at `now`. Of two that try, one gets it. */
export function takeUnlock(stateDir: string, call: string, now: number): Unlock | undefined {
  const file = unlockFile(stateDir, call);
  const found = asText(readContent(file));
  if ('fault' in found) return undefined;
  try {
    // INVARIANT: removed before it is used. The file system lets one process alone remove it.
    unlinkSync(file);
  } catch {
    return undefined;
  }
  const unlock = parseUnlock(found.text);
  return unlock?.call === call && unlock.until > now && unlock.until <= now + UNLOCK_LASTS
    ? unlock
    : undefined;
}

function parseUnlock(text: string): Unlock | undefined {
  try {
    const { call, by, until }: { [key: string]: unknown } = JSON.parse(text);
    if (typeof call !== 'string' || typeof by !== 'string' || typeof until !== 'number') return undefined;
    return { call, by, until };
  } catch {
    return undefined;
  }
}
