import { callCode, giveUnlock } from '../../host/allow-once.ts';
import { logFile } from '../../host/audit-log.ts';
import { stateDir } from '../../host/places.ts';
import { type Entry, textOf } from '../../model/entry.ts';
import { UNLOCK_LASTS } from '../../model/unlock.ts';
import { recordAction } from '../action-log.ts';
import { type Arguments, UsageError } from '../args.ts';
import type { CliCommand } from '../command.ts';
import { dayFiles, entryOf, linesOf } from '../log-file.ts';
import { notAPerson } from '../person.ts';
import { type ExitCode, printable, type Terminal } from '../terminal.ts';

export const allowOnce: CliCommand = {
  name: 'allow-once',
  summary: 'Let one denied call through, once, within ten minutes. For people: refused inside Claude Code.',
  usage: '[CODE] [--yes]',
  operands: true,
  options: { yes: { help: 'needed where standard input is not a terminal' } },
  examples: [
    ['blastguard allow-once', 'list what was denied of late, with codes'],
    ['blastguard allow-once 3f2a90c1', 'let exactly this call through once'],
  ],
  run: allow,
};

const DAY = 24 * 60 * 60 * 1000;
const MOST_LISTED = 10;

async function allow(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const [code, ...surplus] = args.operands;
  if (surplus.length > 0) throw new UsageError('more than one code');
  const refusal = notAPerson(terminal, args.flag('yes'));
  if (refusal !== undefined) {
    terminal.err(`blastguard: only a person may let a call through: ${refusal}\n`);
    return 1;
  }
  const denials = recentDenials(stateDir(terminal.env));
  if (code === undefined) return showDenials(denials, terminal);
  if (!/^[0-9a-f]{6,64}$/.test(code))
    throw new UsageError(`\`${code}\` is not a code: \`blastguard allow-once\` lists them`);
  const meant = denials.filter((entry) => textOf(entry, 'call').startsWith(code));
  const [entry] = meant;
  if (entry === undefined) throw new Error(`no denied call of the last day has the code ${code}`);
  if (new Set(meant.map((one) => textOf(one, 'call'))).size > 1)
    throw new Error(
      `several calls have codes that begin with ${code}: use more of it (\`blastguard log --json\`)`,
    );
  const call = textOf(entry, 'call');
  const unlock = { call, by: terminal.person, until: Date.now() + UNLOCK_LASTS };
  giveUnlock(stateDir(terminal.env), unlock);
  const shown = printable(`${textOf(entry, 'tool')}: ${textOf(entry, 'input')}`);
  await recordAction({ action: 'allow-once', file: call, msg: `may pass once: ${shown}` }, terminal);
  terminal.out(
    `may pass once, until ${new Date(unlock.until).toLocaleTimeString('en-GB')}, in ${printable(textOf(entry, 'cwd'))}:\n  ${shown}\n${changeIn(entry, terminal)}`,
  );
  return 0;
}

const firstLines = (text: string): string => {
  const lines = text.split('\n');
  return lines.length <= 4 ? text : `${lines.slice(0, 3).join('\n')}\n    …\n`;
};

/** What the call writes, line by line: the person lets through this content and no other. */
function changeIn(entry: Entry, { colours }: Terminal): string {
  const change = textOf(entry, 'change');
  if (change === '') return '';
  const paint = (line: string) =>
    line.startsWith('-') ? colours.red(line) : line.startsWith('+') ? colours.green(line) : line;
  return change
    .split('\n')
    .map((line) => `    ${paint(printable(line))}\n`)
    .join('');
}

/** The denied calls of the last day that may be let through, the latest last; each call once. */
function recentDenials(state: string): readonly Entry[] {
  const since = Date.now() - DAY;
  const calls = new Map<string, Entry>();
  for (const file of dayFiles(state)) {
    if (file < logFile(state, since)) continue;
    for (const { text } of linesOf(file)) {
      const entry = text.includes('"call":"') ? entryOf(text) : undefined;
      if (entry === undefined || entry.time < since || entry.verdict !== 'deny') continue;
      const call = textOf(entry, 'call');
      if (!/^[0-9a-f]{64}$/.test(call)) continue;
      calls.delete(call);
      calls.set(call, entry);
    }
  }
  return [...calls.values()];
}

function showDenials(denials: readonly Entry[], terminal: Terminal): ExitCode {
  if (denials.length === 0) terminal.out('nothing was denied in the last day that could be let through\n');
  for (const entry of denials.slice(-MOST_LISTED)) {
    const when = terminal.colours.dim(new Date(entry.time).toLocaleTimeString('en-GB'));
    const code = terminal.colours.bold(callCode(textOf(entry, 'call')));
    const rules = Array.isArray(entry.rules) ? ` [${printable(entry.rules.join(', '))}]` : '';
    terminal.out(
      `${code}  ${when}  ${printable(textOf(entry, 'tool'))}  ${printable(textOf(entry, 'input'))}${rules}\n${firstLines(changeIn(entry, terminal))}`,
    );
  }
  return 0;
}
