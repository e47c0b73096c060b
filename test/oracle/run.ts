import { compare, emptyTally, type Miss } from './compare.ts';
import { makeMutation } from './mutations.ts';
import { makeSandbox } from './sandbox.ts';
import { makeScript } from './scripts.ts';
import { shrink } from './shrink.ts';

type Options = {
  readonly count: number;
  readonly seed: number;
  /** Scripts made from a grammar, or lines of the corpus with something changed in them. */
  readonly kind: 'generated' | 'mutated';
  /** How many misses are shrunk, which takes time. */
  readonly shrunk: number;
  readonly print: (line: string) => void;
};

/** Runs scripts made from consecutive seeds; prints the tally and each miss. Returns how many misses there were. */
export function runOracle({ count, seed, kind, shrunk, print }: Options): number {
  const sandbox = makeSandbox();
  const make = kind === 'generated' ? makeScript : makeMutation;
  let printed = 0;
  const tally = emptyTally();
  try {
    // A changed line may write or start anything: it runs only where that harms nothing.
    if (kind === 'mutated' && !sandbox.sealed)
      throw new Error(
        'lines of the corpus are run with bubblewrap only: install bwrap (apt-get install bubblewrap)',
      );
    for (let done = 0; done < count; done += 200) {
      const scripts = Array.from({ length: Math.min(200, count - done) }, (_, i) => make(seed + done + i));
      compare(scripts, sandbox, tally);
      for (; printed < Math.min(tally.misses.length, shrunk); printed++) {
        const miss = tally.misses[printed];
        if (miss) print(describeMiss(shrink(miss, sandbox)));
      }
    }
    const { scripts, complete, argvs, exact, misses } = tally;
    print(
      `oracle: seed ${seed}, ${scripts} ${kind} scripts, ${complete} read to the end, ${argvs} programs run, ${exact} of them known word by word, ${misses.length} scripts with a miss`,
    );
    return misses.length;
  } finally {
    sandbox.remove();
  }
}

export const describeMiss = ({ script, ran, read }: Miss): string =>
  `--- bash ran ${JSON.stringify(ran)} of\n${script}\n--- read\n  ${read.join('\n  ')}`;
