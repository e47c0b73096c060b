import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, sep } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { type Installation, installationIn, installationOf, packageRoot } from '../host/installation.ts';
import { dataDir, type Environment } from '../host/places.ts';
import { versionText } from './version.ts';

/** Set by the build of the standalone binary: the text of hooks/blastguard-hook. */
declare const LAUNCHER: string;

/**
 * The installation that `init` registers, put where it lasts unless `dryRun`: this one; the standalone binary that was
 * built of it, because it starts faster; for one that npx runs from a cache of npm's, a copy. Throws when it is not
 * complete or cannot be written.
 */
export function chosenInstallation(env: Environment, dryRun: boolean): Installation {
  if (typeof LAUNCHER === 'string') return withLauncher(process.execPath, dataOf(env), LAUNCHER, dryRun);
  const started = installationIn(packageRoot(), process.execPath);
  checkComplete(started);
  const binary = join(started.root, 'artifacts', `blastguard-${platformName()}`);
  if (isSameBuild(binary)) return { ...installationOf(binary, started.root), root: started.root };
  return isPassing(started.root) ? copied(started, dataOf(env), dryRun) : started;
}

const dataOf = (env: Environment): string => join(dataDir(env), packageJson.version);

function checkComplete({ launcher, hook }: Installation): void {
  for (const path of process.platform === 'win32' ? hook : [launcher, ...hook]) {
    if (isAbsolute(path) && !existsSync(path))
      throw new Error(`the installation is not complete: no \`${path}\`; install blastguard again`);
  }
}

/** The part of a binary's name that says where it runs: `linux-x64`, `linux-x64-musl`, `windows-x64.exe`. */
function platformName(): string {
  if (process.platform === 'win32') return `windows-${process.arch}.exe`;
  if (process.platform !== 'linux') return `${process.platform}-${process.arch}`;
  const musl = existsSync(`/lib/ld-musl-${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}.so.1`);
  return `linux-${process.arch}${musl ? '-musl' : ''}`;
}

/** Whether a binary is there that says of itself what this program does: an older one would judge by older rules. */
function isSameBuild(binary: string): boolean {
  if (!existsSync(binary)) return false;
  return spawnSync(binary, ['--version'], { encoding: 'utf8', timeout: 10_000 }).stdout === versionText();
}

function withLauncher(binary: string, dir: string, text: string, dryRun: boolean): Installation {
  const installation = installationOf(binary, dir);
  if (dryRun || process.platform === 'win32') return installation;
  mkdirSync(dirname(installation.launcher), { recursive: true });
  const temporary = `${installation.launcher}.${process.pid}`;
  writeFileSync(temporary, text);
  chmodSync(temporary, 0o755);
  renameSync(temporary, installation.launcher);
  return installation;
}

/** What an installation consists of; the rest of a package is documentation. */
const parts = ['package.json', 'dist', 'hooks', 'policies'];

function copied(installation: Installation, root: string, dryRun: boolean): Installation {
  const copy = installationIn(root, process.execPath);
  if (dryRun) return copy;
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
  return copy;
}

/** Whether npx put the package there for this run. */
const isPassing = (root: string): boolean => root.split(sep).includes('_npx');
