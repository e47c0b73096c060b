import { readDocument } from '../../iam/document.ts';
import { type Verification, type VerifyOptions, verifyBoundary } from '../../iam/verify.ts';
import { type Arguments, UsageError } from '../args.ts';
import type { CliCommand } from '../command.ts';
import { readOperand } from '../fault.ts';
import { iamCatalogue } from '../iam-catalogue.ts';
import type { LiveReport } from '../iam-live.ts';
import { listed, tagGiven } from '../iam-options.ts';
import { type ExitCode, printable, type Terminal } from '../terminal.ts';

export const iamVerify: CliCommand = {
  name: 'iam verify',
  summary: 'Say whether a policy document keeps every destructive action from its holder.',
  usage: 'DOCUMENT… | --live  [--json] [OPTION…]',
  operands: true,
  options: {
    live: { help: 'ask AWS about the identity in use, through the AWS SDK' },
    of: { value: 'ARN', help: 'with --live: ask about this user or role, as an administrator can' },
    all: { help: 'list what is denied too' },
    complete: { help: 'ask for all that the packs call destructive' },
    service: { value: 'LIST', help: 'ask about these services alone' },
    'only-tagged': {
      value: 'KEY=VALUE',
      help: 'it is enough to deny what bears the tag, where AWS can tell',
    },
    'name-prefix': { value: 'TEXT', help: 'it is enough to deny what is named so, where AWS can tell' },
    scp: { value: 'ARN', help: 'the documents are service control policies; ARN is the holder' },
    json: { help: 'answer in JSON' },
  },
  examples: [
    ['blastguard iam verify boundary.json', 'exit 1 when something is missing'],
    ['blastguard iam verify boundary.json boundary-2.json', 'a boundary and the policies beside it'],
    ['blastguard iam verify --live', 'what AWS says of the identity in use'],
  ],
  exits: [
    [0, 'it holds'],
    [1, 'it does not, or it cannot be told'],
  ],
  run: verify,
};

async function verify(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const options = optionsOf(args);
  if (args.flag('live')) {
    if (args.operands.length > 0) throw new UsageError('--live takes no document');
    const { verifyIdentity } = await import('../iam-live.ts');
    const report = await verifyIdentity(options, terminal, args.text('of'));
    if (args.flag('json')) terminal.out(`${JSON.stringify(report)}\n`);
    else showLive(report, args.flag('all'), terminal);
    return report.holds ? 0 : 1;
  }
  if (args.text('of') !== undefined) throw new UsageError('--of needs --live');
  if (args.operands.length === 0) throw new UsageError('which document? (`-` for standard input)');
  const documents = args.operands.map((name) =>
    readDocument(name, readOperand(name, terminal.cwd).toString()),
  );
  const result = verifyBoundary(iamCatalogue(), documents, options);
  if (args.flag('json')) terminal.out(`${JSON.stringify(result)}\n`);
  else show(result, args.flag('all'), terminal);
  return result.holds ? 0 : 1;
}

function optionsOf(args: Arguments): VerifyOptions {
  const prefix = args.text('name-prefix');
  const tag = tagGiven(args);
  const holder = args.text('scp');
  return {
    breadth: args.flag('complete') ? 'all' : 'critical',
    services: listed(args, 'service'),
    ...(tag && { tag }),
    ...(prefix !== undefined && { prefix }),
    ...(holder !== undefined && { controls: holder }),
  };
}

const MOST_SHOWN = 40;

function show(result: Verification, all: boolean, { out, colours }: Terminal): void {
  const { actions, escapes, doubts, protects } = result;
  const missing = actions.filter(({ verdict }) => verdict !== 'denied');
  const denied = actions.length - missing.length;
  out(
    result.holds
      ? `${colours.green('holds')}: denies all ${actions.length} destructive actions, and the holder cannot shed it\n`
      : `${colours.red('does not hold')}: denies ${denied} of ${actions.length} destructive actions\n`,
  );
  for (const { at, problem } of doubts) out(`  ${colours.yellow('!')} ${printable(`${at}: ${problem}`)}\n`);
  const rows = all ? actions : missing.slice(0, MOST_SHOWN);
  const width = Math.max(0, ...rows.map(({ action }) => action.length));
  for (const { action, verdict, why } of rows) {
    const mark =
      verdict === 'denied'
        ? colours.green('✓')
        : verdict === 'partly'
          ? colours.yellow('~')
          : colours.red('✗');
    out(`  ${mark} ${action.padEnd(width)}  ${printable(why)}\n`);
  }
  if (!all && missing.length > rows.length)
    out(`    and ${missing.length - rows.length} more; --all lists them\n`);
  for (const { action, how } of escapes) out(`  ${colours.red('✗')} the holder can ${how} (${action})\n`);
  if (result.holds && protects !== undefined)
    out(`  attach it under the name \`${protects}\`, which is the one that it protects\n`);
  if (!result.holds) out('  `blastguard iam boundary` makes one that holds\n');
}

function showLive(report: LiveReport, all: boolean, terminal: Terminal): void {
  const { identity, boundary, documents, allowed, simulated, note } = report;
  const { out, colours } = terminal;
  out(`identity  ${printable(identity)}\n`);
  out(`boundary  ${boundary === undefined ? colours.red('none') : printable(boundary)}\n`);
  if (simulated > 0) {
    const verdict = `AWS would allow ${allowed.length} of ${simulated} destructive actions now`;
    out(`${allowed.length === 0 ? colours.green(verdict) : colours.red(verdict)}\n`);
    for (const action of allowed.slice(0, all ? allowed.length : MOST_SHOWN))
      out(`  ${colours.red('✗')} ${printable(action)}\n`);
    if (!all && allowed.length > MOST_SHOWN)
      out(`    and ${allowed.length - MOST_SHOWN} more; --all lists them\n`);
  }
  if (note !== undefined) out(`${colours.yellow('!')} ${printable(note)}\n`);
  if (documents === undefined) out('  make one: blastguard iam boundary --format cli\n');
  else show(documents, all, terminal);
}
