import type { ParsedScript, SyntaxNode } from 'unbash';
import { eachChild } from './children.ts';
import { limits } from './limits.ts';

export type Gap = {
  readonly about: 'syntax' | 'gap';
  readonly why: string;
  readonly start: number;
  readonly end: number;
};

/**
 * Where a syntax tree may differ from what bash would run. The grammar is silently wrong in a few known ways; each has
 * a check here, and a hit makes the reading incomplete instead of wrong. An empty list: the tree can be trusted.
 */
export function audit(script: ParsedScript, text: string): Gap[] {
  const gaps: Gap[] = [];
  const gap = (why: string, node: { pos: number; end: number }) =>
    gaps.push({ about: 'gap', why, start: node.pos, end: node.end });
  auditSource(text, gap);

  // A work list, because nested substitutions overflow the stack of a recursive walk.
  const work: { node: SyntaxNode; parent: SyntaxNode; expanded: boolean; scripts: number }[] = [
    { node: script, parent: script, expanded: false, scripts: 0 },
  ];
  const deepest = script.errors ? 12 : Number.POSITIVE_INFINITY;
  for (let count = 0; ; count++) {
    const item = work.pop();
    if (item === undefined) break;
    if (count > limits.nodes) {
      gap('the text has too many parts to be read', script);
      break;
    }
    const { node } = item;
    auditNode(node, item.parent, item.expanded, text, gap);
    const error = node.type === 'Script' && 'errors' in node ? node.errors?.[0] : undefined;
    if (error) gaps.push({ about: 'syntax', why: error.message, start: error.pos, end: error.pos });
    const scripts = item.scripts + (node.type === 'Script' ? 1 : 0);
    if (scripts > deepest) continue;
    const expanded = item.expanded ? node.type !== 'Script' : bringsExpandedText(node);
    eachChild(node, (child) => {
      work.push({
        node: child,
        parent: node,
        expanded: expanded || (node.type === 'Assignment' && child === node.index),
        scripts,
      });
    });
  }
  return gaps;
}

type Report = (why: string, node: { pos: number; end: number }) => void;

/** In these, quotes do not keep bash from expanding what they hold. */
const bringsExpandedText = (node: SyntaxNode): boolean =>
  node.type === 'ParameterExpansion' ||
  node.type === 'ArithmeticExpansion' ||
  node.type === 'ArithmeticCommand' ||
  node.type === 'ArithmeticFor' ||
  node.type === 'HereDocBody';

const expansion = /\$[({[]|`|[<>]\(/;

function auditSource(text: string, gap: Report): void {
  const whole = { pos: 0, end: text.length };
  if (/\$(?:\\\n)+|[()<>&|;](?:\\\n)+[()<>&|;]/.test(text))
    gap('a line is continued inside an operator', whole);
  if (/\$\{?[#!]?\w+(?:\\\n)+\w|\$\{[#!]?\w*\\\n/.test(text))
    gap('a line is continued inside the name of a variable', whole);
  if (/[\u0000-\u0008\u000b-\u001f\u007f\u0080-\u009f]/.test(text)) gap('it holds control characters', whole);
}

/** The source of a node; nodes of a text within the text have places of their own. */
const textOf = (node: SyntaxNode & { readonly text?: string }, text: string): string =>
  node.text ?? text.slice(node.pos, node.end);

function auditNode(node: SyntaxNode, parent: SyntaxNode, expanded: boolean, text: string, gap: Report): void {
  switch (node.type) {
    case 'CommandExpansion':
    case 'ArithmeticCommandExpansion':
      if (node.script === undefined) gap('a command substitution cannot be read', node);
      if (node.text.startsWith('${')) gap('`${ …; }` runs commands in some versions of bash only', node);
      if (
        node.text.startsWith('`') &&
        (parent.type === 'DoubleQuoted' || expanded) &&
        /"[\s\S]*\{|\{[\s\S]*"/.test(node.text)
      )
        gap('braces between quotes, backquotes and quotes', node);
      if (node.text.startsWith('`') && node.text.includes('\\\n'))
        gap('a line is continued inside backquotes', node);
      return;
    case 'ArithmeticExpansion':
    case 'ArithmeticCommand':
      // What does not end as arithmetic must, bash runs as commands.
      if (/\$\{(?!#?\w+(?:\[[\w@*]+\])?\})[\s\S]*[()]/.test(textOf(node, text).slice(3, -2)))
        gap('parentheses and a parameter within arithmetic', node);
      return;
    case 'ProcessSubstitution':
      if (node.script === undefined) gap('a process substitution cannot be read', node);
      return;
    case 'SingleQuoted':
      if (expanded && expansion.test(node.text))
        gap('quotes do not keep this text from being expanded', node);
      return;
    case 'AnsiCQuoted':
      if (expanded && expansion.test(node.text))
        gap('quotes do not keep this text from being expanded', node);
      if (node.text.includes('\\x{') || node.text.includes('\\\n'))
        gap('an escape that versions of bash read differently', node);
      if (hasOddCharacter(node.text))
        gap('an escape for a character that versions of bash write differently', node);
      return;
    case 'Redirect':
      auditRedirect(node, gap);
      return;
    case 'HereDoc': {
      // In a substitution bash ends it where the word begins a line, and reads what follows there in ways of its own.
      const { body, delimiter, closing } = node;
      if (closing !== undefined || body === undefined || delimiter === undefined) return;
      const rest = text.slice(body.end);
      if (rest.startsWith(delimiter.value) && !/^\)|^\n|^$/.test(rest.slice(delimiter.value.length)))
        gap('a here-document whose end has more on its line', node);
      return;
    }
    case 'Assignment':
      if (node.value.type === 'Word' && node.value.text.startsWith('('))
        gap('an array with something after it', node);
      return;
    case 'FileDescriptorVariable':
      if (node.name.includes('[')) gap('a descriptor variable with a subscript', node);
      return;
    case 'Unknown':
      if (expansion.test(node.operator))
        gap('an operation on a variable that the grammar does not know', node);
      return;
    case 'Transform':
      if (node.operand.text === 'P') gap('`@P` runs the commands in a value', node);
      return;
    case 'Word':
      if (node.parts === undefined) auditLiteral(node.text, node, gap);
      return;
    case 'Literal':
      // `<( )` is text in double quotes.
      auditLiteral(parent.type === 'DoubleQuoted' ? node.text.replace(/[<>]\(/g, '') : node.text, node, gap);
      return;
    case 'Glob':
      auditLiteral(node.text, node, gap);
      return;
    case 'BraceExpansion':
    case 'ExtendedGlob':
      if (node.parts === undefined) auditLiteral(node.text, node, gap);
      return;
  }
}

function auditRedirect(node: Extract<SyntaxNode, { type: 'Redirect' }>, gap: Report): void {
  if (node.operator !== '>&' && node.operator !== '<&') return;
  const { target } = node;
  if (target === undefined) gap('a redirection without a target', node);
  else if (target.text.startsWith('-') && target.text.length > 1) {
    gap('a redirection whose target bash reads otherwise', node);
  } else if (/[$`]/.test(target.text) || /[$`]/.test(target.value)) {
    gap('bash expands the target of this redirection twice', node);
  }
}

/** A surrogate, or a number that is no character. */
const hasOddCharacter = (text: string): boolean =>
  [...text.matchAll(/\\(?:u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8}))/g)].some(([, short, long]) => {
    const code = Number.parseInt(short ?? long ?? '', 16);
    return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff);
  });

/** Text that the grammar calls literal and that holds an expansion nobody escaped. */
function auditLiteral(text: string, node: { pos: number; end: number }, gap: Report): void {
  for (const [, sign] of text.matchAll(/\\[\s\S]?|(`|\$[({[]|[<>]\()/g)) {
    if (sign === undefined) continue;
    gap('an expansion where the grammar sees text', node);
    return;
  }
}
