import type { Certainty } from '../../model/certainty.ts';
import type { Facts } from '../../model/facts.ts';
import type { Condition } from '../../model/rule.ts';
import type { Matched, Predicate } from './predicate.ts';
import { predicates } from './registry.ts';

/** Whether a condition of a rule holds for a command that fits one of the rule's patterns. */
export function holds(condition: Condition, matched: Matched, facts: Facts): Certainty {
  if (!Object.hasOwn(predicates, condition.name))
    throw new Error(`the policy names an unknown condition \`${condition.name}\``);
  const predicate = predicates[condition.name as keyof typeof predicates] as Predicate<unknown>;
  return predicate(condition.value, matched, facts);
}
