import { slashedPath } from '../model/windows-path.ts';
import { limits } from './limits.ts';

/**
 * An absolute path, `.` and `..` resolved by text; undefined when it depends on a directory that is
 * not known, or is longer than any.
 */
export function resolvePath(written: string, cwd: string | undefined): string | undefined {
  const path = slashedPath(written);
  if (!path.startsWith('/') && cwd === undefined) return undefined;
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${slashedPath(cwd ?? '')}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  const full = `/${parts.join('/')}`;
  return full.length > limits.path ? undefined : full;
}

export const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The directory that a path lies in; that of a bare name is the one at hand. */
export const directoryOf = (path: string): string => {
  const cut = path.lastIndexOf('/');
  return cut < 0 ? '.' : path.slice(0, cut) || '/';
};
