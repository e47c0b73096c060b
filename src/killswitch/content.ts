import type { Scope, Thrown } from '../model/kill-switch.ts';

type Content = Omit<Thrown, 'scope'>;

/**
 * What `blastguard stop` wrote, or a person's own words: `redis-cli SET … "bad deploy"` is a switch too. Whatever it
 * holds, it is thrown.
 */
export function readContent(text: string): Partial<Content> {
  const plain = text.trim();
  if (!plain.startsWith('{')) return { reason: plain };
  try {
    return fieldsOf(JSON.parse(plain));
  } catch {
    return { reason: plain };
  }
}

/** The fields of a switch that are texts; what else there is does not count. */
export function fieldsOf(given: { readonly [key: string]: unknown }): Partial<Content> {
  const { reason, by, at, until } = given;
  return { ...textAt('reason', reason), ...textAt('by', by), ...textAt('at', at), ...textAt('until', until) };
}

const textAt = (key: keyof Content, value: unknown): Partial<Content> =>
  typeof value === 'string' ? { [key]: value.trim().slice(0, LONGEST) } : {};

const LONGEST = 2000;

export const thrownFor = (scope: Scope, { reason, ...content }: Partial<Content>): Thrown => ({
  scope,
  ...content,
  reason: reason ? reason.slice(0, LONGEST) : 'no reason given',
});

/** False once its end has come. An end that cannot be read never comes. `now` in ms since 1970. */
export const isActive = ({ until }: Pick<Thrown, 'until'>, now: number): boolean =>
  until === undefined || !(Date.parse(until) <= now);

/** A thrown switch as it is written to a source. */
export const written = ({ scope: _, ...content }: Thrown): string => `${JSON.stringify(content, null, 2)}\n`;
