import type { Span } from '../../model/command.ts';

/** A configuration file as HCL's native syntax has it. Every span counts UTF-16 code units of the file's text. */
export type Body = { readonly items: readonly Item[]; readonly span: Span };
export type Item = Attribute | Block;

export type Attribute = {
  readonly kind: 'attribute';
  readonly name: string;
  readonly value: Expression;
  readonly span: Span;
};

export type Block = {
  readonly kind: 'block';
  readonly type: string;
  readonly labels: readonly string[];
  /** What stands between the braces. */
  readonly body: Body;
  readonly span: Span;
};

/** An expression, as far as its value may be constant; `dynamic` is everything that depends on something else. */
export type Expression = { readonly span: Span } & (
  | { readonly kind: 'literal'; readonly value: Scalar }
  | { readonly kind: 'template'; readonly parts: readonly (string | Expression)[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'conditional';
      readonly test: Expression;
      readonly yes: Expression;
      readonly no: Expression;
    }
  | { readonly kind: 'collection' }
  | { readonly kind: 'dynamic'; readonly text: string }
);

export type Scalar = string | number | boolean | null;

export type Comment = { readonly text: string; readonly span: Span };

/** Something that is not valid, and where. */
export type Fault = { readonly message: string; readonly at: number };

/** What a file holds. After a fault reading goes on, so that one slip hides no other block. */
export type Parsed = {
  readonly body: Body;
  readonly comments: readonly Comment[];
  readonly faults: readonly Fault[];
};
