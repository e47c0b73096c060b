import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { upwards } from './places.ts';

/** The package that this code belongs to: `dist/` when bundled, `src/…` in the tests. */
export function packageRoot(): string {
  for (const dir of upwards(__dirname)) if (existsSync(join(dir, 'package.json'))) return dir;
  return dirname(__dirname);
}

export type Installation = {
  readonly root: string;
  readonly launcher: string;
  readonly bundle: string;
  /** What runs a command of blastguard. */
  readonly cli: readonly string[];
};

export const installationIn = (root: string): Installation => ({
  root,
  launcher: join(root, 'hooks', 'blastguard-hook'),
  bundle: join(root, 'dist', 'hook.cjs'),
  cli: [process.execPath, join(root, 'dist', 'cli.cjs')],
});
