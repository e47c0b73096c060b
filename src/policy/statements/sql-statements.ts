import type { Dialect } from './sql-dialects.ts';
import type { Token } from './sql-tokens.ts';

/** The statements of a text, each as its tokens; a command of the client is a statement of one token. */
export function splitStatements(tokens: readonly Token[], dialect: Dialect): readonly (readonly Token[])[] {
  const statements: Token[][] = [];
  let current: Token[] = [];
  let blocks = 0;
  const end = (): void => {
    if (current.length > 0) statements.push(current);
    current = [];
    blocks = 0;
  };
  tokens.forEach((token, i) => {
    const word = token.kind === 'word' ? token.text.toUpperCase() : '';
    if (token.kind === 'client') {
      end();
      statements.push([token]);
      return;
    }
    if (isBatchEnd(token, tokens[i + 1], tokens[i - 1], word, dialect)) {
      end();
      return;
    }
    if (token.kind === 'mark' && token.text === ';' && blocks === 0) {
      end();
      return;
    }
    // The body of a routine or a trigger holds statements of its own; making it executes none of them.
    if (isRoutine(current)) {
      if (word === 'BEGIN' || word === 'CASE') blocks++;
      if (word === 'END' && blocks > 0 && !/^(?:IF|LOOP|WHILE|REPEAT|FOR)$/i.test(tokens[i + 1]?.text ?? ''))
        blocks--;
    }
    current.push(token);
  });
  end();
  return statements;
}

function isRoutine(tokens: readonly Token[]): boolean {
  if (tokens[0]?.text.toUpperCase() !== 'CREATE') return false;
  return tokens
    .slice(1, 12)
    .some(
      ({ kind, text }) =>
        kind === 'word' && /^(?:TRIGGER|PROCEDURE|PROC|FUNCTION|EVENT|PACKAGE)$/i.test(text),
    );
}

/** What ends a batch beside `;`: a line `GO`, a line `/`, the delimiters `//` and `$$` of MySQL. */
function isBatchEnd(
  token: Token,
  next: Token | undefined,
  before: Token | undefined,
  word: string,
  { client }: Dialect,
): boolean {
  const alone = token.line && (next === undefined || next.line || next.kind === 'number');
  if (client === 'sqlcmd') return alone && word === 'GO';
  if (client === 'sqlplus') return alone && token.text === '/' && token.kind === 'mark';
  if (client !== 'mysql' || token.kind !== 'mark' || !/^[/$]$/.test(token.text)) return false;
  return [next, before].some((other) => other?.kind === 'mark' && other.text === token.text);
}
