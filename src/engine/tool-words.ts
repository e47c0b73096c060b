import type { Call } from '../model/call.ts';

/** A field of a call's input, at any depth, by its own name; items of a list carry the list's name. */
export type Field = readonly [name: string, value: string];

const deepest = 16;
/** Fields of one input that are read. */
export const mostFields = 4096;

/** The fields of an input, those within objects and lists included. `null` says nothing and is left out. */
export function fieldsOf(input: Call['input']): readonly Field[] {
  const fields: Field[] = [];
  const walk = (value: unknown, name: string, depth: number): void => {
    if (depth > deepest || fields.length >= mostFields || value === null || value === undefined) return;
    if (Array.isArray(value)) for (const item of value) walk(item, name, depth + 1);
    else if (typeof value === 'object')
      for (const [key, item] of Object.entries(value)) walk(item, key, depth + 1);
    else fields.push([name, String(value)]);
  };
  walk(input, '', 0);
  return fields;
}

/** The words of a name, whatever way they are joined: `run_shell`, `run-shell`, `runShell`. */
const wordsOf = (name: string): readonly string[] =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter(Boolean);

/** The words of the name of an MCP server's tool, and of its server's; undefined for the host's own tools. */
export function serverTool(
  tool: string,
): { readonly server: readonly string[]; readonly words: readonly string[] } | undefined {
  const [, server, name] = /^mcp__(.*?)__(.+)$/.exec(tool) ?? [];
  return name === undefined || server === undefined
    ? undefined
    : { server: wordsOf(server), words: wordsOf(name) };
}
