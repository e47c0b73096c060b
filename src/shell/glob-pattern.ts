/**
 * A bash pattern (`*`, `?`, `[…]`) as the source of a regular expression, for `${x%…}`, `${x/…}` and `case`.
 * Undefined for extended patterns and odd sets, which are not worth knowing.
 */
export function patternSource(pattern: string, greedy = true): string | undefined {
  if (/[?*+@!]\(/.test(pattern)) return undefined;
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] as string;
    if (char === '\\' && i + 1 < pattern.length) source += literal(pattern[++i] as string);
    else if (char === '*') source += greedy ? '[^]*' : '[^]*?';
    else if (char === '?') source += '[^]';
    else if (char === '[') {
      const close = pattern.indexOf(']', i + 2);
      if (close < 0) source += '\\[';
      else {
        const set = pattern.slice(i + 1, close);
        if (set.includes('[')) return undefined;
        source += `[${set.replace(/^!/, '^').replaceAll('\\', '\\\\')}]`;
        i = close;
      }
    } else source += literal(char);
  }
  try {
    new RegExp(source);
    return source;
  } catch {
    // `[z-a]`: bash has its own way with a range that runs backwards.
    return undefined;
  }
}

const literal = (char: string): string => char.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
