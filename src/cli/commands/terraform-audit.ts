import { relative, resolve, sep } from 'node:path';
import packageJson from '../../../package.json' with { type: 'json' };
import { type TerraformDirectory, terraformDirectories } from '../../host/terraform-files.ts';
import type { AuditReport } from '../../report/audit.ts';
import type { AuditSeverity } from '../../terraform/audit.ts';
import { type Arguments, UsageError } from '../args.ts';
import type { CliCommand, Option } from '../command.ts';
import type { ExitCode, Terminal } from '../terminal.ts';

export const typeOption: Option = {
  value: 'GLOB,…',
  help: 'count these resource types, too, among those that hold data',
};

export const terraformAudit: CliCommand = {
  name: 'terraform audit',
  summary: 'Find resources with data that Terraform or their provider would delete without resistance.',
  usage: '[DIR…] [--json | --sarif] [--severity LEVEL] [--max N] [--type GLOB,…]',
  operands: true,
  options: {
    json: { help: 'answer in JSON' },
    sarif: { help: 'answer in SARIF 2.1.0, for code scanning' },
    severity: { value: 'LEVEL', help: 'leave out what is less than high or medium' },
    max: { value: 'N', help: 'exit with 0 up to so many findings (default: 0)' },
    type: typeOption,
  },
  examples: [
    ['blastguard terraform audit', 'everything below this directory'],
    ['blastguard terraform audit infra --severity high --max 12', 'in CI, while old findings are mended'],
    ['blastguard terraform audit --sarif > audit.sarif', 'for code scanning'],
  ],
  exits: [
    [0, 'no more findings than --max'],
    [1, 'more, a syntax error, or no Terraform file'],
  ],
  run,
};

async function run(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const least = severityOf(args.text('severity'));
  const most = args.number('max') ?? 0;
  args.exclusive('json', 'sarif');
  const report = await auditBelow(args.operands, typesOf(args), least, terminal);
  if (args.flag('sarif')) {
    const { auditSarif } = await import('../../report/audit.ts');
    terminal.out(`${JSON.stringify(auditSarif(report, packageJson.version), null, 2)}\n`);
  } else if (args.flag('json')) terminal.out(`${JSON.stringify(report)}\n`);
  else if (report.files > 0) {
    const { auditTable } = await import('../../report/audit.ts');
    terminal.out(auditTable(report, terminal.colours));
    if (report.findings.length > 0)
      terminal.out('`blastguard terraform protect` shows what would mend this; with `--write` it does.\n');
  }
  if (report.files === 0) {
    terminal.err('blastguard: no Terraform files here (*.tf, *.tf.json, *.tofu)\n');
    return 1;
  }
  return report.findings.length > most || report.faults.length > 0 ? 1 : 0;
}

/**
 * Audits the configurations at and below the paths. `types` are globs of further resource types that hold data;
 * findings of less than `severity` are left out.
 */
export async function auditBelow(
  paths: readonly string[],
  types: readonly string[],
  severity: AuditSeverity,
  terminal: Terminal,
): Promise<AuditReport> {
  const { auditModule, auditSeverities } = await import('../../terraform/audit.ts');
  const report = {
    findings: [],
    ignored: [],
    faults: [],
    files: 0,
    resources: 0,
    stateful: 0,
  } as { -readonly [K in keyof AuditReport]: AuditReport[K] extends readonly (infer T)[] ? T[] : number };
  for (const { sources, unreadable } of directoriesAt(paths, terminal)) {
    const audit = auditModule(sources, { types });
    for (const finding of audit.findings)
      if (auditSeverities.indexOf(finding.severity) <= auditSeverities.indexOf(severity))
        report.findings.push(finding);
    report.ignored.push(...audit.ignored);
    report.faults.push(...audit.faults);
    report.faults.push(
      ...unreadable.map(({ file, cause }) => ({ file, message: cause, line: 1, column: 1 })),
    );
    report.files += audit.files + unreadable.length;
    report.resources += audit.resources;
    report.stateful += audit.stateful;
  }
  return report;
}

/** The directories with Terraform's files at and below the paths, with names relative to here. Says how far it is. */
export function* directoriesAt(paths: readonly string[], terminal: Terminal): Generator<TerraformDirectory> {
  const { cwd } = terminal;
  let files = 0;
  let said = 0;
  const shown = (file: string) => {
    const name = relative(cwd, file);
    return name.startsWith(`..${sep}`) ? file : name;
  };
  const roots = (paths.length === 0 ? ['.'] : paths).map((path) => resolve(cwd, path));
  try {
    for (const found of terraformDirectories(roots)) {
      files += found.sources.length;
      if (process.stderr.isTTY && files - said >= 1000) {
        said = files;
        terminal.err(`\r${files} files read`);
      }
      yield {
        dir: found.dir,
        sources: found.sources.map((source) => ({ ...source, file: shown(source.file) })),
        unreadable: found.unreadable.map((one) => ({ ...one, file: shown(one.file) })),
      };
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT' && 'path' in error)
      throw new UsageError(`no such file or directory: \`${shown(String(error.path))}\``);
    throw error;
  } finally {
    if (said > 0) terminal.err('\r\u001b[K');
  }
}

export const typesOf = (args: Arguments): readonly string[] =>
  (args.text('type') ?? '').split(',').filter(Boolean);

function severityOf(text = 'low'): AuditSeverity {
  const names: readonly AuditSeverity[] = ['high', 'medium', 'low'];
  const found = names.find((name) => name === text);
  if (found === undefined) throw new UsageError(`unknown severity \`${text}\`: ${names.join(', ')}`);
  return found;
}
