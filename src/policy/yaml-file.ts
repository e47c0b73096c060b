import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { nearest } from './nearest.ts';
import { PolicyError } from './policy-error.ts';
import { conditionSchemas } from './predicates/schemas.ts';

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
    const hint = suggestion(key, known) || (known.length > 0 ? ` (known: ${known.join(', ')})` : '');
    return faultAt([...issue.path, key], `unknown key \`${key}\`${where}${hint}`);
  }
  const given = valueAt(data, issue.path);
  if (issue.code === 'invalid_union' && isCondition(issue)) {
    const [name = ''] = isObject(given) ? Object.keys(given) : [];
    const conditions = Object.keys(conditionSchemas);
    const hint = suggestion(name, conditions) || ` (known: ${conditions.join(', ')})`;
    return faultAt(issue.path, `unknown condition \`${name}\`${where}${hint}`);
  }
  const name = issue.path.filter((part) => typeof part === 'string').at(-1);
  if (issue.code === 'invalid_type' && given === undefined && name !== undefined)
    return faultAt(issue.path.slice(0, -1), `\`${name}\` is missing${where}`);
  const allowed = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  const hint = typeof given === 'string' ? suggestion(given, allowed) : '';
  const problem =
    allowed.length > 0 ? `\`${String(given)}\` is none of ${allowed.join(', ')}` : issue.message;
  const isWhole = name === undefined || (issue.code === 'custom' && typeof issue.path.at(-1) === 'number');
  return faultAt(issue.path, `${isWhole ? '' : `\`${name}\`: `}${problem}${where}${hint}`);
}

const isObject = (value: unknown): value is Record<PropertyKey, unknown> =>
  typeof value === 'object' && value !== null;

const valueAt = (data: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, part) => (isObject(value) ? value[part] : undefined), data);

function suggestion(word: string, candidates: readonly string[]): string {
  const near = nearest(word, candidates);
  return near === undefined ? '' : ` (did you mean \`${near}\`?)`;
}

const isCondition = ({ path }: z.core.$ZodIssue): boolean => path.includes('when') || path.includes('unless');

/** The issue that says most: inside a union, the alternative that got furthest. */
function deepest(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue {
  // A key that is misspelt is missing too; the slip says more.
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  if (!issue) throw new Error('a failed parse has an issue');
  if (issue.code !== 'invalid_union') return issue;
  // A union that says itself what it takes says it best.
  if (!isCondition(issue) && issue.message !== 'Invalid input') return issue;
  const inner = issue.errors.find((list) => list.every(({ code }) => code !== 'unrecognized_keys'));
  if (inner === undefined) return issue;
  const found = deepest(inner);
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
