import type { Call } from '../model/call.ts';

/** A call of the past: what was done, where, and when (ms since 1970) as far as that is known. */
export type PastCall = { readonly call: Call; readonly time?: number };

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textAt = (value: Readonly<Record<string, unknown>>, key: string): string =>
  typeof value[key] === 'string' ? value[key] : '';

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const callOf = (tool: string, input: Call['input'], cwd: string, sessionId: string): Call => ({
  event: 'PreToolUse',
  tool,
  input,
  cwd,
  // Somebody could have been asked.
  permissionMode: 'default',
  sessionId,
});

/**
 * The tool calls in a line of a Claude Code transcript. Other lines, and lines that are no JSON, hold none. `parseTime`
 * reads ISO 8601 as ms since 1970.
 */
export function transcriptCalls(line: string, parseTime: (text: string) => number): readonly PastCall[] {
  if (!line.includes('"tool_use"')) return [];
  const entry = parseObject(line);
  const message = entry?.message;
  if (entry === undefined || entry.type !== 'assistant' || !isObject(message)) return [];
  const { content } = message;
  if (!Array.isArray(content)) return [];
  const time = parseTime(textAt(entry, 'timestamp'));
  return content.filter(isObject).flatMap((part): PastCall[] => {
    if (part.type !== 'tool_use' || !isObject(part.input)) return [];
    const call = callOf(textAt(part, 'name'), part.input, textAt(entry, 'cwd'), textAt(entry, 'sessionId'));
    return [{ call, ...(Number.isNaN(time) ? {} : { time }) }];
  });
}

/** The call of a line of the audit log. Of what was too long, or secret, the log has a part. */
export function loggedCall(line: string): PastCall | undefined {
  if (!line.includes('"event":"PreToolUse"')) return undefined;
  const entry = parseObject(line);
  if (entry === undefined || typeof entry.time !== 'number') return undefined;
  const tool = textAt(entry, 'tool');
  const call = callOf(
    tool,
    inputOf(tool, textAt(entry, 'input')),
    textAt(entry, 'cwd'),
    textAt(entry, 'session'),
  );
  return { call, time: entry.time };
}

const pathKeys: ReadonlyMap<string, string> = new Map([
  ['Bash', 'command'],
  ['PowerShell', 'command'],
  ['Monitor', 'command'],
  ['NotebookEdit', 'notebook_path'],
]);

function inputOf(tool: string, text: string): Call['input'] {
  if (pathKeys.has(tool)) return { [pathKeys.get(tool) ?? 'command']: text };
  return text.startsWith('{') ? (parseObject(text) ?? {}) : { file_path: text };
}

/** The formats in which shells keep their history. */
export type Shell = 'bash' | 'zsh' | 'fish';

/** Reads a history, line by line; call `end` after the last one. Each command is a call in `cwd`. */
export class HistoryReader {
  readonly #shell: Shell;
  readonly #cwd: string;
  #lines: string[] = [];
  #time: number | undefined;

  constructor(shell: Shell, cwd: string) {
    this.#shell = shell;
    this.#cwd = cwd;
  }

  add(line: string): readonly PastCall[] {
    if (this.#shell === 'fish') return this.#addFish(line);
    return this.#shell === 'zsh' ? this.#addZsh(line) : this.#addBash(line);
  }

  end(): readonly PastCall[] {
    const text = this.#lines.join('\n');
    const time = this.#time;
    this.#lines = [];
    this.#time = undefined;
    if (text.trim() === '') return [];
    const call = callOf('Bash', { command: text }, this.#cwd, '');
    return [{ call, ...(time === undefined ? {} : { time }) }];
  }

  /** With times (`#1700000000`) a command may have several lines; without, each line is one. */
  #addBash(line: string): readonly PastCall[] {
    const stamp = /^#(\d{9,11})$/.exec(line)?.[1];
    if (stamp === undefined) {
      this.#lines.push(line);
      return this.#time === undefined ? this.end() : [];
    }
    const done = this.end();
    this.#time = Number(stamp) * 1000;
    return done;
  }

  /** `: 1700000000:0;command`, or the command alone; a line that ends with a backslash goes on. */
  #addZsh(line: string): readonly PastCall[] {
    const found = this.#lines.length > 0 ? null : /^: (\d+):\d+;(.*)$/s.exec(line);
    if (found !== null) this.#time = Number(found[1]) * 1000;
    const text = found?.[2] ?? line;
    const goesOn = /(?:^|[^\\])(?:\\\\)*\\$/.test(text);
    this.#lines.push(goesOn ? text.slice(0, -1) : text);
    return goesOn ? [] : this.end();
  }

  /** `- cmd: command` with `\n` for a new line, then `  when: 1700000000`, then `  paths:`. */
  #addFish(line: string): readonly PastCall[] {
    const command = /^- cmd: (.*)$/s.exec(line)?.[1];
    if (command !== undefined) {
      const done = this.end();
      this.#lines = [command.replaceAll(/\\(n|\\)/g, (_, what: string) => (what === 'n' ? '\n' : '\\'))];
      return done;
    }
    const when = /^ {2}when: (\d+)$/.exec(line)?.[1];
    if (when !== undefined) this.#time = Number(when) * 1000;
    return [];
  }
}
