import { loadConfig } from '../host/config.ts';
import type { LoadedConfig } from '../host/config-cache.ts';
import { configPlaces } from '../host/config-files.ts';
import { openBuiltInPolicy } from '../host/policy-file.ts';
import { compiler } from '../lazy.ts';
import type { Terminal } from './terminal.ts';

/** The configuration that calls in a project are judged by. Throws when the built-in policy cannot be read. */
export const configOf = (project: string, { env }: Terminal): LoadedConfig =>
  loadConfig(configPlaces(env, project), env, openBuiltInPolicy, () => compiler().compileConfig);
