import { lstat, mkdir, open, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PathSource, Scope, Thrown } from '../../model/kill-switch.ts';
import { type Connection, pathOf } from '../connection.ts';
import { readContent, thrownFor, written } from '../content.ts';

const LONGEST = 64 * 1024;

/**
 * A directory that machines share: a switch is whatever lies at the name of its scope. Asynchronous throughout: a share
 * that hangs must not keep the other sources from being read.
 */
export function openPath({ dir }: PathSource): Connection {
  const fileOf = (scope: Scope) => join(dir, pathOf(scope));
  async function readOne(scope: Scope): Promise<readonly Thrown[]> {
    const file = fileOf(scope);
    try {
      await lstat(file);
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
    return [thrownFor(scope, readContent(await headOf(file)))];
  }
  return {
    async read(scopes) {
      // A share that is not mounted must not look like one without a switch.
      const found = await stat(dir).catch((error) => {
        if (isMissing(error)) throw new Error('there is no such directory (is the share mounted?)');
        throw error;
      });
      if (!found.isDirectory()) throw new Error('it is not a directory');
      return (await Promise.all(scopes.map(readOne))).flat();
    },
    async put(thrown) {
      const file = fileOf(thrown.scope);
      await stat(dir);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, written(thrown), { mode: 0o644 });
    },
    remove: (scope) => rm(fileOf(scope), { force: true, recursive: true }),
    close() {},
  };
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

/** What a file says; whatever cannot be read says nothing and is there all the same. */
async function headOf(file: string): Promise<string> {
  try {
    if (!(await stat(file)).isFile()) return '';
    const handle = await open(file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(LONGEST), 0, LONGEST, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch {
    return 'the switch cannot be read';
  }
}
