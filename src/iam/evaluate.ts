import { fitsText } from '../policy/glob.ts';
import { fitsAction } from './action-pattern.ts';
import { type Context, holds, replaceVariables } from './conditions.ts';
import type { PolicyDocument, Selection, Statement } from './document.ts';

export type Request = { readonly action: string; readonly resource: string; readonly context?: Context };

/** The policies that bear on one request. */
export type Policies = {
  /** Attached to the user or role itself. */
  readonly identity: readonly PolicyDocument[];
  readonly boundary?: PolicyDocument;
  /** Service control policies of each level, from the root down to the account. */
  readonly controls?: readonly (readonly PolicyDocument[])[];
  readonly session?: readonly PolicyDocument[];
};

export type Evaluation = {
  readonly verdict: 'allowed' | 'denied' | 'not allowed';
  /** The statement that denies. */
  readonly by?: Statement;
};

/**
 * What AWS would say to a request of an identity within its own account: a Deny anywhere denies; otherwise the service
 * control policies of every level, the boundary, the session policy and a policy of the identity must each allow it.
 * Policies of resources are left out: a boundary is there for what they cannot know.
 */
export function evaluate(request: Request, policies: Policies): Evaluation {
  const { identity, boundary, controls = [], session } = policies;
  const layers = [...controls, ...(boundary ? [[boundary]] : []), ...(session ? [session] : []), identity];
  const applying = layers.map((documents) =>
    documents.flatMap(({ statements }) => statements).filter((statement) => applies(statement, request)),
  );
  const by = applying.flat().find(({ effect }) => effect === 'Deny');
  if (by !== undefined) return { verdict: 'denied', by };
  const allowed = applying.every((statements) => statements.some(({ effect }) => effect === 'Allow'));
  return { verdict: allowed ? 'allowed' : 'not allowed' };
}

function applies(statement: Statement, { action, resource, context = {} }: Request): boolean {
  if (!selectsAction(statement.actions, action)) return false;
  if (!selects(statement.resources, (pattern) => fitsResource(pattern, resource, context))) return false;
  return statement.conditions.every((condition) => holds(condition, context));
}

function fitsResource(pattern: string, resource: string, context: Context): boolean {
  const replaced = replaceVariables(pattern, context);
  return replaced !== undefined && fitsText(replaced, resource);
}

/** A wildcard for the service fits nothing: AWS stores no policy that has one. */
export const selectsAction = (selection: Selection, action: string): boolean =>
  selects(selection, (pattern) => !/^[^:]*[*?][^:]*:/.test(pattern) && fitsAction(pattern, action));

const selects = ({ not, patterns }: Selection, fits: (pattern: string) => boolean): boolean =>
  patterns.some(fits) !== not;
