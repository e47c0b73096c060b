import type { StatementJson } from './document.ts';

/** Names and places that the policies speak of. */
export type Naming = {
  /** The name of the boundary; what goes with it is named `NAME-2` and so on. */
  readonly name: string;
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
  /** Twelve digits, or `*`. */
  readonly account: string;
  /** Names of roles, with wildcards, that the holder may pass to services and assume. */
  readonly roles: readonly string[];
};

export const boundaryArn = ({ partition, account, name }: Naming): string =>
  `arn:${partition}:iam::${account}:policy/${name}`;

export const roleArn = ({ partition, account }: Naming, name: string): string =>
  `arn:${partition}:iam::${account}:role/${name}`;

/**
 * What the holder must not do at all, or could shed the boundary: take it or a policy beside it off, change what they
 * say, get the keys of another principal or let itself in there.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export const heldBack: readonly string[] = [
  'iam:DeleteRolePermissionsBoundary',
  'iam:DeleteUserPermissionsBoundary',
  'iam:DeletePolicy',
  'iam:DeletePolicyVersion',
  'iam:DetachRolePolicy',
  'iam:DetachUserPolicy',
  'iam:DetachGroupPolicy',
  'iam:CreateAccessKey',
  'iam:CreateLoginProfile',
  'iam:UpdateLoginProfile',
  'iam:UpdateAssumeRolePolicy',
  'iam:UpdateSAMLProvider',
  'iam:AddUserToGroup',
  'iam:AttachGroupPolicy',
  'iam:PutGroupPolicy',
];

/**
 * Actions on a principal that are left to those who bear the same boundary: creating it, its policies, its boundary.
 * IAM gives each of them the condition key.
 */
const onPrincipals = [
  'iam:CreateRole',
  'iam:CreateUser',
  'iam:PutRole*',
  'iam:PutUser*',
  'iam:AttachRole*',
  'iam:AttachUser*',
];

/** What keeps a boundary in place, beside the actions that it denies outright. */
export function selfProtection(naming: Naming): readonly StatementJson[] {
  const boundary = boundaryArn(naming);
  return [
    {
      Sid: 'Policy',
      Effect: 'Deny',
      Action: ['iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion'],
      Resource: `${boundary}*`,
    },
    {
      Sid: 'Principals',
      Effect: 'Deny',
      Action: onPrincipals,
      Resource: '*',
      Condition: { StringNotLike: { 'iam:PermissionsBoundary': boundary } },
    },
    {
      Sid: 'Roles',
      Effect: 'Deny',
      Action: ['iam:PassRole', 'sts:AssumeRole'],
      NotResource: naming.roles.map((name) => roleArn(naming, name)),
    },
  ];
}
