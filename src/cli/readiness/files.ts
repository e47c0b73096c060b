import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

export type TextFile = {
  /** Relative to the project. */
  readonly path: string;
  readonly text: string;
};

const MOST_FILES = 20_000;
const LARGEST = 1024 * 1024;

/** What is copied from elsewhere or made by a build. */
const passedOver = new Set([
  'node_modules',
  '.git',
  '.terraform',
  'dist',
  'build',
  'vendor',
  '.venv',
  'target',
]);

/** The project's files that end so, read as text; those that cannot be read are left out. */
export function projectFiles(project: string, endings: readonly string[]): readonly TextFile[] {
  const found: TextFile[] = [];
  const pending = [project];
  for (let seen = 0; pending.length > 0 && seen < MOST_FILES; ) {
    const dir = pending.pop() ?? project;
    for (const entry of entriesOf(dir)) {
      seen += 1;
      const path = join(dir, entry.name);
      if (entry.isDirectory() && !passedOver.has(entry.name)) pending.push(path);
      if (!entry.isFile() || !endings.some((ending) => entry.name.endsWith(ending))) continue;
      const text = textOf(path);
      if (text !== undefined) found.push({ path: relative(project, path), text });
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function entriesOf(dir: string) {
  try {
    return readdirSync(dir, { withFileTypes: true });
  } catch {
    return [];
  }
}

function textOf(path: string): string | undefined {
  try {
    return statSync(path).size > LARGEST ? undefined : readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
