import type { Token } from './sql-tokens.ts';

const deepest = 50;

/** Whether a condition holds for every row: `true`, `1=1`, `id = id`, `name LIKE '%'`, or one of these `OR` anything. */
export function isTrivial(tokens: readonly Token[], depth = 0): boolean {
  // Nobody nests this deep; what does is not read to its end.
  if (depth > deepest) return true;
  if (tokens.length === 0) return false;
  if (tokens[0]?.kind === 'mark' && tokens[0].text === '(' && closes(tokens) === tokens.length - 1)
    return isTrivial(tokens.slice(1, -1), depth + 1);
  const any = splitAt(tokens, 'OR');
  if (any.length > 1) return any.some((part) => isTrivial(part, depth + 1));
  const all = splitAt(tokens, 'AND');
  if (all.length > 1) return all.every((part) => isTrivial(part, depth + 1));
  return isTrue(tokens);
}

const textOf = (token: Token | undefined): string =>
  token?.kind === 'word' ? token.text.toUpperCase() : (token?.text ?? '');

function closes(tokens: readonly Token[]): number {
  let depth = 0;
  return tokens.findIndex(({ kind, text }) => {
    if (kind !== 'mark') return false;
    if (text === '(') depth++;
    return text === ')' && --depth === 0;
  });
}

function splitAt(tokens: readonly Token[], word: 'AND' | 'OR'): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  let depth = 0;
  let between = false;
  for (const token of tokens) {
    const text = textOf(token);
    if (token.kind === 'mark' && text === '(') depth++;
    if (token.kind === 'mark' && text === ')') depth--;
    if (token.kind === 'word' && text === 'BETWEEN') between = true;
    if (token.kind === 'word' && text === word && depth === 0 && !(between && word === 'AND')) parts.push([]);
    else parts.at(-1)?.push(token);
    if (token.kind === 'word' && text === 'AND') between = false;
  }
  return parts;
}

function isTrue(tokens: readonly Token[]): boolean {
  const [first, second, ...rest] = tokens;
  if (first === undefined) return false;
  const words = tokens.map(textOf);
  if (first.kind === 'word' && words[0] === 'NOT')
    return words.length === 2 && /^(?:FALSE|0)$/.test(words[1] ?? '');
  if (second === undefined)
    return first.kind === 'number' ? Number(first.text) !== 0 : first.kind === 'word' && words[0] === 'TRUE';
  if (words[1] === 'LIKE') return /^%+$/.test(rest[0]?.text ?? '') && rest.length === 1;
  const middle = tokens.findIndex(({ kind, text }) => kind === 'mark' && /^[=<>]$/.test(text));
  if (middle < 1) return false;
  let end = middle;
  while (/^[=<>]$/.test(tokens[end + 1]?.text ?? '') && tokens[end + 1]?.kind === 'mark') end++;
  const operator = words.slice(middle, end + 1).join('');
  const left = tokens.slice(0, middle);
  const right = tokens.slice(end + 1);
  const same = left.map(textOf).join(' ') === right.map(textOf).join(' ');
  if (/^(?:=|==|>=|<=)$/.test(operator)) {
    if (same) return true;
    return operator === '>=' && isKey(left) && /^(?:0|1)$/.test(right.map(textOf).join(''));
  }
  if (operator === '<>') return literals(left, right) && !same;
  return operator === '>' && isKey(left) && /^(?:0|-1)$/.test(right.map(textOf).join(''));
}

/** A column that holds positive numbers in every row. */
const isKey = (tokens: readonly Token[]): boolean => /^(?:.*_)?id$/i.test(tokens.at(-1)?.text ?? '');

const literals = (...sides: readonly (readonly Token[])[]): boolean =>
  sides.every((side) => side.length === 1 && (side[0]?.kind === 'number' || side[0]?.kind === 'string'));
