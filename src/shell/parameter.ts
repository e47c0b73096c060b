import { known, textsOf, type Word } from '../model/word.ts';
import { type Expander, expandPattern, expandText, type Fragment, operandFragments } from './expand.ts';
import { separatorsOf } from './fields.ts';
import { patternSource } from './glob-pattern.ts';
import { parseWord, type WordNode } from './parse.ts';
import {
  isArray,
  joinValues,
  joinWords,
  mapTexts,
  type State,
  setVariable,
  unknown,
  type Value,
} from './state.ts';

type Part = NonNullable<WordNode['parts']>[number];
type ParameterPart = Extract<Part, { type: 'ParameterExpansion' }>;
type Reference = {
  readonly parameter: string;
  readonly prefix?: ParameterPart['prefix'];
  readonly index?: ParameterPart['index'];
  readonly operation?: ParameterPart['operation'];
};

/** What `$x`, `${x…}` or `$@` may stand for: a value, the elements of a list (`apart`: one field each), or fragments. */
export type Expansion =
  | Word
  | { readonly elements: readonly Word[]; readonly apart: boolean }
  | { readonly fragments: readonly (readonly Fragment[])[] };

/** Every way a parameter expansion can come out. */
export function expandParameter(
  reference: Reference,
  state: State,
  expander: Expander,
  inQuotes: boolean,
): readonly Expansion[] {
  const { parameter, prefix, operation } = reference;
  const index = reference.index;
  if (operation?.type === 'Names')
    return [unknown(`the names of the variables that start with ${parameter}`, { many: true })];

  const list = listOf(parameter, index, state);
  if (list !== undefined) {
    if (prefix === '#')
      return [
        list.known && Number.isFinite(plainCount(list.elements))
          ? known(String(list.elements.length))
          : unknown('the length of a list that is not known'),
      ];
    if (prefix === '!') return [unknown('the keys of an array', { many: true })];
    if (!list.known)
      return [unknown(`${show(parameter, index)} is not known`, { many: true, options: true })];
    const slice =
      operation?.type === 'Slice'
        ? sliceList(list.elements, operation, parameter, state, expander)
        : list.elements;
    const each = operation?.type === 'Slice' ? undefined : operation;
    const changed = slice?.map((word) => (each ? change(word, each, state, expander) : word));
    if (changed === undefined)
      return [unknown(`part of ${show(parameter, index)} is not known`, { many: true, options: true })];
    // Where `$IFS` is empty, bash joins with blanks what `${a[@]%x}` leaves of an array.
    if (each?.type === 'Remove' && index?.text === '@' && !inQuotes && separatorsOf(state) === '')
      return [joinWords(changed, ' ')];
    return [{ elements: changed, apart: parameter === '@' || index?.text === '@' }];
  }

  let name = parameter;
  if (prefix === '!') {
    const target = lookup(parameter, undefined, state, expander);
    if (target?.kind !== 'known' || !/^[A-Za-z_]\w*$/.test(target.text))
      return [unknown(`\${!${parameter}} is not known`, looseHole(parameter))];
    name = target.text;
  }
  const value = lookup(name, index, state, expander);
  if (prefix === '#') {
    return [
      value === undefined
        ? unknown(`the length of $${name} is not known`)
        : mapTexts(value, (text) => String([...text].length), 'a length'),
    ];
  }
  if (operation?.type === 'Default')
    return withDefault(name, index, value, operation, state, expander, inQuotes);
  if (value === undefined) return [unknown(`$${name} is not known`, looseHole(name))];
  return [operation ? change(value, operation, state, expander) : value];
}

/** `$ARGS` and its like hold options more often than not. */
const looseHole = (name: string) => ({
  options: /(?:^|_)(?:flags?|opts?|options?|args?|arguments?)$/i.test(name),
});

const show = (parameter: string, index: WordNode | undefined): string =>
  index ? `\${${parameter}[${index.text}]}` : `$${parameter}`;

function listOf(
  parameter: string,
  index: WordNode | undefined,
  state: State,
): { known: boolean; elements: readonly Word[] } | undefined {
  if (parameter === '@' || parameter === '*') {
    return { known: state.positional !== undefined, elements: state.positional ?? [] };
  }
  if (index?.text !== '@' && index?.text !== '*') return undefined;
  const value = state.variables.get(parameter);
  if (value === undefined) return { known: false, elements: [] };
  if (!isArray(value) && textsOf(value)?.includes(''))
    return { known: true, elements: [unknown('an element or none', { many: true })] };
  return { known: true, elements: isArray(value) ? value : [value] };
}

type Slice = Extract<NonNullable<Reference['operation']>, { type: 'Slice' }>;

function sliceList(
  elements: readonly Word[],
  slice: Slice,
  parameter: string,
  state: State,
  expander: Expander,
): readonly Word[] | undefined {
  // An element that may be several leaves no place of the others known.
  if (plainCount(elements) === Number.POSITIVE_INFINITY) return undefined;
  const offset = numberOf(expandText(slice.offset, state, expander));
  const length = slice.length === undefined ? undefined : numberOf(expandText(slice.length, state, expander));
  if (offset === undefined || (slice.length !== undefined && length === undefined)) return undefined;
  const positional = parameter === '@' || parameter === '*';
  if (positional && offset === 0) return undefined;
  const from = positional && offset > 0 ? offset - 1 : offset;
  return elements.slice(
    from,
    length === undefined ? undefined : (from < 0 ? elements.length + from : from) + length,
  );
}

function numberOf(word: Word): number | undefined {
  return word.kind === 'known' && /^\s*-?\d+\s*$/.test(word.text) ? Number(word.text) : undefined;
}

/** The value of a variable, positional or special parameter; undefined when nothing is known of it. */
export function lookup(
  name: string,
  index: WordNode | undefined,
  state: State,
  expander: Expander,
): Word | undefined {
  if (/^\d+$/.test(name)) {
    if (name === '0') return state.name;
    if (state.positional === undefined) return undefined;
    return elementAt(state.positional, Number(name) - 1);
  }
  if (name === '#')
    return state.positional === undefined || !Number.isFinite(plainCount(state.positional))
      ? undefined
      : known(String(state.positional.length));
  if (/^[?$!_-]$/.test(name)) return undefined;
  const value = state.variables.get(name) ?? inherited(name, state, expander);
  if (value === undefined) return undefined;
  if (state.attributes.get(name) === 'reference' && !isArray(value))
    return value.kind === 'known' && value.text !== name && /^[A-Za-z_]\w*$/.test(value.text)
      ? lookup(value.text, index, state, expander)
      : undefined;
  if (!isArray(value))
    return index === undefined || index.text === '0' ? value : unknown(`${name} is not an array here`);
  const given = index === undefined ? known('0') : expandText(index, state, expander);
  const at = state.attributes.get(name) === 'keyed' ? undefined : subscript(given, state, expander);
  const key = at === undefined ? given : known(String(at));
  if (at === undefined && state.attributes.get(name) !== 'keyed') return undefined;
  const entry = key.kind === 'known' ? state.variables.get(`${name}[${key.text}]`) : undefined;
  if (entry !== undefined && !isArray(entry)) return entry;
  if (index === undefined) return elementAt(value, 0);
  return at === undefined ? undefined : elementAt(value, at);
}

/** The subscript of an array without keys is an expression. */
function subscript(given: Word, state: State, expander: Expander): number | undefined {
  if (given.kind !== 'known') return undefined;
  const plain = numberOf(given);
  if (plain !== undefined) return plain;
  const [part] = parseWord(`$((${given.text}))`)?.parts ?? [];
  return part?.type === 'ArithmeticExpansion' ? numberOf(expander.arithmetic(part, state)) : undefined;
}

/** An element of a list, in which words that stand for no word or several make all that follows them uncertain. */
function elementAt(list: readonly Word[], at: number): Word | undefined {
  const open = list.findIndex((word) => (word.kind === 'unknown' ? word.many : word.glob === true));
  if (open >= 0 && (at < 0 || at >= open)) {
    const only = list[open];
    return list.length === 1 && only && only.kind !== 'unknown' && at === 0 ? only : undefined;
  }
  return list.at(at) ?? known('');
}

function inherited(name: string, state: State, { facts }: Expander): Value | undefined {
  if (name === 'PWD') return state.cwd === undefined || !state.arrived ? undefined : known(state.cwd);
  if (name === 'HOME') return facts.home === undefined ? undefined : known(facts.home);
  if (name === 'IFS') return known(' \t\n');
  const value = facts.environment[name];
  if (value !== undefined) return known(value);
  if (name === 'TMPDIR') return known('/tmp');
  if (name === 'SHELL' || name === 'BASH') return known('/bin/bash');
  return undefined;
}

type Default = Extract<NonNullable<Reference['operation']>, { type: 'Default' }>;

function withDefault(
  name: string,
  index: WordNode | undefined,
  value: Word | undefined,
  operation: Default,
  state: State,
  expander: Expander,
  inQuotes: boolean,
): readonly Expansion[] {
  const operator = operation.operator.at(-1);
  const checksEmpty = operation.operator.startsWith(':');
  const isEmpty = (word: Word) => checksEmpty && word.kind === 'known' && word.text === '';
  // A variable that one way sets and another does not holds the empty text among its values.
  const maybeEmpty = (word: Word) =>
    (checksEmpty || word.kind !== 'unknown') &&
    (word.kind === 'unknown'
      ? word.pieces.every((piece) => piece === null || piece === '')
      : (textsOf(word) ?? []).includes(''));
  const sure = value === undefined || isUnset(name, index, state) || isEmpty(value);
  const operand = (): Expansion => {
    if (operator === '=') {
      const word = inQuotes
        ? expandInQuotes(operation.operand, state, expander)
        : expandText(operation.operand, state, expander);
      setVariable(state, name, sure ? word : joinValues(value, word, name));
      return word;
    }
    if (inQuotes) return expandInQuotes(operation.operand, state, expander);
    return { fragments: operandFragments(operation.operand, state, expander) };
  };
  if (isUnset(name, index, state))
    return operator === '+' ? [known('')] : operator === '?' ? [known('')] : [operand()];
  if (operator === '?') return [value ?? unknown(`$${name} is not known`)];
  if (operator === '+') {
    if (value === undefined) return [known(''), operand()];
    if (isEmpty(value)) return [known('')];
    return maybeEmpty(value) ? [known(''), operand()] : [operand()];
  }
  if (value === undefined) return [unknown(`$${name} is not known`, looseHole(name)), operand()];
  if (isEmpty(value)) return [operand()];
  return maybeEmpty(value) ? [value, operand()] : [value];
}

/** The operand of `"${x:-…}"`, where a single quote is a character like any other. */
function expandInQuotes(node: WordNode, state: State, expander: Expander): Word {
  const word = expandText(node, state, expander);
  if (!node.text.includes("'")) return word;
  return /[$`\\"]/.test(node.text) ? unknown('quotes within quotes') : known(node.text);
}

/** Whether a parameter is certainly not set: after `unset`, or past the last argument. */
function isUnset(name: string, index: WordNode | undefined, state: State): boolean {
  if (/^[1-9]\d*$/.test(name))
    return state.positional !== undefined && plainCount(state.positional) < Number(name);
  const value = state.variables.get(name);
  return index === undefined && value !== undefined && isArray(value) && value.length === 0;
}

const plainCount = (words: readonly Word[]): number =>
  words.some((word) => (word.kind === 'unknown' ? word.many : word.glob === true))
    ? Number.POSITIVE_INFINITY
    : words.length;

/** A value after `%`, `#`, `/`, `^`, `,`, `:` or `@`. Of a pattern that stands for file names, no `*` may be changed. */
function change(
  value: Word,
  operation: NonNullable<Reference['operation']>,
  state: State,
  expander: Expander,
): Word {
  const changed = changeText(value, operation, state, expander);
  if (value.kind === 'unknown' || value.glob !== true || changed.kind === 'unknown') return changed;
  const stars = (word: Word) => (textsOf(word) ?? []).join('').replace(/[^*?[]/g, '').length;
  return stars(changed) < stars(value) ? unknown('a part of the names of files', { many: true }) : changed;
}

function changeText(
  value: Word,
  operation: NonNullable<Reference['operation']>,
  state: State,
  expander: Expander,
): Word {
  const why = 'a change of a value that is not read';
  switch (operation.type) {
    case 'Remove': {
      const pattern = expandPattern(operation.operand, state, expander);
      if (pattern.kind !== 'known') return unknown(pattern.kind === 'unknown' ? pattern.why : why);
      return mapTexts(value, (text) => removeMatch(text, pattern.text, operation.operator), why);
    }
    case 'Replace': {
      const pattern = expandPattern(operation.pattern, state, expander);
      const replacement = expandText(operation.replacement, state, expander);
      if (pattern.kind !== 'known' || replacement.kind !== 'known') return unknown(why);
      return mapTexts(
        value,
        (text) => replaceMatch(text, pattern.text, replacement.text, operation.operator),
        why,
      );
    }
    case 'Slice': {
      const offset = numberOf(expandText(operation.offset, state, expander));
      const length =
        operation.length === undefined ? undefined : numberOf(expandText(operation.length, state, expander));
      if (offset === undefined || (operation.length !== undefined && length === undefined))
        return unknown(why);
      return mapTexts(value, (text) => sliceText(text, offset, length), why);
    }
    case 'CaseModification': {
      if (operation.operand !== undefined) return unknown(why);
      return mapTexts(value, (text) => changeCase(text, operation.operator), why);
    }
    case 'Transform': {
      const letter = operation.operand.text;
      if (letter === 'U') return mapTexts(value, (text) => text.toUpperCase(), why);
      if (letter === 'u') return mapTexts(value, (text) => changeCase(text, '^'), why);
      if (letter === 'L') return mapTexts(value, (text) => text.toLowerCase(), why);
      return unknown(why);
    }
    default:
      return unknown(why);
  }
}

/** Whether matching could take long: a pattern of several stars tries the text anew for each. */
const isCostly = (text: string, pattern: string): boolean =>
  Math.max(text.length, 2) ** (pattern.split('*').length - 1) * text.length > 4_000_000;

function removeMatch(text: string, pattern: string, operator: '#' | '##' | '%' | '%%'): string | undefined {
  const source = patternSource(pattern);
  if (source === undefined || isCostly(text, pattern)) return undefined;
  const whole = new RegExp(`^(?:${source})$`);
  const lengths = Array.from({ length: text.length + 1 }, (_, i) => i);
  const longest = operator.length === 2;
  for (const length of longest ? lengths.reverse() : lengths) {
    const part = operator.startsWith('#') ? text.slice(0, length) : text.slice(text.length - length);
    if (whole.test(part))
      return operator.startsWith('#') ? text.slice(length) : text.slice(0, text.length - length);
  }
  return text;
}

function replaceMatch(
  text: string,
  pattern: string,
  replacement: string,
  operator: '/' | '//' | '/#' | '/%',
): string | undefined {
  if (pattern === '') return text;
  const source = patternSource(pattern);
  // `&` stands for the match in bash 5.2, for itself before.
  if (source === undefined || isCostly(text, pattern) || replacement.includes('&')) return undefined;
  const anchored = operator === '/#' ? `^(?:${source})` : operator === '/%' ? `(?:${source})$` : source;
  if (text === '') return undefined;
  return text.replace(new RegExp(anchored, operator === '//' ? 'g' : ''), (found) =>
    found === '' ? '' : replacement,
  );
}

function sliceText(text: string, offset: number, length: number | undefined): string {
  const chars = [...text];
  const from = offset < 0 ? chars.length + offset : offset;
  if (from < 0) return '';
  const to = length === undefined ? chars.length : length < 0 ? chars.length + length : from + length;
  return chars.slice(from, to).join('');
}

function changeCase(text: string, operator: '^' | '^^' | ',' | ',,'): string {
  const change = (part: string) => (operator.startsWith('^') ? part.toUpperCase() : part.toLowerCase());
  return operator.length === 2 ? change(text) : change(text.slice(0, 1)) + text.slice(1);
}
