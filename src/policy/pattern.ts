import { braceExpand } from 'minimatch';
import { parse } from 'shell-quote';
import type { FlagPattern, Pattern } from '../model/rule.ts';

/** A line of `match` with its alternatives spelt out: which programs it is for, and the patterns of their arguments. */
export type MatchLine = { readonly programs: readonly string[]; readonly patterns: readonly Pattern[] };

/** The words of a line as a person writes it. Throws an Error naming what a line of `match` cannot hold. */
export function splitLine(line: string): string[] {
  return parse(line.replaceAll('{', '\u0001').replaceAll('}', '\u0002'), (name) => `$${name}`).map(
    (token) => {
      const text = typeof token === 'string' ? token : 'pattern' in token ? token.pattern : undefined;
      if (text === undefined) {
        const found = typeof token === 'object' && 'op' in token ? token.op : 'a comment';
        throw new Error(`a line of \`match\` is one command: \`${found}\` has no meaning in it`);
      }
      return text.replaceAll('\u0001', '{').replaceAll('\u0002', '}');
    },
  );
}

/** Reads one line of `match`: a program, words and flags. */
export function parseMatchLine(line: string): MatchLine {
  const [program, ...rest] = splitLine(line);
  if (program === undefined) throw new Error('the line is empty');
  return { programs: braceExpand(program), patterns: parseArgumentPattern(rest) };
}

/** Reads words and flags without a program, as `reads` lists them. */
export const parseReadsLine = (line: string): Pattern[] => parseArgumentPattern(splitLine(line));

function parseArgumentPattern(parts: readonly string[]): Pattern[] {
  const flags = parts.filter(isFlag).map(parseFlag);
  let words: string[][] = [[]];
  for (const part of parts.filter((p) => !isFlag(p))) {
    words = words.flatMap((done) => braceExpand(part).map((alternative) => [...done, alternative]));
  }
  return words.map((alternative) => ({ words: alternative, flags }));
}

const isFlag = (part: string): boolean => /^\{?-[^\s]/.test(part);

/** Reads `--flag`, `{-f,--force}` or `--flag=GLOB`. */
export function parseFlag(part: string): FlagPattern {
  const split = /^(\{[^}]*\}[^=]*|[^=]*)=(.*)$/s.exec(part);
  const names = braceExpand(split?.[1] ?? part);
  return split?.[2] === undefined ? { names } : { names, value: split[2] };
}
