import { known, type Word } from '../../model/word.ts';
import type { Carried } from '../carriers.ts';
import { limits } from '../limits.ts';
import { resolvePath } from '../path.ts';
import { joinWords, type State, subshell } from '../state.ts';
import type * as formats from './formats.ts';

/** What a file in YAML, TOML or JSON holds where names stand for values. */
export type Data = Readonly<Record<string, unknown>>;

export const textOf = (word: Word | undefined): string => (word?.kind === 'known' ? word.text : '');

/** A state whose working directory is `dir`, seen from the one at hand. */
export function inDirectory(state: State, dir: string | undefined): State {
  const inner = subshell(state);
  if (dir !== undefined) inner.cwd = resolvePath(dir, state.cwd);
  return inner;
}

/** What a file holds; undefined when it is not there, too long or not known. */
export function fileText({ shell }: Carried, state: State, name: string): string | undefined {
  const text = shell.fileText(name, state);
  return text?.kind === 'known' ? text.text : undefined;
}

/** The first of several files that is there. */
export function firstFile(
  carried: Carried,
  state: State,
  names: readonly string[],
): { readonly name: string; readonly text: string } | undefined {
  for (const name of names) {
    const text = fileText(carried, state, name);
    if (text !== undefined) return { name, text };
  }
  return undefined;
}

/**
 * What the first of several files holds that is there. A file that the line itself names (`named`) and that cannot be
 * read is a doubt: nobody knows what its runner would make of it.
 */
export function readData(
  carried: Carried,
  state: State,
  names: readonly string[],
  named = false,
): { readonly name: string; readonly data: Data } | undefined {
  const file = firstFile(carried, state, names);
  if (file === undefined) return undefined;
  // The parsers take long over long files that are not valid.
  const readable = file.text.length <= limits.text;
  const value = readable ? readerOf(file.name, carried)(file.text) : undefined;
  if (isData(value)) return { name: file.name, data: value };
  if (named) carried.shell.doubt(`${file.name}, which cannot be read as what its name says`);
  return undefined;
}

function readerOf(name: string, { shell }: Carried): (text: string) => unknown {
  const read: typeof formats = shell.readers.formats();
  if (/\.ya?ml$/.test(name)) return read.parseYaml;
  return /\.jsonc?$/.test(name) ? read.parseJsonc : read.parseToml;
}

export const isData = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What stands below a row of names; nothing where there is no such thing. */
export function dataAt(value: unknown, ...names: readonly string[]): Data {
  let at = value;
  for (const name of names) at = isData(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  return isData(at) ? at : {};
}

/** A value by its name, where the file has one of its own. */
export const valueAt = (data: Data, name: string): unknown =>
  Object.hasOwn(data, name) ? data[name] : undefined;

export const textAt = (data: Data, name: string): string | undefined => {
  const value = valueAt(data, name);
  return typeof value === 'string' ? value : undefined;
};

/** The values of a list, or the one value that stands for a list. */
export const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

export const textsIn = (value: unknown): string[] =>
  listOf(value).filter((each): each is string => typeof each === 'string');

/** Names and their texts, numbers and truths; what is none of these is left out. */
export function variablesIn(data: Data): Map<string, string> {
  return new Map(
    Object.entries(data).flatMap(([name, value]): [string, string][] =>
      /^(?:string|number|boolean)$/.test(typeof value) ? [[name, String(value)]] : [],
    ),
  );
}

/** Runs shell text of a task. Text that the runner fills in (`{{x}}`, `$(X)`) is read as a variable not known. */
export function runTask(
  carried: Carried,
  state: State,
  via: string,
  text: string,
  how: { readonly args?: readonly Word[]; readonly variables?: ReadonlyMap<string, string> } = {},
): void {
  const { shell } = carried;
  const inner = subshell(state);
  for (const [name, value] of how.variables ?? []) {
    inner.variables.set(name, known(value));
    inner.exported.add(name);
  }
  shell.runText(joinWords([known(text), ...(how.args ?? [])], ' '), inner, shell.inner(via));
}

/** Runs a program of a task by its words. */
export function runWords(carried: Carried, state: State, via: string, words: readonly Word[]): void {
  const { shell, environment, span } = carried;
  shell.runCarried(words, environment, subshell(state), shell.inner(via), span);
}

/** Options and operands, with the values of those options that take one. */
export type Options = {
  readonly values: ReadonlyMap<string, string>;
  readonly switches: ReadonlySet<string>;
  readonly operands: readonly Word[];
};

/**
 * Splits arguments. `takingValue` lists the options with a value, by spaces; with `stop` the first operand ends the
 * options, as it does where the rest belongs to a program.
 */
export function optionsOf(args: readonly Word[], takingValue: string, stop = false): Options {
  const withValue = new Set(takingValue.split(' '));
  const values = new Map<string, string>();
  const switches = new Set<string>();
  const operands: Word[] = [];
  for (let i = 0; i < args.length; i++) {
    const text = textOf(args[i]);
    const cut = text.startsWith('--') ? text.indexOf('=') : -1;
    const short = text.slice(0, 2);
    if (text === '--') return { values, switches, operands: [...operands, ...args.slice(i + 1)] };
    if (!text.startsWith('-') || text === '-') {
      if (stop) return { values, switches, operands: args.slice(i) };
      operands.push(args[i] as Word);
    } else if (withValue.has(text)) values.set(text, textOf(args[++i]));
    else if (cut > 0) values.set(text.slice(0, cut), text.slice(cut + 1));
    else if (!text.startsWith('--') && text.length > 2 && withValue.has(short))
      values.set(short, text.slice(2).replace(/^=/, ''));
    else switches.add(text);
  }
  return { values, switches, operands };
}

/** The value of the first of several spellings of an option. */
export const optionValue = ({ values }: Options, ...names: readonly string[]): string | undefined =>
  names.map((name) => values.get(name)).find((value) => value !== undefined);

export const hasSwitch = ({ switches }: Options, ...names: readonly string[]): boolean =>
  names.some((name) => switches.has(name));

/** Runs shell text in a container: the files and services there are not those of this machine. */
export function runInContainer(
  { shell, state }: Carried,
  via: string,
  text: string,
  variables: ReadonlyMap<string, string> = new Map(),
): void {
  const inner = subshell(state);
  inner.cwd = undefined;
  for (const [name, value] of variables) inner.variables.set(name, known(value));
  shell.runText(known(text), inner, { ...shell.inner(via, known('')), container: true });
}
