import { mkdirSync, readdirSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { InspectedPlan } from '../model/facts.ts';
import { readBytes } from './facts.ts';
import { type Environment, stateDir } from './places.ts';
import { writeWhole } from './write-whole.ts';

/** What `blastguard terraform plan` found in a plan file. */
export type PlanRecord = {
  /** When it was inspected, in ms since 1970. */
  readonly time: number;
  readonly file: string;
  readonly verdict: 'safe' | 'destructive' | 'incomplete';
  /** Addresses of what holds data and would go. */
  readonly losses: readonly string[];
};

const LARGEST_PLAN = 512 * 1024 * 1024;
const KEPT_FOR = 7 * 24 * 60 * 60 * 1000;

const recordFile = (state: string, digest: string): string => join(state, 'plans', `${digest}.json`);

/** SHA-256 of a plan file's content, in hexadecimal. Throws when it cannot be read. */
export function planDigest(file: string): string {
  const bytes = readBytes(file, LARGEST_PLAN + 1);
  if (bytes.length > LARGEST_PLAN) throw new Error('larger than 512 MiB');
  // Loaded here, because few calls come this far and it takes as long as all the rest.
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(bytes).digest('hex');
}

/** Remembers what was found in the plan with this content. Throws when it cannot be written. */
export function recordPlan(digest: string, record: PlanRecord, env: Environment): void {
  const state = stateDir(env);
  const dir = join(state, 'plans');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(dir)) {
    const file = join(dir, name);
    if ((statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) < record.time - KEPT_FOR) unlinkSync(file);
  }
  // Who looks again with less strict eyes does not make a plan harmless.
  const before = readRecord(state, digest);
  const kept = before?.verdict === 'destructive' ? { ...before, time: record.time } : record;
  writeWhole(recordFile(state, digest), `${JSON.stringify(kept)}\n`);
}

function readRecord(state: string, digest: string): PlanRecord | undefined {
  try {
    return JSON.parse(readBytes(recordFile(state, digest), 1 << 20).toString());
  } catch {
    return undefined;
  }
}

/** What an inspection said of a plan file's present content; undefined when there was none, or it cannot be read. */
export function inspectedPlan(file: string, env: Environment, now: number): InspectedPlan | undefined {
  try {
    if (!statSync(file).isFile()) return undefined;
    const record = readRecord(stateDir(env), planDigest(file));
    if (typeof record?.time !== 'number' || record.time > now) return undefined;
    return { age: now - record.time, verdict: record.verdict };
  } catch {
    return undefined;
  }
}
