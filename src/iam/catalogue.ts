/** Every IAM action that AWS documents, and what the policy packs call destructive. Made when blastguard is built. */
export type Catalogue = {
  /** The version of the data set that it was made from. */
  readonly version: string;
  /** By service prefix. */
  readonly services: ReadonlyMap<string, Service>;
  readonly rules: readonly IamRule[];
};

type Service = {
  /** By name in lower case. */
  readonly actions: ReadonlyMap<string, Action>;
  /** What stands before a resource's name in its ARN: `/` or `:` after a word, `.` for nothing. */
  readonly shapes: string;
};

type AccessLevel = (typeof levels)[number];

export type Action = {
  /** `service:Name`, as AWS writes it. */
  readonly id: string;
  readonly level: AccessLevel;
  /** True when every resource that it acts on can be told by its tags. */
  readonly tagged: boolean;
  /** True when every resource that it acts on has a name that people choose in its ARN. */
  readonly named: boolean;
  /** ARNs of what every request for it names, with U+0001 for what differs; empty where none need be named. */
  readonly arns: readonly string[];
};

export type IamRule = {
  readonly id: string;
  readonly severity: string;
  readonly iam: readonly (
    | string
    | { readonly actions: readonly string[]; readonly condition: ConditionBlock }
  )[];
};

/** Operator, then key, then values. */
export type ConditionBlock = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

const levels = ['Read', 'List', 'Write', 'Tagging', 'Permissions'] as const;

type Encoded = {
  readonly version: string;
  readonly services: Readonly<
    Record<string, Readonly<Partial<Record<AccessLevel | 'shapes' | 'arns', string>>>>
  >;
  readonly rules: readonly IamRule[];
};

/** The catalogue from the text that the build wrote. */
export function readCatalogue(json: string): Catalogue {
  const { version, services, rules } = JSON.parse(json) as Encoded;
  return { version, rules, services: new Map(Object.entries(services).map(readService)) };
}

function readService([prefix, encoded]: [string, Encoded['services'][string]]): [string, Service] {
  const templates = words(encoded.arns);
  const actions = levels.flatMap((level) =>
    words(encoded[level]).map((word): [string, Action] => {
      const [name = '', flags = '', places = ''] = word.split('.');
      const action = {
        id: `${prefix}:${name}`,
        level,
        tagged: flags.includes('t'),
        named: flags.includes('n'),
        arns: places === '' ? [] : places.split(',').map((place) => templates[Number(place)] ?? ''),
      };
      return [name.toLowerCase(), action];
    }),
  );
  return [prefix, { actions: new Map(actions), shapes: encoded.shapes ?? '' }];
}

const words = (text: string | undefined): readonly string[] => (text ? text.split(' ') : []);

/** True for an action that changes nothing. */
export const onlyReads = ({ level }: Action): boolean => level === 'Read' || level === 'List';

/** The service prefix of `service:Name`, in lower case. */
export const serviceOf = (id: string): string => id.slice(0, Math.max(0, id.indexOf(':'))).toLowerCase();

/** The action of that name, in any case; undefined when AWS has none. */
export const actionNamed = (catalogue: Catalogue, id: string): Action | undefined =>
  catalogue.services.get(serviceOf(id))?.actions.get(id.slice(id.indexOf(':') + 1).toLowerCase());
