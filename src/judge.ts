import type { Judge } from './engine/decide.ts';
import type { LoadedConfig } from './host/config-cache.ts';
import { callReader, parseYaml, protectionReader } from './lazy.ts';
import type { Facts } from './model/facts.ts';
import type { StageInForce } from './model/stage.ts';
import type { PolicyStore } from './policy/store.ts';

/**
 * What decides a call by the built-in policy and a configuration. `checkTime` throws when the time for the decision is
 * over. Exceptions that end are asked for the time alone, so without configuration there is none.
 */
export const judgeBy = (
  policy: PolicyStore,
  { config, own }: LoadedConfig,
  facts: Facts,
  checkTime: () => void,
  stage?: StageInForce,
): Judge => ({
  policy,
  own,
  levels: config.levels,
  now: config.levels.length === 0 ? '' : new Date().toISOString(),
  facts,
  read: callReader(facts, checkTime),
  parseYaml,
  unprotects: protectionReader(facts),
  onUncertain: config.onUncertain,
  ...(stage === undefined ? {} : { stage }),
  checkTime,
});
