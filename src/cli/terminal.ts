import { hostname, userInfo } from 'node:os';
import picocolors from 'picocolors';
import { writeAll } from '../host/answer.ts';
import type { Environment } from '../host/places.ts';

/** What a command of the CLI ends with. */
export type ExitCode =
  /** Done; a call passes; nothing is halted. */
  | 0
  /** Failed; halted. */
  | 1
  /** A call is denied. */
  | 2
  /** A call is asked about. */
  | 3
  /** The command line was wrong (EX_USAGE). */
  | 64;

/** Everything of the process that a command may touch. */
export type Terminal = {
  readonly env: Environment;
  readonly cwd: string;
  /** `user@host`. */
  readonly person: string;
  /**
   * One meaning each: red is stopped, broken or in production; yellow is asked about or wants a look; green passes or
   * holds; cyan is a person, a stage or another environment, and in a diff the place; bold is read or typed first; dim is
   * background. A word always says the same as its colour.
   */
  readonly colours: ReturnType<typeof picocolors.createColors>;
  /** True when a person can be at the keyboard. */
  readonly interactive: boolean;
  /** What the person types after a question; the empty text at the end of the input. */
  ask(question: string): Promise<string>;
  out(text: string): void;
  err(text: string): void;
};

export function processTerminal(): Terminal {
  const { env } = process;
  return {
    env,
    get cwd() {
      return process.cwd(); // throws when the directory was deleted; only some commands need it
    },
    get person() {
      return `${userName()}@${hostname()}`;
    },
    colours: picocolors.createColors(wantsColour(env, process.stdout.isTTY === true)),
    interactive: process.stdin.isTTY === true,
    ask: askPerson,
    out: (text) => writeAll(1, text),
    err: (text) => writeAll(2, text),
  };
}

async function askPerson(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const ended = new Promise<string>((done) => reader.once('close', () => done('')));
    return await Promise.race([reader.question(question), ended]);
  } finally {
    reader.close();
  }
}

/** NO_COLOR (when not empty), then FORCE_COLOR (unless `0`), then whether a terminal reads. */
function wantsColour(env: Environment, toTerminal: boolean): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0';
  return toTerminal && env.TERM !== 'dumb';
}

/** The text with control characters spelled out, so that what an agent wrote cannot drive the terminal. */
export const printable = (text: string): string =>
  text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, spell);

function spell(character: string): string {
  if (character === '\n') return '⏎';
  if (character === '\t') return ' ';
  return `\\u{${character.charCodeAt(0).toString(16)}}`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
