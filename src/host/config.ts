import { dirname, isAbsolute, join, resolve } from 'node:path';
import { defaultConfig, type LevelName } from '../model/config.ts';
import type { ConfigSource, compileConfig } from '../policy/compile-config.ts';
import type { PolicyStore } from '../policy/store.ts';
import { decodeCache, encodeCache, keepCache, type LoadedConfig, readCache } from './config-cache.ts';
import {
  asText,
  type ConfigInput,
  type ConfigPlaces,
  presentFiles,
  readContent,
  shortName,
  trustFile,
} from './config-files.ts';
import { realPath } from './facts.ts';
import { type Environment, stateDir } from './places.ts';
import { isPinned, type Pin, parsePin } from './trust.ts';

/** Distinguishes builds. Set when the bundle is made. */
declare const BUILD: string;

/** Loaded only when the files are not those that were compiled last. */
export type Compile = typeof compileConfig;

/** Where there is no file. */
export const noConfig: LoadedConfig = { config: defaultConfig, own: [], reports: () => [] };

/**
 * The configuration, from the compiled form as long as that was made from the very same texts. A file that cannot be
 * used is left out and reported; nothing here stops the guard.
 */
export function loadConfig(
  places: ConfigPlaces,
  env: Environment,
  builtInPolicy: () => PolicyStore,
  compiler: () => Compile,
): LoadedConfig {
  const files = presentFiles(places);
  if (files.length === 0) return noConfig;
  const builtIn = builtInPolicy();
  const project = files.find(({ level }) => level === 'project');
  const pinned = project && pinOf(env, project.file);
  const inputs: ConfigInput[] = [...files, ...(pinned ? [pinned] : [])];
  const cache = ifPossible(() => cacheFile(env, project?.file));
  const format = `${buildName()} ${builtIn.digest}`;
  const cached = cache === undefined ? undefined : readCache(cache, format, inputs);
  if (cached !== undefined) return cached;
  const fresh = compileFiles(files, pinned, builtIn, compiler());
  const bytes = encodeCache(format, [...inputs, ...fresh.packs], fresh);
  if (cache !== undefined) ifPossible(() => keepCache(cache, bytes));
  return decodeCache(bytes)?.loaded ?? noConfig;
}

const buildName = (): string => (typeof BUILD === 'string' ? BUILD : '');

function pinOf(env: Environment, projectFile: string): ConfigInput | undefined {
  const file = ifPossible(() => trustFile(env, realPath(projectFile)));
  return file === undefined ? undefined : { file, content: readContent(file) };
}

const cacheFile = (env: Environment, projectFile: string | undefined): string =>
  join(stateDir(env), projectFile === undefined ? 'config.json' : `config-${shortName(projectFile)}.json`);

/** What cannot be kept is made again next time. */
function ifPossible<T>(attempt: () => T): T | undefined {
  try {
    return attempt();
  } catch {
    return undefined;
  }
}

type Compiled = ReturnType<Compile> & { readonly packs: readonly ConfigInput[] };

function compileFiles(
  files: ReturnType<typeof presentFiles>,
  pinned: ConfigInput | undefined,
  builtIn: PolicyStore,
  compile: Compile,
): Compiled {
  const packs: ConfigInput[] = [];
  const readPack = (source: ConfigSource, name: string): string => {
    const input = readPackFile(source, name);
    packs.push(input);
    return packText(input, name);
  };
  const sources = files.map(
    ({ level, file, content }): ConfigSource => ({ level, file, content: asText(content) }),
  );
  const pin = ({ file }: ConfigSource) => {
    const text = pinned && asText(pinned.content);
    return text && 'text' in text ? parsePin(text.text, realPath(file)) : undefined;
  };
  const judged = sources.map((source): ConfigSource => {
    if (source.level !== 'project') return source;
    const wanted = pin(source);
    if (wanted === undefined) return { ...source, trust: 'never' };
    return { ...source, trust: isTrusted(source, wanted, packs) ? 'trusted' : 'changed' };
  });
  return { ...compile(judged, builtIn, readPack), packs };
}

/** Whether the file and every pack in the pin are, to the letter, what was trusted. */
function isTrusted({ file, content }: ConfigSource, pin: Pin, packs: ConfigInput[]): boolean {
  if (!('text' in content)) return false;
  const others = Object.keys(pin.texts).filter((name) => name !== realPath(file));
  const read = others.map((name): ConfigInput => ({ file: name, content: readContent(name) }));
  packs.push(...read);
  const texts = new Map([[realPath(file), content.text]]);
  for (const { file: name, content: bytes } of read) {
    const found = asText(bytes);
    if ('fault' in found) return false;
    texts.set(name, found.text);
  }
  return isPinned(pin, texts);
}

/**
 * The file of a pack that a configuration names. A project's lies in the project: its file may not make us read others.
 * Throws an Error that says so.
 */
export function readPackFile(
  { level, file }: { readonly level: LevelName; readonly file: string },
  name: string,
): ConfigInput {
  const path = realPath(isAbsolute(name) ? name : resolve(dirname(file), name));
  if (level === 'project' && !path.startsWith(`${realPath(dirname(file))}/`))
    throw new Error(`\`${name}\` does not lie in the project`);
  return { file: path, content: readContent(path) };
}

/** The text of a pack. Throws an Error that says why there is none. */
export function packText({ content }: ConfigInput, name: string): string {
  const found = asText(content);
  if ('text' in found) return found.text;
  throw new Error(`\`${name}\` cannot be read: ${found.fault}`);
}
