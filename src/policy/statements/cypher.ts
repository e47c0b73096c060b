import { type Found, HOLE, type Language, nothing, perhaps, runs, sure, together } from './found.ts';

/** Reads Cypher: what is deleted, and whether anything says which nodes. */
export const cypher: Language = (text) => readCypher(text, 0);

function readCypher(text: string, depth: number): Found {
  const strings: string[] = [];
  const plain = text.replace(
    /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"(?:\\[\s\S]|[^"\\])*"?|'(?:\\[\s\S]|[^'\\])*'?|`[^`]*`?/g,
    (part) => {
      if (part.startsWith('//') || part.startsWith('/*')) return ' ';
      if (!part.startsWith('`')) strings.push(part.slice(1, -1).replace(/\\(.)/g, '$1'));
      return "''";
    },
  );
  const own = plain.split(';').map(readStatement);
  // apoc runs the texts that it is given.
  const inner =
    /\bapoc\.(?:periodic|cypher|trigger)\./i.test(plain) && depth < 4
      ? strings.map((part) => readCypher(part, depth + 1))
      : [];
  return together([...own, ...inner]);
}

function readStatement(statement: string): Found {
  const words = statement.trim();
  if (words === '') return nothing;
  if (words.startsWith(HOLE)) return perhaps('unknown');
  const source = /^:source\s+(\S+)/.exec(words)?.[1];
  if (source !== undefined) return runs(source);
  if (/^EXPLAIN\b/i.test(words)) return nothing;
  if (/^DROP\s+(?:CONSTRAINT|INDEX|ALIAS|SERVER)\b/i.test(words)) return sure('drop-object');
  if (/^DROP\b/i.test(words)) return sure('drop', 'elsewhere');
  if (/^REVOKE\b|^DENY\b/i.test(words)) return sure('revoke');
  if (/^GRANT\b/i.test(words)) return sure('grant');
  if (/^(?:STOP\s+DATABASE|TERMINATE\s)/i.test(words)) return sure('shutdown');
  if (/\bapoc\.schema\.assert\s*\(\s*\{\s*\}/i.test(words)) return sure('drop-object');
  if (!/\bDELETE\b/i.test(words)) return nothing;
  const narrowed = /\bWHERE\b|\bLIMIT\b|\([^()]*\{[^}]*:|\$/i.test(
    words.slice(0, words.search(/\bDELETE\b/i)),
  );
  return narrowed ? nothing : sure('delete-all');
}
