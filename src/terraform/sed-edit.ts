/** Steps that matching may take at worst: an expression that may take more is not tried. */
const MOST_STEPS = 5e7;

/**
 * What a sed script makes of a text; undefined for anything beyond `s`, `d` and the addresses that people use, and where
 * it may take long.
 */
export function sedEdit(script: string, extended: boolean, text: string): string | undefined {
  const commands = script
    .split(/\n|;(?=\s*(?:$|[/\\\d$sd]))/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => commandOf(line, extended));
  if (commands.length === 0 || commands.includes(undefined)) return undefined;
  const lines = text.split('\n');
  const open = Math.max(...commands.map((command) => command?.open ?? 0));
  if (lines.reduce((sum, { length }) => sum + length ** (open + 1), 0) * commands.length > MOST_STEPS)
    return undefined;
  const last = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  const inside = commands.map(() => false);
  const kept: string[] = [];
  for (const [i, line] of lines.entries()) {
    let current: string | undefined = line;
    for (const [c, command] of commands.entries()) {
      if (command === undefined || current === undefined) break;
      const [from, to] = command.addresses;
      const at = (address: Address, value: string) =>
        address === '$'
          ? i + 1 === last
          : typeof address === 'number'
            ? address === i + 1
            : address.test(value);
      let chosen = from === undefined || at(from, current);
      if (from !== undefined && to !== undefined) {
        const started = !inside[c] && chosen;
        chosen = inside[c] === true || chosen;
        if (started) inside[c] = !(typeof to === 'number' && to <= i + 1);
        else if (inside[c] && at(to, current)) inside[c] = false;
      }
      if (chosen === command.negated || i >= last) continue;
      current = command.change(current);
    }
    if (current !== undefined) kept.push(current);
  }
  return kept.join('\n');
}

type Address = number | '$' | RegExp;
type Command = {
  readonly addresses: readonly Address[];
  readonly negated: boolean;
  /** How many of its parts match text of any length. */
  readonly open: number;
  readonly change: (line: string) => string | undefined;
};

const addressAt = /^(?:(\d+)|(\$)|\/((?:[^/\\]|\\.)*)\/(I?))/;

function commandOf(source: string, extended: boolean): Command | undefined {
  let rest = source;
  const addresses: Address[] = [];
  for (;;) {
    const [whole, number, end, pattern, flag] = addressAt.exec(rest) ?? [];
    if (whole === undefined) break;
    const regex = pattern === undefined ? undefined : expression(pattern, extended, flag === 'I' ? 'i' : '');
    if (pattern !== undefined && regex === undefined) return undefined;
    addresses.push(number !== undefined ? Number(number) : end !== undefined ? '$' : (regex ?? '$'));
    rest = rest.slice(whole.length);
    if (addresses.length === 2 || !rest.startsWith(',')) break;
    rest = rest.slice(1);
  }
  rest = rest.trim();
  const negated = rest.startsWith('!');
  if (negated) rest = rest.slice(1).trim();
  const inAddresses = addresses.map(openParts);
  if (rest === 'd') return { addresses, negated, open: Math.max(0, ...inAddresses), change: () => undefined };
  const delimiter = rest[1] ?? '';
  if (rest[0] !== 's' || /[\w\\\s]/.test(delimiter)) return undefined;
  const parts = rest.slice(2).split(new RegExp(`(?<!\\\\)${delimiter.replace(/[^\w]/g, '\\$&')}`));
  const [pattern, replacement, flags, ...more] = parts;
  if (pattern === undefined || replacement === undefined || flags === undefined || more.length > 0)
    return undefined;
  if (!/^[gIip]*$/.test(flags)) return undefined;
  const unescaped = pattern.replaceAll(`\\${delimiter}`, delimiter);
  const regex = expression(
    unescaped,
    extended,
    `${flags.includes('g') ? 'g' : ''}${/i/i.test(flags) ? 'i' : ''}`,
  );
  if (regex === undefined) return undefined;
  return {
    addresses,
    negated,
    open: Math.max(openParts(regex), ...inAddresses),
    change: (line) => line.replace(regex, (...found) => replaced(replacement, delimiter, found)),
  };
}

/** A repeated group may take time without bound; it counts as too many. */
const openParts = (address: Address): number => {
  if (!(address instanceof RegExp)) return 0;
  const source = address.source.replace(/\\[^\s]|\[[^\]]*\]/g, 'x');
  return /\)[*+{]/.test(source) ? 100 : (source.match(/[*+]|\{\d+,/g)?.length ?? 0);
};

const replaced = (replacement: string, delimiter: string, found: readonly unknown[]): string =>
  replacement.replace(/\\([\s\S])|&/g, (whole, escaped: string | undefined) => {
    if (whole === '&') return String(found[0]);
    if (escaped === undefined || escaped === delimiter) return delimiter;
    if (/\d/.test(escaped)) return String(found[Number(escaped)] ?? '');
    return escaped === 'n' ? '\n' : escaped === 't' ? '\t' : escaped;
  });

/** A POSIX expression as one of JavaScript's. In basic ones the escaped brackets and signs are the special ones. */
function expression(source: string, extended: boolean, flags: string): RegExp | undefined {
  const translated = source
    .replace(/\[\[:space:\]\]/g, '\\s')
    .replace(/\[\[:blank:\]\]/g, '[ \\t]')
    .replace(/\[:space:\]/g, '\\s')
    .replace(/\[:alnum:\]/g, 'A-Za-z0-9')
    .replace(/\[:(?:alpha):\]/g, 'A-Za-z')
    .replace(/\[:digit:\]/g, '0-9')
    .replace(/\\([\s\S])|([(){}+?|])/g, (whole, escaped: string | undefined, plain: string | undefined) => {
      if (plain !== undefined) return extended ? plain : `\\${plain}`;
      if (escaped !== undefined && /[(){}+?|]/.test(escaped)) return extended ? whole : escaped;
      return whole === '\\<' || whole === '\\>' ? '\\b' : whole;
    });
  try {
    return new RegExp(translated, flags);
  } catch {
    return undefined;
  }
}
