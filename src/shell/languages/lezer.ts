import type { Parser, SyntaxNode } from '@lezer/common';
import { TooDeep } from './tree.ts';

/** How much the grammar may do for one text; valid code of 64 KiB takes a half. */
const WORK = 40_000;

/** What the grammar keeps of one possible reading: what it has open. */
type Stacks = { readonly stacks?: readonly { readonly stack?: readonly unknown[] }[] };

/**
 * Parses code. What is not valid is read in several ways at once, and what is deeply nested is copied for each: past a
 * bound of such work, TooDeep is thrown.
 */
export function parseCode(parser: Parser, code: string): SyntaxNode {
  const parse = parser.startParse(code);
  const { stacks } = parse as Stacks & typeof parse;
  if (stacks === undefined) throw new TooDeep();
  for (let work = 0; work <= WORK; ) {
    const tree = parse.advance();
    if (tree) return tree.topNode;
    for (const { stack } of (parse as Stacks).stacks ?? []) work += 1 + ((stack?.length ?? 0) >> 6);
  }
  throw new TooDeep();
}

export const childrenOf = (node: SyntaxNode): SyntaxNode[] => {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'Comment' && child.name !== 'LineComment' && child.name !== 'BlockComment')
      children.push(child);
  }
  return children;
};

/** Whether the grammar read all of it. */
export function isValid(top: SyntaxNode): boolean {
  const cursor = top.cursor();
  do if (cursor.type.isError) return false;
  while (cursor.next());
  return true;
}

/** Splits a list of nodes at those of a name. */
export function splitAt(nodes: readonly SyntaxNode[], separator: string): SyntaxNode[][] {
  const parts: SyntaxNode[][] = [[]];
  for (const node of nodes) {
    if (node.name === separator) parts.push([]);
    else parts.at(-1)?.push(node);
  }
  return parts;
}

const simple: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  '0': '\0',
  '\n': '',
};

/** Decodes the backslash escapes that C-like languages share. */
export function decodeEscapes(source: string): string {
  if (!source.includes('\\')) return source;
  return source.replace(
    /\\(?:x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g,
    (_, hex, braced, short, long, octal, char) => {
      const code = hex ?? braced ?? short ?? long;
      if (code !== undefined) return character(Number.parseInt(code, 16));
      if (octal !== undefined) return character(Number.parseInt(octal, 8));
      return simple[char] ?? char;
    },
  );
}

export const character = (code: number): string =>
  code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
