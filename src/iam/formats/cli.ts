import { quote } from '../../model/shell-quote.ts';
import { description, namedPolicies, type Plan, trustPolicy } from './holder.ts';

/** A shell script of AWS CLI calls that makes the policies and the role or user that bears them. */
export function cli(plan: Plan): string {
  const { holder, naming } = plan;
  const policies = namedPolicies(plan);
  const [boundary, ...beside] = policies;
  const arn = (name: string): string => `"arn:${naming.partition}:iam::$account:policy/${name}"`;
  const name = quote(holder.name);
  const creating = policies.map(
    ({ name: policy, document }) => `aws iam create-policy --policy-name ${quote(policy)} \\
  --description ${quote(description)} \\
  --policy-document ${quote(JSON.stringify(document))}`,
  );
  const bearer =
    holder.kind === 'role'
      ? `aws iam create-role --role-name ${name} \\
  --permissions-boundary ${arn(boundary?.name ?? '')} \\
  --assume-role-policy-document ${trust(plan)}`
      : `aws iam create-user --user-name ${name} \\
  --permissions-boundary ${arn(boundary?.name ?? '')}`;
  const attaching = [quote(holder.permissions), ...beside.map((policy) => arn(policy.name))].map(
    (policy) => `aws iam attach-${holder.kind}-policy --${holder.kind}-name ${name} --policy-arn ${policy}`,
  );
  return `#!/usr/bin/env bash
# Makes the ${holder.kind} ${holder.name} and the boundary that it cannot leave. Run it as an administrator, once.
# For a ${holder.kind} that exists already, the policies and then:
#   aws iam put-${holder.kind}-permissions-boundary --${holder.kind}-name NAME --permissions-boundary ARN
set -euo pipefail
account=$(aws sts get-caller-identity --query Account --output text)

${[...creating, bearer, ...attaching].join('\n\n')}
`;
}

function trust({ holder, naming }: Plan): string {
  if (holder.trusted.length > 0) return quote(JSON.stringify(trustPolicy(holder.trusted)));
  const text = JSON.stringify(trustPolicy(`arn:${naming.partition}:iam::ACCOUNT:root`));
  return text
    .split('ACCOUNT')
    .map((part) => quote(part))
    .join('"$account"');
}
