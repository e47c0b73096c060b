import type { Decision } from '../model/decision.ts';

/** Whether a person may let a denied call through: not where a rule guards the guard, or is held by their organisation. */
export const mayBeUnlocked = ({ verdict, findings }: Decision): boolean =>
  verdict === 'deny' && findings.length > 0 && findings.every(({ held }) => held !== true);

/** The decision on a call that a person let through once. */
export function unlocked({ findings, excused = [] }: Decision, person: string): Decision {
  const released = findings.map(({ rule, subject, landing }) => ({
    rule,
    subject,
    by: 'allow-once' as const,
    level: 'user' as const,
    reason: `let through once by ${person}`,
    ...(landing === undefined ? {} : { landing }),
  }));
  return { verdict: 'pass', findings: [], excused: [...excused, ...released] };
}
