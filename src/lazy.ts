import { join } from 'node:path';
import type { CommandText } from './engine/call-texts.ts';
import type { Touch } from './engine/decide.ts';
import { loadBundle } from './host/code-cache.ts';
import type { Clients } from './killswitch/open.ts';
import type { Certainty } from './model/certainty.ts';
import type { Reading } from './model/command.ts';
import type { Facts } from './model/facts.ts';
import { readPlain } from './shell/plain.ts';
import type { Readers } from './shell/readers.ts';

const bundle = (name: string) => loadBundle(join(__dirname, name), process.env);

/** A bundle that is loaded when it is first asked for, once in a process. */
function lazily<T>(name: string): () => T {
  let loaded: T | undefined;
  return () => {
    loaded ??= bundle(name) as T;
    return loaded;
  };
}

const grammar = lazily<typeof import('./shell/read.ts')>('grammar.cjs');
const readers: Readers = {
  languages: lazily<typeof import('./shell/languages/read-code.ts')>('languages.cjs'),
  formats: lazily<typeof import('./shell/tasks/formats.ts')>('formats.cjs'),
};

/**
 * Reads the texts of a call. The grammar is a bundle of its own, loaded by the first line that is more than plain
 * words: it costs more to load than the rest of the hook together.
 */
export function callReader(facts: Facts, checkTime: () => void): (text: CommandText) => Reading {
  return ({ text, language }) =>
    readPlain(text, facts) ?? grammar().readCommands(text, language, facts, checkTime, readers);
}

const terraform = lazily<typeof import('./terraform/unprotects.ts')>('terraform.cjs');

/** Reads Terraform's files before and after a change; loaded when one is written. */
export const protectionReader =
  (facts: Facts) =>
  (touch: Touch): Certainty =>
    terraform().unprotects(touch, facts);

/** What turns YAML into the form that the hook runs on. */
export const compiler = (): typeof import('./policy/compiler.ts') => require('./compiler.cjs');

/** The clients of the kill switch's sources. Never loaded by the hook. */
export const clients: Clients = {
  redis: lazily<typeof import('./killswitch/sources/redis.ts')>('redis.cjs'),
  s3: lazily<typeof import('./killswitch/sources/s3.ts')>('s3.cjs'),
};
/** What asks AWS. It brings the AWS SDK, so it is loaded for `blastguard iam verify --live` alone. */
export const awsIdentity = (): typeof import('./host/aws-identity.ts') => require('./aws.cjs');

/** What puts the audit log into S3: the client is large. */
export const shipS3 = (): typeof import('./host/ship/s3.ts') => require('./ship-s3.cjs');
