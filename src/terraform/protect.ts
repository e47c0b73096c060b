import { applyEdits, findNodeAtLocation, modify, parseTree } from 'jsonc-parser';
import type { Span } from '../model/command.ts';
import {
  blocksIn,
  givenAt,
  type MergedResource,
  mergeModule,
  readSource,
  type Source,
  type SourceFile,
} from './configuration.ts';
import { applied, type Edit } from './edit.ts';
import type { Scalar } from './hcl/syntax.ts';
import { ignoresOf } from './ignore.ts';
import { type Insertion, insertInto, replaceValue } from './insert.ts';
import { lineStart } from './lines.ts';
import { preventDestroy, settingOf } from './protection.ts';
import { finalSnapshot } from './stateful/setting.ts';
import { type StatefulType, statefulType } from './stateful/types.ts';

/** The changes to a file, in order, none reaching into another, and its text after them. */
export type ProtectedFile = {
  readonly file: string;
  readonly before: string;
  readonly edits: readonly Edit[];
  readonly after: string;
};

export type Protection = {
  readonly files: readonly ProtectedFile[];
  /** Files that cannot be read to the end; they are left as they are. */
  readonly broken: readonly string[];
  /** Addresses of the resources that are changed. */
  readonly resources: readonly string[];
};

/** What protects the resources with data in the files of one directory. Changes nothing else, and nothing twice. */
export function protectModule(sources: readonly Source[], types: readonly string[] = []): Protection {
  const files = sources.map(readSource);
  const broken = files.filter(({ faults }) => faults.length > 0);
  const sound = new Map(files.filter((file) => !broken.includes(file)).map((file) => [file.file, file]));
  const edits = new Map<string, Edit[]>();
  const resources: string[] = [];
  for (const resource of mergeModule(files).resources) {
    const known = statefulType(resource.type, types);
    const home = sound.get(resource.file);
    if (known === undefined || home === undefined) continue;
    const found = mend(resource, known, home, sound);
    if (found.length > 0) resources.push(resource.address);
    for (const { file, ...edit } of found) edits.set(file, [...(edits.get(file) ?? []), edit]);
  }
  return {
    files: [...edits].flatMap(([file, list]) => {
      const before = sound.get(file)?.text ?? '';
      const sorted = list.sort((a, b) => a.span.start - b.span.start);
      return [{ file, before, edits: sorted, after: applied(before, sorted) }];
    }),
    broken: broken.map(({ file }) => file),
    resources,
  };
}

type FileEdit = Edit & { readonly file: string };

/** A value that is to stand at a path of a resource. `at` is where another one stands now. */
type Wanted = {
  readonly path: readonly string[];
  readonly value: Scalar | { readonly source: string };
  readonly at?: { readonly file: string; readonly span: Span };
};

function mend(
  resource: MergedResource,
  known: StatefulType,
  home: SourceFile,
  sound: ReadonlyMap<string, SourceFile>,
): readonly FileEdit[] {
  const wanted = wantedFor(resource, known);
  const replaced = wanted.filter(({ at }) => at !== undefined && at.file !== home.file);
  const own = wanted.filter(({ at }) => at === undefined || at.file === home.file);
  // What an override file says is changed there; the rest is the resource's own.
  const elsewhere = replaced.flatMap(({ at, value }): FileEdit[] => {
    const file = sound.get(at?.file ?? '');
    if (at === undefined || file === undefined) return [];
    return [{ file: file.file, ...replaceValue(file.text, at.span, sourceOf(value)) }];
  });
  if (own.length === 0) return elsewhere;
  const edits = home.syntax === 'json' ? jsonEdits(resource, own, home) : hclEdits(resource, own, home);
  return [...elsewhere, ...edits.map((edit) => ({ file: home.file, ...edit }))];
}

function wantedFor(resource: MergedResource, known: StatefulType): readonly Wanted[] {
  const { reasonFor } = ignoresOf(resource.comments);
  const wanted: Wanted[] = [];
  const own = preventDestroy(resource);
  if (own.state !== 'safe' && reasonFor('prevent_destroy') === undefined)
    wanted.push({ path: ['lifecycle', 'prevent_destroy'], value: true, ...(own.at ? { at: own.at } : {}) });
  for (const setting of known.settings) {
    const { path, mend: value } = setting;
    const { state } = settingOf(resource, setting);
    if ((state !== 'off' && state !== 'missing') || value === undefined) continue;
    if (reasonFor(path.join('.')) !== undefined) continue;
    const given = givenAt(resource, path);
    const bad = given.filter(
      (one) => one.value === null || (one.value !== undefined && !setting.isSafe(one.value)),
    );
    for (const { file, expression } of bad) wanted.push({ path, value, at: { file, span: expression.span } });
    // A nested block that is not there is for people to write: it may need more than this argument.
    if (given.length === 0 && path.length === 1) wanted.push({ path, value });
    if (setting === finalSnapshot && state === 'off') wanted.push(...finalSnapshotName(resource));
  }
  return wanted;
}

/** Providers refuse to destroy with a last snapshot that has no name. */
function finalSnapshotName(resource: MergedResource): readonly Wanted[] {
  const name = resource.type.startsWith('aws_lightsail')
    ? 'final_snapshot_name'
    : 'final_snapshot_identifier';
  if (givenAt(resource, [name]).length > 0) return [];
  const many = givenAt(resource, ['count']).length > 0 ? '-${count.index}' : '';
  const each = givenAt(resource, ['for_each']).length > 0 ? '-${each.key}' : '';
  const text = `${resource.name.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '')}-final${many}${each}`;
  return [{ path: [name], value: { source: JSON.stringify(text) } }];
}

const sourceOf = (value: Wanted['value']): string =>
  value !== null && typeof value === 'object' ? value.source : JSON.stringify(value);

function hclEdits(
  { block }: MergedResource,
  wanted: readonly Wanted[],
  { text }: SourceFile,
): readonly Edit[] {
  const edits: Edit[] = [];
  const inserted: Insertion = { attributes: [], blocks: [] };
  for (const { path, value, at } of wanted) {
    const [first = '', second] = path;
    const source = sourceOf(value);
    if (at !== undefined) edits.push(replaceValue(text, at.span, source));
    else if (second === undefined) inserted.attributes.push([first, source]);
    else {
      const [inner] = blocksIn(block.body, first);
      if (inner === undefined) inserted.blocks.push([first, [[second, source]]]);
      else edits.push(insertInto(text, inner, { attributes: [[second, source]], blocks: [] }));
    }
  }
  if (inserted.attributes.length + inserted.blocks.length === 0) return edits;
  const last = insertInto(text, block, inserted, edits);
  // A block on one line is laid out anew, together with what changes in it.
  const isAnew = last.span.end > last.span.start;
  return isAnew ? [last] : [...edits, last];
}

/** JSON is edited object by object, so that a file with many resources costs no more than its length. */
function jsonEdits(
  { block }: MergedResource,
  wanted: readonly Wanted[],
  { text }: SourceFile,
): readonly Edit[] {
  const { span } = block;
  const options = { formattingOptions: jsonFormat(text) };
  // The indentation of its line comes first, for what is laid out below it.
  const indent = /^[ \t]*/.exec(text.slice(lineStart(text, span.start), span.start))?.[0] ?? '';
  let object = indent + text.slice(span.start, span.end);
  for (const { path, value } of wanted) {
    const plain = value !== null && typeof value === 'object' ? JSON.parse(value.source) : value;
    object = applyEdits(object, modify(object, pathIn(object, path), plain, options));
  }
  return [{ span, text: object.slice(indent.length) }];
}

/** A block that is given as a list of objects is reached by the index of its first. */
function pathIn(object: string, [first = '', ...rest]: readonly string[]): (string | number)[] {
  const root = parseTree(object);
  const value = root === undefined ? undefined : findNodeAtLocation(root, [first]);
  return [first, ...(value?.type === 'array' && rest.length > 0 ? [0] : []), ...rest];
}

function jsonFormat(text: string) {
  const [, indent = '  '] = /^([ \t]+)\S/m.exec(text) ?? [];
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol,
  };
}
