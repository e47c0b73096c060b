import { either } from '../../model/certainty.ts';
import { fits } from '../glob.ts';
import type { Predicate } from './predicate.ts';

export const words: Predicate<readonly string[]> = (globs, { operands }) =>
  operands.flatMap(({ word }) => globs.map((glob) => fits(glob, word))).reduce(either, 'no');
