import { description, namedPolicies, type Plan, snake, trustPolicy } from './holder.ts';

/** Terraform or OpenTofu configuration of the policies and of the role or user that bears them. */
export function terraform(plan: Plan): string {
  const { holder } = plan;
  const policies = namedPolicies(plan);
  const [boundary, ...beside] = policies;
  const label = snake(holder.name);
  const policyBlocks = policies.map(({ name, document }) =>
    [
      `resource "aws_iam_policy" "${snake(name)}" {`,
      ...aligned([
        ['name', quoted(name)],
        ['description', quoted(description)],
      ]),
      `  policy = jsonencode(${nested(document)})`,
      '',
      '  lifecycle {',
      '    prevent_destroy = true',
      '  }',
      '}',
    ].join('\n'),
  );
  const attached = [holder.permissions, ...beside.map(({ name }) => `aws_iam_policy.${snake(name)}.arn`)];
  const attachments = attached.map((arn, index) =>
    [
      `resource "aws_iam_${holder.kind}_policy_attachment" "${label}_${index + 1}" {`,
      ...aligned([
        [holder.kind, `aws_iam_${holder.kind}.${label}.name`],
        ['policy_arn', arn.startsWith('aws_iam_policy.') ? arn : quoted(arn)],
      ]),
      '}',
    ].join('\n'),
  );
  const bearer = [
    `resource "aws_iam_${holder.kind}" "${label}" {`,
    ...aligned([
      ['name', quoted(holder.name)],
      ['permissions_boundary', `aws_iam_policy.${snake(boundary?.name ?? '')}.arn`],
    ]),
    ...(holder.kind === 'role' ? [`  assume_role_policy = jsonencode(${nested(trust(plan))})`] : []),
    '}',
  ].join('\n');
  const account =
    holder.kind === 'role' && holder.trusted.length === 0 ? ['data "aws_caller_identity" "current" {}'] : [];
  return `${[...account, ...policyBlocks, bearer, ...attachments].join('\n\n')}\n`;
}

const ROOT = '@root@';

function trust({ holder, naming }: Plan): unknown {
  if (holder.trusted.length > 0) return trustPolicy(holder.trusted);
  return trustPolicy(`arn:${naming.partition}:iam::${ROOT}:root`);
}

/** An object as HCL writes it, which JSON nearly is, indented by two more than the attribute it belongs to. */
function nested(value: unknown): string {
  const text = JSON.stringify(value, null, 2)
    .replaceAll('${', '$${')
    .replaceAll('%{', '%%{')
    .replaceAll(/^(\s*"[^"]*"):/gm, '$1 :')
    .replace(ROOT, '${data.aws_caller_identity.current.account_id}');
  return text.replaceAll('\n', '\n  ');
}

const quoted = (text: string): string => JSON.stringify(text).replaceAll('${', '$${').replaceAll('%{', '%%{');

function aligned(pairs: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `  ${name.padEnd(width)} = ${value}`);
}
