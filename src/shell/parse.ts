import { forEachChild, type ParsedScript, parse, type SyntaxNode, type Word as WordNode } from 'unbash';
import { audit, type Gap } from './audit.ts';

export type { ParsedScript, SyntaxNode, WordNode };
export type Parsed = { readonly script: ParsedScript; readonly doubts: readonly Gap[] };

/** The syntax tree of a bash text, and every place where the tree may not be what bash would run. Never throws. */
export function parseShell(text: string): Parsed {
  // A backslash that ends the text is a character; the grammar leaves it out.
  const source = /(?<!\\)(?:\\\\)*\\$/.test(text) && !text.includes('<<') ? `${text}\\` : text;
  const script = parse(source);
  return { script, doubts: audit(script, source) };
}

/** One word of shell source, parsed alone; undefined when the text is not one word. */
export function parseWord(source: string): WordNode | undefined {
  const script = parse(`: ${source}`);
  const command = script.commands[0]?.command;
  if (script.errors || script.commands.length !== 1 || command?.type !== 'Command') return undefined;
  const [word] = command.suffix;
  return command.suffix.length === 1 && word?.type === 'Word' ? word : undefined;
}

export const eachChild: (node: SyntaxNode, visit: (child: SyntaxNode) => void) => void = forEachChild;
