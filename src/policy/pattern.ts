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
  let patterns: Pattern[] = [{ words: [], flags: [] }];
  for (const part of parts) {
    const alternatives = isFlag(part)
      ? parseFlag(part).map((flag) => (pattern: Pattern) => ({ ...pattern, flags: [...pattern.flags, flag] }))
      : wordsOf(part).map((word) => (pattern: Pattern) => ({ ...pattern, words: [...pattern.words, word] }));
    patterns = patterns.flatMap((done) => alternatives.map((add) => add(done)));
  }
  return patterns;
}

/** The words that a part stands for. `!{a,b}`, any word but these, stays one: its alternatives must all fail. */
const wordsOf = (part: string): string[] => (/^!\{.*\}$/.test(part) ? [allBut(part)] : braceExpand(part));

const allBut = (part: string): string =>
  `!{${braceExpand(`{${part.slice(2, -1)},}`)
    .filter(Boolean)
    .join(',')}}`;

const isFlag = (part: string): boolean => /^\{?-[^\s]/.test(part);

/**
 * Reads `--flag`, `{-f,--force}` or `--flag=GLOB`; with braces in the glob, each of what it can be. Throws an Error
 * naming what is none of them.
 */
export function parseFlag(part: string): FlagPattern[] {
  const [, flag = part, value] = /^(\{[^}]*\}[^=]*|[^=]*)=(.*)$/s.exec(part) ?? [];
  const names = braceExpand(flag);
  if (names.some((name) => !/^-[^\s{}=]*$/.test(name)))
    throw new Error(
      `\`${part}\` is not a flag: it is \`--flag\`, \`{-f,--force}\`, \`--flag=GLOB\` or \`{-m,--mode}=GLOB\``,
    );
  return value === undefined ? [{ names }] : braceExpand(value).map((one) => ({ names, value: one }));
}
