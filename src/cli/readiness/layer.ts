import type { Terminal } from '../terminal.ts';

/** One of the things that stand around an agent, and what was found of it. */
export type Layer = { readonly name: string; readonly title: string; readonly findings: readonly Finding[] };

/** `missing` is required, `advised` is not; `idle` has nothing to protect here. */
export type Finding = {
  readonly state: 'stands' | 'missing' | 'advised' | 'idle';
  readonly text: string;
  /** The command that mends it. */
  readonly mend?: string;
};

export type Place = {
  readonly project: string;
  readonly terminal: Terminal;
  /** Ask AWS too. */
  readonly live: boolean;
};

/** Looks at one layer. A fault in it is a finding, not an error. */
export type Checker = {
  readonly name: string;
  readonly title: string;
  check(place: Place): readonly Finding[] | Promise<readonly Finding[]>;
};

export const stands = (text: string): Finding => ({ state: 'stands', text });
export const missing = (text: string, mend: string): Finding => ({ state: 'missing', text, mend });
export const advised = (text: string, mend: string): Finding => ({ state: 'advised', text, mend });
export const idle = (text: string): Finding => ({ state: 'idle', text });
