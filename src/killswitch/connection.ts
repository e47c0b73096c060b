import type { Scope, Thrown } from '../model/kill-switch.ts';

/** How a source is spoken to. Each promise is rejected with what a person can act on. */
export type Connection = {
  /** The switches that are thrown for one of the scopes; those whose end has come may be among them. */
  read(scopes: readonly Scope[]): Promise<readonly Thrown[]>;
  /** Throws a switch, in place of one that is there. */
  put(thrown: Thrown): Promise<void>;
  remove(scope: Scope): Promise<void>;
  close(): void;
};

/** A scope as the end of a path: `team:payments` lies at `team/payments`. */
export const pathOf = (scope: Scope): string => scope.replace(':', '/');
