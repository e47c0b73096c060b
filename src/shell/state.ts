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
  /** Whether each directory on the way there is known to exist: `cd` stays where it is when there is none. */
  arrived: boolean;
  /** Files that the line itself wrote, by absolute path. */
  files: Map<string, Word>;
  /** Symbolic links that the line itself made, and what they lead to; absolute paths. */
  links: Map<string, string>;
  /** Where the line copied or moved what is on disk, or a container finds it, and where that lies; absolute paths. */
  copies: Map<string, string>;
  /** What `declare` says of a name: every value that it is given is changed so. */
  attributes: Map<string, Attribute>;
  /** Names that nothing changes any more (`readonly`). */
  locked: Set<string>;
  /** Inside a function: what its local variables were before. */
  locals: Map<string, Value | undefined> | undefined;
  /** Texts that run when this shell ends or a signal comes. */
  traps: readonly Word[];
  /** After `exit` or `return`: what follows does not run. */
  ended: boolean;
};

export type Attribute = 'integer' | 'upper' | 'lower' | 'reference' | 'keyed';

/** A variable that is certainly not set, whatever the environment holds: like an array without elements. */
export const unset: Value = [];

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
    arrived: true,
    files: new Map(),
    links: new Map(),
    copies: new Map(),
    attributes: new Map(),
    locked: new Set(),
    locals: undefined,
    traps: [],
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
    attributes: new Map(state.attributes),
    locked: new Set(state.locked),
    traps: [],
    ended: false,
  };
}

/** A copy for a branch of the same shell: what it traps outlives it. */
export const branchOf = (state: State): State => ({ ...subshell(state), traps: state.traps });

/** What a shell that is started as a program knows: what is exported, and the files. */
export function newShell(
  state: State,
  environment: ReadonlyMap<string, Word>,
  inherited: Readonly<Record<string, unknown>>,
): State {
  const fresh = startState(state.cwd ?? '');
  const exported = [...state.variables].filter(
    ([name]) => state.exported.has(name) || Object.hasOwn(inherited, name),
  );
  return {
    ...fresh,
    cwd: state.cwd,
    arrived: state.arrived,
    files: state.files,
    links: state.links,
    copies: state.copies,
    variables: new Map<string, Value>([...exported, ...environment]),
    exported: new Set([...state.exported, ...environment.keys()]),
    functions: new Map([...state.functions].filter(([name]) => state.exported.has(`${name}()`))),
    positional: [],
  };
}

/** Gives a variable a value, as its attributes and references will have it. */
export function setVariable(state: State, name: string, value: Value): void {
  if (state.locked.has(name)) return;
  const attribute = state.attributes.get(name);
  if (attribute === 'reference') {
    const target = state.variables.get(name);
    if (target !== undefined && !isArray(target) && target.kind === 'known' && target.text !== name)
      setVariable(state, target.text, value);
    else if (target === undefined) state.variables.set(name, value);
    return;
  }
  state.variables.set(
    name,
    isArray(value) ? value.map((word) => changed(word, attribute)) : changed(value, attribute),
  );
}

function changed(value: Word, attribute: Attribute | undefined): Word {
  if (attribute === 'upper') return mapTexts(value, (text) => text.toUpperCase(), 'a change of case');
  if (attribute === 'lower') return mapTexts(value, (text) => text.toLowerCase(), 'a change of case');
  if (attribute !== 'integer' || (value.kind === 'known' && /^(?:0|-?[1-9]\d*)$/.test(value.text)))
    return value;
  return unknown('an arithmetic expression');
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
    state.variables.set(name, joinValues(a, b, name));
  }
  for (const [name, bodies] of other.functions) {
    const have = state.functions.get(name) ?? [];
    state.functions.set(name, [...new Set([...have, ...bodies])]);
  }
  for (const [name, text] of other.aliases) if (!state.aliases.has(name)) state.aliases.set(name, text);
  for (const name of other.exported) state.exported.add(name);
  state.traps = [...new Set([...state.traps, ...other.traps])];
  if (state.cwd !== other.cwd) state.cwd = undefined;
  state.arrived = state.arrived && other.arrived;
  if (state.positional !== other.positional) state.positional = undefined;
}

/** A value of either branch; on a branch that sets none, the variable is taken for one that is not set. */
export function joinValues(a: Value | undefined, b: Value | undefined, name: string): Value {
  // No separators are not the usual ones.
  if (name === 'IFS') return unknown('$IFS is set differently on two branches');
  const words = [a, b].map((value) =>
    value === undefined || (isArray(value) && value.length === 0) ? known('') : value,
  );
  const single = words.flatMap((value) => (isArray(value) ? [] : [value]));
  if (single.length < words.length)
    return unknown(`$${name} is set differently on two branches`, { many: true });
  return oneOf(single, `$${name} has too many possible values`);
}

/** One word that may be any of several. */
export function oneOf(words: readonly Word[], why: string): Word {
  const texts = new Set<string>();
  let glob = false;
  const [first] = words;
  for (const word of words) {
    if (word.kind === 'unknown')
      return words.length === 1
        ? word
        : unknown(word.why, { many: words.some(isMany), options: words.some(hasOptions) });
    glob ||= word.glob === true;
    for (const text of word.kind === 'known' ? [word.text] : word.texts) texts.add(text);
  }
  if (first === undefined || texts.size > limits.alternatives) return unknown(why);
  const [only] = texts;
  const joined: Word =
    texts.size === 1 && only !== undefined ? known(only) : { kind: 'one-of', texts: [...texts] };
  return glob ? { ...joined, glob } : joined;
}

const isMany = (word: Word): boolean => word.kind === 'unknown' && word.many;
const hasOptions = (word: Word): boolean => word.kind === 'unknown' && word.options;

/** Applies a function to every text that a word can have; a word with holes becomes unknown. */
export function mapTexts(word: Word, change: (text: string) => string | undefined, why: string): Word {
  if (word.kind === 'unknown') return unknown(word.why, word);
  const texts = (word.kind === 'known' ? [word.text] : word.texts).map(change);
  if (texts.some((text) => text === undefined)) return unknown(why);
  const changed = oneOf(
    texts.map((text) => known(text ?? '')),
    why,
  );
  return word.glob === true && changed.kind !== 'unknown' ? { ...changed, glob: true } : changed;
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
    const [only] = options;
    // In place where nothing branches: a word of many parts would be copied again for each of them.
    if (options.length === 1 && only) for (const done of pieces) done.push(...glue, ...only);
    else pieces = pieces.flatMap((done) => options.map((option) => [...done, ...glue, ...option]));
    if (pieces.length > limits.alternatives) return unknown('too many possible values');
  }
  if (pieces.some(isTooLong)) return unknown('it is too long to be read');
  const texts = pieces.map((list) => (list.includes(null) ? null : list.join('')));
  if (!texts.includes(null)) {
    const joined = oneOf(
      texts.map((text) => known(text ?? '')),
      'too many possible values',
    );
    const glob = words.some((word) => word.kind !== 'unknown' && word.glob === true);
    return glob && joined.kind !== 'unknown' ? { ...joined, glob: true } : joined;
  }
  if (pieces.length > 1) return unknown(why);
  return { kind: 'unknown', pieces: compact(pieces[0] ?? []), many: false, options: false, why };
}

/** Whether a text is longer than any that is worth knowing: a value can double with every assignment. */
const isTooLong = (pieces: readonly (string | null)[]): boolean =>
  pieces.reduce((length, piece) => length + (piece?.length ?? 0), 0) > limits.file;

/** Neighbouring texts as one text, neighbouring holes as one hole; one hole alone for what is too long to be known. */
export function compact(pieces: readonly (string | null)[]): (string | null)[] {
  if (isTooLong(pieces)) return [null];
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
