import { known, type Word } from '../../model/word.ts';
import type { Evaluator } from './evaluator.ts';
import { listOf, type Path, type Thing, toWords, type Value } from './value.ts';

/** A call of something that has a name. */
export type CallSite = {
  /** The whole name: `os.path.join`, `boto3.client().delete_bucket`; a method of a text starts with `text.`. */
  readonly path: string;
  readonly args: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
  /** What stands before the last `.`. */
  readonly receiver: Value | undefined;
  readonly run: Evaluator;
};

/** What a call does and returns; undefined when it is not for this effect after all. */
export type Effect = (site: CallSite) => Value | undefined;

/** Names (space-separated; `*.name` is a method of anything that has no row of its own), and what calls of them do. */
export type Row = readonly [names: string, does: Effect | string];
export type Table = ReadonlyMap<string, Effect>;

export function tableOf(...lists: readonly (readonly Row[])[]): Table {
  const table = new Map<string, Effect>();
  for (const [names, does] of lists.flat()) {
    const effect = typeof does === 'string' ? command(does) : does;
    for (const name of names.split(' ')) {
      // A method of anything may mean several things: the first that recognises the call decides.
      const before = name.startsWith('*') ? table.get(name) : undefined;
      table.set(name, before === undefined ? effect : (site) => effect(site) ?? before(site));
    }
  }
  return table;
}

/** An argument by position or by any of its names. */
export function argument(site: CallSite, at: number, ...names: readonly string[]): Value | undefined {
  const positional = site.args[at];
  if (positional !== undefined) return positional;
  for (const name of names) {
    const value = site.named.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** What a JavaScript function is given as its last argument, or Python as named ones. */
export function option(site: CallSite, name: string): Value | undefined {
  const direct = site.named.get(name);
  if (direct !== undefined) return direct;
  for (const arg of site.args) {
    const value = arg.kind === 'dict' ? arg.entries.get(name) : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

/**
 * An effect that runs a command written as a template: `$0` is the first argument, `$0:path` the first or the one
 * named `path`, `$*` all of them, `^` the thing itself, `^0` the first argument of the nearest call before.
 */
export function command(template: string): Effect {
  const words = template.split(' ');
  return (site) => {
    const argv: Word[] = [];
    for (const word of words) {
      const value = operand(word, site);
      if (value === undefined) argv.push(known(word));
      else argv.push(...value);
    }
    return site.run.spawn(argv, {});
  };
}

function operand(word: string, site: CallSite): Word[] | undefined {
  if (word === '$*') return site.args.flatMap(toWords);
  if (word === '^') return toWords(site.receiver);
  const match = /^([$^])(\d)(?::([\w,]+))?$/.exec(word);
  if (!match) return undefined;
  const at = Number(match[2]);
  const names = match[3]?.split(',') ?? [];
  if (match[1] === '$') {
    const value =
      argument(site, at, ...names) ??
      names.map((name) => option(site, name)).find((found) => found !== undefined);
    return value === undefined ? [] : toWords(value);
  }
  const before = callsBefore(site.receiver)[0];
  const value =
    before?.args?.[at] ?? names.map((name) => before?.named?.get(name)).find((found) => found !== undefined);
  return value === undefined ? [] : toWords(value);
}

/** The calls that led to a thing, nearest first, those without arguments left out. */
export function callsBefore(value: Value | undefined): Thing[] {
  const found: Thing[] = [];
  for (let each = value; each?.kind === 'thing'; each = each.base) {
    if ((each.args?.length ?? 0) > 0 || (each.named?.size ?? 0) > 0) found.push(each);
  }
  return found;
}

export const pathOf = (word: Word, below?: string): Path =>
  below === undefined ? { kind: 'path', word } : { kind: 'path', word, below };

/** What a call is given, lists taken apart. */
export const flat = (values: readonly Value[]): Value[] =>
  values.flatMap((value) => (value.kind === 'list' ? [...value.items] : [value]));
export const texts = (words: readonly string[]): Value => listOf(words.map(known));
