import { HOLE } from './found.ts';
import type { Dialect } from './sql-dialects.ts';

/**
 * A token of SQL. `word`: as written, unquoted; `name`: a quoted identifier; `client`: a whole line for the client
 * (`\i file`). Comments and white space are left out. `line`: it is the first of its line.
 */
export type Token = {
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'mark' | 'client';
  readonly text: string;
  readonly line: boolean;
};

/** Made when it is first needed: classes of letters are slow to make, and few calls hold statements. */
let made: { readonly start: RegExp; readonly part: RegExp } | undefined;
function letters() {
  made ??= { start: new RegExp(`[\\p{L}_${HOLE}]`, 'u'), part: new RegExp(`[\\p{L}\\p{N}_$#@${HOLE}]`, 'u') };
  return made;
}
const space = /\s/;
const deepestComment = 3;

/** The tokens of a text of SQL. What is not closed ends with the text. */
export function readTokens(text: string, dialect: Dialect, depth = 0): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = true;
  let statementOpen = false;

  const push = (kind: Token['kind'], content: string): void => {
    tokens.push({ kind, text: content, line });
    line = false;
    statementOpen = kind !== 'client' && !(kind === 'mark' && content === ';');
  };
  const lineEnd = (from: number): number => {
    const end = text.indexOf('\n', from);
    return end < 0 ? text.length : end;
  };
  const until = (close: string, from: number): number => {
    const end = text.indexOf(close, from);
    return end < 0 ? text.length : end;
  };
  /** Reads up to the closing quote at or after `from`; a doubled quote stands for one. */
  const quoted = (close: string, from: number, backslash: boolean): { content: string; end: number } => {
    let content = '';
    let i = from;
    while (i < text.length) {
      const char = text[i] as string;
      if (backslash && char === '\\') {
        content += text[i + 1] ?? '';
        i += 2;
      } else if (char === close) {
        if (text[i + 1] !== close) return { content, end: i + 1 };
        content += close;
        i += 2;
      } else {
        content += char;
        i++;
      }
    }
    return { content, end: text.length };
  };
  const take = (kind: Token['kind'], read: { content: string; end: number }): void => {
    push(kind, read.content);
    at = read.end;
  };

  while (at < text.length) {
    const char = text[at] as string;
    const next = text[at + 1] ?? '';
    if (space.test(char)) {
      if (char === '\n') line = true;
      at++;
      continue;
    }
    if (dialect.client === 'psql' && char === '\\' && next === ';') {
      push('mark', ';');
      at += 2;
      continue;
    }
    const client = clientLine(text, at, line, statementOpen, dialect);
    if (client !== undefined) {
      push('client', client.trim());
      at += client.length;
      continue;
    }
    if (
      char === '-' &&
      next === '-' &&
      (!dialect.spacedDashes || /^(?:\s|$)/.test(text.slice(at + 2, at + 3)))
    ) {
      at = lineEnd(at);
    } else if ((char === '#' && dialect.hash) || (char === '/' && next === '/' && dialect.slashes)) {
      at = lineEnd(at);
    } else if (char === '/' && next === '*') {
      const runs = dialect.executableComments ? /^\/\*M?!\d*/.exec(text.slice(at, at + 12)) : null;
      const end = commentEnd(text, at, dialect.nestedComments === true);
      if (runs && depth > deepestComment) push('word', HOLE);
      else if (runs) {
        for (const token of readTokens(text.slice(at + runs[0].length, end - 2), dialect, depth + 1))
          push(token.kind, token.text);
      }
      at = end;
    } else if (dialect.tripleQuotes && (text.startsWith("'''", at) || text.startsWith('"""', at))) {
      const end = until(text.slice(at, at + 3), at + 3);
      take('string', { content: text.slice(at + 3, end), end: end + 3 });
    } else if (char === "'") {
      take('string', quoted("'", at + 1, dialect.backslash === true));
    } else if (/[eE]/.test(char) && next === "'" && dialect.escapeStrings) {
      take('string', quoted("'", at + 2, true));
    } else if (/[bBnNrRxX]/.test(char) && next === "'") {
      take('string', quoted("'", at + 2, dialect.backslash === true && !/[rR]/.test(char)));
    } else if (/[qQ]/.test(char) && next === "'" && dialect.alternativeQuotes) {
      const open = text[at + 2] ?? '';
      const pairs: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}', '<': '>' };
      const end = until(`${pairs[open] ?? open}'`, at + 3);
      take('string', { content: text.slice(at + 3, end), end: end + 2 });
    } else if (char === '"') {
      const isString = dialect.doubleQuotedStrings === true;
      take(isString ? 'string' : 'name', quoted('"', at + 1, isString && dialect.backslash === true));
    } else if (char === '`' && dialect.backticks) {
      take('name', quoted('`', at + 1, false));
    } else if (char === '[' && dialect.brackets) {
      take('name', quoted(']', at + 1, false));
    } else if (
      char === '$' &&
      dialect.dollarQuotes &&
      /^\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/u.test(text.slice(at, at + 66))
    ) {
      const tag = /^\$[^$]*\$/.exec(text.slice(at))?.[0] ?? '$$';
      const end = until(tag, at + tag.length);
      take('string', { content: text.slice(at + tag.length, end), end: end + tag.length });
    } else if (/[0-9]/.test(char)) {
      const number = /^[0-9][0-9A-Za-z_]*(?:\.[0-9]+)?/.exec(text.slice(at, at + 200))?.[0] ?? char;
      take('number', { content: number, end: at + number.length });
    } else if (letters().start.test(char) || (char === '@' && letters().part.test(next))) {
      let end = at + 1;
      while (end < text.length && letters().part.test(text[end] as string)) end++;
      take('word', { content: text.slice(at, end), end });
    } else {
      take('mark', { content: char, end: at + 1 });
    }
  }
  return tokens;
}

function commentEnd(text: string, from: number, nested: boolean): number {
  let depth = 1;
  let at = from + 2;
  while (at < text.length) {
    if (text.startsWith('*/', at)) {
      at += 2;
      if (--depth === 0) return at;
    } else if (nested && text.startsWith('/*', at)) {
      depth++;
      at += 2;
    } else at++;
  }
  return text.length;
}

const mysqlCommands = /^(?:system|source|use|delimiter|connect)\b[^\n]*/i;
const sqlplusCommands = /^(?:(?:host|start|conn|connect)\b|@@?)[^\n;]*/i;
const cqlshCommands = /^source\b[^\n;]*/i;

/** The text at `at` that is a command of the client rather than SQL, up to where it ends; undefined when it is SQL. */
function clientLine(
  text: string,
  at: number,
  line: boolean,
  open: boolean,
  { client }: Dialect,
): string | undefined {
  if (client === undefined) return undefined;
  const rest = text.slice(at, at + 4096);
  const char = rest[0];
  const toLineEnd = () => /^[^\n]*/.exec(rest)?.[0] ?? '';
  // psql reads its commands anywhere outside quotes, and several in a line.
  if (client === 'psql' && char === '\\')
    return /^\\(?:!|[^\s\\]+)(?:'[^'\n]*'|"[^"\n]*"|[^\n\\])*/.exec(rest)?.[0] ?? char;
  if (client === 'mysql' && char === '\\') return /^\\[!.u][^\n;]*|^\\./.exec(rest)?.[0] ?? char;
  if (!line || open) return client === 'sqlcmd' && line && /^(?::|!!)/.test(rest) ? toLineEnd() : undefined;
  if (client === 'sqlite' && char === '.') return toLineEnd();
  if (client === 'mysql') return mysqlCommands.exec(rest)?.[0];
  if (client === 'sqlcmd' && /^(?::|!!)/.test(rest)) return toLineEnd();
  if (client === 'sqlplus' && char === '!') return toLineEnd();
  if (client === 'sqlplus') return sqlplusCommands.exec(rest)?.[0];
  if (client === 'cqlsh') return cqlshCommands.exec(rest)?.[0];
  if (client === 'snowsql' && char === '!') return /^![^\n;]*/.exec(rest)?.[0];
  return undefined;
}
