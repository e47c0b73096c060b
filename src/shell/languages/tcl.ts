import { known, type Word } from '../../model/word.ts';
import { unknown } from '../state.ts';
import type { Host } from './host.ts';
import { decodeEscapes } from './lezer.ts';
import { joinAll } from './value.ts';

type Variables = Map<string, Word>;
/** `code`: a word in braces, which may itself be a script. */
type Piece = { readonly word: Word; readonly code: string | undefined };

/** Reads Tcl and expect: `exec`, `spawn`, `system`, `file delete`, `open |…`, inside any command's scripts too. */
export function readTcl(source: string, host: Host, variables: Variables = new Map(), depth = 0): Word {
  let result: Word = known('');
  if (depth > 20) return result;
  let spawned: readonly Word[] | undefined;
  for (const pieces of commands(source, host, variables, depth)) {
    const words = pieces.map(({ word }) => word);
    const [program, ...args] = words;
    const name = program?.kind === 'known' ? program.text.replace(/^::/, '') : '';
    result = unknown(`what ${name} returns`);
    const operands = args.filter(
      (word) =>
        !(
          word.kind === 'known' &&
          /^(?:-(?:noecho|console|ignorestderr|keepnewline|force|nottycopy|nottyinit|open|leaveopen)|--|&|\||[<>].*|2>.*)$/.test(
            word.text,
          )
        ),
    );
    if (name === 'exec' || name === 'spawn') result = host.run(operands);
    if (name === 'spawn') spawned = operands;
    if (name === 'system') result = host.shell(joinAll(args, ' '));
    if (name === 'send' && spawned !== undefined && args.length > 0)
      host.run(spawned, { input: args.at(-1) });
    if (name === 'open' && args[0]?.kind === 'known' && args[0].text.startsWith('|'))
      host.shell(known(args[0].text.slice(1)));
    if (name === 'open' && args[0] !== undefined && args[1]?.kind === 'known' && /[wa+]/.test(args[1].text))
      host.run([known('tee'), args[0]]);
    if (name === 'file' && args[0]?.kind === 'known' && args[0].text === 'delete')
      host.run([known('rm'), known('-rf'), ...operands.slice(1)]);
    if (name === 'file' && args[0]?.kind === 'known' && args[0].text === 'rename')
      host.run([known('mv'), ...operands.slice(1)]);
    if (name === 'set' && args[0]?.kind === 'known' && args[1] !== undefined)
      variables.set(args[0].text, args[1]);
    if (name === 'set' && args[1] !== undefined) result = args[1];
    if (name === 'eval' || name === 'uplevel') {
      const text = joinAll(args, ' ');
      if (text.kind === 'known') result = readTcl(text.text, host, variables, depth + 1);
      else host.doubt('code that cannot be known before it runs');
    }
    if (name === 'string' || name === 'list' || name === 'concat' || name === 'join' || name === 'format')
      result = joinAll(args.slice(name === 'string' ? 1 : 0), ' ');
    if (/^(?:set|puts|exec|spawn|send|system|string|list|regexp|regsub|lappend|append)$/.test(name)) continue;
    for (const { code } of pieces.slice(1))
      if (code !== undefined && code.trim() !== '') readTcl(code, host, variables, depth + 1);
  }
  return result;
}

/** The commands of a script, each as its words. */
function* commands(source: string, host: Host, variables: Variables, depth: number): Generator<Piece[]> {
  let pieces: Piece[] = [];
  let at = 0;
  while (at < source.length) {
    const char = source[at] ?? '';
    if (char === '\n' || char === ';') {
      if (pieces.length > 0) yield pieces;
      pieces = [];
      at++;
    } else if (char === '#' && pieces.length === 0) {
      const end = source.indexOf('\n', at);
      at = end < 0 ? source.length : end;
    } else if (/\s/.test(char)) at++;
    else if (char === '\\' && source[at + 1] === '\n') at += 2;
    else if (char === '{') {
      const end = closing(source, at, '{', '}');
      const code = source.slice(at + 1, end);
      pieces.push({ word: known(code), code });
      at = end + 1;
    } else {
      const quoted = char === '"';
      const end = wordEnd(source, quoted ? at + 1 : at, quoted);
      pieces.push({
        word: substituted(source.slice(quoted ? at + 1 : at, end), host, variables, depth),
        code: undefined,
      });
      at = quoted ? end + 1 : Math.max(end, at + 1);
    }
  }
  if (pieces.length > 0) yield pieces;
}

function wordEnd(source: string, from: number, quoted: boolean): number {
  let at = from;
  while (at < source.length) {
    const char = source[at] ?? '';
    if (char === '\\') at++;
    else if (char === '[') at = closing(source, at, '[', ']');
    else if (quoted ? char === '"' : /[\s;]/.test(char)) return at;
    at++;
  }
  return source.length;
}

function closing(source: string, from: number, open: string, close: string): number {
  let depth = 0;
  for (let at = from; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source[at] === open) depth++;
    else if (source[at] === close && --depth === 0) return at;
  }
  return source.length;
}

/** A word with its variables and commands in their places. */
function substituted(source: string, host: Host, variables: Variables, depth: number): Word {
  const words: Word[] = [];
  let start = 0;
  let at = 0;
  const plain = () => {
    if (at > start) words.push(known(decodeEscapes(source.slice(start, at))));
  };
  while (at < source.length) {
    if (source[at] === '\\') {
      at += 2;
      continue;
    }
    const variable =
      source[at] === '$'
        ? /^\$(?:\{([^}]*)\}|((?:::)?\w+(?:\([^)]*\))?))/.exec(source.slice(at, at + 200))
        : null;
    if (variable) {
      plain();
      const name = variable[1] ?? variable[2] ?? '';
      words.push(
        variables.get(name) ??
          host.variable(/^(?:::)?env\((\w+)\)$/.exec(name)?.[1] ?? '') ??
          unknown(`$${name} is not known`),
      );
      at += variable[0].length;
      start = at;
    } else if (source[at] === '[') {
      plain();
      const end = closing(source, at, '[', ']');
      words.push(readTcl(source.slice(at + 1, end), host, variables, depth + 1));
      at = end + 1;
      start = at;
    } else at++;
  }
  at = Math.min(at, source.length);
  plain();
  return words.length === 1 && words[0] ? words[0] : joinAll(words, '');
}
