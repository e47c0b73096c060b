import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  IAMClient,
  paginateListAttachedRolePolicies,
  paginateListAttachedUserPolicies,
  paginateListRolePolicies,
  paginateListUserPolicies,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

// What the SDK will need next year concerns us, not who runs this, and standard error is for them.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** What AWS says of the identity whose credentials are in use: a bundle of its own, for it brings the AWS SDK. */

export type Identity = {
  /** The ARN of the user or role itself, not of a session. */
  readonly arn: string;
  readonly kind: 'role' | 'user';
  readonly name: string;
  readonly boundary?: NamedDocument;
  /** Policies of the account that are attached to it, and those written into it. Not those that AWS owns. */
  readonly policies: readonly NamedDocument[];
};

export type NamedDocument = { readonly name: string; readonly text: string };

/** What AWS decides for an action, of which the boundary is one part. */
export type Decision = {
  readonly action: string;
  readonly decision: 'allowed' | 'explicitDeny' | 'implicitDeny';
  /** Undefined where AWS does not say. */
  readonly boundaryAllows?: boolean;
};

/**
 * The user or role with this ARN, or the one that the credentials belong to, with its boundary and policies. Throws
 * what the SDK throws, or an Error for what can bear no boundary.
 */
export async function readIdentity(arn: string | undefined): Promise<Identity> {
  const known = arn ?? (await caller());
  const iam = new IAMClient(await settings());
  const [, session, role = session] =
    /:(?:assumed-role\/([^/]+)\/.*|role\/(?:.*\/)?([^/]+))$/.exec(known) ?? [];
  if (role !== undefined) return readRole(iam, role);
  const [, user] = /:user\/(?:.*\/)?([^/]+)$/.exec(known) ?? [];
  if (user !== undefined) return readUser(iam, user);
  throw new Error(`\`${known}\` is neither a user nor a role: only these can bear a boundary`);
}

async function caller(): Promise<string> {
  const { Arn = '' } = await new STSClient(await settings()).send(new GetCallerIdentityCommand({}));
  return Arn;
}

/** IAM is one for a whole partition, so a region that is set nowhere does not matter. */
async function settings() {
  const region = await new STSClient({}).config.region().catch(() => 'us-east-1');
  return { region, maxAttempts: 3 };
}

async function readRole(iam: IAMClient, name: string): Promise<Identity> {
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: name }));
  const attached: string[] = [];
  for await (const page of paginateListAttachedRolePolicies({ client: iam }, { RoleName: name }))
    for (const { PolicyArn } of page.AttachedPolicies ?? []) if (PolicyArn) attached.push(PolicyArn);
  const policies = await managedPolicies(iam, attached);
  for await (const page of paginateListRolePolicies({ client: iam }, { RoleName: name }))
    for (const PolicyName of page.PolicyNames ?? []) {
      const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName: name, PolicyName }));
      policies.push({ name: PolicyName, text: decoded(PolicyDocument) });
    }
  return identityOf('role', name, Role?.Arn, await boundaryOf(iam, Role?.PermissionsBoundary), policies);
}

async function readUser(iam: IAMClient, name: string): Promise<Identity> {
  const { User } = await iam.send(new GetUserCommand({ UserName: name }));
  const attached: string[] = [];
  for await (const page of paginateListAttachedUserPolicies({ client: iam }, { UserName: name }))
    for (const { PolicyArn } of page.AttachedPolicies ?? []) if (PolicyArn) attached.push(PolicyArn);
  const policies = await managedPolicies(iam, attached);
  for await (const page of paginateListUserPolicies({ client: iam }, { UserName: name }))
    for (const PolicyName of page.PolicyNames ?? []) {
      const { PolicyDocument } = await iam.send(new GetUserPolicyCommand({ UserName: name, PolicyName }));
      policies.push({ name: PolicyName, text: decoded(PolicyDocument) });
    }
  return identityOf('user', name, User?.Arn, await boundaryOf(iam, User?.PermissionsBoundary), policies);
}

const identityOf = (
  kind: Identity['kind'],
  name: string,
  arn: string | undefined,
  boundary: NamedDocument | undefined,
  policies: readonly NamedDocument[],
): Identity => ({ arn: arn ?? name, kind, name, policies, ...(boundary && { boundary }) });

type AttachedBoundary = { readonly PermissionsBoundaryArn?: string | undefined };

async function boundaryOf(
  iam: IAMClient,
  attached: AttachedBoundary | undefined,
): Promise<NamedDocument | undefined> {
  const arn = attached?.PermissionsBoundaryArn;
  return arn === undefined ? undefined : readManaged(iam, arn);
}

/** What AWS owns never denies, and there is much of it. */
async function managedPolicies(iam: IAMClient, arns: readonly string[]): Promise<NamedDocument[]> {
  const own = arns.filter((arn) => !arn.includes(':iam::aws:policy/'));
  return Promise.all(own.map((arn) => readManaged(iam, arn)));
}

async function readManaged(iam: IAMClient, arn: string): Promise<NamedDocument> {
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn: arn }));
  const { PolicyVersion } = await iam.send(
    new GetPolicyVersionCommand({ PolicyArn: arn, VersionId: Policy?.DefaultVersionId }),
  );
  return { name: arn, text: decoded(PolicyVersion?.Document) };
}

/** IAM sends documents percent-encoded. */
const decoded = (document: string | undefined): string => decodeURIComponent(document ?? '');

const AT_ONCE = 50;

/** What AWS decides for each action on any resource, session and service control policies included. */
export async function simulate(
  principal: string,
  actions: readonly string[],
  progress: (done: number) => void,
): Promise<readonly Decision[]> {
  const iam = new IAMClient(await settings());
  const decisions: Decision[] = [];
  for (let start = 0; start < actions.length; start += AT_ONCE) {
    const ActionNames = actions.slice(start, start + AT_ONCE);
    let Marker: string | undefined;
    do {
      const page = await iam.send(
        new SimulatePrincipalPolicyCommand({ PolicySourceArn: principal, ActionNames, Marker }),
      );
      decisions.push(...(page.EvaluationResults ?? []).map(decisionOf));
      Marker = page.IsTruncated ? page.Marker : undefined;
    } while (Marker !== undefined);
    progress(Math.min(start + AT_ONCE, actions.length));
  }
  return decisions;
}

type Result = {
  readonly EvalActionName: string | undefined;
  readonly EvalDecision: string | undefined;
  readonly PermissionsBoundaryDecisionDetail?:
    | { readonly AllowedByPermissionsBoundary?: boolean | undefined }
    | undefined;
};

function decisionOf({ EvalActionName, EvalDecision, PermissionsBoundaryDecisionDetail }: Result): Decision {
  const known = (['explicitDeny', 'implicitDeny'] as const).find((each) => each === EvalDecision);
  const boundaryAllows = PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary;
  return {
    action: EvalActionName ?? '',
    decision: known ?? 'allowed',
    ...(boundaryAllows !== undefined && { boundaryAllows }),
  };
}
