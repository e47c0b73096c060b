import type { PolicyDocument } from './document.ts';
import type { Request } from './evaluate.ts';
import { selectsAction } from './evaluate.ts';
import { boundaryArn, type Naming, roleArn } from './protection.ts';

type Escape = { readonly request: Request; readonly how: string };

/** The policy that documents protect from new versions: the one to attach as the boundary. */
export function namingOf(documents: readonly PolicyDocument[]): Naming | undefined {
  const statements = documents.flatMap((document) => document.statements);
  const protecting = statements.filter(
    ({ effect, actions, resources }) =>
      effect === 'Deny' && !resources.not && selectsAction(actions, 'iam:CreatePolicyVersion'),
  );
  for (const pattern of protecting.flatMap(({ resources }) => resources.patterns)) {
    const [, partition, account, name] = /^arn:([^:]*):iam::([^:]*):policy\/(.+?)\**$/.exec(pattern) ?? [];
    if (partition !== undefined && account !== undefined && name !== undefined)
      return { name, partition: partition === '*' ? 'aws' : partition, account, roles: [] };
  }
  return undefined;
}

/** Requests by which the holder of a boundary would get out of it, each of which the boundary must refuse. */
export function escapes(named: Naming, beside: boolean): readonly Escape[] {
  const naming = { ...named, account: /^\d{12}$/.test(named.account) ? named.account : '111122223333' };
  const boundary = boundaryArn(naming);
  const other = boundaryArn({ ...naming, name: 'some-other-policy' });
  const role = roleArn(naming, 'someone-else');
  const user = role.replace(':role/', ':user/');
  const key = 'iam:PermissionsBoundary';
  const on = (
    action: string,
    resource: string,
    how: string,
    context: Record<string, string> = {},
  ): Escape => ({
    request: { action: `iam:${action}`, resource, context },
    how,
  });
  return [
    on('DeleteRolePermissionsBoundary', role, 'take the boundary off a role', { [key]: boundary }),
    on('DeleteUserPermissionsBoundary', user, 'take the boundary off a user', { [key]: boundary }),
    on('PutRolePermissionsBoundary', role, 'put another boundary on a role', { [key]: other }),
    on('PutUserPermissionsBoundary', user, 'put another boundary on a user', { [key]: other }),
    on('CreatePolicyVersion', boundary, 'write a new version of the boundary'),
    on('SetDefaultPolicyVersion', boundary, 'put an older version of the boundary in force'),
    on('DeletePolicyVersion', boundary, 'delete versions of the boundary'),
    on('DeletePolicy', boundary, 'delete the boundary'),
    on('CreateRole', role, 'create a role without the boundary'),
    on('CreateRole', role, 'create a role with another boundary', { [key]: other }),
    on('CreateUser', user, 'create a user without the boundary'),
    on('CreateUser', user, 'create a user with another boundary', { [key]: other }),
    on('AttachRolePolicy', role, 'attach a policy to a role without the boundary'),
    on('PutRolePolicy', role, 'write a policy into a role without the boundary'),
    on('AttachUserPolicy', user, 'attach a policy to a user without the boundary'),
    on('PutUserPolicy', user, 'write a policy into a user without the boundary'),
    on('UpdateAssumeRolePolicy', role, 'let itself into another role'),
    on('PassRole', role, 'pass another role to a service'),
    on('CreateAccessKey', user, "make keys of another user's"),
    on('CreateLoginProfile', user, 'give another user a password'),
    on('UpdateLoginProfile', user, "change another user's password"),
    on(
      'UpdateSAMLProvider',
      role.replace(':role/', ':saml-provider/'),
      'sign in as others, by its own identity provider',
    ),
    { request: { action: 'sts:AssumeRole', resource: role }, how: 'assume another role' },
    ...(beside
      ? [
          on('DetachRolePolicy', role, 'detach the policies beside the boundary', { [key]: boundary }),
          on('DetachUserPolicy', user, 'detach the policies beside the boundary', { [key]: boundary }),
          on('CreatePolicyVersion', `${boundary}-2`, 'write a new version of a policy beside the boundary'),
        ]
      : []),
  ];
}
