import { type Pack, packSchema } from './schema.ts';
import { type FaultAt, readYaml } from './yaml-file.ts';

/** A pack and where each part of it stands in its file. */
export type LoadedPack = { readonly pack: Pack; readonly file: string; readonly faultAt: FaultAt };

/** Reads the YAML text of a pack. Throws PolicyError at the first fault. */
export function loadPack(file: string, source: string): LoadedPack {
  const { data, faultAt } = readYaml(file, source, packSchema);
  return { pack: data, file, faultAt };
}
