import { both, either } from '../../model/certainty.ts';
import { fits } from '../glob.ts';
import type { Predicate } from './predicate.ts';

export const words: Predicate<readonly string[]> = (globs, { operands }) =>
  operands
    .flatMap(({ word, doubtful }) =>
      globs.map((glob) => (doubtful ? both(fits(glob, word), 'maybe') : fits(glob, word))),
    )
    .reduce(either, 'no');
