import type { Boundary } from '../boundary.ts';
import type { PolicyJson } from '../document.ts';
import type { Naming } from '../protection.ts';

/** Who is to bear the boundary, and how they come by their permissions. */
export type Holder = {
  readonly kind: 'role' | 'user';
  /** `claude-code`. */
  readonly name: string;
  /** ARNs of who may assume the role; empty for everybody in the account whom IAM lets. */
  readonly trusted: readonly string[];
  /** The managed policy that says what the holder may do within the boundary. */
  readonly permissions: string;
};

/** All that a format needs to write out. */
export type Plan = {
  readonly boundary: Boundary;
  readonly naming: Naming;
  readonly holder: Holder;
};

export type NamedPolicy = { readonly name: string; readonly document: PolicyJson };

/** The documents with the names of the managed policies they become: the boundary, then those beside it. */
export const namedPolicies = ({ boundary, naming }: Plan): readonly NamedPolicy[] =>
  boundary.documents.map((document, index) => ({
    name: index === 0 ? naming.name : `${naming.name}-${index + 1}`,
    document,
  }));

/** Who may assume the role; a `root` principal is the whole account, to which IAM then applies. */
export const trustPolicy = (principals: unknown) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: principals }, Action: 'sts:AssumeRole' }],
});

export const description =
  'What an agent must never do, whatever it is allowed. Made by blastguard iam boundary.';

/** `blastguard-boundary` as `blastguard_boundary`. */
export const snake = (name: string): string => name.replaceAll(/[^A-Za-z0-9]+/g, '_');

/** `blastguard-boundary` as `BlastguardBoundary`. */
export const pascal = (name: string): string =>
  name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
