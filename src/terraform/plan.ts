import { statefulType } from './stateful/types.ts';

/** What a plan does with one resource. */
export type PlannedChange = {
  readonly address: string;
  readonly type: string;
  /** What a resource with data holds; undefined for others. */
  readonly holds?: string;
  /** A replacement is a deletion with something empty put in its place. */
  readonly action: 'delete' | 'replace' | 'forget' | 'update' | 'create';
  /** The arguments whose change forces a replacement. */
  readonly forcedBy: readonly string[];
  /** Why Terraform deletes or replaces it, in words. */
  readonly reason?: string;
  readonly movedFrom?: string;
  readonly importedAs?: string;
  /** The key of an object that a failed replacement left behind. */
  readonly deposed?: string;
};

export type Plan = {
  readonly changes: readonly PlannedChange[];
  /** The resources that only change their address. */
  readonly moved: readonly PlannedChange[];
  /** The deletions and replacements of what holds data. */
  readonly losses: readonly PlannedChange[];
  readonly counts: Readonly<Record<PlannedChange['action'], number>>;
  /** True when the plan is not the whole of what must be done: planning failed, or put some off. */
  readonly incomplete: boolean;
};

/** The text is not a plan; the message says what it is, or what is missing. */
export class PlanError extends Error {}

/**
 * Reads what `terraform show -json PLANFILE` writes
 * (https://developer.hashicorp.com/terraform/internals/json-format). Throws PlanError.
 */
export function readPlan(text: string, types: readonly string[] = []): Plan {
  const plan = objectIn(text);
  const { resource_changes: given, deferred_changes: deferred } = plan;
  if (given !== undefined && !Array.isArray(given)) throw new PlanError('`resource_changes` is not a list');
  if (typeof plan.format_version !== 'string' || !/^[01]\./.test(plan.format_version))
    throw new PlanError(
      plan.format_version === undefined
        ? 'not a plan in JSON: `format_version` is missing; `terraform show -json PLANFILE` writes one'
        : `a plan in a format that is not known: ${JSON.stringify(plan.format_version)}`,
    );
  if (given === undefined && plan.planned_values === undefined)
    throw new PlanError(
      plan.values === undefined
        ? 'not a plan: neither `resource_changes` nor `planned_values` is in it'
        : 'this is a state, not a plan: give `terraform show -json` the file that `terraform plan -out=FILE` wrote',
    );
  const put = (Array.isArray(deferred) ? deferred : []).map((one) =>
    isObject(one) ? one.resource_change : undefined,
  );
  const all = [...(given ?? []), ...put.filter((one) => one !== undefined)].flatMap((one, i) =>
    changeOf(one, i, types),
  );
  const changes = all.filter((change): change is PlannedChange => change.action !== 'none');
  const moved = all.filter((change) => change.action === 'none' && change.movedFrom !== undefined);
  const counts = { delete: 0, replace: 0, forget: 0, update: 0, create: 0 };
  for (const { action } of changes) counts[action] += 1;
  return {
    changes,
    moved: moved.map((change) => ({ ...change, action: 'update' })),
    losses: changes.filter((change) => change.holds !== undefined && isLoss(change)),
    counts,
    incomplete: plan.errored === true || plan.complete === false || put.length > 0,
  };
}

export const isLoss = ({ action }: PlannedChange): boolean => action === 'delete' || action === 'replace';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function objectIn(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new PlanError(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isObject(value)) throw new PlanError('not a plan in JSON: an object is expected');
  return value;
}

type AnyChange = Omit<PlannedChange, 'action'> & { readonly action: PlannedChange['action'] | 'none' };

function changeOf(value: unknown, index: number, types: readonly string[]): readonly AnyChange[] {
  if (!isObject(value) || typeof value.address !== 'string' || typeof value.type !== 'string')
    throw new PlanError(`\`resource_changes[${index}]\` has no address and type`);
  if (value.mode === 'data') return [];
  const { change } = value;
  if (!isObject(change) || !Array.isArray(change.actions))
    throw new PlanError(`\`resource_changes[${index}].change.actions\` is not a list`);
  const action = actionOf(change.actions.map(String), value.address);
  const holds = statefulType(value.type, types)?.holds;
  const paths = Array.isArray(change.replace_paths) ? change.replace_paths : [];
  const reason = reasonOf(value.action_reason);
  return [
    {
      address: value.address,
      type: value.type,
      action,
      forcedBy: paths.map(pathText),
      ...(holds === undefined ? {} : { holds }),
      ...(reason === undefined ? {} : { reason }),
      ...(typeof value.previous_address === 'string' ? { movedFrom: value.previous_address } : {}),
      ...(isObject(change.importing) ? { importedAs: importId(change.importing) } : {}),
      ...(typeof value.deposed === 'string' ? { deposed: value.deposed } : {}),
    },
  ];
}

/** An unknown action is an error: what is not understood must not count as harmless. */
function actionOf(actions: readonly string[], address: string): AnyChange['action'] {
  switch (actions.join(' ')) {
    case 'no-op':
    case 'read':
    case 'open':
      return 'none';
    case 'create':
    case 'update':
    case 'delete':
    case 'forget':
      return actions[0] as PlannedChange['action'];
    case 'delete create':
    case 'create delete':
      return 'replace';
    case 'create forget':
    case 'forget create':
      return 'forget';
    default:
      throw new PlanError(`an unknown action on ${address}: ${JSON.stringify(actions)}`);
  }
}

const importId = (importing: Readonly<Record<string, unknown>>): string =>
  typeof importing.id === 'string' ? importing.id : JSON.stringify(importing.identity ?? importing);

const pathText = (path: unknown): string =>
  (Array.isArray(path) ? path : [path])
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? String(step) : `.${String(step)}`))
    .join('');

const reasons: Readonly<Record<string, string>> = {
  replace_because_tainted: 'it is tainted',
  replace_because_cannot_update: 'the provider cannot change it in place',
  replace_by_request: 'asked for by -replace',
  replace_by_triggers: 'replace_triggered_by',
  delete_because_no_resource_config: 'it is not in the configuration any more',
  delete_because_wrong_repetition: 'count and for_each were changed for one another',
  delete_because_count_index: 'count became less',
  delete_because_each_key: 'its key is not in for_each any more',
  delete_because_no_module: 'its module is not called any more',
  delete_because_no_move_target: 'a moved block leads it to where nothing is',
};

function reasonOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  return Object.hasOwn(reasons, value) ? reasons[value] : value.replaceAll('_', ' ');
}
