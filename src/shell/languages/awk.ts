import { decodeEscapes } from './lezer.ts';
import { block, call, type Expr, member, name, nothing, type Program, TooDeep, text } from './tree.ts';

type Token = { readonly kind: 'text' | 'name' | 'field' | 'mark' | 'pattern'; readonly text: string };

/** Reads the parts of an awk program that run or write something: `system`, pipes from and to commands, redirections. */
export function readAwk(code: string): Program {
  const items = statements(tokens(code)).map(statement);
  return { tree: block(items), valid: true };
}

function tokens(code: string): Token[] {
  const list: Token[] = [];
  let at = 0;
  while (at < code.length) {
    const rest = code.slice(at, at + 4096);
    const last = list.at(-1);
    const operand =
      last !== undefined &&
      (last.kind !== 'mark' || last.text === ')' || last.text === ']') &&
      !/^(?:print|printf|return|getline|in)$/.test(last.text);
    const match =
      /^(?:[ \t\r]+|\\\n|#[^\n]*)/.exec(rest) ??
      /^"(?:[^"\\\n]|\\[\s\S])*"?/.exec(rest) ??
      (operand ? null : /^\/(?:[^/\\\n[]|\\.|\[\]?(?:[^\]\n])*\])*\//.exec(rest)) ??
      /^\$(?:\w+)?/.exec(rest) ??
      /^[A-Za-z_\uE000][\w\uE000]*/.exec(rest) ??
      /^(?:\d+(?:\.\d*)?|\.\d+)/.exec(rest) ??
      /^(?:\|&|\|\||&&|>>|[=!<>+\-*/%^]=|\+\+|--|!~|[\s\S])/.exec(rest);
    const found = match?.[0] ?? ' ';
    at += Math.max(1, found.length);
    const [first = ''] = found;
    if (/[ \t\r#]/.test(first) || found === '\\\n') continue;
    if (first === '"')
      list.push({
        kind: 'text',
        text: decodeEscapes(found.slice(1, found.endsWith('"') && found.length > 1 ? -1 : undefined)),
      });
    else if (first === '$' && found.length > 1) list.push({ kind: 'field', text: found });
    else if (/[A-Za-z_\uE000]/.test(first)) list.push({ kind: 'name', text: found });
    else if (/[\d.]/.test(first)) list.push({ kind: 'text', text: found });
    else if (first === '/' && found.length > 1) list.push({ kind: 'pattern', text: found });
    else list.push({ kind: 'mark', text: found });
  }
  return list;
}

const isMark = (token: Token | undefined, marks: string): boolean =>
  token?.kind === 'mark' && marks.split(' ').includes(token.text);

function statements(list: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]];
  for (const token of list) {
    if (isMark(token, '; \n { }')) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.filter((part) => part.length > 0);
}

function statement(list: readonly Token[]): Expr {
  const items: Expr[] = [];
  for (const [i, token] of list.entries()) {
    if (token.kind === 'name' && token.text === 'system' && isMark(list[i + 1], '(')) {
      items.push(call(member(name('awk'), 'system'), [joined(list.slice(i + 2, closing(list, i + 1)))]));
    }
    if (isMark(token, '| |&') && list[i + 1]?.text === 'getline')
      items.push({ type: 'shell', text: joined(list.slice(operandStart(list, i), i)) });
  }
  const print = list.findIndex((token) => token.kind === 'name' && /^printf?$/.test(token.text));
  const target =
    print < 0
      ? -1
      : list.findIndex(
          (token, i) =>
            i > print &&
            isMark(token, '| |& > >>') &&
            depthAt(list, print, i) === 0 &&
            list[i + 1]?.text !== 'getline',
        );
  if (target >= 0) {
    const where = joined(list.slice(target + 1));
    const shell = isMark(list[target], '| |&');
    const given = list[target + 1];
    // `print "rm x" | "sh"`: what is printed is what runs.
    if (shell && given?.kind === 'text' && /^(?:\/bin\/)?(?:ba|da|z|k)?sh$/.test(given.text.trim()))
      items.push({ type: 'shell', text: joined(list.slice(print + 1, target)) });
    items.push(shell ? { type: 'shell', text: where } : call(member(name('awk'), 'write'), [where]));
  }
  const [first, second] = list;
  if (first?.kind === 'name' && isMark(second, '= +=')) {
    items.push({
      type: 'assign',
      target: name(first.text),
      value: joined(list.slice(2)),
      ...(second?.text === '+=' ? { append: true } : {}),
    });
  }
  return block(items);
}

function closing(list: readonly Token[], open: number): number {
  let depth = 0;
  for (let i = open; i < list.length; i++) {
    if (isMark(list[i], '(')) depth++;
    if (isMark(list[i], ')') && --depth === 0) return i;
  }
  return list.length;
}

function depthAt(list: readonly Token[], from: number, to: number): number {
  let depth = 0;
  for (let i = from; i < to; i++) depth += isMark(list[i], '(') ? 1 : isMark(list[i], ')') ? -1 : 0;
  return depth;
}

/** Where the command before `| getline` begins. */
function operandStart(list: readonly Token[], end: number): number {
  let depth = 0;
  for (let i = end - 1; i >= 0; i--) {
    if (isMark(list[i], ')')) depth++;
    if (isMark(list[i], '(') && --depth < 0) return i + 1;
    if (depth === 0 && isMark(list[i], '= ! && || , ?')) return i + 1;
  }
  return 0;
}

/** What stands side by side is joined. */
function joined(list: readonly Token[], depth = 0): Expr {
  if (depth > 50) throw new TooDeep();
  const parts: Expr[] = [];
  for (let i = 0; i < list.length; i++) {
    const token = list[i] as Token;
    if (isMark(token, '(')) {
      const end = closing(list, i);
      parts.push(joined(list.slice(i + 1, end), depth + 1));
      i = end;
    } else if (token.kind === 'text') parts.push(text(token.text));
    else if (token.kind === 'name' && isMark(list[i + 1], '(')) {
      const end = closing(list, i + 1);
      parts.push(
        call(
          name(token.text),
          splitArguments(list.slice(i + 2, end)).map((part) => joined(part, depth + 1)),
        ),
      );
      i = end;
    } else if (token.kind === 'name' || token.kind === 'field') parts.push(name(token.text));
    else if (isMark(token, ', ; &&')) break;
    else if (token.kind === 'mark' && token.text !== ')') parts.push(name('a computed value'));
  }
  return parts.length === 0 ? nothing : { type: 'join', parts };
}

function splitArguments(list: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]];
  for (const [i, token] of list.entries()) {
    if (isMark(token, ',') && depthAt(list, 0, i) === 0) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}
