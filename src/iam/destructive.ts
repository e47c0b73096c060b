import { actionsFitting } from './action-pattern.ts';
import { type Action, actionNamed, type Catalogue, type ConditionBlock } from './catalogue.ts';

/** What every boundary must deny, whatever it is narrowed to. */
export const mandatory = [
  'rds:DeleteDBInstance',
  'rds:DeleteDBCluster',
  's3:DeleteBucket',
  'dynamodb:DeleteTable',
  'ec2:TerminateInstances',
  'lambda:DeleteFunction',
  'ecs:DeleteCluster',
  'ecs:DeleteService',
] as const;

/** What a rule asks about, since a person may do it, and what leaves CloudTrail and Config running but blind. */
const blinding = ['cloudtrail:PutEventSelectors', 'config:PutConfigurationRecorder'] as const;

/**
 * Which part of what the packs call destructive: the actions that their critical rules name, which fit into one
 * boundary, or also every `*:Delete*` and the like, which takes several policies.
 */
export type Breadth = 'critical' | 'all';

export type Destructive = {
  readonly actions: readonly Action[];
  /** Actions that destroy under a condition alone. */
  readonly conditional: readonly Conditional[];
};

export type Conditional = { readonly action: Action; readonly condition: ConditionBlock };

/** The actions that the rules which deny call destructive: the mandatory ones, then the others by name. */
export function destructiveActions(catalogue: Catalogue, breadth: Breadth): Destructive {
  const rules = catalogue.rules.filter(({ severity }) => breadth === 'all' || severity === 'critical');
  const entries = rules
    .flatMap(({ iam }) => iam)
    .filter((entry) => breadth === 'all' || !ofAnyService(entry));
  const ids = new Set<Action>();
  const always = entries.filter((entry) => typeof entry === 'string');
  for (const id of [...mandatory, ...blinding]) ids.add(known(catalogue, id));
  for (const action of standFor(catalogue, always)) ids.add(action);
  const conditional = entries.flatMap((entry): readonly Conditional[] => {
    if (typeof entry === 'string') return [];
    return standFor(catalogue, entry.actions).map((action) => ({ action, condition: entry.condition }));
  });
  return {
    actions: [...ids].sort((a, b) => Number(isMandatory(b)) - Number(isMandatory(a)) || byId(a, b)),
    conditional: conditional.filter(({ action }) => !ids.has(action)),
  };
}

const isMandatory = ({ id }: Action): boolean => (mandatory as readonly string[]).includes(id);

const ofAnyService = (entry: unknown): boolean => typeof entry === 'string' && entry.startsWith('*');

const byId = (a: Action, b: Action): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** What the `iam` entries of a rule stand for: a wildcard never stands for what reads, lists or tags. */
function standFor(catalogue: Catalogue, entries: readonly string[]): readonly Action[] {
  const removed = new Set(
    entries
      .filter((entry) => entry.startsWith('!'))
      .flatMap((entry) => actionsFitting(catalogue, entry.slice(1))),
  );
  return entries
    .filter((entry) => !entry.startsWith('!'))
    .flatMap((entry) => {
      if (!entry.includes('*')) return [known(catalogue, entry)];
      const found = actionsFitting(catalogue, entry);
      return found.filter((action) => changes.has(action.level) && !removed.has(action));
    });
}

const changes = new Set(['Write', 'Permissions']);

/** Throws when AWS has no such action: a test keeps the packs free of these. */
function known(catalogue: Catalogue, id: string): Action {
  const action = actionNamed(catalogue, id);
  if (action === undefined) throw new Error(`\`${id}\` is no IAM action`);
  return action;
}
