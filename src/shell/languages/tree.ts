/**
 * Code of any language as far as it matters what it runs: names, calls, literals, assignments, order. Each language
 * has a reader that makes this tree; one evaluator walks it.
 */
export type Expr =
  | { readonly type: 'text'; readonly text: string }
  /** A local or global name; unbound, it names itself (`os`, `system`). */
  | { readonly type: 'name'; readonly name: string }
  /** A module: the same thing however it was imported. */
  | { readonly type: 'module'; readonly path: string }
  | { readonly type: 'member'; readonly of: Expr; readonly name: string }
  | { readonly type: 'index'; readonly of: Expr; readonly at: Expr }
  | { readonly type: 'call'; readonly callee: Expr; readonly args: readonly Argument[] }
  /** Texts joined: `+`, `.`, a template. */
  | { readonly type: 'join'; readonly parts: readonly Expr[] }
  /** Python's `/`, which joins paths. */
  | { readonly type: 'slash'; readonly left: Expr; readonly right: Expr }
  | { readonly type: 'list'; readonly items: readonly Argument[] }
  | {
      readonly type: 'dict';
      readonly entries: readonly (readonly [Expr, Expr])[];
      readonly rest: readonly Expr[];
    }
  /** One of them: `a or b`, `c ? a : b`. */
  | { readonly type: 'choice'; readonly options: readonly Expr[] }
  | {
      readonly type: 'function';
      readonly name?: string;
      readonly params: readonly Param[];
      readonly body: Expr;
    }
  | {
      readonly type: 'assign';
      readonly target: Expr;
      readonly value: Expr;
      readonly append?: true;
      readonly declares?: true;
    }
  | { readonly type: 'each'; readonly target: Expr | undefined; readonly of: Expr; readonly body: Expr }
  | { readonly type: 'return'; readonly value: Expr }
  /** Any one of the bodies, or none. */
  | { readonly type: 'branch'; readonly bodies: readonly Expr[] }
  /** One after the other; the value is that of the last. */
  | { readonly type: 'block'; readonly items: readonly Expr[] }
  /** Shell text between backquotes and the like. */
  | { readonly type: 'shell'; readonly text: Expr };

export type Argument = { readonly value: Expr; readonly name?: string; readonly spread?: true };
export type Param = { readonly target: Expr; readonly fallback?: Expr; readonly rest?: true };

/** What a reader makes of code; `valid` is false where the grammar had to guess. */
export type Program = { readonly tree: Expr; readonly valid: boolean };

/** Thrown by a reader where code is nested deeper than any that people write. */
export class TooDeep extends Error {}

/** Stands in code for a part of it that the shell does not know: a hole in a string, or a name of which nothing is known. */
export const HOLE = '\uE000';

export const text = (value: string): Expr => ({ type: 'text', text: value });
export const name = (value: string): Expr => ({ type: 'name', name: value });
export const block = (items: readonly Expr[]): Expr => {
  const [only] = items;
  return items.length === 1 && only ? only : { type: 'block', items };
};
export const nothing: Expr = { type: 'block', items: [] };
export const call = (callee: Expr, values: readonly Expr[]): Expr => ({
  type: 'call',
  callee,
  args: values.map((value) => ({ value })),
});
export const member = (of: Expr, path: string): Expr =>
  path.split('.').reduce((object, part) => ({ type: 'member', of: object, name: part }) as const, of);
