import { type Node as JsonNode, type ParseError, parseTree } from 'jsonc-parser';
import { parse as parseToml } from 'smol-toml';
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml';

/** What a file in YAML, JSON or TOML holds, each text with its lines. */
export type Tree = Text | { readonly list: readonly Tree[] } | { readonly map: ReadonlyMap<string, Tree> };
export type Text = { readonly text: string; readonly lines: readonly number[] };

export const textOf = (tree: Tree | undefined): Text | undefined =>
  tree !== undefined && 'text' in tree ? tree : undefined;
export const mapOf = (tree: Tree | undefined): ReadonlyMap<string, Tree> =>
  tree !== undefined && 'map' in tree ? tree.map : new Map();

/** The items of a list, or the one value that stands for a list. */
export const itemsOf = (tree: Tree | undefined): readonly Tree[] => {
  if (tree === undefined) return [];
  return 'list' in tree ? tree.list : [tree];
};

/** What stands below a row of names. */
export function treeAt(tree: Tree | undefined, ...names: readonly string[]): Tree | undefined {
  let at = tree;
  for (const name of names) at = mapOf(at).get(name);
  return at;
}

/** Every map in the tree, outermost first. */
export function* mapsIn(tree: Tree): Generator<ReadonlyMap<string, Tree>> {
  if ('map' in tree) {
    yield tree.map;
    for (const value of tree.map.values()) yield* mapsIn(value);
  } else if ('list' in tree) for (const item of tree.list) yield* mapsIn(item);
}

const deepest = 64;

/** Throws an Error for what is not valid. */
export function readYaml(source: string): Tree {
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(source, {
    lineCounter,
    logLevel: 'silent',
    merge: true,
    strict: false,
    uniqueKeys: false,
  });
  const list = 'empty' in documents ? [] : documents;
  const [fault] = list.flatMap(({ errors }) => errors);
  if (fault !== undefined) {
    const { line, col } = lineCounter.linePos(fault.pos[0]);
    throw new Error(`${line}:${col}: ${fault.message.split(/[\n:]| at line/)[0]}`);
  }
  const lineOf = (offset: number) => lineCounter.linePos(offset).line;
  const trees = list.flatMap((document) => yamlTree(document.contents, document, lineOf, 0) ?? []);
  return trees.length === 1 && trees[0] !== undefined ? trees[0] : { list: trees };
}

function yamlTree(
  node: unknown,
  document: Document.Parsed,
  lineOf: (offset: number) => number,
  depth: number,
): Tree | undefined {
  if (depth > deepest) throw new Error('1:1: it is nested too deeply');
  const inner = (value: unknown) => yamlTree(value, document, lineOf, depth + 1);
  if (isAlias(node)) return inner(node.resolve(document));
  if (isScalar(node)) {
    if (node.value === null || node.value === undefined) return undefined;
    const text = String(node.value);
    const start = lineOf(node.range?.[0] ?? 0);
    const literal = node.type === 'BLOCK_LITERAL';
    // A folded text has lost its lines: all of it stands where it begins.
    const first = literal || node.type === 'BLOCK_FOLDED' ? start + 1 : start;
    return { text, lines: text.split('\n').map((_, i) => (literal ? first + i : first)) };
  }
  if (isSeq(node)) return { list: node.items.flatMap((item) => inner(item) ?? []) };
  if (!isMap(node)) return undefined;
  const map = new Map<string, Tree>();
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : '';
    const tree = inner(value);
    if (tree === undefined) continue;
    if (name === '<<') {
      for (const base of itemsOf(tree)) for (const [k, v] of mapOf(base)) if (!map.has(k)) map.set(k, v);
    } else map.set(name, tree);
  }
  return { map };
}

const lineStarts = (source: string): ((offset: number) => number) => {
  const counter = new LineCounter();
  counter.addNewLine(0);
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) counter.addNewLine(at + 1);
  return (offset) => counter.linePos(offset).line;
};

/** JSON, comments and trailing commas included. Throws an Error for what is not valid. */
export function readJson(source: string): Tree {
  const errors: ParseError[] = [];
  const root = parseTree(source, errors, { allowTrailingComma: true });
  const lineOf = lineStarts(source);
  const [fault] = errors;
  if (fault !== undefined || root === undefined)
    throw new Error(`${lineOf(fault?.offset ?? 0)}:1: it is not valid JSON`);
  return jsonTree(root, lineOf) ?? { list: [] };
}

function jsonTree(node: JsonNode, lineOf: (offset: number) => number): Tree | undefined {
  const { children = [] } = node;
  if (node.type === 'array') return { list: children.flatMap((child) => jsonTree(child, lineOf) ?? []) };
  if (node.type === 'object') {
    const map = new Map<string, Tree>();
    for (const { children: [key, value] = [] } of children) {
      const tree = value && jsonTree(value, lineOf);
      if (key !== undefined && tree !== undefined) map.set(String(key.value), tree);
    }
    return { map };
  }
  if (node.value === null || node.value === undefined) return undefined;
  const text = String(node.value);
  return { text, lines: text.split('\n').map(() => lineOf(node.offset)) };
}

/** Throws an Error for what is not valid. The reader of TOML tells no lines: a text is looked for. */
export function readToml(source: string): Tree {
  let value: unknown;
  try {
    value = parseToml(source);
  } catch (error) {
    const { line = 1, column = 1 } =
      error instanceof Error ? (error as { line?: number; column?: number }) : {};
    throw new Error(`${line}:${column}: it is not valid TOML`);
  }
  const rows = source.split('\n');
  const lineOf = (text: string) => {
    const [wanted = ''] = text.split('\n').filter((line) => line.trim() !== '');
    const found = rows.findIndex(
      (row) => row.includes(wanted) || row.includes(JSON.stringify(wanted).slice(1, -1)),
    );
    return found < 0 ? 1 : found + 1;
  };
  return tomlTree(value, lineOf) ?? { list: [] };
}

function tomlTree(value: unknown, lineOf: (text: string) => number): Tree | undefined {
  if (Array.isArray(value)) return { list: value.flatMap((item) => tomlTree(item, lineOf) ?? []) };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).flatMap(([name, item]): [string, Tree][] => {
      const tree = tomlTree(item, lineOf);
      return tree === undefined ? [] : [[name, tree]];
    });
    return { map: new Map(entries) };
  }
  if (value === null || value === undefined) return undefined;
  const text = String(value);
  const start = lineOf(text);
  return { text, lines: text.split('\n').map((_, i) => start + i) };
}
