import { isUtf8 } from 'node:buffer';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { LevelName } from '../model/config.ts';
import { readBytes } from './facts.ts';
import { configFile, type Environment, managedConfigFile, projectConfigFiles, stateDir } from './places.ts';
import { codeOf } from './wait.ts';

/** What lies at a path: a text, nothing, or something that cannot be used. */
export type Content =
  | { readonly state: 'text' | 'fault'; readonly text: string }
  | { readonly state: 'missing'; readonly text: '' };

export type ConfigInput = { readonly file: string; readonly content: Content };

const LARGEST = 256 * 1024;

/** Reads a file that a configuration is made of. Never blocks and never throws: a fault is a content, too. */
export function readContent(file: string): Content {
  try {
    // Without throwing for the usual answer: building an Error costs more than the system call.
    const found = statSync(file, { throwIfNoEntry: false });
    if (found === undefined) return { state: 'missing', text: '' };
    if (!found.isFile()) return { state: 'fault', text: 'it is not a regular file' };
    const bytes = readBytes(file, LARGEST + 1);
    if (bytes.length > LARGEST) return { state: 'fault', text: `it is larger than ${LARGEST / 1024} KB` };
    if (!isUtf8(bytes)) return { state: 'fault', text: 'it is not UTF-8' };
    return { state: 'text', text: bytes.toString() };
  } catch (error) {
    if (codeOf(error) === 'ENOTDIR' || codeOf(error) === 'ENOENT') return { state: 'missing', text: '' };
    return { state: 'fault', text: error instanceof Error ? error.message : String(error) };
  }
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

function ifNamed(place: () => string): string | undefined {
  try {
    return place();
  } catch {
    return undefined; // without a home there is no configuration of the user
  }
}

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
