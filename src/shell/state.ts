import { known, type Word } from '../model/word.ts';
import { limits } from './limits.ts';
import type { SyntaxNode } from './parse.ts';

/** What a variable holds: one value, or the elements of an array. */
export type Value = Word | readonly Word[];

/** What a shell knows at one point of the line. Copied for a subshell, merged where branches meet. */
export type State = {
  variables: Map<string, Value>;
  /** Names that programs inherit. */
  exported: Set<string>;
  functions: Map<string, readonly SyntaxNode[]>;
  aliases: Map<string, string>;
  /** `$1 …`; undefined when they cannot be known. */
  positional: readonly Word[] | undefined;
  /** `$0`. */
  name: Word;
  cwd: string | undefined;
  /** Files that the line itself wrote, by absolute path. */
  files: Map<string, Word>;
  /** After `exit` or `return`: what follows does not run. */
  ended: boolean;
};

export const isArray = (value: Value): value is readonly Word[] => Array.isArray(value);

export const unknown = (why: string, extra?: { many?: boolean; options?: boolean }): Word => ({
  kind: 'unknown',
  pieces: [null],
  many: extra?.many ?? false,
  options: extra?.options ?? false,
  why,
});

export function startState(cwd: string): State {
  return {
    variables: new Map(),
    exported: new Set(),
    functions: new Map(),
    aliases: new Map(),
    positional: undefined,
    name: known('bash'),
    cwd,
    files: new Map(),
    ended: false,
  };
}

/** A copy for a subshell: what it changes stays in it, but for files. */
export function subshell(state: State): State {
  return {
    ...state,
    variables: new Map(state.variables),
    exported: new Set(state.exported),
    functions: new Map(state.functions),
    aliases: new Map(state.aliases),
    ended: false,
  };
}

/** Makes `state` what is true after either it or `other` was run. */
export function merge(state: State, other: State): void {
  if (other.ended) return;
  if (state.ended) {
    Object.assign(state, other);
    return;
  }
  for (const name of new Set([...state.variables.keys(), ...other.variables.keys()])) {
    const a = state.variables.get(name);
    const b = other.variables.get(name);
    if (a === b) continue;
    state.variables.set(
      name,
      a === undefined || b === undefined ? unknownIf(a ?? b, name) : joinValues(a, b, name),
    );
  }
  for (const [name, bodies] of other.functions) {
    const have = state.functions.get(name) ?? [];
    state.functions.set(name, [...new Set([...have, ...bodies])]);
  }
  for (const [name, text] of other.aliases) if (!state.aliases.has(name)) state.aliases.set(name, text);
  for (const name of other.exported) state.exported.add(name);
  if (state.cwd !== other.cwd) state.cwd = undefined;
  if (state.positional !== other.positional) state.positional = undefined;
}

/** A value set on one branch alone: it, or whatever was there before. */
function unknownIf(value: Value | undefined, name: string): Value {
  if (value === undefined || isArray(value)) return unknown(`$${name} is set on one branch only`);
  return value;
}

function joinValues(a: Value, b: Value, name: string): Value {
  if (isArray(a) || isArray(b)) return unknown(`$${name} is set differently on two branches`);
  return oneOf([a, b], `$${name} has too many possible values`);
}

/** One word that may be any of several. */
export function oneOf(words: readonly Word[], why: string): Word {
  const texts = new Set<string>();
  for (const word of words) {
    if (word.kind === 'unknown') return word;
    for (const text of word.kind === 'known' ? [word.text] : word.texts) texts.add(text);
  }
  if (texts.size > limits.alternatives) return unknown(why);
  const [first] = texts;
  if (texts.size === 1 && first !== undefined) return known(first);
  return texts.size === 0 ? unknown(why) : { kind: 'one-of', texts: [...texts] };
}

/** Applies a function to every text that a word can have; a word with holes becomes unknown. */
export function mapTexts(word: Word, change: (text: string) => string | undefined, why: string): Word {
  if (word.kind === 'unknown') return unknown(word.why);
  const texts = (word.kind === 'known' ? [word.text] : word.texts).map(change);
  if (texts.some((text) => text === undefined)) return unknown(why);
  return oneOf(
    texts.map((text) => known(text ?? '')),
    why,
  );
}

/** Words joined into one text, holes kept. */
export function joinWords(words: readonly Word[], separator: string): Word {
  let pieces: (string | null)[][] = [[]];
  let why = '';
  for (const [i, word] of words.entries()) {
    const options: (string | null)[][] =
      word.kind === 'unknown'
        ? [[...word.pieces]]
        : (word.kind === 'known' ? [word.text] : word.texts).map((t) => [t]);
    if (word.kind === 'unknown') why = word.why;
    const glue = i > 0 ? [separator] : [];
    pieces = pieces.flatMap((done) => options.map((option) => [...done, ...glue, ...option]));
    if (pieces.length > limits.alternatives) return unknown('too many possible values');
  }
  const texts = pieces.map((list) => (list.includes(null) ? null : list.join('')));
  if (!texts.includes(null))
    return oneOf(
      texts.map((text) => known(text ?? '')),
      'too many possible values',
    );
  if (pieces.length > 1) return unknown(why);
  return { kind: 'unknown', pieces: compact(pieces[0] ?? []), many: false, options: false, why };
}

/** Neighbouring texts as one text, neighbouring holes as one hole. */
export function compact(pieces: readonly (string | null)[]): (string | null)[] {
  const result: (string | null)[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (piece === '') continue;
    if (piece === null && last === null) continue;
    if (typeof piece === 'string' && typeof last === 'string') result[result.length - 1] = last + piece;
    else result.push(piece);
  }
  return result;
}
