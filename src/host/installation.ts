import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { dataDir, type Environment, ifNamed, upwards } from './places.ts';

/** Set by the build: true in the standalone binary. */
declare const BINARY: boolean;
const inBinary = typeof BINARY === 'boolean' && BINARY;

/** The package that this code belongs to: `dist/` when bundled, `src/…` in the tests; of the binary, its directory. */
export function packageRoot(): string {
  if (inBinary) return dirname(process.execPath);
  for (const dir of upwards(__dirname)) if (existsSync(join(dir, 'package.json'))) return dir;
  return dirname(__dirname);
}

/** Where the built-in packs are, for those who read them. */
export const policiesDir = (): string =>
  inBinary ? '/$bunfs/root/policies' : join(packageRoot(), 'policies');

/** The program's own files and directories, and where copies and the launcher of a binary are put. */
export function programPaths(env: Environment): readonly string[] {
  const beside = inBinary ? dirname(process.execPath) : packageRoot();
  // A binary that was built in a clone lies in its artifacts/, and the launcher in its hooks/.
  const root = inBinary && basename(beside) === 'artifacts' ? dirname(beside) : beside;
  const own = inBinary ? process.execPath : __dirname;
  const parts = ['dist', 'hooks', 'policies', 'artifacts'].map((name) => join(root, name));
  const data = ifNamed(() => dataDir(env));
  return [own, ...parts, ...(data === undefined ? [] : [data])];
}

/** A file of data beside the bundles. */
export const partOf = (name: string): string => join(inBinary ? '/$bunfs/root' : __dirname, name);

/** What starts the process that keeps the state of the kill switch's sources fresh. */
export const refresher = (): readonly string[] =>
  inBinary ? [process.execPath, 'refresher'] : [process.execPath, join(__dirname, 'refresher.cjs')];

export type Installation = {
  readonly root: string;
  readonly launcher: string;
  /** What judges a call. */
  readonly hook: readonly string[];
  /** What runs a command of blastguard. */
  readonly cli: readonly string[];
};

export const installationIn = (root: string, node: string): Installation => ({
  root,
  launcher: launcherIn(root),
  hook: [node, join(root, 'dist', 'hook.cjs')],
  cli: [node, join(root, 'dist', 'cli.cjs')],
});

/** The installation that is a standalone binary. It carries no other file: the launcher is put where `dir` says. */
export const installationOf = (binary: string, dir: string): Installation => ({
  root: dirname(binary),
  launcher: launcherIn(dir),
  hook: [binary, 'hook'],
  cli: [binary],
});

const launcherIn = (root: string): string => join(root, 'hooks', 'blastguard-hook');
