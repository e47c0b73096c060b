import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { type Config, defaultConfig, type LevelName } from '../model/config.ts';
import type { ConfigSource, compileConfig, LevelReport } from '../policy/compile-config.ts';
import { openPolicy, type PolicyLayer, type PolicyStore } from '../policy/store.ts';
import {
  type ConfigInput,
  type ConfigPlaces,
  type Content,
  presentFiles,
  readContent,
  shortName,
  trustFile,
} from './config-files.ts';
import { realPath } from './facts.ts';
import { type Environment, stateDir } from './places.ts';
import { isPinned, type Pin, parsePin } from './trust.ts';
import { writeWhole } from './write-whole.ts';

/** Distinguishes builds. Set when the bundle is made. */
declare const BUILD: string;

/** What is in force of all configuration files, the rules in them, and how each file was taken. */
export type LoadedConfig = {
  readonly config: Config;
  readonly own: readonly PolicyLayer[];
  readonly reports: readonly LevelReport[];
};

/** Loaded only when the files are not those that were compiled last. */
export type Compile = typeof compileConfig;

const nothing: LoadedConfig = { config: defaultConfig, own: [], reports: [] };

/**
 * The configuration, from the compiled form as long as that was made from the very same texts. A file that cannot be
 * used is left out and reported; nothing here stops the guard.
 */
export function loadConfig(
  places: ConfigPlaces,
  env: Environment,
  builtIn: PolicyStore,
  compiler: () => Compile,
): LoadedConfig {
  const files = presentFiles(places);
  if (files.length === 0) return nothing;
  const project = files.find(({ level }) => level === 'project');
  const pinned = project && pinOf(env, project.file);
  const inputs: ConfigInput[] = [...files, ...(pinned ? [pinned] : [])];
  const cache = ifPossible(() => cacheFile(env, project?.file));
  const format = `${buildName()} ${builtIn.digest}`;
  const cached = cache === undefined ? undefined : readCache(cache, format, inputs);
  if (cached !== undefined) return cached;
  const fresh = compileFiles(files, pinned, builtIn, compiler());
  const bytes = encodeCache(format, [...inputs, ...fresh.packs], fresh);
  if (cache !== undefined) ifPossible(() => keep(cache, bytes));
  return decodeCache(bytes)?.loaded ?? nothing;
}

const buildName = (): string => (typeof BUILD === 'string' ? BUILD : '');

function pinOf(env: Environment, projectFile: string): ConfigInput | undefined {
  const file = ifPossible(() => trustFile(env, realPath(projectFile)));
  return file === undefined ? undefined : { file, content: readContent(file) };
}

const cacheFile = (env: Environment, projectFile: string | undefined): string =>
  join(stateDir(env), projectFile === undefined ? 'config.json' : `config-${shortName(projectFile)}.json`);

function keep(file: string, bytes: Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeWhole(file, bytes);
}

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
    if (input.content.state === 'text') return input.content.text;
    throw new Error(
      `\`${name}\` cannot be read: ${input.content.state === 'missing' ? `there is no ${input.file}` : input.content.text}`,
    );
  };
  const sources = files.map(({ level, file, content }): ConfigSource => {
    const body = content.state === 'text' ? { text: content.text } : { fault: content.text };
    return { level, file, content: body };
  });
  const pin = (source: ConfigSource) =>
    pinned === undefined ? undefined : parsePin(pinned.content.text, realPath(source.file));
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
  for (const { file: name, content: found } of read) {
    if (found.state !== 'text') return false;
    texts.set(name, found.text);
  }
  return isPinned(pin, texts);
}

/** A pack that a configuration names. A project's lies in the project: its file may not make us read others. */
export function readPackFile(
  { level, file }: { readonly level: LevelName; readonly file: string },
  name: string,
): ConfigInput {
  const path = realPath(isAbsolute(name) ? name : resolve(dirname(file), name));
  const outside = level === 'project' && !path.startsWith(`${realPath(dirname(file))}/`);
  const content: Content = outside
    ? { state: 'fault', text: 'it does not lie in the project' }
    : readContent(path);
  return { file: path, content };
}

/**
 * The compiled form as one file: a line of JSON, then the contents of what it was made from, then the policies, at the
 * byte lengths that the line gives. Contents are compared as bytes, and a policy's rules are parsed when they are asked
 * for, so that what a call costs does not grow with either.
 */
type Head = {
  readonly format: string;
  readonly inputs: readonly {
    readonly file: string;
    readonly state: Content['state'];
    readonly bytes: number;
  }[];
  readonly config: Config;
  readonly reports: readonly LevelReport[];
  readonly policies: readonly { readonly level: LevelName; readonly bytes: number }[];
};

function encodeCache(format: string, inputs: readonly ConfigInput[], compiled: Compiled): Buffer {
  const contents = inputs.map(({ content }) => Buffer.from(content.text));
  const policies = compiled.policies.map(({ text }) => Buffer.from(text));
  const head: Head = {
    format,
    inputs: inputs.map(({ file, content }, i) => ({
      file,
      state: content.state,
      bytes: contents[i]?.length ?? 0,
    })),
    config: compiled.config,
    reports: compiled.reports,
    policies: compiled.policies.map(({ level }, i) => ({ level, bytes: policies[i]?.length ?? 0 })),
  };
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ...contents, ...policies]);
}

type Decoded = { readonly head: Head; readonly contents: readonly Buffer[]; readonly loaded: LoadedConfig };

function decodeCache(bytes: Buffer): Decoded | undefined {
  const end = bytes.indexOf(0x0a);
  if (end < 0) return undefined;
  const head: Head = JSON.parse(bytes.toString('utf8', 0, end));
  let at = end + 1;
  const take = (length: number): Buffer => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  const contents = head.inputs.map((input) => take(input.bytes));
  const policies = head.policies.map(({ level, bytes: length }) => ({ level, text: take(length) }));
  if (at !== bytes.length) return undefined;
  const own = policies.map(({ level, text }): PolicyLayer => ({ level, store: opened(text) }));
  return { head, contents, loaded: { config: head.config, own, reports: head.reports } };
}

function opened(bytes: Buffer): PolicyStore {
  const head = bytes.toString('utf8', 0, bytes.indexOf(0x0a));
  return openPolicy(head, bytes.length, (offset, length) => bytes.toString('utf8', offset, offset + length));
}

/** The kept form, if it was made from these inputs and the packs among its own are what they were. */
function readCache(file: string, format: string, inputs: readonly ConfigInput[]): LoadedConfig | undefined {
  try {
    const kept = decodeCache(readFileSync(file));
    if (kept === undefined || kept.head.format !== format) return undefined;
    const same = kept.head.inputs.every(({ file: name, state }, i) => {
      const now = inputs[i] ?? { file: name, content: readContent(name) };
      return (
        now.file === name &&
        now.content.state === state &&
        kept.contents[i]?.equals(Buffer.from(now.content.text))
      );
    });
    return same && kept.head.inputs.length >= inputs.length ? kept.loaded : undefined;
  } catch {
    return undefined;
  }
}
