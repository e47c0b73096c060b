import { description, namedPolicies, type Plan, pascal, trustPolicy } from './holder.ts';

/** A CloudFormation template, in JSON, of the policies and of the role or user that bears them. */
export function cloudformation(plan: Plan): string {
  const { holder } = plan;
  const policies = namedPolicies(plan);
  const [boundary, ...beside] = policies;
  const resources = policies.map(({ name, document }) => [
    pascal(name),
    {
      Type: 'AWS::IAM::ManagedPolicy',
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { ManagedPolicyName: name, Description: description, PolicyDocument: document },
    },
  ]);
  const properties = {
    [holder.kind === 'role' ? 'RoleName' : 'UserName']: holder.name,
    PermissionsBoundary: { Ref: pascal(boundary?.name ?? '') },
    ManagedPolicyArns: [holder.permissions, ...beside.map(({ name }) => ({ Ref: pascal(name) }))],
    ...(holder.kind === 'role' && { AssumeRolePolicyDocument: trust(plan) }),
  };
  const bearer = {
    Type: holder.kind === 'role' ? 'AWS::IAM::Role' : 'AWS::IAM::User',
    Properties: properties,
  };
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: description,
    Resources: { ...Object.fromEntries(resources), [pascal(holder.name)]: bearer },
  };
  return `${JSON.stringify(template, null, 2)}\n`;
}

const trust = ({ holder }: Plan): unknown =>
  trustPolicy(
    holder.trusted.length > 0
      ? holder.trusted
      : { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' },
  );
