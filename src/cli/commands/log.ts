import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { logFile } from '../../host/audit-log.ts';
import { stateDir } from '../../host/places.ts';
import { type Entry, textOf } from '../../model/entry.ts';
import { count } from '../../report/count.ts';
import { type Arguments, UsageError } from '../args.ts';
import type { CliCommand } from '../command.ts';
import { faultText, readOperand } from '../fault.ts';
import { dayFiles, entryOf, linesOf } from '../log-file.ts';
import type { KnownHead } from '../log-verify.ts';
import { sinceOf } from '../since.ts';
import { type ExitCode, printable, type Terminal } from '../terminal.ts';

export const log: CliCommand = {
  name: 'log',
  summary: 'Show the audit log: what every session did, and what was stopped.',
  usage: '[verify] [--follow] [--json] [--session ID] [--verdict deny|ask|pass] [--since WHEN] [--limit N]',
  operands: true,
  words: ['verify'],
  options: {
    follow: { short: 'f', help: 'wait for more; starts with the last 10' },
    json: { help: 'the lines as they were written, for pino-pretty or jq' },
    session: { value: 'ID', help: 'only this session; the first characters are enough' },
    verdict: { value: 'VERDICT', help: 'only deny, ask or pass' },
    since: { value: 'WHEN', help: 'only from then on: 30m, 12h, 7d, or a date' },
    limit: { short: 'n', value: 'N', help: 'only the last N' },
    heads: { value: 'FILE', help: 'with verify: heads that `log verify --json` gave before' },
  },
  examples: [
    ['blastguard log --verdict deny --since 7d', 'what was stopped this week'],
    ['blastguard log --json | npx pino-pretty', 'as pino shows it'],
    ['blastguard log verify', 'whether a line was changed, taken away, added or moved, and where'],
  ],
  exits: [
    [0, 'shown; with verify: intact'],
    [1, 'it cannot be read; with verify: not intact'],
  ],
  run: showLog,
};

type Filter = {
  readonly since: number;
  readonly verdict: string | undefined;
  readonly session: string | undefined;
};

async function showLog(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const [operand, ...surplus] = args.operands;
  if (operand === 'verify' && surplus.length === 0) return verify(args, terminal);
  if (operand !== undefined) throw new UsageError(`unexpected argument \`${surplus[0] ?? operand}\``);
  const filter = filterOf(args);
  const follow = args.flag('follow');
  const limit = args.number('limit') ?? (follow ? 10 : Number.POSITIVE_INFINITY);
  const show = (shown: Shown) =>
    terminal.out(args.flag('json') ? `${shown.text}\n` : `${oneLine(shown.entry, terminal)}\n`);
  const state = stateDir(terminal.env);
  const reader = new LogReader(state, filter);
  const last: Shown[] = [];
  for (const shown of reader.next()) {
    if (limit === Number.POSITIVE_INFINITY) {
      show(shown);
      continue;
    }
    last.push(shown);
    if (last.length > limit) last.shift();
  }
  for (const shown of last) show(shown);
  while (follow) {
    await sleep(200);
    for (const shown of reader.next()) show(shown);
  }
  if (reader.torn > 0) terminal.err(`blastguard: ${count(reader.torn, 'torn line')} left out\n`);
  return 0;
}

async function verify(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const { describeFault, verifyLog } = await import('../log-verify.ts');
  const { colours } = terminal;
  const named = args.text('heads');
  const known = named === undefined ? [] : readHeads(named, terminal.cwd);
  const { lines, faults, heads } = verifyLog(dayFiles(stateDir(terminal.env)), known);
  const intact = faults.length === 0;
  if (args.flag('json')) terminal.out(`${JSON.stringify({ intact, lines, faults, heads })}\n`);
  else {
    for (const fault of faults) terminal.out(`${describeFault(fault, colours.red)}\n`);
    const read = `${count(lines, 'line')} in ${count(heads.length, 'file')}`;
    terminal.out(
      intact ? `${colours.green('intact')}: ${read}\n` : `${colours.red('NOT intact')}: ${read}\n`,
    );
  }
  return intact ? 0 : 1;
}

/** Heads as `log verify --json` prints them, or one a line. Throws UsageError. */
function readHeads(file: string, dir: string): readonly KnownHead[] {
  const text = readOperand(file, dir).toString();
  try {
    const values: unknown[] = text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .flatMap((line) => {
        const value: unknown = JSON.parse(line);
        return isObject(value) && Array.isArray(value.heads) ? value.heads : [value];
      });
    if (values.every(isHead)) return values;
  } catch (error) {
    throw new UsageError(`${file}: not JSON: ${faultText(error)}`);
  }
  throw new UsageError(`${file}: not heads as \`blastguard log verify --json\` prints them`);
}

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null;

const isHead = (value: unknown): value is KnownHead =>
  isObject(value) &&
  typeof value.file === 'string' &&
  typeof value.count === 'number' &&
  typeof value.seal === 'string';

type Shown = { readonly text: string; readonly entry: Entry };

/** Reads on from where it was, across day files. */
class LogReader {
  torn = 0;
  readonly #stateDir: string;
  readonly #filter: Filter;
  #file = '';
  #offset = 0;

  constructor(stateDir: string, filter: Filter) {
    this.#stateDir = stateDir;
    this.#filter = filter;
    if (filter.since > 0) this.#file = logFile(stateDir, filter.since);
  }

  /** What was written since the last time. A line that is still being written is left for the next. */
  *next(): Generator<Shown> {
    for (const file of dayFiles(this.#stateDir)) {
      if (basename(file) < basename(this.#file)) continue;
      if (file !== this.#file) {
        this.#file = file;
        this.#offset = 0;
      }
      for (const { text, end, whole } of linesOf(file, this.#offset)) {
        const entry = entryOf(text);
        if (entry === undefined && !whole) {
          this.torn += 1;
          break;
        }
        this.#offset = end;
        if (text.trim() === '') continue;
        if (entry === undefined) this.torn += 1;
        else if (fits(entry, this.#filter)) yield { text, entry };
      }
    }
  }
}

const fits = (entry: Entry, { since, verdict, session }: Filter): boolean =>
  entry.time >= since &&
  (verdict === undefined || entry.verdict === verdict) &&
  (session === undefined || textOf(entry, 'session').startsWith(session));

function filterOf(args: Arguments): Filter {
  const verdict = args.text('verdict');
  if (verdict !== undefined && !['deny', 'ask', 'pass'].includes(verdict)) {
    throw new UsageError(`unknown verdict \`${verdict}\`: deny, ask or pass`);
  }
  return { verdict, session: args.text('session'), since: sinceOf(args.text('since'), Date.now()) };
}

/** `2026-11-20 14:03:12  deny  Bash  terraform destroy  [terraform/destroy]`, in local time. */
function oneLine(entry: Entry, terminal: Terminal): string {
  const { colours } = terminal;
  const when = colours.dim(localTime(new Date(entry.time)));
  if (entry.event === 'Action') {
    return `${when}  ${colours.cyan('user')}  ${printable(textOf(entry, 'msg'))} (${printable(textOf(entry, 'by'))})`;
  }
  const verdict = textOf(entry, 'verdict');
  const outcome = textOf(entry, 'outcome') || '·';
  const parts = [
    when,
    verdict === '' ? colours.dim(outcome.padEnd(4)) : paint(verdict.padEnd(4), terminal),
    printable(textOf(entry, 'tool') || textOf(entry, 'event')),
  ];
  parts.push(printable(textOf(entry, 'input') || textOf(entry, 'why')));
  if (typeof entry.duration === 'number') parts.push(colours.dim(`${entry.duration} ms`));
  if (entry.halted === true) parts.push(colours.red('[halted]'));
  const rules = Array.isArray(entry.rules) ? entry.rules.join(', ') : '';
  if (rules !== '') parts.push(colours.yellow(`[${printable(rules)}]`));
  return parts.filter((part) => part !== '').join('  ');
}

function paint(verdict: string, { colours }: Terminal): string {
  if (verdict.startsWith('deny')) return colours.bold(colours.red(verdict));
  if (verdict.startsWith('ask')) return colours.yellow(verdict);
  return colours.green(verdict);
}

const two = (value: number): string => String(value).padStart(2, '0');

const localTime = (date: Date): string =>
  `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ` +
  `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
