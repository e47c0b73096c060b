import { either } from '../../model/certainty.ts';
import { programNames } from '../../model/program.ts';
import { known } from '../../model/word.ts';
import { fits } from '../glob.ts';
import type { Predicate } from './predicate.ts';

/** Whether the name that the command has fits one of the globs, in any case of letters. */
export const program: Predicate<readonly string[]> = (globs, { command }) => {
  const [word] = command.words;
  const names = word === undefined ? undefined : programNames(word);
  if (names === undefined) return 'maybe';
  return globs
    .flatMap((glob) => names.map((name) => fits(glob.toLowerCase(), known(name))))
    .reduce(either, 'no');
};
