import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { nearest } from './nearest.ts';
import { PolicyError } from './policy-error.ts';

/** Makes the error for the node at a path (`['rules', 0, 'match', 1]`). */
export type FaultAt = (path: readonly PropertyKey[], problem: string) => PolicyError;

/** What a YAML file says, in the form of its schema, and where each part of it stands. */
export type YamlFile<Schema extends z.ZodType> = {
  readonly data: z.output<Schema>;
  readonly faultAt: FaultAt;
};

/** Reads the text of a YAML file. An empty one is an empty mapping. Throws PolicyError at the first fault. */
export function readYaml<Schema extends z.ZodType>(
  file: string,
  source: string,
  schema: Schema,
): YamlFile<Schema> {
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
  const content = toValue(document, faultAt);
  const parsed = schema.safeParse(content);
  if (!parsed.success) throw describeIssue(parsed.error.issues, content, schema, faultAt);
  return { data: parsed.data, faultAt };
}

/** Throws PolicyError for what YAML can write and nothing can hold, such as aliases without end. */
function toValue(document: ReturnType<typeof parseDocument>, faultAt: FaultAt): unknown {
  try {
    return document.toJS() ?? {};
  } catch (error) {
    throw faultAt([], error instanceof Error ? error.message : String(error));
  }
}

function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range))
      return node.range[0];
  }
  return 0;
}

function describeIssue(
  issues: readonly z.core.$ZodIssue[],
  data: unknown,
  schema: z.ZodType,
  faultAt: FaultAt,
): PolicyError {
  const issue = deepest(issues);
  const rule = ruleOf(issue.path, data);
  const where = rule ? ` in rule \`${rule}\`` : '';
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const known = knownKeys(schema, issue.path);
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
  const isCondition = issue.path.includes('when') || issue.path.includes('unless');
  // A union that says itself what it takes says it best.
  if (!isCondition && issue.message !== 'Invalid input') return issue;
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

function knownKeys(top: z.ZodType, path: readonly PropertyKey[]): string[] {
  let schema: ShapeHolder | undefined = top as unknown as ShapeHolder;
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
