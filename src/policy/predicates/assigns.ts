import { fitsText } from '../glob.ts';
import type { Predicate } from './predicate.ts';

/** Answers for what the line itself sets; what the environment had before does not count. */
export const assigns: Predicate<readonly string[]> = (wanted, { command }) =>
  [...command.environment.keys()].some((name) => wanted.some((glob) => fitsText(glob, name))) ? 'yes' : 'no';
