import type picocolors from 'picocolors';
import type { Finding } from '../model/decision.ts';
import { clip } from './clip.ts';
import { count } from './count.ts';
import { type SarifResult, type SarifRule, sarifLog } from './sarif.ts';

type Colours = ReturnType<typeof picocolors.createColors>;

/** A command of a file that the policy would not let pass. */
export type ScanFinding = Pick<
  Finding,
  'rule' | 'title' | 'severity' | 'verdict' | 'certainty' | 'subject' | 'via' | 'reason' | 'instead'
> & { readonly file: string; readonly line: number };

export type ScanFault = { readonly file: string; readonly line: number; readonly message: string };

export type ScanReport = {
  readonly findings: readonly ScanFinding[];
  readonly ignored: readonly (ScanFinding & { readonly because: string })[];
  /** Comments that excuse nothing, and files that cannot be read. */
  readonly faults: readonly ScanFault[];
  /** Comments whose finding is no longer there. */
  readonly unused: readonly ScanFault[];
  /** Files that were read. */
  readonly files: number;
  /** Texts for a shell that were found in them. */
  readonly steps: number;
};

/** The findings as a table, and below it why each rule stops what it stops. */
export function scanTable(report: ScanReport, colours: Colours): string {
  const { findings, ignored, faults, unused, files, steps } = report;
  const where = ({ file, line }: ScanFault | ScanFinding) => `${file}:${line}`;
  const width = Math.min(56, Math.max(0, ...findings.map((finding) => where(finding).length)));
  const rules = Math.min(36, Math.max(0, ...findings.map(({ rule }) => rule.length)));
  const rows = findings.map(
    (finding) =>
      `${where(finding).padEnd(width)}  ${verdictText(finding, colours)}  ${colours.bold(finding.rule.padEnd(rules))}  ${clip(oneLine(finding.subject), 100)}\n`,
  );
  const about = new Map(findings.map((finding) => [finding.rule, finding]));
  const reasons = [...about.values()].map(
    ({ rule, reason, instead }) =>
      `${colours.bold(rule)}: ${oneLine(reason)}\n  Instead: ${oneLine(instead)}\n`,
  );
  const broken = faults.map((fault) => `${where(fault)}: ${colours.red(fault.message)}\n`);
  const idle = unused.map((fault) => `${where(fault)}: ${colours.yellow(fault.message)}\n`);
  const state =
    findings.length === 0
      ? colours.green('nothing that the policy would stop')
      : colours.red(`${count(findings.length, 'command')} that the policy would stop`);
  const more = [
    ...(ignored.length === 0 ? [] : [`${ignored.length} excused by comments`]),
    ...(faults.length === 0 ? [] : [colours.red(count(faults.length, 'fault'))]),
  ].map((text) => `, ${text}`);
  const parts = [rows.join(''), reasons.join(''), [...broken, ...idle].join('')].filter(
    (part) => part !== '',
  );
  return `${parts.map((part) => `${part}\n`).join('')}${count(steps, 'script')} in ${count(files, 'file')}: ${state}${more.join('')}\n`;
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

function verdictText({ severity, verdict }: ScanFinding, colours: Colours): string {
  const text = (verdict === 'ask' ? 'perhaps' : severity).padEnd(8);
  return verdict === 'ask' ? colours.yellow(text) : colours.red(text);
}

/** The findings for code scanning. Those that comments excuse are among them, suppressed. */
export function scanSarif(report: ScanReport, version: string): object {
  const rules = new Map<string, SarifRule>();
  const resultOf = (finding: ScanFinding, suppressed?: string): SarifResult => {
    const { rule, title, reason, instead, file, line, subject } = finding;
    rules.set(rule, { id: rule, text: title, help: `${oneLine(reason)} Instead: ${oneLine(instead)}` });
    return {
      rule,
      level: finding.verdict === 'deny' ? 'error' : 'warning',
      message: `${clip(oneLine(subject), 300)}: ${oneLine(reason)} Instead: ${oneLine(instead)}`,
      file,
      start: { line, column: 1 },
      fingerprint: `${file}:${rule}:${oneLine(subject)}`,
      ...(suppressed === undefined ? {} : { suppressed }),
    };
  };
  const results = [
    ...report.findings.map((finding) => resultOf(finding)),
    ...report.ignored.map((finding) => resultOf(finding, finding.because)),
    ...report.faults.map(({ file, line, message }): SarifResult => {
      rules.set('scan/unread', {
        id: 'scan/unread',
        text: 'A file or a comment that cannot be read',
        help: 'What cannot be read cannot be judged.',
      });
      return {
        rule: 'scan/unread',
        level: 'error',
        message,
        file,
        start: { line, column: 1 },
        fingerprint: `${file}:${message}`,
      };
    }),
  ];
  return sarifLog(version, [...rules.values()], results);
}
