import { readdirSync, statSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import { homeDir, stateDir } from '../host/places.ts';
import { HistoryReader, loggedCall, type PastCall, type Shell, transcriptCalls } from '../rollout/history.ts';
import { UsageError } from './args.ts';
import { dayFiles, linesOf } from './log-file.ts';
import type { Terminal } from './terminal.ts';

/** A file of calls of the past. */
export type HistoryFile = {
  readonly kind: 'transcript' | 'log' | Shell;
  readonly file: string;
  readonly bytes: number;
};

export type HistoryKind = 'transcripts' | 'history' | 'log';

/** The files of this user that hold calls of the past, of the kinds that are wanted. */
export function historyFiles(kinds: ReadonlySet<HistoryKind>, terminal: Terminal): readonly HistoryFile[] {
  const { env } = terminal;
  const home = homeDir(env);
  const found: HistoryFile[] = [];
  const add = (kind: HistoryFile['kind'], file: string) => {
    const bytes = sizeOf(file);
    if (bytes !== undefined) found.push({ kind, file, bytes });
  };
  const named = env.CLAUDE_CONFIG_DIR;
  const claude = named && isAbsolute(named) ? named : home && join(home, '.claude');
  if (kinds.has('transcripts') && claude)
    for (const file of filesBelow(join(claude, 'projects'))) add('transcript', file);
  if (kinds.has('log')) for (const file of dayFiles(stateDir(env))) add('log', file);
  if (kinds.has('history') && home) {
    add('bash', join(home, '.bash_history'));
    add('zsh', join(home, '.zsh_history'));
    add('fish', join(env.XDG_DATA_HOME || join(home, '.local', 'share'), 'fish', 'fish_history'));
  }
  return found;
}

/** A file that a person names: what it is, by its name and its first line. */
export function historyFile(file: string): HistoryFile {
  const bytes = sizeOf(file);
  if (bytes === undefined) throw new UsageError(`no such file: \`${file}\``);
  const name = basename(file);
  const [first] = linesOf(file);
  const text = first?.text ?? '';
  if (name.includes('fish') || text.startsWith('- cmd: ')) return { kind: 'fish', file, bytes };
  if (name.includes('zsh') || /^: \d+:\d+;/.test(text)) return { kind: 'zsh', file, bytes };
  if (/"seal":"|"event":"/.test(text)) return { kind: 'log', file, bytes };
  return { kind: text.startsWith('{') ? 'transcript' : 'bash', file, bytes };
}

/** The calls in a file, in its order; `told` hears of each line how far it goes. */
export function* callsIn(
  { kind, file }: HistoryFile,
  cwd: string,
  told: (end: number) => void,
): Generator<PastCall> {
  const shell = kind === 'transcript' || kind === 'log' ? undefined : new HistoryReader(kind, cwd);
  for (const { text, end } of linesOf(file)) {
    told(end);
    if (shell !== undefined) yield* shell.add(text);
    else if (kind === 'transcript') yield* transcriptCalls(text, Date.parse);
    else {
      const call = loggedCall(text);
      if (call !== undefined) yield call;
    }
  }
  if (shell !== undefined) yield* shell.end();
}

function sizeOf(file: string): number | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  return found?.isFile() === true ? found.size : undefined;
}

function filesBelow(dir: string): readonly string[] {
  try {
    return readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.jsonl'))
      .sort()
      .map((name) => join(dir, name));
  } catch {
    return []; // nothing was recorded there
  }
}
