import { type Certainty, either } from '../model/certainty.ts';
import type { Word } from '../model/word.ts';

/** A hole in a word: text that cannot be known. */
const HOLE = Symbol('hole');
type Symbols = readonly (string | typeof HOLE)[];

/**
 * Whether a word fits a glob of `*` (any text) and `?` (any character): `yes` when it does whatever its holes hold,
 * `maybe` when it does for some of them, `no` when for none. `!{a,b}` is any word that fits neither.
 */
export function fits(glob: string, word: Word): Certainty {
  if (!isNegated(glob)) return fitsOne(glob, word);
  const named = glob
    .slice(2, -1)
    .split(',')
    .reduce<Certainty>((best, one) => either(best, fitsOne(one, word)), 'no');
  return named === 'maybe' ? 'maybe' : named === 'yes' ? 'no' : 'yes';
}

function fitsOne(glob: string, word: Word): Certainty {
  if (word.kind === 'known') return fitsText(glob, word.text) ? 'yes' : 'no';
  if (word.kind === 'one-of') {
    const fitting = word.texts.filter((text) => fitsText(glob, text)).length;
    if (fitting === 0) return 'no';
    return fitting === word.texts.length ? 'yes' : 'maybe';
  }
  const symbols = word.pieces.flatMap((piece): Symbols => (piece === null ? [HOLE] : [...piece]));
  if (covers(glob, symbols)) return 'yes';
  return meets(glob, symbols) ? 'maybe' : 'no';
}

const isNegated = (glob: string): boolean => glob.startsWith('!{');

/** Whether it stands for other words than itself. */
export const isGlob = (text: string): boolean => isNegated(text) || /[*?]/.test(text);

/** Whether a text fits a glob. Nearly all globs are a word or the start of one, and need no search. */
export function fitsText(glob: string, text: string): boolean {
  if (glob === text) return true;
  const start = glob[0];
  if (start !== '*' && start !== '?' && start !== text[0]) return false;
  const first = glob.search(/[*?]/);
  // Most of many globs are told from a text by their ends alone.
  if (first < 0 || !text.startsWith(glob.slice(0, first))) return false;
  const last = Math.max(glob.lastIndexOf('*'), glob.lastIndexOf('?'));
  if (!text.endsWith(glob.slice(last + 1))) return false;
  if (first === glob.length - 1 && glob.endsWith('*')) return true;
  return covers(glob, [...text]);
}

/** True when the glob holds for everything that the symbols can stand for. Linear in practice: greedy with one way back. */
function covers(glob: string, symbols: Symbols): boolean {
  if (!/[*?]/.test(glob)) {
    return symbols.length === glob.length && symbols.every((symbol, i) => symbol === glob[i]);
  }
  let g = 0;
  let s = 0;
  let star = -1;
  let resume = 0;
  while (s < symbols.length) {
    const symbol = symbols[s];
    if (glob[g] === '*') {
      star = g++;
      resume = s;
    } else if (g < glob.length && symbol !== HOLE && (glob[g] === '?' || glob[g] === symbol)) {
      g++;
      s++;
    } else if (star >= 0) {
      g = star + 1;
      s = ++resume;
    } else return false;
  }
  while (glob[g] === '*') g++;
  return g === glob.length;
}

/** True when the glob and the symbols have a text in common. */
function meets(glob: string, symbols: Symbols): boolean {
  let row = new Set([0]);
  const skipStars = (positions: Set<number>) => {
    for (const g of positions) if (glob[g] === '*') positions.add(g + 1);
    return positions;
  };
  row = skipStars(row);
  for (const symbol of symbols) {
    const next = new Set<number>();
    for (const g of row) {
      if (symbol === HOLE) for (let to = g; to <= glob.length; to++) next.add(to);
      else if (glob[g] === '*') next.add(g);
      else if (g < glob.length && (glob[g] === '?' || glob[g] === symbol)) next.add(g + 1);
    }
    row = skipStars(next);
  }
  return row.has(glob.length);
}

/** Whether an absolute path fits a path glob: `*` and `?` within one name, `**` for any number of names. */
export function fitsPath(glob: string, path: string): boolean {
  const last = glob.slice(glob.lastIndexOf('/') + 1);
  if (last !== '**' && !fitsText(last, path.slice(path.lastIndexOf('/') + 1))) return false;
  const names = path.split('/');
  const wanted = glob.split('/');
  const from = (g: number, n: number): boolean => {
    if (g === wanted.length) return n === names.length;
    if (wanted[g] === '**') return from(g + 1, n) || (n < names.length && from(g, n + 1));
    return n < names.length && fitsText(wanted[g] as string, names[n] as string) && from(g + 1, n + 1);
  };
  return from(0, 0);
}
