import { setTimeout as sleep } from 'node:timers/promises';
import { stateDir } from '../host/places.ts';
import { isSame, listProcesses, type Process } from '../host/processes.ts';
import { clip } from '../report/clip.ts';
import { recordAction } from './action-log.ts';
import { dayFiles, entryOf, linesOf } from './log-file.ts';
import { type ExitCode, printable, type Terminal } from './terminal.ts';
import { type Client, toolProcesses } from './tool-processes.ts';

/** What is tried, one after the other, and how long what is left is waited for, in ms. */
const STEPS = [
  { signal: 'SIGINT', wait: 2000 },
  { signal: 'SIGTERM', wait: 3000 },
  { signal: 'SIGKILL', wait: 1000 },
] as const;

const PAUSE = 100;

/** Ends the tool processes of every Claude Code of this user on this machine. Returns 1 when one is left. */
export async function endTools(dryRun: boolean, terminal: Terminal): Promise<ExitCode> {
  const clients = clientsSeen(terminal);
  const first = toolProcesses(listProcesses(), clients, process.pid);
  if (first.length === 0) {
    terminal.out('no tool of Claude Code is running on this machine\n');
    return 0;
  }
  terminal.out(dryRun ? 'would be ended:\n' : 'tools of Claude Code that are running:\n');
  for (const one of first) terminal.out(lineOf(one));
  if (dryRun) return 0;
  let left = first;
  const ended = new Map<number, string>();
  for (const { signal, wait } of STEPS) {
    for (const one of left) send(one, signal);
    for (let waited = 0; waited < wait && left.length > 0; waited += PAUSE) {
      await sleep(PAUSE);
      const all = listProcesses();
      const there = left.filter((one) => all.some((each) => isSame(one, each)));
      for (const { pid } of left.filter((one) => !there.includes(one))) ended.set(pid, signal);
      // With what was started meanwhile; the client may be gone, and its tools not.
      left = toolProcesses(all, clients, process.pid, there);
    }
    if (left.length === 0) break;
  }
  for (const [pid, signal] of ended) terminal.out(`  ${String(pid).padStart(7)}  ended by ${signal}\n`);
  for (const one of left)
    terminal.out(terminal.colours.red(`  ${String(one.pid).padStart(7)}  is still there\n`));
  await recordAction(
    { action: 'kill', msg: `ended ${ended.size} tool processes, ${left.length} left` },
    terminal,
  );
  return left.length === 0 ? 0 : 1;
}

const lineOf = ({ pid, started, command }: Process): string =>
  `  ${String(pid).padStart(7)}  ${new Date(started).toISOString().slice(11, 19)}  ${clip(printable(command), 120)}\n`;

function send(one: Process, signal: NodeJS.Signals): void {
  try {
    if (listProcesses().some((each) => isSame(one, each))) process.kill(one.pid, signal);
  } catch {
    // It has ended, or it is somebody else's: then it is listed as left.
  }
}

/** The clients that made calls of late, by the log. */
function clientsSeen(terminal: Terminal): readonly Client[] {
  const seen = new Map<number, number>();
  const own = Number(terminal.env.CLAUDE_PID);
  if (own > 0) seen.set(own, Date.now());
  for (const file of dayFiles(stateDir(terminal.env)).slice(-2))
    for (const { text } of linesOf(file)) {
      const entry = entryOf(text);
      if (typeof entry?.client === 'number') seen.set(entry.client, entry.time);
    }
  return [...seen].map(([pid, time]) => ({ pid, seen: time }));
}
