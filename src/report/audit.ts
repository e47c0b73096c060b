import type picocolors from 'picocolors';
import type { AuditFinding, FileFault, IgnoredFinding } from '../terraform/audit.ts';
import { count } from './count.ts';
import { type SarifResult, type SarifRule, sarifLog } from './sarif.ts';

type Colours = ReturnType<typeof picocolors.createColors>;

export type AuditReport = {
  readonly findings: readonly AuditFinding[];
  readonly ignored: readonly IgnoredFinding[];
  readonly faults: readonly FileFault[];
  readonly files: number;
  readonly resources: number;
  readonly stateful: number;
};

/** The findings as a table: a line for each, with where it is, how grave, which resource, and what is wrong. */
export function auditTable(report: AuditReport, colours: Colours): string {
  const { findings, ignored, faults } = report;
  const rows = findings.map((finding) => ({
    where: `${finding.file}:${finding.start.line}`,
    severity: finding.severity,
    address: finding.address,
    text: `${finding.message}`,
  }));
  const wide = (pick: (row: (typeof rows)[number]) => string, most: number) =>
    Math.min(most, Math.max(0, ...rows.map((row) => pick(row).length)));
  const [where, address] = [wide((row) => row.where, 48), wide((row) => row.address, 44)];
  const lines = rows.map(
    (row) =>
      `${row.where.padEnd(where)}  ${severityText(row.severity, colours)}  ${colours.bold(row.address.padEnd(address))}  ${row.text}\n`,
  );
  const broken = faults.map(
    ({ file, line, column, message }) => `${file}:${line}:${column}: ${colours.red(message)}\n`,
  );
  const head = `${count(report.resources, 'resource')} in ${count(report.files, 'file')}, ${report.stateful} of them with data: `;
  const state =
    findings.length === 0
      ? colours.green('all protected')
      : colours.red(
          `${count(findings.length, 'finding')} on ${count(new Set(findings.map((one) => `${one.file} ${one.address}`)).size, 'resource')}`,
        );
  const more = [
    ...(ignored.length === 0 ? [] : [`${ignored.length} excused by comments`]),
    ...(faults.length === 0 ? [] : [colours.red(`${count(faults.length, 'syntax error')}`)]),
  ].map((text) => `, ${text}`);
  return `${[...lines, ...broken].join('')}${lines.length + broken.length > 0 ? '\n' : ''}${head}${state}${more.join('')}\n`;
}

function severityText(severity: AuditFinding['severity'], colours: Colours): string {
  const text = severity.padEnd(6);
  return severity === 'high' ? colours.red(text) : severity === 'medium' ? colours.yellow(text) : text;
}

const levels = { high: 'error', medium: 'warning', low: 'note' } as const;

/** The findings for code scanning. */
export function auditSarif({ findings, ignored, faults }: AuditReport, version: string): object {
  const rules = new Map<string, SarifRule>();
  const resultOf = (finding: AuditFinding, reason?: string): SarifResult => {
    const rule = `terraform/${finding.check}`;
    if (!rules.has(rule))
      rules.set(rule, {
        id: rule,
        text:
          finding.check === 'ignore' ? 'A comment that excuses nothing' : `Protection by ${finding.check}`,
        help: `${finding.remedy}. ${finding.source}`,
        page: finding.source,
      });
    return {
      rule,
      level: levels[finding.severity],
      message: `${finding.address}: ${finding.message}. To mend it, ${finding.remedy}.`,
      file: finding.file,
      start: finding.start,
      end: finding.end,
      fingerprint: `${finding.file}:${finding.address}:${finding.check}`,
      ...(reason === undefined ? {} : { suppressed: reason }),
    };
  };
  const results = [
    ...findings.map((finding) => resultOf(finding)),
    ...ignored.map((finding) => resultOf(finding, finding.reason)),
    ...faults.map(({ file, line, column, message }): SarifResult => {
      rules.set('terraform/syntax', {
        id: 'terraform/syntax',
        text: 'A file that is not valid',
        help: 'What cannot be read cannot be audited; `terraform fmt` and `terraform validate` say more.',
        page: 'https://developer.hashicorp.com/terraform/language/syntax/configuration',
      });
      return {
        rule: 'terraform/syntax',
        level: 'error',
        message,
        file,
        start: { line, column },
        fingerprint: `${file}:${message}`,
      };
    }),
  ];
  return sarifLog(version, [...rules.values()], results);
}
