/** The fields that the mutations of a GraphQL document call: `volumeDelete` in `mutation { volumeDelete(id: 1) }`. */
export function mutationFields(document: string): string[] {
  const tokens = document
    .replace(/"""[\s\S]*?"""|"(?:\\.|[^"\\])*"/g, '""')
    .replace(/#.*$/gm, '')
    .match(/[_A-Za-z]\w*|[{}()[\]:]/g);
  if (tokens === null) return [];
  const fields: string[] = [];
  let braces = 0;
  let parentheses = 0;
  let mutating = false;
  for (const [i, token] of tokens.entries()) {
    if (token === '(') parentheses++;
    else if (token === ')') parentheses--;
    else if (parentheses > 0) continue;
    else if (token === '{') braces++;
    else if (token === '}') braces--;
    else if (braces === 0 && token === 'mutation') mutating = true;
    else if (braces === 0 && (token === 'query' || token === 'subscription' || token === 'fragment'))
      mutating = tokens[i + 3] === 'Mutation';
    else if (braces === 1 && mutating && isName(token) && tokens[i + 1] !== ':') fields.push(token);
  }
  return fields;
}

const isName = (token: string): boolean => /^\w/.test(token);

/** The GraphQL documents in the body of a request: a JSON object or a form with `query`, or the document itself. */
export function documentsOf(body: string): string[] {
  try {
    const value: unknown = JSON.parse(body);
    return (Array.isArray(value) ? value : [value]).flatMap((item: unknown) =>
      typeof item === 'object' && item !== null && 'query' in item && typeof item.query === 'string'
        ? [item.query]
        : [],
    );
  } catch {
    // not JSON
  }
  const form = /^(?:.*&)?query=([\s\S]*)$/.exec(body)?.[1];
  const text = (form ?? body).replace(/\\[nrt]/g, ' ').replaceAll('\\"', '"');
  const inner = /"query"\s*:\s*"([\s\S]*)/.exec(text)?.[1];
  return [inner ?? text].map(decode);
}

function decode(text: string): string {
  try {
    return /%7B/i.test(text) ? decodeURIComponent(text.replaceAll('+', ' ')) : text;
  } catch {
    return text;
  }
}
