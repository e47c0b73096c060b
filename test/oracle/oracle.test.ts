import { expect, test } from 'vitest';
import { compare, emptyTally } from './compare.ts';
import { makeSandbox } from './sandbox.ts';
import { shrink } from './shrink.ts';
import { makeScript } from './scripts.ts';
const from = Number(process.env.VITEST_FROM ?? 1), count = Number(process.env.VITEST_COUNT ?? 500);
test('x', () => {
  const s = makeSandbox(); const t = emptyTally();
  const t0 = Date.now();
  for (let i = from; i < from + count; i += 100) compare(Array.from({ length: Math.min(100, from+count-i) }, (_, k) => makeScript(i + k)), s, t);
  console.log({ ...t, misses: t.misses.length, ms: Date.now() - t0 });
  for (const m of t.misses.slice(0, Number(process.env.VITEST_SHOW ?? 12)).map((m) => shrink(m, s))) console.log('-----\n' + m.script + '\n>>> ran ' + JSON.stringify(m.ran) + '\n>>> read\n  ' + m.read.join('\n  '));
  s.remove();
  expect(1).toBe(1);
}, 600000);
