import { gatherFacts } from '../../src/host/facts.ts';
import type { Command, Reading } from '../../src/model/command.ts';
import type { Facts } from '../../src/model/facts.ts';
import type { Word } from '../../src/model/word.ts';
import { readPlain } from '../../src/shell/plain.ts';
import { readCommands } from '../../src/shell/read.ts';
import { readers } from '../shell/readers.ts';
import { genuine, pretended, type Sandbox } from './sandbox.ts';

/** Something that bash ran and the reading, which claims to be complete, does not hold. */
export type Miss = {
  readonly script: string;
  readonly ran: readonly string[];
  readonly read: readonly string[];
};

export type Tally = { scripts: number; complete: number; argvs: number; exact: number; misses: Miss[] };
export const emptyTally = (): Tally => ({ scripts: 0, complete: 0, argvs: 0, exact: 0, misses: [] });

/** Reads scripts, then runs them, and adds to the tally. */
export function compare(scripts: readonly string[], sandbox: Sandbox, tally: Tally, patience?: 'none'): void {
  // A script reaches bash without the newlines at its end.
  const jobs = scripts.map((script) => ({ script: script.replace(/\n+$/, ''), cwd: sandbox.makeCwd() }));
  const readings = jobs.map(({ script, cwd }) => read(script, cwd, sandbox.home));
  for (const [i, { argvs: noted }] of sandbox.run(jobs, patience).entries()) {
    const argvs = comparable(noted);
    const script = jobs[i]?.script ?? '';
    const reading = readings[i];
    tally.scripts++;
    if (!reading?.complete || reading.commands.some(asksForNone)) continue;
    tally.complete++;
    tally.argvs += argvs.length;
    tally.exact += argvs.filter((argv) =>
      reading.commands.some((command) => isExactly(command, argv)),
    ).length;
    const ran = missed(reading, argvs);
    if (ran === undefined) continue;
    // What an earlier script of the batch left running is noted late: only what comes again is a miss.
    const cwd = sandbox.makeCwd();
    const fresh = read(script, cwd, sandbox.home);
    const [again] = sandbox.run([{ script, cwd }], patience);
    const argv = again && fresh.complete ? missed(fresh, comparable(again.argvs)) : undefined;
    if (argv) tally.misses.push({ script, ran: argv, read: fresh.commands.map(show) });
  }
}

const missed = (reading: Reading, argvs: readonly (readonly string[])[]): readonly string[] | undefined =>
  argvs.find((argv) => !reading.commands.some((command) => fitsArgv(command, argv) || readsShim(command)));

/** A program that the line asks for is taken to be there. */
const asksForNone = ({ words }: Command): boolean => {
  const [program, ...args] = words.map((word) => (word.kind === 'known' ? word.text : ''));
  const name = args.find((arg) => !arg.startsWith('-')) ?? '';
  const asks =
    program === 'which' || program === 'type' || (program === 'command' && /^-\w*[vV]/.test(args[0] ?? ''));
  return asks && !shims.has(name);
};

/** `bash NAME` and `. NAME` find a shim by PATH when there is no such file, and run its text, which is a program elsewhere. */
const readsShim = ({ words: [shell, ...args] }: Command): boolean =>
  shell?.kind === 'known' &&
  /^(?:(?:ba)?sh|\.|source)$/.test(shell.text) &&
  args.some((arg) => arg.kind === 'known' && shims.has(arg.text));

const shims = new Set([...pretended, ...genuine]);

/** What a shell calls itself when the sandbox starts it by its path. */
const ownName = /\/usr\/bin\/bash/;

/**
 * What was noted without what differs for no fault of the reader: bytes that are no UTF-8, and the full path by which a
 * genuine program is started and which it calls itself then, and the number of a descriptor.
 */
const comparable = (noted: readonly (readonly string[])[]): readonly (readonly string[])[] =>
  noted
    .filter((argv) => !argv.some((arg) => arg.includes('\ufffd') || ownName.test(arg)))
    .map((argv) =>
      argv.map((arg) => arg.replace(/^\/usr\/bin\/(?=\w+$)/, '').replace(/(?<=\/dev\/fd\/)\d+/, '63')),
    );

function read(script: string, cwd: string, home: string): Reading {
  const call = {
    event: 'PreToolUse',
    tool: 'Bash',
    input: {},
    cwd,
    permissionMode: 'auto',
    sessionId: 'oracle',
  };
  const facts: Facts = gatherFacts(call, { HOME: home });
  return readPlain(script, facts) ?? readCommands(script, 'shell', facts, () => {}, readers);
}

const isExactly = ({ words }: Command, argv: readonly string[]): boolean =>
  words.length === argv.length &&
  words.every((word, i) => word.kind === 'known' && text(word.text, i === 0) === argv[i]);

/** The program's name is noted without its directory. */
const text = (known: string, program: boolean): string =>
  (program ? known.slice(known.lastIndexOf('/') + 1) : known).replace(/(?<=\/dev\/fd\/)\d+/, '63');

/** What find hands on is a path that stands for all that it finds. */
function fitsArgv({ words, via }: Command, argv: readonly string[]): boolean {
  if (!via.some((carrier) => carrier.startsWith('find ') || carrier === 'xargs'))
    return wordsFit(words, argv, true);
  const found = (word: Word): Word =>
    word.kind === 'known' && /(?:^\.|tree|found-file|one\.log|\*)/.test(word.text)
      ? { ...word, kind: 'unknown', pieces: [null], many: true, options: false, why: '' }
      : word;
  return wordsFit(
    words.map((word, i) => (i === 0 ? word : found(word))),
    argv,
    true,
  );
}

function wordsFit(words: readonly Word[], argv: readonly string[], program: boolean): boolean {
  const [word, ...rest] = words;
  if (word === undefined) return argv.length === 0;
  const least = isMany(word) ? 0 : 1;
  const most = isMany(word) ? argv.length : 1;
  for (let count = least; count <= most; count++) {
    if (
      spans(word, argv.slice(0, count), program && count > 0) &&
      wordsFit(rest, argv.slice(count), program && count === 0)
    )
      return true;
  }
  return false;
}

/** A word that may become no word or several. */
const isMany = (word: Word): boolean => (word.kind === 'unknown' ? word.many : word.glob === true);

/** Whether a word of the reading can have become these words. */
function spans(word: Word, argv: readonly string[], program: boolean): boolean {
  if (word.kind !== 'unknown') {
    // A pattern that was expanded in a substitution is split there.
    if (word.glob === true && argv.length > 1) return true;
    const texts = (word.kind === 'known' ? [word.text] : word.texts).map((each) => text(each, program));
    return argv.every((arg) =>
      texts.some(
        (each) =>
          each === arg ||
          each === arg.replace(/^~(?=\w)/, '/home/') ||
          (word.glob === true && fitsGlob(each, arg)),
      ),
    );
  }
  const [first] = word.pieces;
  const last = word.pieces.at(-1);
  if (argv.length === 0) return word.pieces.every((piece) => piece === null);
  // A field of several may hold any part of it.
  if (word.many) return true;
  if (argv.length === 1)
    return new RegExp(`^${word.pieces.map((p) => (p === null ? '[^]*' : globSource(p))).join('')}$`).test(
      argv[0] ?? '',
    );
  if (word.pieces.some((piece) => /[*?[]/.test(piece ?? ''))) return true;
  return (
    (first == null || argv[0]?.startsWith(first) === true) &&
    (last == null || argv.at(-1)?.endsWith(last) === true)
  );
}

/** A text in which `*`, `?` and `[…]` may stand for what the shell put in their place. */
const globSource = (glob: string): string =>
  glob.replace(/\[[^\]]*\]|[*?]|[\\^$.+()[\]{}|/]/g, (part) => {
    if (part === '*') return '[^]*';
    return part.length > 1 || part === '?' ? `(?:[^]|${escaped(part)})` : escaped(part);
  });

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

const fitsGlob = (glob: string, arg: string): boolean => new RegExp(`^${globSource(glob)}$`).test(arg);

const show = ({ words }: Command): string =>
  words
    .map((word) =>
      word.kind === 'known'
        ? JSON.stringify(word.text)
        : word.kind === 'one-of'
          ? `{${word.texts.map((t) => JSON.stringify(t)).join(',')}}`
          : `‹${word.pieces.map((p) => p ?? '…').join('')}${word.many ? ' many' : ''}›`,
    )
    .join(' ');
