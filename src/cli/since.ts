import { UsageError } from './args.ts';

const UNITS = new Map([
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 604_800_000],
]);

/** `30m` before `now`, or a date, in ms since 1970. Throws UsageError. */
export function sinceOf(text: string | undefined, now: number): number {
  if (text === undefined) return 0;
  const [, count, unit = ''] = /^(\d{1,9})([smhdw])$/.exec(text) ?? [];
  const time = count === undefined ? Date.parse(text) : now - Number(count) * (UNITS.get(unit) ?? 0);
  if (Number.isNaN(time)) throw new UsageError(`\`${text}\` is neither a time span such as 12h nor a date`);
  return Math.max(0, time);
}
