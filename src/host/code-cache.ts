import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { type Environment, stateDir } from './places.ts';

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

/** Whether something was compiled anew. */
export const isNew = (): boolean => fresh.length > 0;

/** Keeps the machine code of what was compiled anew. Called when the answer is out; a failure only costs time. */
export function keepCode(): void {
  for (const { script, file } of fresh.splice(0)) {
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      const temporary = `${file}.${process.pid}`;
      writeFileSync(temporary, script.createCachedData(), { mode: 0o600 });
      renameSync(temporary, file);
    } catch {
      // The next process compiles it again.
    }
  }
}

function cacheFileOf(file: string, env: Environment): string | undefined {
  try {
    const name = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
    return join(stateDir(env), 'code', `${name}-${BUILD}-${process.version}-${process.arch}`);
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
