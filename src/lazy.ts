import { join } from 'node:path';
import type { CommandText } from './engine/call-texts.ts';
import type { Touch } from './engine/decide.ts';
import { loadBundle } from './host/code-cache.ts';
import type { Clients } from './killswitch/open.ts';
import type { Certainty } from './model/certainty.ts';
import type { Reading } from './model/command.ts';
import type { Facts } from './model/facts.ts';
import { isPlain } from './shell/plain-words.ts';
import type { Readers } from './shell/readers.ts';

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

const plain = lazily((): typeof import('./shell/plain.ts') =>
  BINARY ? require('./shell/plain.ts') : bundle('plain.cjs'),
);
const grammar = lazily((): typeof import('./shell/read.ts') =>
  BINARY ? require('./shell/read.ts') : bundle('grammar.cjs'),
);
const readers: Readers = {
  languages: lazily((): typeof import('./shell/languages/read-code.ts') =>
    BINARY ? require('./shell/languages/read-code.ts') : bundle('languages.cjs'),
  ),
  formats: lazily((): typeof import('./shell/tasks/formats.ts') =>
    BINARY ? require('./shell/tasks/formats.ts') : bundle('formats.cjs'),
  ),
};

/** What a YAML text holds; undefined when it is not valid. */
export const parseYaml = (text: string): unknown => readers.formats().parseYaml(text);

/**
 * Reads the texts of a call. The grammar is loaded by the first line that is more than plain words: it costs more to
 * load than the rest of the hook together.
 */
export function callReader(facts: Facts, checkTime: () => void): (text: CommandText) => Reading {
  return ({ text, language }) =>
    (isPlain(text) ? plain().readPlain(text, facts) : undefined) ??
    grammar().readCommands(text, language, facts, checkTime, readers);
}

const terraform = lazily((): typeof import('./terraform/unprotects.ts') =>
  BINARY ? require('./terraform/unprotects.ts') : bundle('terraform.cjs'),
);

/** Reads Terraform's files before and after a change; loaded when one is written. */
export const protectionReader =
  (facts: Facts) =>
  (touch: Touch): Certainty =>
    terraform().unprotects(touch, facts);

/** What turns YAML into the form that the hook runs on. */
export const compiler = (): typeof import('./policy/compiler.ts') =>
  BINARY ? require('./policy/compiler.ts') : require('./compiler.cjs');

/** The clients of the kill switch's sources. Never loaded by the hook. */
export const clients: Clients = {
  redis: lazily((): typeof import('./killswitch/sources/redis.ts') =>
    BINARY ? require('./killswitch/sources/redis.ts') : bundle('redis.cjs'),
  ),
  s3: lazily((): typeof import('./killswitch/sources/s3.ts') =>
    BINARY ? require('./killswitch/sources/s3.ts') : bundle('s3.cjs'),
  ),
};

/** What asks AWS. It brings the AWS SDK, so it is loaded for `blastguard iam verify --live` alone. */
export const awsIdentity = (): typeof import('./host/aws-identity.ts') =>
  BINARY ? require('./host/aws-identity.ts') : require('./aws.cjs');

/** What puts the audit log into S3: the client is large. */
export const shipS3 = (): typeof import('./host/ship/s3.ts') =>
  BINARY ? require('./host/ship/s3.ts') : require('./ship-s3.cjs');

/** What reads the files of a repository; loaded for `blastguard scan` alone. */
export const scanner = lazily((): typeof import('./scan/scanner.ts') =>
  BINARY ? require('./scan/scanner.ts') : bundle('scan.cjs'),
);
