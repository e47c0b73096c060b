import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

/** What is never a repository's own, where no git says so. */
const skipped = new Set([
  '.git',
  'node_modules',
  '.terraform',
  '.venv',
  'venv',
  '__pycache__',
  'vendor',
  '.cache',
]);

/**
 * The files at and below the paths, absolute, in order: what git knows or would add, else all but what tools make.
 * Throws for a path that is not there.
 */
export function repositoryFiles(paths: readonly string[]): readonly string[] {
  const files = new Set<string>();
  for (const path of paths) {
    if (!statSync(path).isDirectory()) files.add(path);
    else for (const file of gitFiles(path) ?? walk(path)) files.add(file);
  }
  return [...files];
}

function gitFiles(dir: string): readonly string[] | undefined {
  const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: dir,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (listed.status !== 0) return undefined;
  return listed.stdout
    .split('\0')
    .filter(Boolean)
    .map((name) => resolve(dir, name));
}

function* walk(dir: string): Generator<string> {
  const entries = readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) {
      if (!skipped.has(entry.name)) yield* walk(path);
    } else if (entry.isFile()) yield path;
  }
}

/** A path as it is written within a directory, with `/`. */
export const pathWithin = (root: string, path: string): string => relative(root, path).split(sep).join('/');
