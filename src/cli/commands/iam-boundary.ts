import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeWhole } from '../../host/write-whole.ts';
import {
  type Boundary,
  BoundaryError,
  type BoundaryOptions,
  buildBoundary,
  limits,
} from '../../iam/boundary.ts';
import { sizeOf } from '../../iam/document.ts';
import { azureRole } from '../../iam/formats/azure.ts';
import { cdk } from '../../iam/formats/cdk.ts';
import { cli } from '../../iam/formats/cli.ts';
import { cloudformation } from '../../iam/formats/cloudformation.ts';
import { gcpDenyPolicy } from '../../iam/formats/gcp.ts';
import { type Holder, namedPolicies, type Plan } from '../../iam/formats/holder.ts';
import { controlText, policyText } from '../../iam/formats/json.ts';
import { terraform } from '../../iam/formats/terraform.ts';
import { type Arguments, suggestion, UsageError } from '../args.ts';
import type { CliCommand } from '../command.ts';
import { iamCatalogue } from '../iam-catalogue.ts';
import { listed, tagGiven } from '../iam-options.ts';
import type { ExitCode, Terminal } from '../terminal.ts';

const formats = ['json', 'terraform', 'cloudformation', 'cdk', 'cli', 'scp', 'gcp', 'azure'] as const;
type Format = (typeof formats)[number];

export const iamBoundary: CliCommand = {
  name: 'iam boundary',
  summary: 'Make the permission boundary for an agent: what AWS refuses it, whatever it is allowed.',
  usage: '[--format FORMAT] [--out DIR] [OPTION…]',
  options: {
    format: { value: 'FORMAT', help: `${formats.join(', ')} (default: json)` },
    out: { value: 'DIR', help: 'write files there; needed where one policy does not hold everything' },
    complete: { help: 'deny all that the packs call destructive, in several policies' },
    service: {
      value: 'LIST',
      help: 'deny in these services alone (and the eight actions that no boundary allows)',
    },
    'only-tagged': { value: 'KEY=VALUE', help: 'deny only on what bears the tag, where AWS can tell' },
    'name-prefix': { value: 'TEXT', help: 'deny only on what is named so, where AWS can tell' },
    region: { value: 'LIST', help: 'allow nothing outside these regions' },
    account: { value: 'ID', help: 'the account, written into ARNs (default: any)' },
    'only-account': { value: 'LIST', help: 'allow nothing on what belongs to other accounts' },
    allow: { value: 'LIST', help: 'allow these actions alone, in place of everything' },
    except: { value: 'LIST', help: 'do not deny these actions' },
    name: { value: 'NAME', help: 'the name of the boundary (default: blastguard-boundary)' },
    holder: { value: 'NAME', help: 'the role or user that bears it (default: claude-code)' },
    user: { help: 'the holder is a user, not a role' },
    trust: { value: 'LIST', help: 'ARNs of who may assume the role (default: the account)' },
    permissions: {
      value: 'ARN',
      help: 'the policy that says what the holder may do (default: PowerUserAccess)',
    },
    roles: { value: 'LIST', help: 'role names that it may pass and assume, with * (default: its own)' },
    partition: { value: 'NAME', help: 'aws, aws-cn or aws-us-gov' },
    everybody: { help: 'with scp: for every principal, not for the holder alone' },
    'service-account': { value: 'EMAIL', help: 'with gcp: whom the policy denies' },
    scope: { value: 'LIST', help: 'with azure: where the role may be assigned' },
  },
  examples: [
    ['blastguard iam boundary', 'the policy document'],
    ['blastguard iam boundary --format terraform --out infra/agent', 'with a role that bears it'],
    ['blastguard iam boundary --only-tagged env=production --service rds,ec2', 'narrowed'],
    ['blastguard iam boundary | blastguard iam verify -', 'see what it keeps from the holder'],
  ],
  run: makeBoundary,
};

function makeBoundary(args: Arguments, terminal: Terminal): ExitCode {
  const format = formatGiven(args);
  if (format === 'gcp' || format === 'azure') return emit([elsewhere(format, args)], args, terminal);
  const options = optionsOf(args, format);
  const boundary = built(options);
  const plan: Plan = { boundary, naming: options.naming, holder: holderOf(args, options) };
  const code = emit(filesOf(format, plan), args, terminal);
  for (const line of notes(boundary, options)) terminal.err(`${line}\n`);
  return code;
}

function formatGiven(args: Arguments): Format {
  const named = args.text('format') ?? 'json';
  const format = formats.find((each) => each === named);
  if (format !== undefined) return format;
  throw new UsageError(`unknown format \`${named}\`${suggestion(named, formats)}: ${formats.join(', ')}`);
}

function optionsOf(args: Arguments, format: Format): BoundaryOptions {
  const holder = args.text('holder') ?? 'claude-code';
  const roles = listed(args, 'roles');
  const naming = {
    name: word(args, 'name', /^[\w+=,.@-]{1,120}$/) ?? 'blastguard-boundary',
    partition: word(args, 'partition', /^aws(-cn|-us-gov)?$/) ?? 'aws',
    account: word(args, 'account', /^\d{12}$/) ?? '*',
    roles: roles.length > 0 ? roles : [`${holder}*`],
  };
  const tag = tagGiven(args);
  const prefix = word(args, 'name-prefix', /^[\w./-]+$/);
  const kind = args.flag('user') ? 'user' : 'role';
  const principal = `arn:${naming.partition}:iam::${naming.account}:${kind}/${holder}`;
  return {
    naming,
    breadth: args.flag('complete') ? 'all' : 'critical',
    services: listed(args, 'service'),
    ...(tag && { tag }),
    ...(prefix !== undefined && { prefix }),
    regions: listed(args, 'region'),
    accounts: listed(args, 'only-account'),
    allow: listed(args, 'allow'),
    except: listed(args, 'except'),
    ...(format === 'scp' && { control: { principals: args.flag('everybody') ? [] : [principal] } }),
  };
}

function word(args: Arguments, option: string, form: RegExp): string | undefined {
  const value = args.text(option);
  if (value === undefined || form.test(value)) return value;
  throw new UsageError(`--${option} cannot be \`${value}\``);
}

function built(options: BoundaryOptions): Boundary {
  try {
    return buildBoundary(iamCatalogue(), options);
  } catch (error) {
    if (error instanceof BoundaryError) throw new UsageError(error.message);
    throw error;
  }
}

const holderOf = (args: Arguments, { naming }: BoundaryOptions): Holder => ({
  kind: args.flag('user') ? 'user' : 'role',
  name: word(args, 'holder', /^[\w+=,.@-]{1,64}$/) ?? 'claude-code',
  trusted: listed(args, 'trust'),
  permissions: args.text('permissions') ?? `arn:${naming.partition}:iam::aws:policy/PowerUserAccess`,
});

type OutputFile = { readonly name: string; readonly text: string };

function filesOf(format: Exclude<Format, 'gcp' | 'azure'>, plan: Plan): readonly OutputFile[] {
  const { name } = plan.naming;
  if (format === 'terraform') return [{ name: `${name}.tf`, text: terraform(plan) }];
  if (format === 'cloudformation') return [{ name: `${name}.template.json`, text: cloudformation(plan) }];
  if (format === 'cdk') return [{ name: `${name}-stack.ts`, text: cdk(plan) }];
  if (format === 'cli') return [{ name: `${name}.sh`, text: cli(plan) }];
  const text = format === 'scp' ? controlText : policyText;
  return namedPolicies(plan).map((policy) => ({ name: `${policy.name}.json`, text: text(policy.document) }));
}

function elsewhere(format: 'gcp' | 'azure', args: Arguments): OutputFile {
  if (format === 'azure') {
    const scopes = listed(args, 'scope');
    if (scopes.length === 0) throw new UsageError('--format azure needs --scope, as /subscriptions/ID');
    const holder = args.text('holder') ?? 'claude-code';
    return { name: `${holder}-role.json`, text: azureRole(holder, scopes) };
  }
  const account = args.text('service-account');
  if (account === undefined)
    throw new UsageError('--format gcp needs --service-account, whom the policy denies');
  return { name: 'deny-policy.json', text: gcpDenyPolicy(account, tagGiven(args)) };
}

function emit(files: readonly OutputFile[], args: Arguments, terminal: Terminal): ExitCode {
  const dir = args.text('out');
  if (dir === undefined) {
    const [only, ...others] = files;
    if (others.length > 0)
      throw new UsageError(
        `this takes ${files.length} policies; give --out DIR for the files, or narrow it with --service`,
      );
    terminal.out(only?.text ?? '');
    return 0;
  }
  const to = resolve(terminal.cwd, dir);
  mkdirSync(to, { recursive: true });
  for (const { name, text } of files) {
    writeWhole(join(to, name), text);
    terminal.out(`wrote ${join(dir, name)}\n`);
  }
  return 0;
}

function notes({ documents, denied, outright }: Boundary, { control }: BoundaryOptions): readonly string[] {
  const limit = control === undefined ? limits.managed : limits.control;
  const count = denied.actions.length + denied.conditional.length;
  const sizes = documents.map((document) => sizeOf(document)).join(', ');
  const lines = [`denies ${count} actions; ${sizes} of ${limit} characters`];
  if (documents.length > 1)
    lines.push(
      control === undefined
        ? `attach the first as the boundary, the other ${documents.length - 1} as policies of the same role or user`
        : `attach all ${documents.length} to the account or unit`,
    );
  if (outright.length > 0)
    lines.push(
      `denied on every resource, because AWS cannot tell there what was asked (${outright.length}): ${outright.map(({ id }) => id).join(', ')}`,
    );
  return lines;
}
