import type { Finding } from './decision.ts';
import type { Landing } from './environment.ts';

/** How far agents are let, in the order in which a team goes. */
export const stages = ['observe', 'staging', 'non-critical', 'production', 'open'] as const;
export type StageName = (typeof stages)[number];

/** What a command does where it lands. */
export type Effect = 'reads' | 'changes' | 'destroys';

/** A command that acts in an environment: what it does and where. */
export type Touched = { readonly effect: Effect; readonly landing: Landing };

/** Environments that a stage closes to every change. */
export type Closed = 'critical' | 'non-critical';

/** What a stage means. */
export type StageRules = {
  readonly closes: readonly Closed[];
  /** True when rules that are not critical only record what they would stop. */
  readonly observes: boolean;
  /** What it lets an agent do, for people. */
  readonly lets: string;
};

export const stageRules: Readonly<Record<StageName, StageRules>> = {
  observe: {
    closes: [],
    observes: true,
    lets: 'everything but what a critical rule stops; the rest is recorded as it would have been decided',
  },
  staging: {
    closes: ['critical', 'non-critical'],
    observes: false,
    lets: 'changes in sandboxes and staging; production can be read',
  },
  'non-critical': {
    closes: ['critical'],
    observes: false,
    lets: 'changes in production that is not critical, too',
  },
  production: {
    closes: [],
    observes: false,
    lets: 'changes everywhere, as the rules decide, and one session in production at a time until it is reviewed',
  },
  open: { closes: [], observes: false, lets: 'what the rules let pass' },
};

/** The stage that is in force, as a decision needs it. */
export type StageInForce = {
  readonly name: StageName;
  readonly rules: StageRules;
  /** Globs of programs that never change production. */
  readonly closed: readonly string[];
  /** Whether a session that changes production waits for a review afterwards. */
  readonly demandsReview: boolean;
  /** Other sessions that changed production and wait for a review; none where no review is demanded. */
  readonly awaiting: () => readonly string[];
};

/** What the configuration says of the rollout. */
export type Rollout = {
  readonly stage: StageName;
  /** True when nobody may go further than `stage`. */
  readonly ceiling: boolean;
  readonly closed: readonly string[];
  readonly review?: boolean;
  /** Days after which a stage that was set ends. */
  readonly expiresDays?: number;
  readonly demands: Readonly<Partial<Record<StageName, Demands>>>;
};

/** What must be there before a stage is left. */
export type Demands = {
  readonly days?: number;
  readonly sessions?: number;
  /** Percent of the sessions. */
  readonly reviewed?: number;
  readonly readiness?: boolean;
};

/** A finding that a stage only recorded. */
export type Observed = { readonly verdict: 'deny' | 'ask'; readonly findings: readonly Finding[] };
