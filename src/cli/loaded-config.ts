import { join } from 'node:path';
import { loadConfig } from '../host/config.ts';
import type { LoadedConfig } from '../host/config-cache.ts';
import { configPlaces } from '../host/config-files.ts';
import { openPolicyFile } from '../host/policy-file.ts';
import { compiler } from '../lazy.ts';
import type { Terminal } from './terminal.ts';

/** The policy that was built in. Throws when it cannot be read. */
export const builtInPolicy = () => openPolicyFile(join(__dirname, 'policy.dat'));

/** The configuration that calls in a project are judged by. Throws when the built-in policy cannot be read. */
export const configOf = (project: string, { env }: Terminal): LoadedConfig =>
  loadConfig(configPlaces(env, project), env, builtInPolicy, () => compiler().compileConfig);
