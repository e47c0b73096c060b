import { sha256 } from './sha256.ts';

/**
 * The chain of a log file: every line ends with its number and a seal, the SHA-256 of the seal before and of the line
 * without its own. A head file beside the log holds the last number, the log's length and the last seal.
 */
export type Head = {
  /** Lines that were sealed. */
  readonly count: number;
  /** Bytes of the log. */
  readonly size: number;
  readonly seal: string;
};

/** What the seal of a file's first line is made from in place of a line before. */
export const startOf = (name: string): string => `blastguard ${name}`;

/** The JSON text of an object with its number and its seal as the last two keys. */
export function seal(
  json: string,
  { count, seal: before }: Pick<Head, 'count' | 'seal'>,
): { readonly line: string; readonly seal: string } {
  const body = `${json.slice(0, -1)},"seq":${count + 1}`;
  const own = sha256(`${before}\n${body}}`);
  return { line: `${body},"seal":"${own}"}`, seal: own };
}

/** The JSON text of the first line of a file, with the end of the file before. */
export const linkedTo = (json: string, link: string): string =>
  `${json.slice(0, -1)},"after":${JSON.stringify(link)}}`;

const ending = /,"seq":(\d{1,15}),"seal":"([0-9a-f]{64})"\}$/;

/** The number and the seal at the end of a line, and the line without the seal; undefined where there is none. */
export function sealIn(
  line: string,
): { readonly count: number; readonly seal: string; readonly body: string } | undefined {
  const found = ending.exec(line);
  if (found === null) return undefined;
  const [text, count = '', own = ''] = found;
  return {
    count: Number(count),
    seal: own,
    body: `${line.slice(0, line.length - text.length)},"seq":${count}}`,
  };
}

/** A head as its file holds it: of one length, so that it is replaced in one write. */
export const headText = ({ count, size, seal: own }: Head): string =>
  `${String(count).padStart(15)} ${String(size).padStart(15)} ${own}\n`;

export function parseHead(text: string): Head | undefined {
  const found = /^ *(\d+) +(\d+) ([0-9a-f]{64})\n$/.exec(text);
  if (found === null) return undefined;
  const [, count, size, own = ''] = found;
  return { count: Number(count), size: Number(size), seal: own };
}
