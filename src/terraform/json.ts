import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Span } from '../model/command.ts';
import type { Resource, SourceFile } from './configuration.ts';
import { parseTemplate } from './hcl/parse.ts';
import type { Block, Comment, Expression, Item } from './hcl/syntax.ts';

type Path = readonly (string | number)[];

/**
 * Reads the JSON form of a configuration file
 * (https://developer.hashicorp.com/terraform/language/syntax/json). Objects below a resource are taken for blocks.
 */
export function parseJsonConfiguration(
  file: string,
  text: string,
): Pick<SourceFile, 'faults' | 'resources' | 'modules' | 'released'> {
  const errors: ParseError[] = [];
  const source = text.replace(/^\uFEFF/, ' ');
  const root = parseTree(source, errors, { disallowComments: true, allowTrailingComma: false });
  // One slip is often reported several times.
  const places = new Map(errors.toReversed().map((error) => [error.offset, error]));
  const faults = [...places.values()].reverse().map(({ error, offset }) => ({
    message: `not JSON: ${wordsOf(printParseErrorCode(error))}`,
    at: Math.min(offset, text.length),
  }));
  if (root !== undefined && root.type !== 'object' && root.type !== 'array')
    faults.push({ message: 'not a configuration: an object is expected', at: root.offset });
  const resources: Resource[] = [];
  const modules: Resource[] = [];
  for (const types of below(root, [], 'resource')) {
    for (const type of properties(types.node, types.path)) {
      for (const one of properties(type.node, type.path)) {
        for (const { node, path } of objects(one.node, one.path)) {
          const block = blockOf('resource', [type.key, one.key], node);
          const address = `${type.key}.${one.key}`;
          resources.push({
            address,
            type: type.key,
            name: one.key,
            block,
            file,
            path,
            comments: remarks(node),
          });
        }
      }
    }
  }
  for (const calls of below(root, [], 'module')) {
    for (const one of properties(calls.node, calls.path)) {
      for (const { node, path } of objects(one.node, one.path)) {
        const block = blockOf('module', [one.key], node);
        const address = `module.${one.key}`;
        modules.push({ address, type: 'module', name: one.key, block, file, path, comments: remarks(node) });
      }
    }
  }
  const released = below(root, [], 'moved')
    .flatMap(({ node, path }) => objects(node, path))
    .flatMap(({ node }) => properties(node, []).filter(({ key }) => key === 'from'))
    .map(({ node }) => String(node.value).replace(/\[.*$/, ''));
  return { faults, resources, modules, released };
}

const wordsOf = (code: string): string => code.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();

type Found = { readonly node: Node; readonly path: Path };

/** The objects that a value is: itself, or those of a list. */
function objects(node: Node | undefined, path: Path): readonly Found[] {
  if (node?.type === 'object') return [{ node, path }];
  if (node?.type !== 'array') return [];
  return (node.children ?? []).flatMap((child, i) => objects(child, [...path, i]));
}

function properties(node: Node | undefined, path: Path): readonly (Found & { readonly key: string })[] {
  return objects(node, path).flatMap(({ node: object, path: at }) =>
    (object.children ?? []).flatMap((property) => {
      const [key, value] = property.children ?? [];
      if (key === undefined || value === undefined || key.value === '//') return [];
      return [{ key: String(key.value), node: value, path: [...at, String(key.value)] }];
    }),
  );
}

const below = (root: Node | undefined, path: Path, name: string): readonly Found[] =>
  properties(root, path).filter(({ key }) => key === name);

const spanOf = ({ offset, length }: Node): Span => ({ start: offset, end: offset + length });

function blockOf(type: string, labels: readonly string[], node: Node): Block {
  const span = spanOf(node);
  const items = properties(node, []).flatMap(({ key, node: value }): Item[] => {
    const inner = objects(value, []);
    if (inner.length > 0 && key === 'dynamic')
      return properties(value, []).flatMap(({ key: label, node: made }) =>
        objects(made, []).map(({ node: one }) => blockOf('dynamic', [label], one)),
      );
    if (inner.length > 0) return inner.map(({ node: one }) => blockOf(key, [], one));
    return [{ kind: 'attribute', name: key, value: expressionOf(value), span: spanOf(value) }];
  });
  return { kind: 'block', type, labels, span, body: { items, span } };
}

function expressionOf(node: Node): Expression {
  const span = spanOf(node);
  if (node.type === 'string') return parseTemplate(String(node.value), span);
  if (node.type === 'array' || node.type === 'object') return { kind: 'collection', span };
  return { kind: 'literal', value: node.value, span };
}

/** JSON has no comments; a property `//` is one. */
const remarks = (node: Node): readonly Comment[] =>
  (node.children ?? []).flatMap((property) => {
    const [key, value] = property.children ?? [];
    return key?.value === '//' && value?.type === 'string'
      ? [{ text: `// ${value.value}`, span: spanOf(value) }]
      : [];
  });
