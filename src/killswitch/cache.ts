import { readFileSync } from 'node:fs';
import type { Thrown } from '../model/kill-switch.ts';

/** What is known of one source. Times in ms since 1970. */
export type Known = {
  /** When the last reading that succeeded began; 0 when none has. */
  readonly at: number;
  readonly thrown: readonly Thrown[];
  /** When the last reading that has ended began, how long it took, and why it failed, if it did. */
  readonly tried: number;
  readonly latency: number;
  readonly fault?: string;
};

export const unknown: Known = { at: 0, thrown: [], tried: 0, latency: 0 };

/** What the refresher keeps for the hooks: what is known of each source, in the order of the configuration. */
export type Cache = { readonly format: typeof FORMAT; readonly sources: readonly Known[] };

const FORMAT = 1;

/** The kept state; of a file that is missing or damaged, nothing is known. */
export function readCache(file: string, count: number): readonly Known[] {
  try {
    const { format, sources }: Partial<Cache> = JSON.parse(readFileSync(file, 'utf8'));
    if (format === FORMAT && Array.isArray(sources) && sources.length === count && sources.every(isKnown))
      return sources;
  } catch {
    // A missing file is the usual case: nobody has asked yet.
  }
  return Array.from({ length: count }, () => unknown);
}

export const encodeCache = (sources: readonly Known[]): string =>
  JSON.stringify({ format: FORMAT, sources } satisfies Cache);

const isKnown = (given: Partial<Known> | null): given is Known =>
  typeof given?.at === 'number' && typeof given.tried === 'number' && Array.isArray(given.thrown);
