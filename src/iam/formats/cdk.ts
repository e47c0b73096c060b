import { description, namedPolicies, type Plan, pascal } from './holder.ts';

/** A CDK stack in TypeScript with the policies and the role or user that bears them. */
export function cdk(plan: Plan): string {
  const { holder } = plan;
  const policies = namedPolicies(plan);
  const variable = (name: string): string => {
    const text = pascal(name);
    return text.charAt(0).toLowerCase() + text.slice(1);
  };
  const [boundary, ...beside] = policies;
  const blocks = policies.map(({ name, document }) =>
    [
      `const ${variable(name)} = new iam.ManagedPolicy(this, '${pascal(name)}', {`,
      `  managedPolicyName: ${JSON.stringify(name)},`,
      `  description: ${JSON.stringify(description)},`,
      `  document: iam.PolicyDocument.fromJson(${JSON.stringify(document, null, 2).replaceAll('\n', '\n  ')}),`,
      '});',
      `${variable(name)}.applyRemovalPolicy(cdk.RemovalPolicy.RETAIN);`,
    ].join('\n'),
  );
  const kind = holder.kind === 'role' ? 'Role' : 'User';
  const bearer = [
    `new iam.${kind}(this, '${pascal(holder.name)}', {`,
    `  ${holder.kind}Name: ${JSON.stringify(holder.name)},`,
    `  permissionsBoundary: ${variable(boundary?.name ?? '')},`,
    ...(holder.kind === 'role' ? [`  assumedBy: ${trust(plan)},`] : []),
    '  managedPolicies: [',
    `    iam.ManagedPolicy.fromManagedPolicyArn(this, 'Permissions', ${JSON.stringify(holder.permissions)}),`,
    ...beside.map(({ name }) => `    ${variable(name)},`),
    '  ],',
    '});',
  ].join('\n');
  return `import * as cdk from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

export class ${pascal(plan.naming.name)}Stack extends cdk.Stack {
  constructor(scope: Construct, id: string, props?: cdk.StackProps) {
    super(scope, id, props);

${[...blocks, bearer].join('\n\n').replaceAll(/^(?=.)/gm, '    ')}
  }
}
`;
}

function trust({ holder }: Plan): string {
  if (holder.trusted.length === 0) return 'new iam.AccountRootPrincipal()';
  const principals = holder.trusted.map((arn) => `new iam.ArnPrincipal(${JSON.stringify(arn)})`);
  return principals.length === 1
    ? principals.join('')
    : `new iam.CompositePrincipal(${principals.join(', ')})`;
}
