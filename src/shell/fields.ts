import { isArray, type State } from './state.ts';

/** The characters that separate fields (`IFS`); undefined when they are not known. */
export function separatorsOf(state: State): string | undefined {
  const value = state.variables.get('IFS');
  if (value === undefined || (isArray(value) && value.length === 0)) return ' \t\n';
  return !isArray(value) && value.kind === 'known' ? value.text : undefined;
}

/** A piece of a text between separators. `ends`: another separator than white space follows, so that it is a field even if empty. */
export type Piece = { readonly text: string; readonly ends: boolean };

/** A text cut at its separators: white space in runs, other characters one by one. */
export function piecesOf(text: string, ifs: string): Piece[] {
  const pieces: Piece[] = [];
  let rest = text;
  for (let cut = firstSeparator(rest, ifs); cut !== undefined; cut = firstSeparator(rest, ifs)) {
    pieces.push({ text: rest.slice(0, cut.start), ends: cut.hard });
    rest = rest.slice(cut.end);
  }
  return [...pieces, { text: rest, ends: false }];
}

/** The fields of a text on its own. */
export const splitFields = (text: string, ifs: string): string[] =>
  piecesOf(trimBlanks(text, ifs, 'start'), ifs)
    .filter((piece) => piece.ends || piece.text !== '')
    .map((piece) => piece.text);

type Cut = { readonly start: number; readonly end: number; readonly hard: boolean };

export function firstSeparator(text: string, ifs: string): Cut | undefined {
  const blank = (char: string | undefined) =>
    char !== undefined && /[ \t\n]/.test(char) && ifs.includes(char);
  const start = [...text].findIndex((char) => ifs.includes(char));
  if (start < 0) return undefined;
  const chars = [...text];
  let end = start;
  while (blank(chars[end])) end++;
  const hard = chars[end] !== undefined && ifs.includes(chars[end] as string);
  if (hard) {
    end++;
    while (blank(chars[end])) end++;
  }
  return { start: chars.slice(0, start).join('').length, end: chars.slice(0, end).join('').length, hard };
}

/** A text without the white space of `ifs` at one side. */
export function trimBlanks(text: string, ifs: string, side: 'start' | 'end'): string {
  const blank = (char: string | undefined) =>
    char !== undefined && /[ \t\n]/.test(char) && ifs.includes(char);
  let from = 0;
  let to = text.length;
  if (side === 'start') while (blank(text[from])) from++;
  else while (to > 0 && blank(text[to - 1])) to--;
  return text.slice(from, to);
}
