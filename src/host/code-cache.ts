import { accessSync, constants, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { type Environment, stateDir } from './places.ts';
import { writeWhole } from './write-whole.ts';

/** Distinguishes builds: the code cache of another build is never used. Set when the bundle is made. */
declare const BUILD: string;

type Loaded = { readonly script: Script; readonly file: string };
const fresh: Loaded[] = [];

/**
 * Loads a bundle of ours, a function of a module's variables, with the machine code that V8 made of it in an earlier
 * process, where there is one: compiling anew costs more than all a passing call does. V8 itself rejects a cache that is
 * not of this version and these flags.
 */
export function loadBundle(file: string, env: Environment): unknown {
  // The build writes nothing but ASCII, which decodes several times faster as what it is than as UTF-8.
  const source = readFileSync(file).toString('latin1');
  const cacheFile = cacheFileOf(file, env);
  const cachedData = cacheFile === undefined ? undefined : readIfThere(cacheFile);
  const script = new Script(source, { filename: file, ...(cachedData === undefined ? {} : { cachedData }) });
  if (cacheFile !== undefined && (cachedData === undefined || script.cachedDataRejected))
    fresh.push({ script, file: cacheFile });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, require, module, file, dirname(file));
  return module.exports;
}

/** Whether something was compiled anew, and can be kept. */
export function isNew(): boolean {
  const [first] = fresh;
  if (first === undefined) return false;
  try {
    const dir = dirname(first.file);
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    accessSync(dir, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Keeps the machine code of what was compiled anew. Called when the answer is out; a failure only costs time. */
export function keepCode(): void {
  for (const { script, file } of fresh.splice(0)) {
    try {
      const dir = dirname(file);
      mkdirSync(dir, { recursive: true, mode: 0o700 });
      // Durable, because V8 takes what begins as it should for whole, and crashes on the rest.
      writeWhole(file, script.createCachedData(), true);
      removeOld(dir);
    } catch {
      // The next process compiles it again.
    }
  }
}

const LONGEST_KEPT = 90 * 24 * 60 * 60 * 1000;

/** Updates leave theirs behind. What is still in use is made again. */
function removeOld(dir: string): void {
  for (const name of readdirSync(dir)) {
    const file = join(dir, name);
    if (Date.now() - statSync(file).mtimeMs > LONGEST_KEPT) rmSync(file);
  }
}

/** Removes all machine code that is kept, whatever is wrong with it. */
export function forgetCode(env: Environment): void {
  try {
    rmSync(codeDir(env), { recursive: true, force: true });
  } catch {
    // Without a place for it, none is kept.
  }
}

const codeDir = (env: Environment): string => join(stateDir(env), 'code');

function cacheFileOf(file: string, env: Environment): string | undefined {
  try {
    const name = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
    return join(codeDir(env), `${name}-${BUILD}-${process.version}-${process.arch}`);
  } catch {
    return undefined;
  }
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
