import type { Span } from '../model/command.ts';

/** A range of a text and what comes in its place. */
export type Edit = { readonly span: Span; readonly text: string };

/** The text, or a part of it, after edits that lie in it in order and apart. */
export function applied(
  text: string,
  edits: readonly Edit[],
  { start, end }: Span = { start: 0, end: text.length },
): string {
  let at = start;
  const parts: string[] = [];
  for (const { span, text: fresh } of edits) {
    parts.push(text.slice(at, span.start), fresh);
    at = span.end;
  }
  return parts.join('') + text.slice(at, end);
}
