import type { LevelName } from '../model/config.ts';
import type { FileRule, Tool } from '../model/rule.ts';
import type { Policy } from './compile.ts';
import { fitsText, isGlob } from './glob.ts';

/**
 * The compiled policy as one file: a line of JSON (the head), then slices of JSON at the offsets that the head gives.
 * A program's rules lie in the slice that its name hashes to, so what a call costs does not grow with the number of
 * rules. Offsets count bytes from the end of the head's line.
 */
type Slice = readonly [offset: number, length: number];
type Head = {
  readonly format: 4;
  readonly digest: string;
  readonly rules: number;
  readonly bytes: number;
  readonly buckets: readonly Slice[];
  /** Programs that are named by a pattern (`destroy*.sh`). */
  readonly patterns: readonly (readonly [glob: string, tool: Slice])[];
  readonly files: Slice;
  /** By the hash of a word: what it points at where the program is not known. */
  readonly pointers: readonly Slice[];
  readonly ids: Slice;
};

/** Of the built-in policy; a small one's head is read faster with fewer. */
const manyBuckets = 256;

/** Reads `length` bytes at `offset` of the policy file as UTF-8. Throws when they are not there. */
export type ReadSlice = (offset: number, length: number) => string;

export function encodePolicy(policy: Policy, digest: string, bucketCount = manyBuckets): string {
  const buckets: Record<string, Tool>[] = Array.from({ length: bucketCount }, () => ({}));
  const patterns: [string, Tool][] = [];
  const ids = new Set<string>();
  for (const [program, tool] of policy.tools) {
    const key = program.toLowerCase();
    const bucket = buckets[bucketOf(key, bucketCount)];
    if (isGlob(key)) patterns.push([key, tool]);
    else if (bucket) bucket[key] = tool;
    for (const rule of tool.rules) ids.add(rule.id);
  }
  for (const rule of policy.files) ids.add(rule.id);
  const parts: Buffer[] = [];
  let offset = 0;
  const put = (value: unknown): Slice => {
    const bytes = Buffer.from(JSON.stringify(value));
    parts.push(bytes);
    offset += bytes.length;
    return [offset - bytes.length, bytes.length];
  };
  const head: Head = {
    format: 4,
    digest,
    rules: ids.size,
    buckets: buckets.map(put),
    patterns: patterns.map(([glob, tool]) => [glob, put(tool)]),
    files: put(policy.files),
    pointers: pointers(policy, bucketCount).map(put),
    ids: put([...ids].sort()),
    bytes: offset,
  };
  return `${JSON.stringify(head)}\n${Buffer.concat(parts).toString()}`;
}

/** The rules that a word points at, whatever the program: by the word, for each program the rules' ids. */
type Pointers = Record<string, [program: string, ids: string[]][]>;

/**
 * What could be meant by a command whose program is not known: the rules with a word of their own, such as `destroy`.
 * A rule is found by its first word without globs, or by how a glob starts (`delete-*`).
 */
function pointers(policy: Policy, bucketCount: number): Pointers[] {
  const buckets: Pointers[] = Array.from({ length: bucketCount }, () => ({}));
  const seen = new Set<string>();
  for (const [program, tool] of policy.tools) {
    for (const { id, match } of tool.rules) {
      for (const { words } of match) {
        const key =
          words.find((word) => !isGlob(word)) ?? words.map(startOf).find((start) => start !== undefined);
        if (key === undefined || seen.has(`${key}\n${id}`)) continue;
        seen.add(`${key}\n${id}`);
        const bucket = buckets[bucketOf(key, bucketCount)] ?? {};
        bucket[key] ??= [];
        const last = bucket[key].find(([name]) => name === program);
        if (last) last[1].push(id);
        else bucket[key].push([program, [id]]);
      }
    }
  }
  return buckets;
}

/** How a glob starts, up to the first hyphen or colon: `delete-` of `delete-*`. */
const startOf = (glob: string): string | undefined => /^[^*?]*?[-:]/.exec(glob)?.[0];

function bucketOf(program: string, bucketCount: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < program.length; i++) hash = Math.imul(hash ^ program.charCodeAt(i), 0x01000193);
  return (hash >>> 8) % bucketCount;
}

/** The rules of a compiled policy, each slice read when it is first asked for. */
export type PolicyStore = {
  readonly digest: string;
  readonly rules: number;
  /** The tool that a program's base name stands for, in any case; undefined when no rule speaks of it. */
  tool(program: string): Tool | undefined;
  files(): readonly FileRule[];
  /** The tools, with the rules alone that one of these words points at, where the program is not known. */
  pointedAt(words: readonly string[]): readonly Tool[];
  ids(): readonly string[];
};

/** A compiled policy and whose it is. Layers are judged apart, so that none changes how another reads a command. */
export type PolicyLayer = { readonly level: LevelName | 'built-in'; readonly store: PolicyStore };

/** Opens a compiled policy. Throws when it is of another format or cut short. */
export function openPolicy(headLine: string, size: number, read: ReadSlice): PolicyStore {
  const head = JSON.parse(headLine) as Head;
  if (head.format !== 4 || !Array.isArray(head.buckets))
    throw new Error('the policy is of a format that this version does not read');
  const start = Buffer.byteLength(headLine) + 1;
  if (size !== start + head.bytes)
    throw new Error(`the policy has ${size} bytes where its head says ${start + head.bytes}`);
  const slices = new Map<Slice, unknown>();
  const load = <T>(slice: Slice): T => {
    if (!slices.has(slice)) slices.set(slice, JSON.parse(read(start + slice[0], slice[1])));
    return slices.get(slice) as T;
  };
  const store: PolicyStore = {
    digest: head.digest,
    rules: head.rules,
    tool(program) {
      const key = program.toLowerCase();
      const slice = head.buckets[bucketOf(key, head.buckets.length)];
      if (slice === undefined) throw new Error('the policy has no bucket for a program');
      const bucket = slice[1] === 2 ? {} : load<Record<string, Tool>>(slice);
      if (Object.hasOwn(bucket, key)) return bucket[key];
      const pattern = head.patterns.find(([glob]) => fitsText(glob, key));
      return pattern && load<Tool>(pattern[1]);
    },
    files: () => load<FileRule[]>(head.files),
    pointedAt(words) {
      const ids = new Map<string, Set<string>>();
      for (const key of new Set(words.flatMap((word) => [word, startOf(word) ?? word]))) {
        const slice = head.pointers[bucketOf(key, head.pointers.length)];
        const found = slice === undefined || slice[1] === 2 ? undefined : load<Pointers>(slice);
        if (found === undefined || !Object.hasOwn(found, key)) continue;
        for (const [program, rules] of found[key] ?? [])
          ids.set(program, new Set([...(ids.get(program) ?? []), ...rules]));
      }
      return [...ids].flatMap(([program, wanted]) => {
        const tool = store.tool(program);
        return tool === undefined ? [] : [{ ...tool, rules: tool.rules.filter(({ id }) => wanted.has(id)) }];
      });
    },
    ids: () => load<string[]>(head.ids),
  };
  return store;
}
