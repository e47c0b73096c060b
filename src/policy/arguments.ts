import type { Tool } from '../model/rule.ts';
import { known, type Word } from '../model/word.ts';

/** A word of the command that is not an option. `doubtful`: it may be the value of an undeclared option before it. */
export type Argument = { readonly word: Word; readonly doubtful: boolean };

/** An option as given. `certain` is false when a word that cannot be known may be it. */
export type Flag = { readonly name: string; readonly value?: Word; readonly certain: boolean };

export type Arguments = { readonly words: readonly Argument[]; readonly flags: readonly Flag[] };

/** The words after a program, told apart as its tool declares its options. */
export function parseArguments(tool: Tool, args: readonly Word[]): Arguments {
  const words: Argument[] = [];
  const flags: Flag[] = [];
  let doubtful = false;
  for (let i = 0; i < args.length; i++) {
    const word = args[i] as Word;
    const head = headOf(word);
    const valueWasDue = doubtful;
    doubtful = false;
    if (head === '--' && word.kind === 'known' && tool.style !== 'plain') {
      flags.push({ name: '--', certain: true });
      for (const rest of args.slice(i + 1)) words.push({ word: rest, doubtful: false });
      break;
    }
    if (word.kind === 'one-of') {
      const options = word.texts.filter(isOption);
      for (const text of options)
        for (const flag of spell(tool, known(text), text)) flags.push({ ...flag, certain: false });
      if (options.length < word.texts.length)
        words.push({ word, doubtful: valueWasDue || options.length > 0 });
      continue;
    }
    if (!isOption(head)) {
      words.push({ word, doubtful: valueWasDue });
      continue;
    }
    if (tool.commandOptions.includes(head)) {
      flags.push({ name: head, certain: true });
      i = endOfCommand(args, i);
      continue;
    }
    const given = spell(tool, word, head);
    const last = given.at(-1);
    if (last && last.value === undefined) {
      const takes = takesValue(tool, last.name, words);
      const next = args[i + 1];
      if (takes === 'yes' && next !== undefined) {
        given[given.length - 1] = { ...last, value: next };
        i++;
      } else if (takes === 'maybe') doubtful = true;
    }
    flags.push(...given);
  }
  return { words, flags };
}

/** Where the command that an option carries ends: at `;`, or at `+` after `{}`. */
function endOfCommand(args: readonly Word[], from: number): number {
  const end = args.findIndex(
    (arg, i) =>
      i > from &&
      arg.kind === 'known' &&
      (arg.text === ';' || (arg.text === '+' && headOf(args[i - 1] as Word) === '{}')),
  );
  return end < 0 ? args.length : end;
}

const isOption = (text: string): boolean => text.length > 1 && text.startsWith('-') && !/^-\d/.test(text);

/** The text that a word certainly starts with. */
function headOf(word: Word): string {
  if (word.kind === 'known') return word.text;
  if (word.kind === 'unknown') return word.pieces[0] ?? '';
  return '';
}

/** The options that one word gives: one, or several for a bundle of letters (`-rf`). */
function spell(tool: Tool, word: Word, head: string): Flag[] {
  const equals = head.indexOf('=');
  const name = equals < 0 ? head : head.slice(0, equals);
  const value = equals < 0 ? undefined : dropHead(word, equals + 1);
  const certain = equals >= 0 || word.kind === 'known';
  const one = (spelt: string): Flag[] => [
    { name: spelt, certain, ...(value === undefined ? {} : { value }) },
  ];
  if (tool.style === 'go') return one(name.replace(/^--/, '-'));
  if (tool.style === 'plain' || name.startsWith('--')) return one(name);
  const exact = tool.values.includes(name) || tool.switches.includes(name);
  if (exact && name.length > 2) return one(name);
  if (/[^\w.,:@/=+%-]|.-/.test(head.slice(1).split('=')[0] ?? '')) return one(name);
  const flags: Flag[] = [];
  for (let i = 1; i < head.length; i++) {
    const letter = `-${head[i]}`;
    const rest = i + 1 < head.length || word.kind === 'unknown' ? dropHead(word, i + 1) : undefined;
    if (rest !== undefined && (tool.values.includes(letter) || tool.values.includes(`${letter}=`))) {
      flags.push({ name: letter, value: rest, certain: true });
      return flags;
    }
    flags.push({ name: letter, certain: true });
  }
  return flags;
}

function dropHead(word: Word, length: number): Word {
  if (word.kind === 'known') return known(word.text.slice(length));
  if (word.kind === 'one-of') return { kind: 'one-of', texts: word.texts.map((text) => text.slice(length)) };
  const [first, ...rest] = word.pieces;
  return typeof first === 'string' ? { ...word, pieces: [first.slice(length), ...rest] } : word;
}

/**
 * Whether the next word is an option's value. An option is declared by its name, as `-i=` when only what is glued to it
 * is its value, or as `compose -f` where it means one thing directly after these words and another elsewhere.
 */
function takesValue(tool: Tool, name: string, before: readonly Argument[]): 'yes' | 'maybe' | 'no' {
  if (before.length > 0 && before.length <= 3) {
    const here = [...before.map(({ word }) => (word.kind === 'known' ? word.text : '')), name].join(' ');
    if (tool.values.includes(here)) return 'yes';
    if (tool.switches.includes(here)) return 'no';
  }
  if (tool.values.includes(`${name}=`)) return 'no';
  const isNamed = (option: string) => option === name || (tool.abbreviates && isPrefix(name, option));
  if (tool.switches.includes(name)) return 'no';
  if (tool.values.some(isNamed)) return 'yes';
  return tool.switches.some(isNamed) ? 'no' : 'maybe';
}

/** True when `given` shortens the long option `full` (`--har` for `--hard`). */
export const isPrefix = (given: string, full: string): boolean =>
  given.startsWith('--') && given.length > 2 && full.startsWith(given);
