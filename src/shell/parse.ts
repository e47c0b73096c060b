import { type ParsedScript, parse, type SyntaxNode, type Word as WordNode } from 'unbash';
import { audit, type Gap } from './audit.ts';
import { limits } from './limits.ts';

export type { ParsedScript, SyntaxNode, WordNode };
export type Parsed = {
  readonly script: ParsedScript;
  readonly doubts: readonly Gap[];
  /** Whether every shell refuses it: it was read as it was meant. */
  readonly refused: boolean;
};

/** The syntax tree of a bash text, and every place where the tree may not be what bash would run. Never throws. */
export function parseShell(text: string): Parsed {
  const accepted = closed(text);
  // A backslash that ends the text is a character; the grammar leaves it out.
  const source = /(?<!\\)(?:\\\\)*\\$/.test(accepted) && !text.includes('<<') ? `${accepted}\\` : accepted;
  const script = parse(source);
  return { script, doubts: audit(script, source), refused: accepted !== text };
}

/**
 * The text with the quote closed that it ends in. Every shell refuses such a line, so it is read as it was meant. Only
 * where quotes are all that there is to tell; elsewhere the text stays as it is.
 */
function closed(text: string): string {
  const count = text.length < limits.text ? (text.match(/['"]/g)?.length ?? 0) : 0;
  if (count % 2 === 0 || /[`#]|\$[('"{]|<<|[<>]\(/.test(text)) return text;
  const open = /^(?:[^'"\\]|\\[\s\S]|'[^']*'|"(?:[^"\\]|\\[\s\S])*")*/.exec(text)?.[0].length ?? 0;
  const quote = text[open];
  return quote === "'" || (quote === '"' && !text.endsWith('\\')) ? text + quote : text;
}

/** One word of shell source, parsed alone; undefined when the text is not one word. */
export function parseWord(source: string): WordNode | undefined {
  const script = parse(`: ${source}`);
  const command = script.commands[0]?.command;
  if (script.errors || script.commands.length !== 1 || command?.type !== 'Command') return undefined;
  const [word] = command.suffix;
  return command.suffix.length === 1 && word?.type === 'Word' ? word : undefined;
}
