import { constantOf } from './hcl/constant.ts';
import { parseHcl } from './hcl/parse.ts';
import type { Block, Body, Comment, Expression, Fault, Scalar } from './hcl/syntax.ts';
import { parseJsonConfiguration } from './json.ts';
import { lineStart } from './lines.ts';

/** A file of a module, by its path. */
export type Source = { readonly file: string; readonly text: string };

export type SourceFile = Source & {
  readonly syntax: 'hcl' | 'json';
  readonly faults: readonly Fault[];
  readonly resources: readonly Resource[];
  readonly modules: readonly Resource[];
  /** Addresses that a `moved` block leads away from, or that a `removed` block forgets without destroying. */
  readonly released: readonly string[];
};

/** A `resource` block (or a `module` call) as one file has it. */
export type Resource = {
  /** `aws_s3_bucket.logs`, `module.db`. */
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly block: Block;
  readonly file: string;
  /** In JSON, the keys and indexes that lead to it. */
  readonly path?: readonly (string | number)[];
  /** The comments in it and directly above it. */
  readonly comments: readonly Comment[];
};

/** A resource with what override files say of it, which counts before its own. */
export type MergedResource = Resource & { readonly overrides: readonly Resource[] };

/** Files of one directory, with what they come to together. */
export type Module = {
  readonly files: readonly SourceFile[];
  readonly resources: readonly MergedResource[];
  readonly calls: readonly MergedResource[];
};

/** Reads one file, `.tf` or `.tf.json`. Never throws. */
export function readSource({ file, text }: Source): SourceFile {
  if (/\.json$/i.test(file)) return { file, text, syntax: 'json', ...parseJsonConfiguration(file, text) };
  const { body, comments, faults } = parseHcl(text);
  const blocks = body.items.filter((item) => item.kind === 'block');
  const above = commentsAbove(text, comments);
  const resources: Resource[] = [];
  const modules: Resource[] = [];
  for (const block of blocks) {
    const [first, second] = block.labels;
    const about = () => [...above(block), ...commentsWithin(block, comments)];
    if (block.type === 'resource' && first !== undefined && second !== undefined) {
      const address = `${first}.${second}`;
      resources.push({ address, type: first, name: second, block, file, comments: about() });
    } else if (block.type === 'module' && first !== undefined) {
      const address = `module.${first}`;
      modules.push({ address, type: 'module', name: first, block, file, comments: about() });
    }
  }
  return { file, text, syntax: 'hcl', faults, resources, modules, released: blocks.flatMap(releasedBy) };
}

/** What the files of one directory come to: override files are merged into what they override. */
export function mergeModule(files: readonly SourceFile[]): Module {
  const ordered = [...files].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
  const merge = (pick: (file: SourceFile) => readonly Resource[]): MergedResource[] => {
    const overrides = new Map<string, Resource[]>();
    for (const each of ordered.filter(({ file }) => isOverride(file)).flatMap(pick))
      overrides.set(each.address, [each, ...(overrides.get(each.address) ?? [])]);
    return ordered
      .filter(({ file }) => !isOverride(file))
      .flatMap(pick)
      .map((one) => ({ ...one, overrides: overrides.get(one.address) ?? [] }));
  };
  return { files, resources: merge((file) => file.resources), calls: merge((file) => file.modules) };
}

/** `override.tf`, `x_override.tf.json`: https://developer.hashicorp.com/terraform/language/files/override */
const isOverride = (file: string): boolean => /(?:^|[/\\_])override\.(?:tf|tofu)(?:\.json)?$/i.test(file);

/** Where an argument stands, with its value. */
export type Given = {
  readonly expression: Expression;
  readonly value: Scalar | undefined;
  readonly file: string;
};

/**
 * The arguments at a path of nested blocks (`['point_in_time_recovery', 'enabled']`) as they count: those of override
 * files first. Blocks of an override stand in for all of that type, except `lifecycle`, whose arguments are merged.
 */
export function givenAt(resource: MergedResource, path: readonly string[]): readonly Given[] {
  for (const one of [...resource.overrides, resource]) {
    const found = expressionsAt(one.block.body, path);
    if (found.length > 0)
      return found.map((expression) => ({ expression, value: constantOf(expression), file: one.file }));
    const [first] = path;
    const standsIn = one !== resource && path.length > 1 && first !== 'lifecycle';
    if (standsIn && blocksIn(one.block.body, first).length > 0) return [];
  }
  return [];
}

function expressionsAt(body: Body, [first, ...rest]: readonly string[]): readonly Expression[] {
  if (rest.length > 0) return blocksIn(body, first).flatMap((block) => expressionsAt(block.body, rest));
  return body.items.flatMap((item) => (item.kind === 'attribute' && item.name === first ? [item.value] : []));
}

/** The blocks of a type, those among them that a `dynamic` block makes. */
export const blocksIn = (body: Body, type: string | undefined): readonly Block[] =>
  body.items.flatMap((item): readonly Block[] => {
    if (item.kind !== 'block') return [];
    if (item.type === 'dynamic' && item.labels[0] === type) return blocksIn(item.body, 'content');
    return item.type === type ? [item] : [];
  });

function releasedBy(block: Block): readonly string[] {
  const from = expressionsAt(block.body, ['from'])[0];
  if (from?.kind !== 'dynamic') return [];
  const address = from.text.replace(/\s+/g, '').replace(/\[.*$/, '');
  if (block.type === 'moved') return [address];
  if (block.type !== 'removed') return [];
  const [destroy] = expressionsAt(block.body, ['lifecycle', 'destroy']);
  return destroy !== undefined && constantOf(destroy) === false ? [address] : [];
}

/** Finds the comments on the lines directly above a block. */
function commentsAbove(text: string, comments: readonly Comment[]): (block: Block) => readonly Comment[] {
  const byEnd = new Map(comments.map((comment) => [lineStart(text, comment.span.end), comment]));
  return (block) => {
    const found: Comment[] = [];
    for (let start = lineStart(text, block.span.start); start > 0; ) {
      const comment = byEnd.get(lineStart(text, start - 1));
      if (
        comment === undefined ||
        text.slice(lineStart(text, comment.span.start), comment.span.start).trim() !== ''
      )
        return found;
      found.unshift(comment);
      start = lineStart(text, comment.span.start);
    }
    return found;
  };
}

function commentsWithin({ span }: Block, comments: readonly Comment[]): readonly Comment[] {
  let low = 0;
  for (let high = comments.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((comments[middle]?.span.start ?? 0) < span.start) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while ((comments[end]?.span.start ?? Number.POSITIVE_INFINITY) < span.end) end += 1;
  return comments.slice(low, end);
}
