import { both, type Certainty, either } from '../../model/certainty.ts';
import type { Facts } from '../../model/facts.ts';
import { placesOf } from '../paths.ts';
import type { Place } from './places.ts';
import type { Matched, Predicate } from './predicate.ts';

export const someTarget: Predicate<readonly Place[]> = (wanted, matched, facts) =>
  answers(wanted, matched, facts).reduce(either, 'no');

export const everyTarget: Predicate<readonly Place[]> = (wanted, matched, facts) => {
  const all = answers(wanted, matched, facts);
  return all.length === 0 ? 'no' : all.reduce(both, 'yes');
};

/** For each operand, whether it lies in one of the places. */
function answers(wanted: readonly Place[], { operands, command }: Matched, facts: Facts): Certainty[] {
  return operands.map(({ word }) => {
    const possible = placesOf(word, command.cwd, facts);
    if (possible === undefined) return 'maybe';
    const hits = possible.filter((places) => wanted.some((place) => places.has(place))).length;
    if (hits === 0) return 'no';
    return hits === possible.length ? 'yes' : 'maybe';
  });
}
