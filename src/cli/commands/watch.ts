import { setTimeout as sleep } from 'node:timers/promises';
import { stateDir } from '../../host/places.ts';
import { type Entry, textOf, textsIn } from '../../model/entry.ts';
import type { Arguments } from '../args.ts';
import type { CliCommand } from '../command.ts';
import { dayFiles, entryOf, linesOf } from '../log-file.ts';
import { type ExitCode, printable, type Terminal } from '../terminal.ts';

export const watch: CliCommand = {
  name: 'watch',
  summary: 'Follow all sessions live: what each does now, and what is stopped.',
  usage: '',
  options: {},
  examples: [['blastguard watch', 'on a terminal a screen; in a pipe a line for each call that is stopped']],
  run: watchSessions,
};

const MINUTE = 60_000;

type Live = { calls: number; deny: number; ask: number; last: Entry; project: string };

/** On a terminal a screen that is drawn anew; elsewhere a line for each call that is stopped. */
async function watchSessions(_: Arguments, terminal: Terminal): Promise<ExitCode> {
  const live = new Map<string, Live>();
  const stopped: Entry[] = [];
  const follow = new Follower(stateDir(terminal.env));
  const screen = process.stdout.isTTY === true;
  for (;;) {
    let news = false;
    for (const entry of follow.next()) {
      if (entry.event !== 'PreToolUse') continue;
      news = true;
      add(live, entry);
      if (entry.verdict === 'pass') continue;
      stopped.push(entry);
      if (stopped.length > 8) stopped.shift();
      if (!screen && entry.time > Date.now() - MINUTE) terminal.out(`${stoppedLine(entry, terminal)}\n`);
    }
    if (screen && (news || Date.now() % 5000 < 500)) draw(live, stopped, terminal);
    await sleep(500);
  }
}

/** Reads today's file on from where it was. */
class Follower {
  readonly #stateDir: string;
  #file = '';
  #offset = 0;

  constructor(dir: string) {
    this.#stateDir = dir;
  }

  *next(): Generator<Entry> {
    for (const file of dayFiles(this.#stateDir).slice(-2)) {
      if (file < this.#file) continue;
      if (file !== this.#file) {
        this.#file = file;
        this.#offset = 0;
      }
      for (const { text, end, whole } of linesOf(file, this.#offset)) {
        if (!whole) break;
        this.#offset = end;
        const entry = entryOf(text);
        if (entry !== undefined) yield entry;
      }
    }
  }
}

function add(live: Map<string, Live>, entry: Entry): void {
  const id = textOf(entry, 'session');
  const known = live.get(id) ?? { calls: 0, deny: 0, ask: 0, last: entry, project: '' };
  live.delete(id); // the latest last
  live.set(id, known);
  known.calls += 1;
  if (entry.verdict === 'deny') known.deny += 1;
  if (entry.verdict === 'ask') known.ask += 1;
  known.last = entry;
  known.project = textOf(entry, 'project');
  if (live.size > 500) for (const oldest of [...live.keys()].slice(0, 100)) live.delete(oldest);
}

function stoppedLine(entry: Entry, { colours }: Terminal): string {
  const verdict = entry.verdict === 'deny' ? colours.red('deny') : colours.yellow('ask ');
  return `${colours.dim(new Date(entry.time).toLocaleTimeString('en-GB'))}  ${verdict}  ${printable(textOf(entry, 'tool'))}  ${printable(textOf(entry, 'input').slice(0, 120))}  ${colours.yellow(`[${printable(textsIn(entry, 'rules').join(', '))}]`)}`;
}

function draw(live: ReadonlyMap<string, Live>, stopped: readonly Entry[], terminal: Terminal): void {
  const { colours, out } = terminal;
  const width = process.stdout.columns || 100;
  const height = (process.stdout.rows || 30) - stopped.length - 6;
  const now = Date.now();
  const recent = [...live].reverse().slice(0, Math.max(3, height));
  const active = recent.filter(([, { last }]) => now - last.time < 5 * MINUTE).length;
  const lines = [
    `${colours.bold('blastguard watch')}  ${active} active in the last 5 minutes  ${colours.dim(new Date(now).toLocaleTimeString('en-GB'))}  ${colours.dim('(Ctrl-C ends)')}`,
    '',
    ...recent.map(([id, { calls, deny, ask, last, project }]) => {
      const dot = now - last.time < MINUTE ? colours.green('●') : colours.dim('○');
      const plain = `${id.slice(0, 8).padEnd(8)} ${String(calls).padStart(5)} calls ${String(deny).padStart(3)} denied ${String(ask).padStart(3)} asked  `;
      const rest = printable(
        `${project.split('/').at(-1) ?? ''}: ${textOf(last, 'tool')} ${textOf(last, 'input')}`,
      );
      return `${dot} ${plain}${colours.dim(rest.slice(0, Math.max(10, width - plain.length - 4)))}`;
    }),
    '',
    colours.bold('last stopped'),
    ...stopped.map((entry) => `  ${stoppedLine(entry, terminal)}`),
  ];
  out(`\u001b[H\u001b[2J${lines.join('\n')}\n`);
}
