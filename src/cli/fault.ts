import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from './args.ts';

/** What went wrong, for a person: an error of the system as its path and its cause, without the name of the call. */
export function faultText(error: unknown): string {
  const { path, cause } = readFault(error);
  return path === undefined ? cause : `\`${path}\`: ${cause}`;
}

/** The bytes of a file that the command line names; of `-`, standard input. Throws UsageError when it cannot be read. */
export function readOperand(name: string, dir: string): Buffer {
  try {
    return readFileSync(name === '-' ? 0 : resolve(dir, name));
  } catch (error) {
    throw new UsageError(`cannot read \`${name}\`: ${readFault(error).cause}`);
  }
}

/** `EACCES: permission denied, rename '/a.tmp' -> '/a'`, as node says it, taken apart. */
function readFault(error: unknown): { readonly path?: string; readonly cause: string } {
  if (!(error instanceof Error)) return { cause: String(error) };
  const found = /^E[A-Z0-9]+: (.+?), \w+(?: '(.*?)'(?: -> '(.*)')?)?$/s.exec(error.message);
  if (found === null) return { cause: error.message };
  const [, said = '', from, to] = found;
  const path = to ?? from;
  const cause = said === 'illegal operation on a directory' ? 'it is a directory' : said;
  return path === undefined ? { cause } : { path, cause };
}
