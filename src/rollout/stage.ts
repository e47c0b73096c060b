import { type Rollout, type StageInForce, type StageName, stageRules, stages } from '../model/stage.ts';

/** The stage that a person set, as the state directory keeps it. Times in ms since 1970. */
export type SetStage = {
  readonly stage: StageName;
  readonly since: number;
  readonly by: string;
  readonly why: string;
  /** When it ends, and what holds then. */
  readonly until?: number;
  readonly fallback?: StageName;
};

export const isStage = (name: unknown): name is StageName => stages.some((stage) => stage === name);

/** Reads what `set` and `advance` wrote; undefined when it is not that. */
export function parseSetStage(text: string): SetStage | undefined {
  try {
    const { stage, since, by, why, until, fallback }: Record<string, unknown> = JSON.parse(text);
    if (!isStage(stage) || typeof since !== 'number' || typeof by !== 'string' || typeof why !== 'string')
      return undefined;
    if (until !== undefined && (typeof until !== 'number' || !isStage(fallback))) return undefined;
    return {
      stage,
      since,
      by,
      why,
      ...(typeof until === 'number' && isStage(fallback) ? { until, fallback } : {}),
    };
  } catch {
    return undefined;
  }
}

/** Which stage holds now, and why it is not the one that was set. */
export type CurrentStage = {
  readonly name: StageName;
  readonly since?: number;
  readonly note?: 'expired' | 'ceiling' | 'damaged';
};

const rank = (stage: StageName): number => stages.indexOf(stage);

/**
 * The stage in force at `now` (ms since 1970). `kept` is the text that the state directory keeps, undefined where there
 * is none. What cannot be read counts as the stage that closes most.
 */
export function currentStage(rollout: Rollout, kept: string | undefined, now: number): CurrentStage {
  if (kept === undefined) return { name: rollout.stage };
  const set = parseSetStage(kept);
  if (set === undefined) return { name: 'staging', note: 'damaged' };
  const expired = set.until !== undefined && set.fallback !== undefined && set.until <= now;
  const name = expired && set.fallback !== undefined ? set.fallback : set.stage;
  const since = expired ? (set.until ?? set.since) : set.since;
  if (rollout.ceiling && rank(name) > rank(rollout.stage)) return { name: rollout.stage, note: 'ceiling' };
  return { name, since, ...(expired ? { note: 'expired' } : {}) };
}

/** The stage before, where a stage that ends falls back to. */
export const stageBefore = (stage: StageName): StageName => stages[Math.max(0, rank(stage) - 1)] ?? 'observe';

export const stageAfter = (stage: StageName): StageName | undefined => stages[rank(stage) + 1];

/** Whether no session may change production while another waits for its review. */
export const demandsReview = (rollout: Rollout, stage: StageName): boolean =>
  rollout.review ?? stage === 'production';

/** What a decision needs of the stage. `pending` lists the sessions that wait for a review, when it is asked. */
export function stageInForce(
  rollout: Rollout,
  name: StageName,
  session: string,
  pending: () => readonly string[],
): StageInForce {
  return {
    name,
    rules: stageRules[name],
    closed: rollout.closed,
    demandsReview: demandsReview(rollout, name),
    awaiting: () => (demandsReview(rollout, name) ? pending().filter((other) => other !== session) : []),
  };
}
