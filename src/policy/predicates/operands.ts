import type { Predicate } from './predicate.ts';

type Bounds = { readonly 'at-least'?: number; readonly 'at-most'?: number };

export const operands: Predicate<Bounds> = (bounds, matched) => {
  const certain = matched.operands.filter(
    ({ word, doubtful }) => !doubtful && !(word.kind === 'unknown' && word.many),
  );
  const least = certain.length;
  const most = matched.operands.some(({ word }) => word.kind === 'unknown' && word.many)
    ? Number.POSITIVE_INFINITY
    : matched.operands.length;
  const low = bounds['at-least'] ?? 0;
  const high = bounds['at-most'] ?? Number.POSITIVE_INFINITY;
  if (most < low || least > high) return 'no';
  return least >= low && most <= high ? 'yes' : 'maybe';
};
