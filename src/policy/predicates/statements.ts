import { either } from '../../model/certainty.ts';
import type { StatementKind } from '../statements/found.ts';
import { givenKinds } from '../statements/given-code.ts';
import type { Predicate } from './predicate.ts';

export const statements: Predicate<readonly StatementKind[]> = (wanted, matched, facts) => {
  const kinds = givenKinds(matched, facts);
  return wanted.map((kind) => kinds.get(kind) ?? 'no').reduce(either, 'no');
};
