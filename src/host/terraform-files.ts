import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The files of one directory, which Terraform reads together, or why they cannot be read. */
export type TerraformDirectory = {
  readonly dir: string;
  readonly sources: readonly { readonly file: string; readonly text: string }[];
  readonly unreadable: readonly { readonly file: string; readonly cause: string }[];
};

const isTerraform = (name: string): boolean => /\.(?:tf|tofu)(?:\.json)?$/i.test(name);

/** What Terraform, Terragrunt and others keep beside the code: copies that are made anew. */
const skipped = new Set(['.terraform', '.terragrunt-cache', '.git', 'node_modules', '.terragrunt-stack']);

/**
 * The directories at and below the paths that hold Terraform's files, in order, one at a time. A path may also be a file;
 * then its directory is read, because files say what others override. Throws for a path that is not there.
 */
export function* terraformDirectories(paths: readonly string[]): Generator<TerraformDirectory> {
  const seen = new Set<string>();
  for (const path of paths) {
    const dirs = statSync(path).isDirectory() ? walk(path) : [dirname(path)];
    for (const dir of dirs) {
      if (seen.has(dir)) continue;
      seen.add(dir);
      const found = readDirectory(dir);
      if (found.sources.length + found.unreadable.length > 0) yield found;
    }
  }
}

function* walk(dir: string): Generator<string> {
  yield dir;
  for (const entry of entriesOf(dir))
    if (entry.isDirectory() && !skipped.has(entry.name)) yield* walk(join(dir, entry.name));
}

function entriesOf(dir: string) {
  try {
    return readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

function readDirectory(dir: string): TerraformDirectory {
  const names = entriesOf(dir)
    .filter((entry) => !entry.isDirectory() && isTerraform(entry.name))
    .map(({ name }) => name);
  // OpenTofu reads x.tofu in place of x.tf, where both are there.
  const tofu = new Set(names.filter((name) => /\.tofu(?:\.json)?$/i.test(name)));
  const read = names.filter(
    (name) => !tofu.has(name.replace(/\.tf(?=(?:\.json)?$)/i, '.tofu')) || tofu.has(name),
  );
  const sources: { file: string; text: string }[] = [];
  const unreadable: { file: string; cause: string }[] = [];
  for (const name of read) {
    const file = join(dir, name);
    try {
      sources.push({ file, text: readFileSync(file, 'utf8') });
    } catch (error) {
      unreadable.push({ file, cause: error instanceof Error ? error.message : String(error) });
    }
  }
  return { dir, sources, unreadable };
}
