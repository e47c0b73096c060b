import { isUtf8 } from 'node:buffer';
import {
  closeSync,
  constants,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';

import type { Call } from '../model/call.ts';
import type { Facts, GuardPaths } from '../model/facts.ts';
import { SWITCH_NAME } from '../model/switch-name.ts';
import { programPaths } from './installation.ts';
import {
  configFile,
  type Environment,
  homeDir,
  ifNamed,
  projectRoot,
  settingsFiles,
  stateDir,
} from './places.ts';
import { inspectedPlan } from './plan-record.ts';
import { windowsFacts } from './windows-facts.ts';

/**
 * What a decision on this call may ask about the world; each answer is looked up when it is first asked for.
 * `checkTime` is called before each look at the file system, and may throw. `guarded`: more paths that are the guard's.
 */
export function gatherFacts(
  call: Call,
  env: Environment,
  checkTime: () => void = () => {},
  guarded: () => readonly string[] = () => [],
): Facts {
  const projectDir = once(() => projectRoot(call.cwd, env));
  const home = once(() => homeDir(env));
  const temporaryDirs = once(() => findTemporaryDirs(env));
  const guard = once(() => guardPaths(call.cwd, projectDir(), env, guarded()));
  const real = new Map<string, string>();
  const facts: Facts = {
    cwd: call.cwd,
    get projectDir() {
      return projectDir();
    },
    get home() {
      return home();
    },
    get temporaryDirs() {
      return temporaryDirs();
    },
    environment: env,
    ignoresCase: process.platform === 'darwin',
    get guard() {
      return guard();
    },
    realPath(path) {
      const known = real.get(path);
      if (known !== undefined) return known;
      checkTime();
      const found = realPath(isAbsolute(path) ? path : `${call.cwd}/${path}`);
      real.set(path, found);
      return found;
    },
    readText(path, limit) {
      checkTime();
      return readText(path, limit);
    },
    isDirectory(path) {
      checkTime();
      return isDirectory(path);
    },
    list(path) {
      checkTime();
      return list(path);
    },
    inspectedPlan(path) {
      checkTime();
      return inspectedPlan(path, env, Date.now());
    },
  };
  return process.platform === 'win32' ? windowsFacts(facts) : facts;
}

function once<T>(read: () => T): () => T {
  let answer: { readonly value: T } | undefined;
  return () => {
    answer ??= { value: read() };
    return answer.value;
  };
}

function findTemporaryDirs(env: Environment): readonly string[] {
  const named = [
    env.TMPDIR,
    env.TEMP,
    env.TMP,
    '/tmp',
    '/var/tmp',
    '/private/tmp',
    '/private/var/tmp',
    '/var/folders',
    '/private/var/folders',
  ];
  const dirs = named.flatMap((dir) => (dir !== undefined && isAbsolute(dir) ? [realPath(dir)] : []));
  return [...new Set(dirs)];
}

/** Each path as it is written and, where that differs, resolved: a link into a guarded place is guarded too. */
function guardPaths(cwd: string, projectDir: string, env: Environment, more: readonly string[]): GuardPaths {
  const own = [ifNamed(() => stateDir(env)), ifNamed(() => dirname(configFile(env)))].filter(
    (path) => path !== undefined,
  );
  return {
    settings: bothForms(settingsFiles(cwd, projectDir, env).map((file) => file.path)),
    program: bothForms(programPaths(env)),
    state: bothForms([...own, ...more]),
    switchName: SWITCH_NAME,
  };
}

const bothForms = (paths: readonly string[]): readonly string[] => [
  ...new Set(paths.flatMap((path) => [path, realPath(path)])),
];

const MOST_LINKS = 40; // Linux: more is ELOOP
const LONGEST_PATH = 4096;

/**
 * The path as the kernel would resolve it: links followed before `..`, also a link whose target does not exist yet (a
 * write through it creates the target). What cannot be looked up stays as it is.
 */
export function realPath(path: string, links = 0): string {
  if (path.length > LONGEST_PATH) return resolve(path);
  try {
    return realpathSync.native(path);
  } catch {
    // missing or unreadable from some component on
  }
  const above = dirname(path);
  if (above === path) return path;
  const parent = realPath(above, links);
  const name = basename(path);
  if (name === '..') return dirname(parent);
  if (name === '.') return parent;
  const here = join(parent, name);
  const target = links < MOST_LINKS ? linkTarget(here) : undefined;
  if (target === undefined) return here;
  return realPath(isAbsolute(target) ? target : `${parent}/${target}`, links + 1);
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

const MOST_NAMES = 10_000;

function list(path: string): readonly string[] {
  try {
    return readdirSync(path).slice(0, MOST_NAMES);
  } catch {
    return [];
  }
}

function readText(path: string, limit: number): string | undefined {
  try {
    const found = statSync(path);
    if (!found.isFile() || found.size > limit) return undefined;
    const bytes = readBytes(path, limit + 1);
    return bytes.length <= limit && isUtf8(bytes) ? bytes.toString('utf8') : undefined;
  } catch {
    return undefined;
  }
}

/** At most `most` bytes, whatever the path turns out to be; the size is not asked for, because files in /proc have none. */
export function readBytes(path: string, most: number): Buffer {
  // O_NONBLOCK: a FIFO put there after the check must not hold us up.
  const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const chunks: Buffer[] = [];
    let length = 0;
    while (length < most) {
      const chunk = Buffer.allocUnsafe(Math.min(64 * 1024, most - length));
      const count = readSync(fd, chunk, 0, chunk.length, null);
      if (count === 0) break;
      chunks.push(chunk.subarray(0, count));
      length += count;
    }
    return Buffer.concat(chunks, length);
  } finally {
    closeSync(fd);
  }
}
