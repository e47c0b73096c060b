import { compare, emptyTally, type Miss } from './compare.ts';
import type { Sandbox } from './sandbox.ts';

/** The shortest script that can be found, by leaving parts out, of which something is still missed. */
export function shrink(miss: Miss, sandbox: Sandbox): Miss {
  let best = miss;
  for (const splitter of [/(?<=\n)/, /(?<=[;\n|&]+ *)/, /(?<= )/, /(?:)/u]) {
    for (let improved = true; improved; ) {
      const parts = best.script.split(splitter);
      if (parts.length > 90) break;
      const sizes = [...new Set([Math.ceil(parts.length / 2), Math.ceil(parts.length / 4), 2, 1])];
      const candidates = sizes.flatMap((size) =>
        Array.from({ length: Math.ceil(parts.length / size) }, (_, i) =>
          [...parts.slice(0, i * size), ...parts.slice((i + 1) * size)].join(''),
        ),
      );
      const tally = emptyTally();
      compare(candidates, sandbox, tally, 'none');
      const shortest = tally.misses.sort((a, b) => a.script.length - b.script.length)[0];
      improved = shortest !== undefined && shortest.script.length < best.script.length;
      if (improved && shortest) best = shortest;
    }
  }
  return best;
}
