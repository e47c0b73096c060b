import { join } from 'node:path';
import type { CommandText } from './engine/call-texts.ts';
import { loadBundle } from './host/code-cache.ts';
import type { Reading } from './model/command.ts';
import type { Facts } from './model/facts.ts';
import { readPlain } from './shell/plain.ts';

/** Set by the build: true in the standalone binary, which holds as modules what else lies beside the hook as bundles. */
declare const BINARY: boolean;

/** What is loaded when it is first asked for, once in a process. */
function lazily<T>(load: () => T): () => T {
  let loaded: T | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}

const bundle = <T>(name: string) => loadBundle(join(__dirname, name), process.env) as T;

const grammar = lazily((): typeof import('./shell/read.ts') =>
  BINARY ? require('./shell/read.ts') : bundle('grammar.cjs'),
);
const languages = lazily((): typeof import('./shell/languages/read-code.ts') =>
  BINARY ? require('./shell/languages/read-code.ts') : bundle('languages.cjs'),
);

/**
 * Reads the texts of a call. The grammar is loaded by the first line that is more than plain words: it costs more to
 * load than the rest of the hook together.
 */
export function callReader(facts: Facts, checkTime: () => void): (text: CommandText) => Reading {
  return ({ text, language }) =>
    readPlain(text, facts.cwd) ?? grammar().readCommands(text, language, facts, checkTime, languages);
}

/** What turns YAML into the form that the hook runs on. */
export const compiler = (): typeof import('./policy/compiler.ts') =>
  BINARY ? require('./policy/compiler.ts') : require('./compiler.cjs');
