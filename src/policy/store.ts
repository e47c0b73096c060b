import type { LevelName } from '../model/config.ts';
import type { FileAct, FileRule, Rule, Tool } from '../model/rule.ts';
import type { Policy } from './compile.ts';
import { fitsText, isGlob } from './glob.ts';

/**
 * The compiled policy as one file: a line of JSON (the head), then slices of JSON at the offsets that the head and the
 * tables give. A program's name hashes to a bucket, which says where the program's own slice lies, so what a call costs
 * does not grow with the number of rules. Offsets count bytes from the end of the head's line.
 */
type Slice = readonly [offset: number, length: number];
/** Where the buckets of a kind lie: a table of their slices in rows of one length, so that only one row is read. */
type Table = { readonly offset: number; readonly buckets: number };
type Head = {
  readonly format: 7;
  readonly digest: string;
  readonly rules: number;
  readonly bytes: number;
  readonly programs: Table;
  /** By how it starts: where programs are that are named by a pattern (`destroy*.sh`). */
  readonly patterns: Table;
  /** By what is done to a file: the rules that speak of it. */
  readonly files: Readonly<Record<FileAct, Slice>>;
  /** By the hash of a word: what it points at where the program is not known. */
  readonly pointers: Table;
  readonly ids: Slice;
};

/** As many that one holds few programs, however many there are; of the tables one row is read. */
const bucketsFor = (programs: number): number => 2 ** Math.ceil(Math.log2(programs / 4 + 4));

const EMPTY = '{}';
const NUMBER = 10;
const ROW = 2 * NUMBER + 1;
const rowOf = ([offset, length]: Slice): string =>
  `${String(offset).padStart(NUMBER)}${String(length).padStart(NUMBER)}\n`;
const sliceIn = (row: string): Slice => [Number(row.slice(0, NUMBER)), Number(row.slice(NUMBER))];

/** Reads `length` bytes at `offset` of the policy file as UTF-8. Throws when they are not there. */
export type ReadSlice = (offset: number, length: number) => string;

/** Where the tool of each program lies, and for a start of three letters, the patterns that start so. */
type Bucket = Record<string, Slice>;
type Patterns = Record<string, (readonly [glob: string, tool: Slice])[]>;

export function encodePolicy(policy: Policy, digest: string): string {
  const bucketCount = bucketsFor(policy.tools.size);
  const parts: Buffer[] = [];
  let offset = 0;
  const putText = (text: string): Slice => {
    const bytes = Buffer.from(text);
    parts.push(bytes);
    offset += bytes.length;
    return [offset - bytes.length, bytes.length];
  };
  const put = (value: unknown): Slice => putText(JSON.stringify(value));
  const putTable = (buckets: readonly object[]): Table => {
    const [start] = putText(buckets.map(put).map(rowOf).join(''));
    return { offset: start, buckets: buckets.length };
  };
  const shared = new Map<string, Slice>();
  /** Patterns of one line (`mcp__*__{delete,drop}*`) have the same rules. */
  const putOnce = (value: unknown): Slice => {
    const text = JSON.stringify(value);
    const slice = shared.get(text) ?? put(value);
    shared.set(text, slice);
    return slice;
  };
  const buckets: Bucket[] = Array.from({ length: bucketCount }, () => ({}));
  const patterns: Patterns[] = Array.from({ length: bucketCount }, () => ({}));
  const ids = new Set<string>(policy.files.map(({ id }) => id));
  for (const [program, tool] of policy.tools) {
    const key = program.toLowerCase();
    const slice = isGlob(key) ? putOnce({ ...tool, name: key.replace(/[*?].*$/, '') }) : put(tool);
    if (isGlob(key)) {
      const bucket = patterns[bucketOf(prefixOf(key), bucketCount)] ?? {};
      bucket[prefixOf(key)] = [...(bucket[prefixOf(key)] ?? []), [key, slice]];
    } else Object.assign(buckets[bucketOf(key, bucketCount)] ?? {}, { [key]: slice });
    for (const rule of tool.rules) ids.add(rule.id);
  }
  const head: Head = {
    format: 7,
    digest,
    rules: ids.size,
    programs: putTable(buckets),
    patterns: putTable(patterns),
    files: {
      read: put(policy.files.filter(({ reads }) => reads.length > 0)),
      write: put(policy.files.filter(({ writes }) => writes.length > 0)),
      remove: put(policy.files.filter(({ removes }) => removes.length > 0)),
    },
    pointers: putTable(pointers(policy, bucketCount)),
    ids: put([...ids].sort()),
    bytes: offset,
  };
  return `${JSON.stringify(head)}\n${Buffer.concat(parts).toString()}`;
}

/** The letters that a name or a pattern is filed under: the first three, or none when a glob stands among them. */
const prefixOf = (text: string): string => (isGlob(text.slice(0, 3)) ? '' : text.slice(0, 3));

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
const startOf = (glob: string): string | undefined => /^[^*?{]*?[-:]/.exec(glob)?.[0];

function bucketOf(program: string, bucketCount: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < program.length; i++) hash = Math.imul(hash ^ program.charCodeAt(i), 0x01000193);
  return (hash >>> 8) % bucketCount;
}

/** Of several patterns that a name fits: all their rules, each once, and what any of them declares. */
function joined(tools: readonly Tool[]): Tool {
  const rules = new Map<string, Rule>();
  for (const rule of tools.flatMap((tool) => tool.rules)) {
    const before = rules.get(rule.id);
    rules.set(rule.id, before === undefined ? rule : { ...before, match: [...before.match, ...rule.match] });
  }
  return {
    ...(Object.assign({}, ...tools) as Tool),
    values: tools.flatMap((tool) => tool.values),
    switches: tools.flatMap((tool) => tool.switches),
    reads: tools.flatMap((tool) => tool.reads),
    rules: [...rules.values()],
  };
}

/** The rules of a compiled policy, each slice read when it is first asked for. */
export type PolicyStore = {
  readonly digest: string;
  readonly rules: number;
  /** The tool that a program's base name stands for, in any case; undefined when no rule speaks of it. */
  tool(program: string): Tool | undefined;
  /** The rules about files that are read, written or removed. */
  files(act: FileAct): readonly FileRule[];
  /** The tools, with the rules alone that one of these words points at, where the program is not known. */
  pointedAt(words: readonly string[]): readonly Tool[];
  ids(): readonly string[];
};

/** A compiled policy and whose it is. Layers are judged apart, so that none changes how another reads a command. */
export type PolicyLayer = { readonly level: LevelName | 'built-in'; readonly store: PolicyStore };

/** Opens a compiled policy. Throws when it is of another format or cut short. */
export function openPolicy(headLine: string, size: number, read: ReadSlice): PolicyStore {
  const head = JSON.parse(headLine) as Head;
  if (head.format !== 7) throw new Error('the policy is of a format that this version does not read');
  const start = Buffer.byteLength(headLine) + 1;
  if (size !== start + head.bytes)
    throw new Error(`the policy has ${size} bytes where its head says ${start + head.bytes}`);
  /** By where they begin: no slice is empty. */
  const parsed = new Map<number, unknown>();
  const load = <T>([offset, length]: Slice): T => {
    if (!parsed.has(offset)) parsed.set(offset, JSON.parse(read(start + offset, length)));
    return parsed.get(offset) as T;
  };
  const rows = new Map<number, Slice>();
  /** The bucket that a key is filed in. */
  const filed = <T>({ offset, buckets }: Table, key: string): T => {
    const place = start + offset + bucketOf(key, buckets) * ROW;
    const slice = rows.get(place) ?? sliceIn(read(place, ROW));
    rows.set(place, slice);
    return slice[1] === EMPTY.length ? (JSON.parse(EMPTY) as T) : load<T>(slice);
  };
  const store: PolicyStore = {
    digest: head.digest,
    rules: head.rules,
    tool(program) {
      const key = program.toLowerCase();
      const bucket = filed<Bucket>(head.programs, key);
      if (Object.hasOwn(bucket, key)) return load<Tool>(bucket[key] as Slice);
      const fitting = [prefixOf(key), ''].flatMap((prefix) => {
        const found = filed<Patterns>(head.patterns, prefix);
        const list = Object.hasOwn(found, prefix) ? (found[prefix] ?? []) : [];
        return list.filter(([glob]) => fitsText(glob, key)).map(([, slice]) => load<Tool>(slice));
      });
      return fitting.length < 2 ? fitting[0] : joined(fitting);
    },
    files: (act) => load<FileRule[]>(head.files[act]),
    pointedAt(words) {
      const ids = new Map<string, Set<string>>();
      for (const key of new Set(words.flatMap((word) => [word, startOf(word) ?? word]))) {
        const found = filed<Pointers>(head.pointers, key);
        if (!Object.hasOwn(found, key)) continue;
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
