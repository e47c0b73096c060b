import { client } from './client.ts';
import { configuration } from './configuration.ts';
import { entry } from './entry.ts';
import { environment } from './environment.ts';
import type { CheckGroup } from './finding.ts';
import { killSwitch } from './kill-switch.ts';
import { log } from './log.ts';
import { otherHooks } from './other-hooks.ts';
import { policy } from './policy.ts';
import { registration } from './registration.ts';

/** Every group of checks, in the order of the report. */
export const groups: readonly CheckGroup[] = [
  registration,
  entry,
  client,
  otherHooks,
  policy,
  configuration,
  killSwitch,
  log,
  environment,
];
