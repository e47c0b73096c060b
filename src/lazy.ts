import { join } from 'node:path';
import type { CommandText } from './engine/call-texts.ts';
import { loadBundle } from './host/code-cache.ts';
import type { Reading } from './model/command.ts';
import type { Facts } from './model/facts.ts';
import { readPlain } from './shell/plain.ts';

const bundle = (name: string) => loadBundle(join(__dirname, name), process.env);

const grammar = (): typeof import('./shell/read.ts') =>
  bundle('grammar.cjs') as typeof import('./shell/read.ts');

let readers: typeof import('./shell/languages/read-code.ts') | undefined;

function languages(): typeof import('./shell/languages/read-code.ts') {
  readers ??= bundle('languages.cjs') as typeof import('./shell/languages/read-code.ts');
  return readers;
}

/**
 * Reads the texts of a call. The grammar is a bundle of its own, loaded by the first line that is more than plain
 * words: it costs more to load than the rest of the hook together.
 */
export function callReader(facts: Facts, checkTime: () => void): (text: CommandText) => Reading {
  let loaded: typeof import('./shell/read.ts') | undefined;
  return ({ text, language }) => {
    const plain = readPlain(text, facts.cwd);
    if (plain !== undefined) return plain;
    loaded ??= grammar();
    return loaded.readCommands(text, language, facts, checkTime, languages);
  };
}

/** What turns YAML into the form that the hook runs on. */
export const compiler = (): typeof import('./policy/compiler.ts') => require('./compiler.cjs');
