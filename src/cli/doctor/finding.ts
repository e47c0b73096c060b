import type { HookFile } from '../settings/found.ts';
import type { Terminal } from '../terminal.ts';

/** What a check found. `fail`: the guard does not do its work. `warn`: it does, and something about it should change. */
export type Finding = {
  readonly state: 'ok' | 'warn' | 'fail';
  readonly says: string;
  /** What a person does about it, a command where there is one. */
  readonly mend?: string;
};

/** What the checks look at. */
export type Patient = {
  readonly terminal: Terminal;
  readonly project: string;
  /** The directory of the state, or why there is none. */
  readonly state: { readonly dir: string } | { readonly fault: string };
  readonly files: readonly HookFile[];
  /** The time of the machine, in ms. */
  readonly now: number;
};

/** A group of checks, one file each. An error that it throws becomes a finding. */
export type CheckGroup = {
  readonly name: string;
  run(patient: Patient): readonly Finding[] | Promise<readonly Finding[]>;
};

export const ok = (says: string): Finding => ({ state: 'ok', says });
export const warn = (says: string, mend: string): Finding => ({ state: 'warn', says, mend });
export const fail = (says: string, mend: string): Finding => ({ state: 'fail', says, mend });
