import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { logFile } from '../../host/audit-log.ts';
import { partOf } from '../../host/installation.ts';
import { stateDir } from '../../host/places.ts';
import { writeWhole } from '../../host/write-whole.ts';
import { count } from '../../report/count.ts';
import { htmlReport } from '../../report/html-report.ts';
import { type Counts, countsBy, reportData, Tallier, type Totals } from '../../report/totals.ts';
import type { Arguments } from '../args.ts';
import type { CliCommand } from '../command.ts';
import { dayFiles, entryOf, linesOf } from '../log-file.ts';
import { progress } from '../progress.ts';
import { sinceOf } from '../since.ts';
import { localMinute, table } from '../table.ts';
import { type ExitCode, printable, type Terminal } from '../terminal.ts';

export const report: CliCommand = {
  name: 'report',
  summary: 'What was denied, asked and passed: over time, by rule, tool, project, environment, session.',
  usage: '[--since WHEN] [--html FILE | --json | --csv]',
  options: {
    since: { value: 'WHEN', help: 'only from then on: 30m, 12h, 7d, or a date' },
    html: { value: 'FILE', help: 'write one page that needs nothing else' },
    json: { help: 'answer in JSON' },
    csv: { help: 'answer in CSV: counts by hour, project, tool, rule and environment' },
  },
  examples: [
    ['blastguard report --since 7d', 'the last week, in the terminal'],
    ['blastguard report --html report.html', 'everything, as a page with plots and filters'],
  ],
  run: makeReport,
};

function makeReport(args: Arguments, terminal: Terminal): ExitCode {
  args.exclusive('html', 'json', 'csv');
  const since = sinceOf(args.text('since'), Date.now());
  const totals = readTotals(since, terminal);
  const page = args.text('html');
  if (page !== undefined) return writePage(page, totals, terminal);
  if (args.flag('json')) terminal.out(`${JSON.stringify(reportData(totals, Date.now()))}\n`);
  else if (args.flag('csv')) writeCsv(totals, terminal);
  else show(totals, terminal);
  return 0;
}

function readTotals(since: number, terminal: Terminal): Totals {
  const state = stateDir(terminal.env);
  const first = logFile(state, since);
  const files = dayFiles(state).filter((file) => since === 0 || file >= first);
  const sizes = files.map((file) => statSync(file).size);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const bar = progress('report', terminal);
  const tallier = new Tallier();
  let before = 0;
  for (const [i, file] of files.entries()) {
    for (const { text, end } of linesOf(file)) {
      bar.at(before + end, all);
      const entry = entryOf(text);
      if (entry !== undefined && entry.time >= since) tallier.add(entry);
    }
    before += sizes[i] ?? 0;
  }
  bar.end();
  return tallier.totals;
}

function writePage(name: string, totals: Totals, terminal: Terminal): ExitCode {
  const file = resolve(terminal.cwd, name);
  const template = readFileSync(partOf('report.html'), 'utf8');
  const html = htmlReport(template, reportData(totals, Date.now()));
  writeWhole(file, html);
  terminal.out(`${file}: ${count(totals.calls, 'call')}, ${Math.ceil(html.length / 1024)} KB\n`);
  return 0;
}

function writeCsv({ cells }: Totals, { out }: Terminal): void {
  out('hour,project,tool,rule,environment,deny,ask,pass\n');
  for (const { hour, project, tool, rule, environment, deny, ask, pass } of cells.values())
    out(
      `${new Date(hour).toISOString()},${[project, tool, rule, environment].map(csvField).join(',')},${deny},${ask},${pass}\n`,
    );
}

/** A field that no spreadsheet takes for a formula. */
function csvField(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const LISTED = 10;

function show(totals: Totals, terminal: Terminal): void {
  const { colours, out } = terminal;
  const { calls, verdicts, first, last, halted } = totals;
  if (totals.lines === 0) {
    out('nothing was recorded in that time\n');
    return;
  }
  out(
    `${colours.bold(count(calls, 'call'))} in ${count(totals.sessionCount, 'session')}, ${localMinute(first)} to ${localMinute(last)}\n`,
  );
  out(
    `  ${colours.red(`${verdicts.deny} denied`)}${halted > 0 ? ` (${halted} by the kill switch)` : ''}, ${colours.yellow(`${verdicts.ask} asked`)}, ${colours.green(`${verdicts.pass} passed`)}\n`,
  );
  for (const key of ['rule', 'tool', 'project', 'environment'] as const) {
    const rows = countsBy(totals, key).filter(([name]) => name !== '');
    if (rows.length === 0) continue;
    out(`\n${colours.bold(`by ${key}`)}\n`);
    out(countTable(rows.slice(0, LISTED), terminal));
    if (rows.length > LISTED) out(colours.dim(`  … and ${rows.length - LISTED} more\n`));
  }
  const { candidates, actions, slowest } = reportData(totals, 0);
  if (candidates.length > 0) {
    out(`\n${colours.bold('perhaps stopped without need')}\n`);
    for (const { rule, input, why, count } of candidates.slice(0, LISTED))
      out(
        `  ${String(count).padStart(5)}  ${WHY[why]}  ${colours.yellow(rule)}  ${printable(input.slice(0, 90))}\n`,
      );
  }
  if (actions.length > 0) {
    out(`\n${colours.bold('what people did')}\n`);
    for (const { time, text, by } of actions.slice(0, LISTED))
      out(`  ${colours.dim(localMinute(time))}  ${printable(text)} (${printable(by)})\n`);
  }
  out(`\n${colours.bold('slowest decisions')}\n`);
  for (const { took, tool, input } of slowest.slice(0, 5))
    out(`  ${took.toFixed(0).padStart(5)} ms  ${printable(tool)}  ${printable(input.slice(0, 90))}\n`);
}

const WHY = {
  approved: 'asked, then approved ',
  unlocked: 'denied, then unlocked',
  observed: 'would be stopped     ',
} as const;

const countTable = (rows: readonly (readonly [string, Counts])[], { colours }: Terminal): string =>
  table(
    [
      ['', ...['denied', 'asked', 'passed', ''].map(colours.dim)],
      ...rows.map(([name, { deny, ask, pass }]) => [
        '',
        deny > 0 ? colours.red(String(deny)) : '0',
        ask > 0 ? colours.yellow(String(ask)) : '0',
        String(pass),
        printable(name),
      ]),
    ],
    [1, 2, 3],
  );
