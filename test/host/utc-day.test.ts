import fc from 'fast-check';
import { expect, test } from 'vitest';
import { utcDay } from '../../src/host/utc-day.ts';

const firstDay = Date.UTC(0, 0, 1) - 1900 * 365.2425 * 86_400_000;
const lastDay = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

test('the day of a time is what a Date says it is', () => {
  fc.assert(
    fc.property(fc.integer({ min: Math.ceil(firstDay / 1e9) * 1e9, max: lastDay }), (time) => {
      expect(utcDay(time)).toBe(new Date(time).toISOString().slice(0, 10));
    }),
    { numRuns: 20_000 },
  );
});

test.each(['2000-02-29', '2024-02-29', '2100-02-28', '2100-03-01', '1970-01-01', '1969-12-31', '2026-11-20'])(
  '%s begins and ends where it should',
  (day) => {
    const start = Date.parse(day);
    expect(utcDay(start)).toBe(day);
    expect(utcDay(start + 86_399_999)).toBe(day);
    expect(utcDay(start - 1)).not.toBe(day);
  },
);
