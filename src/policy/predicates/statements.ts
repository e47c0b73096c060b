import { both, type Certainty, either } from '../../model/certainty.ts';
import type { StatementKind } from '../statements/found.ts';
import { givenKinds } from '../statements/given-code.ts';
import type { Predicate } from './predicate.ts';

/** Code that cannot be known may hold any statement. */
export const statements: Predicate<readonly StatementKind[]> = (wanted, matched, facts) => {
  const kinds = givenKinds(matched, facts);
  const any: Certainty = kinds.has('any') ? 'maybe' : 'no';
  return wanted.map((kind) => kinds.get(kind) ?? 'no').reduce(either, both(any, 'maybe'));
};
