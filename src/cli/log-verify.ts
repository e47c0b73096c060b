import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { headName } from '../host/audit-log.ts';
import { type Head, parseHead, sealIn, startOf } from '../host/chain.ts';
import { byteLinesOf, entryOf } from './log-file.ts';

/** What is wrong with a log file, and at which line of it; line 0 stands for the file as a whole. */
export type LogFault = { readonly file: string; readonly line: number; readonly what: string };

/** `2026-11-20.jsonl:3: was edited, or the line before it was`. */
export const describeFault = ({ file, line, what }: LogFault, paint = (text: string) => text): string =>
  `${file}${line === 0 ? '' : `:${line}`}: ${paint(what)}`;

/** The end of a log file that was read to the end: its name, its last number and seal. */
export type KnownHead = { readonly file: string; readonly count: number; readonly seal: string };

export type Verified = {
  readonly lines: number;
  readonly faults: readonly LogFault[];
  readonly heads: readonly KnownHead[];
};

/**
 * Follows the chain of each file. `known` are heads that were kept elsewhere: a file that was written anew, head and
 * all, is told by them alone. Memory does not grow with the files.
 */
export function verifyLog(files: readonly string[], known: readonly KnownHead[]): Verified {
  const faults: LogFault[] = [];
  const heads: KnownHead[] = [];
  const links = files.flatMap((file) => linkOf(file) ?? []);
  const names = new Set(files.map((file) => basename(file)));
  for (const [i, { by, file }] of links.entries())
    if (!names.has(file) && by !== basename(files[0] ?? ''))
      faults.push({ file: by, line: 1, what: `follows ${links[i]?.file}, which is missing` });
  for (const { file } of known)
    if (!names.has(file)) faults.push({ file, line: 0, what: 'is missing, though its head is known' });
  let lines = 0;
  for (const file of files) {
    const name = basename(file);
    const points = [...links, ...known].filter((point) => point.file === name);
    const found = verifyFile(file, points);
    lines += found.lines;
    faults.push(...found.faults);
    heads.push({ file: name, count: found.count, seal: found.seal });
  }
  return { lines, faults, heads };
}

type Link = KnownHead & { readonly by: string };

/** What the first line of a file says of the end of the file before. */
function linkOf(file: string): Link | undefined {
  for (const { bytes } of byteLinesOf(file)) {
    const after = entryOf(bytes.toString())?.after;
    const [name = '', count, seal = ''] = typeof after === 'string' ? after.split(' ') : [];
    return name === '' ? undefined : { by: basename(file), file: name, count: Number(count), seal };
  }
  return undefined;
}

type Followed = {
  readonly lines: number;
  readonly count: number;
  readonly seal: string;
  readonly faults: readonly LogFault[];
};

function verifyFile(path: string, points: readonly KnownHead[]): Followed {
  const file = basename(path);
  const faults: LogFault[] = [];
  // Read before the lines: what is written meanwhile is beyond it.
  const head = readHead(path);
  const wanted = new Map<number, string[]>();
  const want = (count: number, seal: string) => wanted.set(count, [...(wanted.get(count) ?? []), seal]);
  for (const { count, seal } of points) want(count, seal);
  if (head === undefined)
    faults.push({ file, line: 0, what: `its head, ${headName(file)}, is missing or damaged` });
  else want(head.count, head.seal);
  let line = 0;
  let count = 0;
  let before = startOf(file);
  for (const { bytes, whole } of byteLinesOf(path)) {
    line += 1;
    const text = bytes.toString();
    if (text.trim() === '') continue;
    const found = sealIn(text);
    if (found === undefined) {
      if (whole || head === undefined) faults.push({ file, line, what: unsealed(text) });
      continue;
    }
    const body = bytes.subarray(0, bytes.length - SEAL_LENGTH);
    const own = createHash('sha256').update(`${before}\n`).update(body).update('}').digest('hex');
    const what = faultOf(found, own, count, wanted);
    if (what !== undefined) faults.push({ file, line, what });
    // A line that is out of place does not belong to the chain.
    if (found.count <= count) continue;
    before = found.seal;
    count = found.count;
  }
  const last = Math.max(0, ...wanted.keys());
  if (last > count)
    faults.push({ file, line, what: `ends too early: ${records(count + 1, last)} missing at the end` });
  return { lines: line, count, seal: before, faults };
}

/** `,"seal":"…64…"}` */
const SEAL_LENGTH = 75;

function faultOf(
  found: { readonly count: number; readonly seal: string },
  own: string,
  count: number,
  wanted: ReadonlyMap<number, readonly string[]>,
): string | undefined {
  if (found.count > count + 1) return `${records(count + 1, found.count - 1)} missing before it`;
  if (found.count <= count) return `record ${found.count} stands after record ${count}: reordered or doubled`;
  if (found.seal !== own) return 'was edited, or the line before it was';
  if (wanted.get(found.count)?.some((seal) => seal !== found.seal) === true)
    return `is not what a head that was kept says: the file was written anew`;
  return undefined;
}

const records = (from: number, to: number): string =>
  from === to ? `record ${from} is` : `records ${from} to ${to} are`;

const unsealed = (text: string): string =>
  entryOf(text) === undefined
    ? 'is cut short or damaged: its writer was killed, the disk was full, or it was edited'
    : 'carries no seal: it was put there by something else than blastguard';

function readHead(path: string): Head | undefined {
  try {
    return parseHead(readFileSync(join(dirname(path), headName(basename(path))), 'latin1'));
  } catch {
    return undefined;
  }
}
