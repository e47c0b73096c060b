import { known, textsOf, type Word } from '../../model/word.ts';
import { joinWords, oneOf, unknown } from '../state.ts';
import type { Expr, Param } from './tree.ts';

/** What an expression of a program evaluates to, as far as it can be known. */
export type Value = Word | List | Dict | Path | Thing | Closure;

/** `open`: it may hold more than is listed. */
export type List = { readonly kind: 'list'; readonly items: readonly Value[]; readonly open: boolean };
export type Dict = { readonly kind: 'dict'; readonly entries: Map<string, Value> };

/** A path; with `below`, any path below it whose name fits (what a walk through a tree yields). */
export type Path = { readonly kind: 'path'; readonly word: Word; readonly below?: string };

/**
 * What is reached by name: a module, a function of it, what a call of that returns (`boto3.client()`). `base` is what
 * stood before the last `.` or `()`; `args` and `named` are those of the call that made it.
 */
export type Thing = {
  readonly kind: 'thing';
  readonly path: string;
  readonly base?: Value;
  readonly args?: readonly Value[];
  readonly named?: ReadonlyMap<string, Value>;
};

export type Closure = {
  readonly kind: 'function';
  readonly params: readonly Param[];
  readonly body: Expr;
  readonly scope: Scope;
  readonly name: string;
};

export type Scope = { readonly variables: Map<string, Value>; readonly parent: Scope | undefined };

export const isWord = (value: Value | undefined): value is Word =>
  value !== undefined && (value.kind === 'known' || value.kind === 'one-of' || value.kind === 'unknown');

export const listOf = (items: readonly Value[], open = false): List => ({ kind: 'list', items, open });
export const thing = (path: string): Thing => ({ kind: 'thing', path });

/** Words as one text; of a great many, only whether all of them are known counts. */
export function joinAll(words: readonly Word[], separator: string): Word {
  if (words.length <= 200) return joinWords(words, separator);
  const texts = words.map((word) => (word.kind === 'known' ? word.text : undefined));
  return texts.includes(undefined) ? unknown('it has too many parts') : known(texts.join(separator));
}

/** A value as one word. */
export function toWord(value: Value | undefined): Word {
  if (value === undefined) return unknown('an argument that is not given');
  if (isWord(value)) return value;
  if (value.kind === 'path')
    return value.below === undefined
      ? value.word
      : joinWords([value.word, known('/'), unknown('a file below it')], '');
  if (value.kind === 'thing') return unknown(`${value.path} is not known`);
  if (value.kind === 'list') return joinAll(value.items.map(toWord), ' ');
  return unknown('it is not a text');
}

/** A value as words of a command: a list is as many as it has items. */
export function toWords(value: Value | undefined): Word[] {
  if (value?.kind !== 'list') {
    const word = toWord(value);
    return [
      value?.kind === 'thing' && word.kind === 'unknown' ? { ...word, many: true, options: true } : word,
    ];
  }
  const words = value.items.map(toWord);
  return value.open ? [...words, unknown('further arguments', { many: true, options: true })] : words;
}

export const textOf = (value: Value | undefined): string | undefined =>
  value?.kind === 'known' ? value.text : undefined;

/** `true`, `1` and the like; undefined when it cannot be known. */
export function truth(value: Value | undefined): boolean | undefined {
  if (value === undefined) return false;
  if (value.kind === 'known')
    return !['', 'false', '0', 'none', 'null', 'nil', 'undefined'].includes(value.text.toLowerCase());
  return value.kind === 'unknown' || value.kind === 'one-of' || value.kind === 'thing' ? undefined : true;
}

/** What a value is when it is one of several. */
export function anyOf(values: readonly Value[]): Value {
  const [first, ...rest] = values;
  if (first === undefined) return unknown('nothing is returned');
  if (rest.length === 0 || rest.every((value) => same(value, first))) return first;
  // A thing or a function beside plain texts is the one that can run something.
  const active = values.find(
    (value) => value.kind === 'function' || value.kind === 'list' || value.kind === 'path',
  );
  if (active) return active;
  const words = values.filter(isWord).filter((word) => word.kind !== 'unknown');
  return words.length > 0 ? oneOf(words, 'it has too many possible values') : first;
}

function same(a: Value, b: Value): boolean {
  if (a === b) return true;
  return isWord(a) && isWord(b) && JSON.stringify(a) === JSON.stringify(b);
}

/** A function of texts over every text that a word can have. */
export function overTexts(word: Word, change: (text: string) => string): Word {
  const texts = textsOf(word);
  if (texts !== undefined)
    return oneOf(
      texts.map((text) => known(change(text))),
      'too many possible values',
    );
  return word.kind === 'unknown'
    ? { ...word, pieces: word.pieces.map((piece) => (piece === null ? null : change(piece))) }
    : word;
}
