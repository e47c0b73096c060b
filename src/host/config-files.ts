import { isUtf8 } from 'node:buffer';
import { closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { LevelName } from '../model/config.ts';
import {
  configFile,
  type Environment,
  ifNamed,
  managedConfigFile,
  projectConfigFiles,
  stateDir,
} from './places.ts';
import { codeOf } from './wait.ts';

/** What lies at a path: a file's bytes, nothing, or something that cannot be used, whose bytes say why. */
export type Content = { readonly state: 'file' | 'missing' | 'fault'; readonly bytes: Buffer };

/** The text of a file, or why there is none. */
export type Text = { readonly text: string } | { readonly fault: string };

export type ConfigInput = { readonly file: string; readonly content: Content };

const LARGEST = 256 * 1024;

const missing: Content = { state: 'missing', bytes: Buffer.alloc(0) };
const faulty = (why: string): Content => ({ state: 'fault', bytes: Buffer.from(why) });

/** Reads a file that a configuration is made of. Never blocks and never throws: a fault is a content, too. */
export function readContent(file: string): Content {
  try {
    // Without throwing for the usual answer: building an Error costs more than the system call.
    const found = statSync(file, { throwIfNoEntry: false });
    if (found === undefined) return missing;
    if (!found.isFile()) return faulty('it is not a regular file');
    if (found.size > LARGEST) return faulty(`it is larger than ${LARGEST / 1024} KB`);
    return { state: 'file', bytes: readAll(file, found.size) };
  } catch (error) {
    if (codeOf(error) === 'ENOTDIR' || codeOf(error) === 'ENOENT') return missing;
    return faulty(error instanceof Error ? error.message : String(error));
  }
}

/** As many bytes as the file had a moment ago. Throws when it has others now. */
function readAll(file: string, size: number): Buffer {
  // O_NONBLOCK: a FIFO put there after the check must not hold us up.
  const fd = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const bytes = Buffer.allocUnsafe(size + 1);
    let length = 0;
    for (let count = -1; count !== 0 && length <= size; length += count)
      count = readSync(fd, bytes, length, size + 1 - length, null);
    if (length !== size) throw new Error('it changed while it was read');
    return bytes.subarray(0, size);
  } finally {
    closeSync(fd);
  }
}

/** A content as text, or why it cannot be one. */
export function asText({ state, bytes }: Content): Text {
  if (state === 'missing') return { fault: 'it does not exist' };
  if (state === 'fault') return { fault: bytes.toString() };
  return isUtf8(bytes) ? { text: bytes.toString() } : { fault: 'it is not UTF-8' };
}

/** The places of all levels, strongest first, and what a person trusted of the project's. */
export type ConfigPlaces = {
  readonly managed: string;
  readonly user: string | undefined;
  readonly project: readonly string[];
};

export const configPlaces = (env: Environment, projectDir: string): ConfigPlaces => ({
  managed: managedConfigFile(),
  user: ifNamed(() => configFile(env)),
  project: projectConfigFiles(projectDir),
});

/** The files that exist, with their levels. Of a project's two names the first counts. */
export function presentFiles(places: ConfigPlaces): readonly (ConfigInput & { readonly level: LevelName })[] {
  const managed = { level: 'managed', file: places.managed, content: readContent(places.managed) } as const;
  const user =
    places.user === undefined
      ? []
      : [{ level: 'user', file: places.user, content: readContent(places.user) } as const];
  const project = places.project
    .map((file) => ({ level: 'project', file, content: readContent(file) }) as const)
    .filter(({ content }) => content.state !== 'missing')
    .slice(0, 1);
  return [managed, ...user, ...project].filter(({ content }) => content.state !== 'missing');
}

/** A name for a path among caches and pins; what lies there says itself what it is about. */
export function shortName(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** Where what a person trusted of a project's file is kept. */
export const trustFile = (env: Environment, projectFile: string): string =>
  join(stateDir(env), 'trust', `${shortName(projectFile)}.json`);
