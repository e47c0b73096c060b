import { either } from '../../model/certainty.ts';
import { known } from '../../model/word.ts';
import { fits } from '../glob.ts';
import type { Predicate } from './predicate.ts';

/** Variables that the line itself sets, whatever to; what is inherited was set by somebody else. */
export const sets: Predicate<readonly string[]> = (globs, { command }) =>
  [...command.environment.keys()]
    .flatMap((name) => globs.map((glob) => fits(glob, known(name))))
    .reduce(either, 'no');
