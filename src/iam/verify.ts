import { fitsText } from '../policy/glob.ts';
import { nearest } from '../policy/nearest.ts';
import { actionsFitting, faultOfPattern } from './action-pattern.ts';
import type { Tag } from './boundary.ts';
import { type Action, type Catalogue, type ConditionBlock, serviceOf } from './catalogue.ts';
import { type Context, holds, knowsOperator } from './conditions.ts';
import { type Breadth, destructiveActions } from './destructive.ts';
import type { PolicyDocument, Statement } from './document.ts';
import { escapes, namingOf } from './escapes.ts';
import { evaluate, type Policies, type Request, selectsAction } from './evaluate.ts';
import { arnsNamed, tellsByTag } from './scope.ts';

export type VerifyOptions = {
  readonly breadth: Breadth;
  /** Denying what bears this tag is enough, where AWS can tell. */
  readonly tag?: Tag;
  /** Denying what is named so is enough, where AWS can tell. */
  readonly prefix?: string;
  /** Narrows the question to services; empty for all. */
  readonly services: readonly string[];
  /** The name of the boundary, when the documents do not say it. */
  readonly name?: string;
  /** The documents are service control policies, which need not allow anything; this is the ARN of the holder. */
  readonly controls?: string;
};

/** Whether a destructive action is kept from the holder. */
export type ActionReport = {
  readonly action: string;
  readonly verdict: 'denied' | 'partly' | 'open';
  /** What narrows the denial, or what denies. */
  readonly why: string;
};

type Doubt = { readonly at: string; readonly problem: string };

export type Verification = {
  readonly actions: readonly ActionReport[];
  /** What the holder could do to shed the boundary. */
  readonly escapes: readonly { readonly action: string; readonly how: string }[];
  /** What AWS would refuse, or what says nothing: unknown services, actions, operators. */
  readonly doubts: readonly Doubt[];
  /** The name of the policy that the documents protect; undefined when they protect none. */
  readonly protects: string | undefined;
  /** True when nothing is missing. */
  readonly holds: boolean;
};

/**
 * What documents that bear on one identity together keep from it, the first being its boundary. Explicit denials count
 * whichever document they stand in; what the first does not allow is denied too.
 */
export function verifyBoundary(
  catalogue: Catalogue,
  documents: readonly PolicyDocument[],
  options: VerifyOptions,
): Verification {
  const { actions: always, conditional } = destructiveActions(catalogue, options.breadth);
  const wanted = ({ id }: Action): boolean =>
    options.services.length === 0 || options.services.includes(serviceOf(id));
  const judge = new Judge(catalogue, documents, options);
  const actions = [
    ...always.filter(wanted).map((action) => judge.report(action, {})),
    ...conditional
      .filter(({ action }) => wanted(action))
      .map(({ action, condition }) => {
        const context = exampleOf(condition);
        return judge.report(action, context);
      }),
  ];
  const found = namingOf(documents);
  const naming = found ?? {
    name: options.name ?? 'blastguard-boundary',
    account: '*',
    partition: 'aws',
    roles: [],
  };
  const open = escapes(naming, documents.length > 1)
    .filter(
      ({ request }) =>
        evaluate(withHolder(request, options), policiesOf(documents, options)).verdict === 'allowed',
    )
    .map(({ request, how }) => ({ action: request.action, how }));
  const doubts = [
    ...(options.controls === undefined ? doubtsOfBoundary(documents[0]) : []),
    ...documents.flatMap(({ statements }) =>
      statements.flatMap((statement) => doubtsOf(catalogue, statement)),
    ),
  ];
  const complete = actions.every(({ verdict }) => verdict === 'denied') && open.length === 0;
  const refused = doubts.some(({ fatal }) => fatal);
  return {
    actions,
    escapes: open,
    doubts: doubts.map(({ at, problem }) => ({ at, problem })),
    protects: found?.name,
    holds: complete && !refused,
  };
}

/** A request that fulfils the condition of a rule, which holds single values and `*` for any text. */
function exampleOf(condition: ConditionBlock): Context {
  const pairs = Object.values(condition).flatMap((keys) => Object.entries(keys));
  return Object.fromEntries(
    pairs.map(([key, value]) => {
      const first = typeof value === 'string' ? value : (value[0] ?? '');
      return [key, first.replaceAll('*', 'aws')];
    }),
  );
}

const withHolder = (request: Request, { controls }: VerifyOptions): Request =>
  controls === undefined
    ? request
    : { ...request, context: { ...request.context, 'aws:PrincipalArn': controls } };

/** The policies of a holder who is allowed everything but for the documents. */
function policiesOf(documents: readonly PolicyDocument[], { controls }: VerifyOptions): Policies {
  if (controls !== undefined) return { identity: [everything], controls: [[everything, ...documents]] };
  const [boundary, ...beside] = documents;
  return { identity: [everything, ...beside], ...(boundary && { boundary }) };
}

const everything: PolicyDocument = {
  file: '',
  statements: [
    {
      name: 'everything',
      at: '',
      effect: 'Allow',
      actions: { not: false, patterns: ['*'] },
      resources: { not: false, patterns: ['*'] },
      conditions: [],
    },
  ],
};

class Judge {
  readonly #catalogue: Catalogue;
  readonly #options: VerifyOptions;
  readonly #denials: readonly Statement[];
  readonly #allowances: readonly Statement[] | undefined;

  constructor(catalogue: Catalogue, documents: readonly PolicyDocument[], options: VerifyOptions) {
    this.#catalogue = catalogue;
    this.#options = options;
    this.#denials = documents
      .flatMap(({ statements }) => statements)
      .filter(({ effect }) => effect === 'Deny');
    this.#allowances =
      options.controls !== undefined
        ? undefined
        : documents[0]?.statements.filter(({ effect }) => effect === 'Allow');
  }

  report(action: Action, context: Context): ActionReport {
    const { id } = action;
    const denying = this.#denials.filter(({ actions }) => selectsAction(actions, id));
    const gaps = denying.map((statement) => ({ statement, gap: this.#gapOf(statement, action, context) }));
    const full = gaps.find(({ gap }) => gap === undefined);
    if (full !== undefined) return { action: id, verdict: 'denied', why: `${full.statement.name} denies it` };
    const allowing = this.#allowances?.filter(({ actions }) => selectsAction(actions, id));
    if (allowing?.length === 0) return { action: id, verdict: 'denied', why: 'no statement allows it' };
    const [first] = gaps;
    if (first === undefined) return { action: id, verdict: 'open', why: 'no statement denies it' };
    return {
      action: id,
      verdict: 'partly',
      why: `${first.statement.name} (${first.statement.at}) denies it ${first.gap}`,
    };
  }

  /** What keeps a statement from falling on every request that matters; undefined when nothing does. */
  #gapOf({ resources, conditions }: Statement, action: Action, context: Context): string | undefined {
    if (resources.not) return `except on ${resources.patterns.map(code).join(', ')}`;
    if (!this.#reachesAll(resources.patterns, action))
      return `only on ${resources.patterns.map(code).join(', ')}`;
    const { tag, controls } = this.#options;
    // What matters is the principal without the boundary: one that bears it is bound as the holder is.
    const known: Context = {
      'iam:PermissionsBoundary': '',
      ...(controls !== undefined && { 'aws:PrincipalArn': controls }),
      ...context,
      ...(tag && tellsByTag(action) && { [`aws:ResourceTag/${tag.key}`]: tag.value }),
    };
    const weak = conditions.find(
      (condition) => !holds(condition, known) || dependsOnMore(condition.key, condition.operator, known),
    );
    return weak && `only if ${weak.operator} ${code(weak.key)} ${weak.values.map(code).join(', ')}`;
  }

  #reachesAll(patterns: readonly string[], action: Action): boolean {
    if (patterns.some((pattern) => /^(\*+|arn:\*+)$/.test(pattern))) return true;
    // A denial for one of the resources of a request is one for the request.
    const inPartition = action.arns.map((arn) => arn.replace('\u0001', 'aws'));
    if (inPartition.some((arn) => patterns.some((each) => !each.includes('?') && fitsText(each, arn))))
      return true;
    const service = serviceOf(action.id);
    const whole = patterns.some((pattern) => everyArn(service, pattern));
    const { prefix } = this.#options;
    if (whole || prefix === undefined || !action.named) return whole;
    const wanted = arnsNamed(this.#catalogue, service, 'aws', prefix);
    return wanted.every((arn) => patterns.some((pattern) => fitsText(pattern, arn) || pattern === arn));
  }
}

/** Whether a pattern fits every ARN of a service: nothing in it but the service itself narrows. */
const everyArn = (service: string, pattern: string): boolean =>
  new RegExp(`^arn:(\\*|aws):(\\*|${service}):[*:]*\\*$`).test(pattern);

/** Whether the key may have another value than the request is known to have, or none. */
function dependsOnMore(key: string, operator: string, known: Context): boolean {
  if (/^null$/i.test(operator)) return true;
  return !Object.keys(known).some((name) => name.toLowerCase() === key.toLowerCase());
}

const code = (text: string): string => `\`${text}\``;

type WeighedDoubt = Doubt & { readonly fatal: boolean };

function doubtsOfBoundary(boundary: PolicyDocument | undefined): readonly WeighedDoubt[] {
  const [first] = boundary?.statements ?? [];
  if (first === undefined || boundary?.statements.some(({ effect }) => effect === 'Allow')) return [];
  return [{ at: first.at, problem: 'allows nothing: as a boundary it stops all there is', fatal: false }];
}

function doubtsOf(
  catalogue: Catalogue,
  { at, name, actions, conditions }: Statement,
): readonly WeighedDoubt[] {
  const about = (problem: string, fatal: boolean) => ({ at, problem: `${name}: ${problem}`, fatal });
  const patterns = actions.patterns.flatMap((pattern) => {
    const fault = faultOfPattern(catalogue, pattern);
    if (fault !== undefined) return [about(`\`${pattern}\` ${fault}`, true)];
    if (actionsFitting(catalogue, pattern).length > 0) return [];
    const service = catalogue.services.get(serviceOf(pattern));
    const names = [...(service?.actions.values() ?? [])].map(({ id }) => id);
    const meant = nearest(pattern, names);
    return [
      about(
        `\`${pattern}\` fits no action${meant === undefined ? '' : ` (did you mean \`${meant}\`?)`}`,
        false,
      ),
    ];
  });
  const operators = conditions
    .filter(({ operator }) => !knowsOperator(operator))
    .map(({ operator }) => about(`unknown condition operator \`${operator}\``, true));
  return [...patterns, ...operators];
}
