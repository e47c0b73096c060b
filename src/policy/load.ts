import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { PolicyError } from './policy-error.ts';
import { type Pack, packSchema } from './schema.ts';

/** A pack and where each part of it stands in its file. */
export type LoadedPack = { readonly pack: Pack; readonly file: string; readonly faultAt: FaultAt };

/** Makes the error for the node at a path (`['rules', 0, 'match', 1]`). */
export type FaultAt = (path: readonly PropertyKey[], problem: string) => PolicyError;

/** Reads the YAML text of a pack. Throws PolicyError at the first fault. */
export function loadPack(file: string, source: string): LoadedPack {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  const at = (offset: number, problem: string) => {
    const { line, col } = lines.linePos(offset);
    return new PolicyError(file, line, col, problem);
  };
  const broken = document.errors[0];
  if (broken)
    throw at(broken.pos[0], broken.message.split('\n')[0]?.replace(/ at line .*$/, '') ?? 'not YAML');
  const faultAt: FaultAt = (path, problem) => at(offsetOf(document, path), problem);
  const parsed = packSchema.safeParse(document.toJS());
  if (!parsed.success) throw describeIssue(parsed.error.issues, document.toJS(), faultAt);
  return { pack: parsed.data, file, faultAt };
}

function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range))
      return node.range[0];
  }
  return 0;
}

function describeIssue(issues: readonly z.core.$ZodIssue[], data: unknown, faultAt: FaultAt): PolicyError {
  const issue = deepest(issues);
  const rule = ruleOf(issue.path, data);
  const where = rule ? ` in rule \`${rule}\`` : '';
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const known = knownKeys(issue.path);
    const near = nearest(key, known);
    const hint = near
      ? ` (did you mean \`${near}\`?)`
      : known.length > 0
        ? ` (known: ${known.join(', ')})`
        : '';
    return faultAt([...issue.path, key], `unknown key \`${key}\`${where}${hint}`);
  }
  const name = issue.path.filter((part) => typeof part === 'string').at(-1);
  return faultAt(issue.path, `${name === undefined ? '' : `\`${String(name)}\`: `}${issue.message}${where}`);
}

/** The issue that says most: inside a union, the alternative that got furthest. */
function deepest(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue {
  const [issue] = issues;
  if (!issue) throw new Error('a failed parse has an issue');
  if (issue.code !== 'invalid_union') return issue;
  const inner = issue.errors
    .map((list) => ({ list, unknownKey: list.some((i) => i.code === 'unrecognized_keys') }))
    .sort((a, b) => Number(a.unknownKey) - Number(b.unknownKey))[0];
  if (!inner || inner.unknownKey) {
    return {
      ...issue,
      message: 'unknown condition (see docs/writing-rules.md for the conditions there are)',
    };
  }
  const found = deepest(inner.list);
  return { ...found, path: [...issue.path, ...found.path] };
}

function ruleOf(path: readonly PropertyKey[], data: unknown): string | undefined {
  if (path[0] !== 'rules' || typeof path[1] !== 'number') return undefined;
  const rules = (data as { rules?: unknown[] }).rules;
  const id = (rules?.[path[1]] as { id?: unknown } | undefined)?.id;
  return typeof id === 'string' ? id : undefined;
}

type ShapeHolder = { shape?: Record<string, unknown>; element?: unknown; def?: { innerType?: unknown } };

function knownKeys(path: readonly PropertyKey[]): string[] {
  let schema: ShapeHolder | undefined = packSchema as unknown as ShapeHolder;
  const unwrap = (s: ShapeHolder | undefined): ShapeHolder | undefined =>
    s?.shape || s?.element || !s?.def?.innerType ? s : unwrap(s.def.innerType as ShapeHolder);
  for (const part of path) {
    schema = unwrap(schema);
    schema = (typeof part === 'number' ? schema?.element : schema?.shape?.[String(part)]) as
      | ShapeHolder
      | undefined;
  }
  return Object.keys(unwrap(schema)?.shape ?? {});
}

/** The candidate closest to a word, when it is close enough to be a slip of the fingers. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(word, candidate) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return ranked && ranked.distance <= Math.max(1, Math.floor(word.length / 3)) ? ranked.candidate : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
