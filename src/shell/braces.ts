import { limits } from './limits.ts';

/**
 * The words that brace expansion makes of one word's source, quotes and expansions kept as they are written:
 * `{rm,-rf}` gives `rm` and `-rf`, `x{1..3}` gives `x1`, `x2`, `x3`. Undefined when there would be too many.
 */
export function expandBraces(source: string): string[] | undefined {
  const open = findGroup(source, 0);
  if (open === undefined) return [source];
  const { start, end, commas } = open;
  const head = source.slice(0, start);
  const inner = source.slice(start + 1, end);
  const items = commas.length > 0 ? splitAt(source, start + 1, end, commas) : sequence(inner);
  if (items === 'many') return undefined;
  if (items === undefined) {
    const rest = expandBraces(source.slice(start + 1));
    return rest?.map((tail) => `${head}{${tail}`);
  }
  const tails = expandBraces(source.slice(end + 1));
  if (tails === undefined) return undefined;
  const words: string[] = [];
  for (const item of items) {
    const expanded = commas.length > 0 ? expandBraces(item) : [item];
    if (expanded === undefined) return undefined;
    for (const middle of expanded) for (const tail of tails) words.push(head + middle + tail);
    if (words.length > limits.alternatives * 8) return undefined;
  }
  return words;
}

type Group = { readonly start: number; readonly end: number; readonly commas: readonly number[] };

/** The first brace group that bash would expand, at or after `from`. */
function findGroup(source: string, from: number): Group | undefined {
  for (let i = from; i < source.length; i = next(source, i)) {
    if (source[i] !== '{' || source[i - 1] === '$') continue;
    const commas: number[] = [];
    let depth = 0;
    for (let j = i; j < source.length; j = next(source, j)) {
      if (source[j] === '{') depth++;
      else if (source[j] === ',' && depth === 1) commas.push(j);
      else if (source[j] === '}' && --depth === 0) {
        if (commas.length > 0 || sequence(source.slice(i + 1, j))) return { start: i, end: j, commas };
        break;
      }
    }
  }
  return undefined;
}

/** The index after the character, quoted string or expansion at `i`. */
function next(source: string, i: number): number {
  const char = source[i];
  if (char === '\\') return i + 2;
  if (char === "'") return after(source, source.indexOf("'", i + 1));
  if (char === '"' || char === '`') {
    for (let j = i + 1; j < source.length; j++) {
      if (source[j] === '\\') j++;
      else if (source[j] === char) return j + 1;
    }
    return source.length;
  }
  if (char === '$' && (source[i + 1] === '{' || source[i + 1] === '(')) {
    const close = source[i + 1] === '{' ? '}' : ')';
    for (let j = i + 2; j < source.length; j = next(source, j)) if (source[j] === close) return j + 1;
    return source.length;
  }
  return i + 1;
}

const after = (source: string, found: number): number => (found < 0 ? source.length : found + 1);

function splitAt(source: string, start: number, end: number, commas: readonly number[]): string[] {
  const cuts = [start - 1, ...commas, end];
  return cuts.slice(1).map((cut, i) => source.slice((cuts[i] ?? 0) + 1, cut));
}

function sequence(inner: string): string[] | 'many' | undefined {
  const match = /^(?:(-?\d+)\.\.(-?\d+)|([A-Za-z])\.\.([A-Za-z]))(?:\.\.(-?\d+))?$/.exec(inner);
  if (!match) return undefined;
  const letters = match[3] !== undefined && match[4] !== undefined;
  const first = letters ? (match[3]?.charCodeAt(0) ?? 0) : Number(match[1]);
  const last = letters ? (match[4]?.charCodeAt(0) ?? 0) : Number(match[2]);
  const step = Math.max(1, Math.abs(Number(match[5] ?? 1)));
  const count = Math.floor(Math.abs(last - first) / step) + 1;
  if (count > limits.alternatives * 8) return 'many';
  const width = letters
    ? 0
    : [match[1], match[2]].some((n) => /^-?0\d/.test(n ?? ''))
      ? Math.max(...[match[1], match[2]].map((n) => n?.length ?? 0))
      : 0;
  return Array.from({ length: count }, (_, i) => {
    const value = first + (last >= first ? i : -i) * step;
    if (letters) return String.fromCharCode(value);
    return value < 0 ? `-${String(-value).padStart(width - 1, '0')}` : String(value).padStart(width, '0');
  });
}
