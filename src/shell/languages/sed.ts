/** What a sed script runs or writes. `text` is undefined where it is what the script makes of its input. */
export type SedEffect = { readonly kind: 'run' | 'write'; readonly text: string | undefined };

/** Reads a sed script: `e`, `s///e`, `w` and `s///w`. */
export function readSed(script: string): SedEffect[] {
  const effects: SedEffect[] = [];
  let at = 0;
  const line = (): string => {
    const end = script.indexOf('\n', at);
    const rest = script.slice(at, end < 0 ? undefined : end);
    at = end < 0 ? script.length : end + 1;
    return rest.trim();
  };
  /** Steps over the text up to an unescaped delimiter. */
  const part = (delimiter: string): string => {
    const start = at;
    for (let bracket = false; at < script.length; at++) {
      if (script[at] === '\\') at++;
      else if (script[at] === '[') bracket = true;
      else if (script[at] === ']') bracket = false;
      else if (script[at] === delimiter && !(bracket && delimiter === '/')) break;
    }
    if (at > script.length) at = script.length;
    const text = script.slice(start, at).replaceAll(`\\${delimiter}`, delimiter);
    at++;
    return text;
  };
  while (at < script.length) {
    const char = script[at] ?? '';
    at++;
    if (/[\s;{}\d,$!+~*]/.test(char)) continue;
    if (char === '/') part('/');
    else if (char === '\\') {
      const delimiter = script[at] ?? '';
      at++;
      part(delimiter);
    } else if (/[IM]/.test(char)) continue;
    else if (char === 'e') {
      const text = line();
      effects.push({ kind: 'run', text: text === '' || text.startsWith('}') ? undefined : text });
    } else if (char === 'w' || char === 'W') effects.push({ kind: 'write', text: line() });
    else if (char === 's' || char === 'y') {
      const delimiter = script[at] ?? '';
      at++;
      const pattern = part(delimiter);
      const replacement = part(delimiter);
      const flags = /^[gpeimIM\d]*/.exec(script.slice(at, at + 16))?.[0] ?? '';
      at += flags.length;
      if (char === 's' && flags.includes('e')) {
        const whole = /^\^?\.\*\$?$/.test(pattern) && !/[&\\]/.test(replacement);
        effects.push({ kind: 'run', text: whole ? replacement : undefined });
      }
      if (char === 's' && script[at] === 'w') {
        at++;
        effects.push({ kind: 'write', text: line() });
      }
    } else if (/[aicrRbtT:#vlqQL]/.test(char)) {
      if (/[btTqQlL]/.test(char)) {
        while (at < script.length && !/[;\n}]/.test(script[at] ?? '')) at++;
        continue;
      }
      let text = line();
      while (text.endsWith('\\') && at < script.length) text = line();
    }
  }
  return effects;
}
