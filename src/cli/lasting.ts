import { cpSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { type Installation, installationIn } from '../host/installation.ts';
import { dataDir, type Environment } from '../host/places.ts';

/** What an installation consists of; the rest of a package is documentation. */
const parts = ['package.json', 'dist', 'hooks', 'policies'];

/**
 * The installation itself, or a copy where it may be swept away: npx runs a package from a cache of npm's, and a hook
 * that vanishes denies every call. Throws when the copy cannot be written.
 */
export function lasting(
  installation: Installation,
  version: string,
  env: Environment,
  dryRun: boolean,
): Installation {
  if (!isPassing(installation.root)) return installation;
  const root = join(dataDir(env), version);
  if (dryRun) return installationIn(root);
  const temporary = `${root}.${process.pid}`;
  try {
    mkdirSync(dirname(root), { recursive: true });
    for (const part of parts)
      cpSync(join(installation.root, part), join(temporary, part), { recursive: true });
    rmSync(root, { recursive: true, force: true });
    renameSync(temporary, root);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return installationIn(root);
}

/** Whether npx put the package there for this run. */
const isPassing = (root: string): boolean => root.split(sep).includes('_npx');
