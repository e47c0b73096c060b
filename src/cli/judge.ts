import { type Examination, examine } from '../engine/decide.ts';
import type { LoadedConfig } from '../host/config-cache.ts';
import { type Environment, stateDir } from '../host/places.ts';
import { pendingReviews } from '../host/review.ts';
import { readSetStage } from '../host/rollout.ts';
import { judgeBy } from '../judge.ts';
import type { Call } from '../model/call.ts';
import type { Facts } from '../model/facts.ts';
import type { StageInForce } from '../model/stage.ts';
import type { PolicyStore } from '../policy/store.ts';
import { currentStage, stageInForce } from '../rollout/stage.ts';

/** How long one decision may take outside the hook, in ms. */
const LONGEST = 5000;

/** What would be decided about a call, with what was read on the way. Throws when it takes longer than 5 s. */
export function judgeCall(
  call: Call,
  policy: PolicyStore,
  loaded: LoadedConfig,
  stage: StageInForce | undefined,
  facts: Facts,
): Examination {
  const started = performance.now();
  const checkTime = () => {
    if (performance.now() - started > LONGEST) throw new Error('it took longer than 5 s to judge');
  };
  return examine(call, judgeBy(policy, loaded, facts, checkTime, stage));
}

/** The stage that a configuration puts in force now; undefined where no rollout is configured. */
export function stageNow(
  { config }: LoadedConfig,
  session: string,
  env: Environment,
): StageInForce | undefined {
  const { rollout } = config;
  if (rollout === undefined) return undefined;
  const state = stateDir(env);
  const { name } = currentStage(rollout, readSetStage(state), Date.now());
  return stageInForce(rollout, name, session, () => pendingReviews(state));
}
