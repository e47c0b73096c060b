import { actionsFitting, fitsAction } from './action-pattern.ts';
import { type Action, type Catalogue, type ConditionBlock, serviceOf } from './catalogue.ts';
import { compressActions } from './compress.ts';
import { type Breadth, type Destructive, destructiveActions, mandatory } from './destructive.ts';
import { type PolicyJson, type StatementJson, sizeOf } from './document.ts';
import { heldBack, type Naming, selfProtection } from './protection.ts';
import { scopeOf } from './scope.ts';

export type Tag = { readonly key: string; readonly value: string };

export type BoundaryOptions = {
  readonly naming: Naming;
  readonly breadth: Breadth;
  /** Service prefixes to which the denied actions are narrowed, the mandatory ones apart; empty for all. */
  readonly services: readonly string[];
  /** Deny only on what bears the tag, where AWS can tell. */
  readonly tag?: Tag;
  /** Deny only on resources whose name begins so, where AWS can tell. */
  readonly prefix?: string;
  readonly regions: readonly string[];
  readonly accounts: readonly string[];
  /** Patterns of all that is allowed; empty for everything. */
  readonly allow: readonly string[];
  /** Patterns of actions that are not denied after all. */
  readonly except: readonly string[];
  /** A service control policy: no Allow, and only for the principals with these ARNs; empty for everybody. */
  readonly control?: { readonly principals: readonly string[] };
};

export type Boundary = {
  /** The boundary itself, then the policies to attach beside it where one does not hold everything. */
  readonly documents: readonly PolicyJson[];
  /** What the documents deny. */
  readonly denied: Destructive;
  /** Actions that are denied on every resource, because AWS cannot narrow them as was asked. */
  readonly outright: readonly Action[];
};

/** Characters without white space that AWS takes: a managed policy, a service control policy. */
export const limits = { managed: 6144, control: 5120 } as const;

/** Something that was asked for cannot be done. The message says what. */
export class BoundaryError extends Error {}

/** The policy documents of a boundary. Throws BoundaryError. */
export function buildBoundary(catalogue: Catalogue, options: BoundaryOptions): Boundary {
  const denied = chosenActions(catalogue, options);
  const everything = destructiveActions(catalogue, 'all').actions;
  const scope = scopeOf(catalogue, options);
  const outright = denied.actions.filter((action) => !scope.tells(action));
  const told = denied.actions.filter(scope.tells);
  const always = [...outright.map(({ id }) => id), ...heldBack];
  const tolerated = new Set(
    [...everything.filter((action) => allowedIn(action, options)), ...outright].map(({ id }) => id),
  );
  const drafts = [false, true].map((tight) => {
    // A wildcard may take in more that destroys; where a tag or a name decides, only what is denied anyhow.
    const spare = told.length === 0 ? tolerated : new Set(always);
    const patterns = compressActions(catalogue, always, spare, tight);
    const lists: List[] = [{ statement: { Sid: 'Destroy', Effect: 'Deny', Resource: '*' }, patterns }];
    if (told.length > 0)
      lists.push({
        statement: { Sid: 'Scoped', Effect: 'Deny', ...scope.narrow(told) },
        patterns: compressActions(
          catalogue,
          told.map(({ id }) => id),
          tolerated,
          tight,
        ),
      });
    return pack(fixedStatements(denied, options, scope.guard), lists, options);
  });
  const [readable = [], tight = []] = drafts;
  const documents = readable.length <= tight.length ? readable : tight;
  return { documents, denied, outright: scope.narrows ? outright : [] };
}

function chosenActions(catalogue: Catalogue, options: BoundaryOptions): Destructive {
  for (const service of options.services)
    if (!catalogue.services.has(service)) throw new BoundaryError(`AWS has no service prefix \`${service}\``);
  for (const pattern of options.except) {
    const found = actionsFitting(catalogue, pattern);
    if (found.length === 0) throw new BoundaryError(`\`${pattern}\` is no IAM action`);
    const needed = found.find(({ id }) => essential(id));
    if (needed !== undefined)
      throw new BoundaryError(`\`${needed.id}\` cannot be excepted: every boundary denies it`);
  }
  const { actions, conditional } = destructiveActions(catalogue, options.breadth);
  return {
    actions: actions.filter((action) => allowedIn(action, options)),
    conditional: conditional.filter(({ action }) => allowedIn(action, options)),
  };
}

const essential = (id: string): boolean =>
  (mandatory as readonly string[]).includes(id) || heldBack.includes(id);

/** Whether the choice of services and exceptions leaves the action among what may be denied. */
function allowedIn({ id }: Action, { services, except }: BoundaryOptions): boolean {
  if (essential(id)) return true;
  if (services.length > 0 && !services.includes(serviceOf(id))) return false;
  return !except.some((pattern) => fitsAction(pattern, id));
}

type List = { readonly statement: StatementJson; readonly patterns: readonly string[] };

function fixedStatements(
  { conditional }: Destructive,
  options: BoundaryOptions,
  guard: readonly StatementJson[],
): readonly StatementJson[] {
  const { naming, regions, accounts, allow, control } = options;
  const statements: StatementJson[] = [];
  if (control === undefined)
    statements.push({
      Sid: 'Allow',
      Effect: 'Allow',
      Action: allow.length === 0 ? '*' : allow,
      Resource: '*',
    });
  statements.push(...selfProtection(naming), ...guard, ...conditionalStatements(conditional));
  if (regions.length > 0) statements.push(regionLimit(regions));
  if (accounts.length > 0) statements.push(accountLimit(accounts));
  return statements;
}

/** One statement for each condition. What the self-protection denies anyhow needs none. */
function conditionalStatements(conditional: Destructive['conditional']): readonly StatementJson[] {
  const groups = new Map<string, { condition: ConditionBlock; ids: string[] }>();
  for (const { action, condition } of conditional) {
    if (/^iam:Attach(Role|User|Group)Policy$/.test(action.id)) continue;
    const key = JSON.stringify(condition);
    const group = groups.get(key) ?? { condition, ids: [] };
    group.ids.push(action.id);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ condition, ids }) => ({
    Effect: 'Deny',
    Action: ids,
    Resource: '*',
    Condition: condition,
  }));
}

/**
 * Services whose requests go to one region wherever the user is, so a limit of regions must leave them out.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html
 */
const global = [
  'account:*',
  'artifact:*',
  'budgets:*',
  'ce:*',
  'chatbot:*',
  'cloudfront:*',
  'globalaccelerator:*',
  'health:*',
  'iam:*',
  'networkmanager:*',
  'organizations:*',
  'pricing:*',
  'route53:*',
  'route53domains:*',
  's3:ListAllMyBuckets',
  's3:GetBucketLocation',
  'shield:*',
  'sts:*',
  'support:*',
  'trustedadvisor:*',
  'waf:*',
];

const regionLimit = (regions: readonly string[]): StatementJson => ({
  Sid: 'Regions',
  Effect: 'Deny',
  NotAction: global,
  Resource: '*',
  Condition: { StringNotEquals: { 'aws:RequestedRegion': regions } },
});

/** What AWS itself owns in other accounts (images, public parameters, managed policies) stays readable. */
const accountLimit = (accounts: readonly string[]): StatementJson => ({
  Sid: 'Accounts',
  Effect: 'Deny',
  NotAction: [
    'ec2:Describe*',
    'ec2:RunInstances',
    'ecr:BatchGet*',
    'ecr:Get*',
    'iam:Get*',
    'iam:List*',
    's3:Get*',
    'ssm:Get*',
  ],
  Resource: '*',
  Condition: {
    Null: { 'aws:ResourceAccount': 'false' },
    StringNotEquals: { 'aws:ResourceAccount': accounts },
  },
});

/** Fills documents up to the limit: what is fixed and what is essential in the first, the rest as it comes. */
function pack(
  fixed: readonly StatementJson[],
  lists: readonly List[],
  { control }: BoundaryOptions,
): readonly PolicyJson[] {
  const limit = control === undefined ? limits.managed : limits.control;
  const queue = lists.flatMap(({ statement, patterns }) =>
    patterns.map((pattern) => ({ statement, pattern })),
  );
  const urgent = ({ pattern }: { pattern: string }) =>
    [...mandatory, ...heldBack].some((id) => fitsAction(pattern, id));
  queue.sort((a, b) => Number(urgent(b)) - Number(urgent(a)));
  const documents: PolicyJson[] = [];
  let open: { fixed: readonly StatementJson[]; lists: Map<StatementJson, string[]> } = {
    fixed,
    lists: new Map(),
  };
  const render = (): PolicyJson => documentWith(open.fixed, open.lists, control?.principals ?? []);
  if (sizeOf(render()) > limit)
    throw new BoundaryError(
      `what was asked takes ${sizeOf(render())} of ${limit} characters before anything is denied`,
    );
  for (const { statement, pattern } of queue) {
    const patterns = open.lists.get(statement) ?? [];
    open.lists.set(statement, [...patterns, pattern]);
    if (sizeOf(render()) <= limit) continue;
    if (patterns.length === 0) open.lists.delete(statement);
    else open.lists.set(statement, patterns);
    if (open.lists.size === 0) throw new BoundaryError('one statement alone is longer than a policy may be');
    documents.push(render());
    open = { fixed: [], lists: new Map([[statement, [pattern]]]) };
  }
  return [...documents, render()];
}

function documentWith(
  fixed: readonly StatementJson[],
  lists: ReadonlyMap<StatementJson, readonly string[]>,
  principals: readonly string[],
): PolicyJson {
  const listed = [...lists].map(([{ Sid, Effect, ...rest }, patterns]): StatementJson => {
    const base = Sid === undefined ? { Effect } : { Sid, Effect };
    return { ...base, Action: [...patterns].sort(), ...rest };
  });
  const statements = [...fixed, ...listed];
  return {
    Version: '2012-10-17',
    Statement: principals.length === 0 ? statements : statements.map((each) => limitedTo(each, principals)),
  };
}

/** A service control policy falls on everybody in the account, unless it says whom it means. */
const limitedTo = (statement: StatementJson, principals: readonly string[]): StatementJson => ({
  ...statement,
  Condition: {
    ...statement.Condition,
    ArnLike: { ...statement.Condition?.ArnLike, 'aws:PrincipalArn': principals },
  },
});
