import { z } from 'zod';
import { compilePolicy } from './compile.ts';
import { configSchema } from './config.ts';
import { type LoadedPack, loadPack } from './load.ts';
import { packSchema } from './schema.ts';
import { encodePolicy } from './store.ts';

/** Everything that turns YAML into what the hook runs on; a bundle of its own, loaded where YAML is at hand. */
export { compileConfig } from './compile-config.ts';
export { loadPack } from './load.ts';

/** Compiles packs into the text of the policy file. Throws PolicyError at the first fault. */
export const compilePacks = (packs: readonly LoadedPack[], digest: string): string =>
  encodePolicy(compilePolicy(packs), digest);

/** Compiles the YAML texts of packs. Throws PolicyError at the first fault. */
export const compileSources = (
  sources: readonly { readonly file: string; readonly source: string }[],
  digest: string,
): string =>
  compilePacks(
    sources.map(({ file, source }) => loadPack(file, source)),
    digest,
  );

/** JSON Schemas of packs and of blastguard.yaml, for completion in editors. */
export const packJsonSchema = (): object => z.toJSONSchema(packSchema, { io: 'input' });
export const configJsonSchema = (): object => z.toJSONSchema(configSchema, { io: 'input' });
