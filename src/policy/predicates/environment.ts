import { both } from '../../model/certainty.ts';
import { known } from '../../model/word.ts';
import { fits } from '../glob.ts';
import type { Predicate } from './predicate.ts';

export const environment: Predicate<Readonly<Record<string, string>>> = (expected, { command }, facts) =>
  Object.entries(expected)
    .map(([name, glob]) => {
      const inherited = facts.environment[name];
      const value = command.environment.get(name) ?? (inherited === undefined ? undefined : known(inherited));
      return value === undefined ? 'no' : fits(glob, value);
    })
    .reduce(both, 'yes');
