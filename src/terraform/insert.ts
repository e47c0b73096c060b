import type { Span } from '../model/command.ts';
import { applied, type Edit } from './edit.ts';
import type { Attribute, Block } from './hcl/syntax.ts';
import { lineStart } from './lines.ts';

type Name = string;
type Source = string;

/** What is to stand in a block: arguments, and blocks with their arguments. */
export type Insertion = {
  readonly attributes: (readonly [Name, Source])[];
  readonly blocks: (readonly [Name, readonly (readonly [Name, Source])[]])[];
};

/**
 * Puts arguments and blocks at the end of a block, in paragraphs of their own, as `terraform fmt` would lay them out.
 * What stands there stays to the letter, except that a block on one line gets lines; `within` are changes in such a one.
 */
export function insertInto(
  text: string,
  block: Block,
  insertion: Insertion,
  within: readonly Edit[] = [],
): Edit {
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const { start: open, end: close } = block.body.span;
  const outer = indentAt(text, block.span.start);
  const unit = outer.includes('\t') || /^\t/m.test(text) ? '\t' : '  ';
  const inner = text.slice(open, close);
  if (!inner.includes('\n')) {
    const content = applied(text, within, block.body.span).trim();
    const lines = [...(content === '' ? [] : [[`${content}`]]), ...paragraphs(insertion, unit)];
    return { span: { start: open, end: close }, text: `${end}${laidOut(lines, outer + unit, end)}${outer}` };
  }
  const [first] = block.body.items;
  const indent = first === undefined ? outer + unit : indentAt(text, first.span.start);
  const closing = lineStart(text, close);
  const alone = text.slice(closing, close).trim() === '';
  const at = alone ? closing : close;
  const joins = alone ? joined(text, block, closing, insertion) : undefined;
  const lines =
    joins === undefined
      ? paragraphs(insertion, unit)
      : [[joins], ...paragraphs({ ...insertion, attributes: [] }, unit)];
  const body = laidOut(lines, indent, end);
  if (!alone) return { span: { start: at, end: at }, text: `${end}${body}${outer}` };
  const above = text.slice(lineStart(text, closing - 1), closing).trim();
  const isFirst = lineStart(text, closing - 1) <= open;
  const gap = above === '' || isFirst || joins !== undefined ? '' : end;
  return { span: { start: at, end: at }, text: gap + body };
}

/** An argument that can follow the last one directly, in line with those above it. */
function joined(
  text: string,
  { body }: Block,
  closing: number,
  { attributes }: Insertion,
): string | undefined {
  const [attribute, ...more] = attributes;
  const last = body.items.at(-1);
  if (attribute === undefined || more.length > 0 || last?.kind !== 'attribute') return undefined;
  const line = lineStart(text, closing - 1);
  if (last.span.end <= line || last.span.end > closing) return undefined;
  const [name, source] = attribute;
  if (lineStart(text, last.span.start) !== line) return `${name} = ${source}`;
  const names = chain(
    text,
    body.items.filter((item) => item.kind === 'attribute'),
  );
  const width = Math.max(...names.map((one) => one.length));
  return name.length > width ? undefined : `${name.padEnd(width)} = ${source}`;
}

/** The names on the lines that end with the last attribute, one a line, without a gap. */
function chain(text: string, attributes: readonly Attribute[]): readonly string[] {
  const names: string[] = [];
  let below: number | undefined;
  for (const { name, span } of attributes.toReversed()) {
    const start = lineStart(text, span.start);
    const isOneLine = !text.slice(span.start, span.end).includes('\n');
    const next = text.indexOf('\n', span.end) + 1;
    if (!isOneLine || (below !== undefined && next !== below)) break;
    names.push(name);
    below = start;
  }
  return names;
}

function paragraphs({ attributes, blocks }: Insertion, unit: string): string[][] {
  const aligned = (list: Insertion['attributes']) => {
    const width = Math.max(...list.map(([name]) => name.length));
    return list.map(([name, source]) => `${name.padEnd(width)} = ${source}`);
  };
  return [
    ...(attributes.length === 0 ? [] : [aligned(attributes)]),
    ...blocks.map(([type, inner]) => [`${type} {`, ...aligned([...inner]).map((line) => unit + line), '}']),
  ];
}

const laidOut = (lines: readonly (readonly string[])[], indent: string, end: string): string =>
  lines.map((paragraph) => paragraph.map((line) => `${indent}${line}${end}`).join('')).join(end);

const indentAt = (text: string, offset: number): string =>
  /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? '';

/** Another value in its place; a comment that follows on the line keeps its column where others stand in line with it. */
export function replaceValue(text: string, span: Span, source: string): Edit {
  const old = span.end - span.start;
  const [, gap = '', mark = ''] = /^([ \t]+)(#|\/\/)?/.exec(text.slice(span.end, span.end + 400)) ?? [];
  if (mark === '' || text.slice(span.start, span.end).includes('\n')) return { span, text: source };
  const start = lineStart(text, span.start);
  const next = text.indexOf('\n', span.end) + 1;
  const after =
    next === 0 ? '' : text.slice(next, text.indexOf('\n', next) < 0 ? undefined : text.indexOf('\n', next));
  const before = start === 0 ? '' : text.slice(lineStart(text, start - 1), start);
  const inLine = [before, after].some((line) => /\S[ \t]+(?:#|\/\/)/.test(line));
  const width = inLine ? Math.max(1, gap.length + old - source.length) : 1;
  return { span: { start: span.start, end: span.end + gap.length }, text: source + ' '.repeat(width) };
}
