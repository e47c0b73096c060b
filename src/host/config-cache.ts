import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config, LevelName } from '../model/config.ts';
import type { CompiledConfig, LevelReport } from '../policy/compile-config.ts';
import { openPolicy, type PolicyLayer, type PolicyStore } from '../policy/store.ts';
import { type ConfigInput, type Content, readContent } from './config-files.ts';
import { writeWhole } from './write-whole.ts';

/** What is in force of all configuration files, the rules in them, and how each file was taken. */
export type LoadedConfig = {
  readonly config: Config;
  readonly own: readonly PolicyLayer[];
  /** For people and for denials; parsed when it is asked for. */
  reports(): readonly LevelReport[];
};

/**
 * The compiled form as one file: a line of JSON, then at the byte lengths that it gives the contents of what it was made
 * from, the reports, and the policies. Contents are compared as bytes, and of a policy only what is asked for is parsed,
 * so that what a call costs does not grow with the number of rules.
 */
type Head = {
  readonly format: string;
  readonly inputs: readonly {
    readonly file: string;
    readonly state: Content['state'];
    readonly bytes: number;
  }[];
  readonly config: Config;
  readonly reports: number;
  readonly policies: readonly { readonly level: LevelName; readonly bytes: number }[];
};

/** The compiled form of a configuration and the files that it was made from. */
export function encodeCache(
  format: string,
  inputs: readonly ConfigInput[],
  { config, reports, policies }: CompiledConfig,
): Buffer {
  const report = Buffer.from(JSON.stringify(reports));
  const stores = policies.map(({ text }) => Buffer.from(text));
  const head: Head = {
    format,
    inputs: inputs.map(({ file, content: { state, bytes } }) => ({ file, state, bytes: bytes.length })),
    config,
    reports: report.length,
    policies: policies.map(({ level }, i) => ({ level, bytes: stores[i]?.length ?? 0 })),
  };
  const contents = inputs.map(({ content }) => content.bytes);
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ...contents, report, ...stores]);
}

/** A configuration that was just compiled, as if it had been kept. */
export function compiledConfig(compiled: CompiledConfig): LoadedConfig {
  const decoded = decodeCache(encodeCache('', [], compiled));
  if (decoded === undefined) throw new Error('the configuration cannot be compiled');
  return decoded.loaded;
}

type Decoded = { readonly head: Head; readonly contents: readonly Buffer[]; readonly loaded: LoadedConfig };

/** Undefined for bytes that are no compiled form. Throws for JSON that is none. */
export function decodeCache(bytes: Buffer): Decoded | undefined {
  const end = bytes.indexOf(0x0a);
  if (end < 0) return undefined;
  const head: Head = JSON.parse(bytes.toString('utf8', 0, end));
  let at = end + 1;
  const take = (length: number): Buffer => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  const contents = head.inputs.map((input) => take(input.bytes));
  const report = take(head.reports);
  const own = head.policies.map(({ level, bytes: length }): PolicyLayer => {
    const policy = take(length);
    return {
      level,
      get store() {
        return opened(policy);
      },
    };
  });
  if (at !== bytes.length) return undefined;
  const reports = (): readonly LevelReport[] => JSON.parse(report.toString());
  return { head, contents, loaded: { config: head.config, own, reports } };
}

const open = new WeakMap<Buffer, PolicyStore>();

function opened(bytes: Buffer): PolicyStore {
  const before = open.get(bytes);
  if (before !== undefined) return before;
  const head = bytes.toString('utf8', 0, bytes.indexOf(0x0a));
  const read = (offset: number, length: number) => bytes.toString('utf8', offset, offset + length);
  const store = openPolicy(head, bytes.length, read);
  open.set(bytes, store);
  return store;
}

/** The kept form, if it was made from these inputs and the packs among its own are what they were. */
export function readCache(
  file: string,
  format: string,
  inputs: readonly ConfigInput[],
): LoadedConfig | undefined {
  try {
    const kept = decodeCache(readFileSync(file));
    if (kept === undefined || kept.head.format !== format) return undefined;
    if (kept.head.inputs.length < inputs.length) return undefined;
    const same = kept.head.inputs.every(({ file: name, state }, i) => {
      const now = inputs[i] ?? { file: name, content: readContent(name) };
      return now.file === name && now.content.state === state && kept.contents[i]?.equals(now.content.bytes);
    });
    return same ? kept.loaded : undefined;
  } catch {
    return undefined;
  }
}

export function keepCache(file: string, bytes: Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeWhole(file, bytes);
}
