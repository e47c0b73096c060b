import { z } from 'zod';
import type { KillSwitch, Scope, Source } from '../model/kill-switch.ts';
import { text } from './schema.ts';

/** The `kill-switch` key of blastguard.yaml: its YAML form, and what it is compiled to. */

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Milliseconds of `500ms`, `5s`, `10m`, `2h`. Undefined for anything else. */
export function durationOf(given: string): number | undefined {
  const [, number, unit] = /^(\d{1,6})(ms|s|m|h)$/.exec(given) ?? [];
  return number === undefined ? undefined : Number(number) * UNITS[unit as keyof typeof UNITS];
}

/** Messages never hold what was written: it may be a secret. */
const duration = (least: number, most: string) =>
  z
    .string({ error: 'a duration is wanted, such as 500ms, 5s or 10m' })
    .refine((given) => durationOf(given) !== undefined, 'a duration is wanted, such as 500ms, 5s or 10m')
    .transform((given) => durationOf(given) ?? 0)
    .refine(
      (ms) => ms >= least && ms <= (durationOf(most) ?? 0),
      `it must lie between ${least} ms and ${most}`,
    );

const settings = {
  freshness: duration(500, '1h').optional().describe('no call passes on an older state (default: 5s)'),
  timeout: duration(50, '8s')
    .optional()
    .describe('how long one reading may take, below the 10 s that the client gives a hook (default: 1s)'),
  grace: duration(0, '24h')
    .optional()
    .describe('how long the last known state stands while the source cannot be read (default: 1m)'),
  unreachable: z
    .enum(['deny', 'pass'])
    .optional()
    .describe('what happens to calls after the grace period (default: deny)'),
};

/** A name within a scope; it becomes part of keys and paths. */
export const scopeName = /^[a-z0-9][a-z0-9._@-]{0,99}$/;
const name = z
  .string()
  .transform((given) => given.toLowerCase())
  .refine(
    (given) => scopeName.test(given),
    'a name of letters, digits and . _ @ - is wanted, up to 100 characters',
  );
const names = z.union([name, z.array(name)]).default([]);

const VARIABLE = /\$\{[A-Za-z_]\w*\}/;

function checkUrl(given: string, protocols: readonly string[], example: string): string | undefined {
  const found = urlOf(given);
  if (found === undefined || !protocols.includes(found.protocol) || found.hostname === '')
    return `a URL is wanted, such as ${example}`;
  if (VARIABLE.test(given.replace(/^[^:]*:\/\/[^/?#]*@/, '')))
    return 'a variable may stand for the user or the password alone: whoever sets variables must not say where the switch lies';
  return undefined;
}

/** The URL with variables in it taken for words. */
function urlOf(given: string): URL | undefined {
  try {
    return new URL(given.replaceAll(/\$\{\w*\}/g, 'x'));
  } catch {
    return undefined;
  }
}

const url = (protocols: readonly string[], example: string) =>
  z.string({ error: `a URL is wanted, such as ${example}` }).superRefine((given, context) => {
    const message = checkUrl(given, protocols, example);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

const redisUrl = url(['redis:', 'rediss:'], 'rediss://user:${REDIS_PASSWORD}@redis.example.com:6379');
const webUrl = url(['http:', 'https:'], 'https://switch.example.com/blastguard');

const file = text.describe('a file in PEM');
const tls = { ca: file.optional(), cert: file.optional(), key: file.optional() };
const headers = z.record(text, z.string());
const shown = { name: text.optional().describe('what people are shown (default: kind and host)') };

const source = z
  .strictObject({
    ...shown,
    ...settings,
    ...tls,
    redis: z
      .union([redisUrl, z.array(redisUrl).min(1)])
      .optional()
      .describe('a URL; of a cluster or of sentinels several'),
    cluster: z.boolean().optional().describe('redis: the URLs are nodes of a cluster'),
    sentinel: z
      .union([text, z.strictObject({ master: text, username: text.optional(), password: text.optional() })])
      .optional()
      .describe('redis: the URLs are sentinels; the name of the master that they watch'),
    prefix: text
      .optional()
      .describe('redis: what stands before the scope in keys (default: blastguard:stop:)'),
    s3: url(['s3:'], 's3://bucket/blastguard').optional(),
    region: text.optional().describe('s3: the region of the bucket'),
    endpoint: webUrl.optional().describe('s3: a service other than AWS'),
    'path-style': z.boolean().optional().describe('s3: (default: true with an endpoint)'),
    profile: text.optional().describe('s3: the AWS profile to take credentials from'),
    http: webUrl.optional(),
    headers: headers.optional().describe('http, ofrep: headers of requests'),
    ofrep: webUrl.optional().describe('the address of a feature flag service, without /ofrep/v1'),
    flag: text.optional().describe('ofrep: the flag that is on while the switch is thrown'),
    path: z
      .string()
      .refine((given) => /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(given), 'an absolute path is wanted')
      .optional()
      .describe('a directory that machines share'),
  })
  .superRefine((given, context) => {
    const problem = (message: string, path: PropertyKey[] = []) =>
      context.addIssue({ code: 'custom', message, path });
    const kinds = kindsIn(given);
    const [kind] = kinds;
    if (kind === undefined || kinds.length > 1)
      return problem('a source is one of redis, s3, http, ofrep and path');
    for (const key of Object.keys(given)) {
      const owner = OWNERS[key];
      if (owner !== undefined && !owner.includes(kind))
        problem(`\`${key}\` says something of ${owner.join(' and ')} alone`, [key]);
    }
    if (kind === 'ofrep' && given.flag === undefined)
      problem('`flag` is missing: the key of the feature flag, such as blastguard-stop');
    if (kind === 's3' && given.region === undefined && given.endpoint === undefined)
      problem('`region` is missing: the region of the bucket, such as eu-west-1 (or `endpoint`)');
    if (given.cluster === true && given.sentinel !== undefined)
      problem('`cluster` and `sentinel` exclude each other', ['sentinel']);
    if (Array.isArray(given.redis) && given.cluster !== true && given.sentinel === undefined)
      problem('several URLs are nodes of a cluster (`cluster: true`) or sentinels (`sentinel: MASTER`)', [
        'redis',
      ]);
    if ((given.cert === undefined) !== (given.key === undefined)) problem('`cert` and `key` go together');
  });

const kinds = ['redis', 's3', 'http', 'ofrep', 'path'] as const;
const kindsIn = (given: object) => kinds.filter((kind) => kind in given);

const remote = ['redis', 's3', 'http', 'ofrep'];
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  cluster: ['redis'],
  sentinel: ['redis'],
  prefix: ['redis'],
  region: ['s3'],
  endpoint: ['s3'],
  'path-style': ['s3'],
  profile: ['s3'],
  headers: ['http', 'ofrep'],
  flag: ['ofrep'],
  ca: remote,
  cert: remote,
  key: remote,
};

export const killSwitchSchema = z.strictObject({
  ...settings,
  teams: names.describe('the teams that sessions here belong to'),
  projects: names.describe('names of the project, beside that of its directory'),
  environments: names.describe('the environments that sessions here work in'),
  sources: z.array(source).default([]).describe('where switches are thrown for others, too'),
});

type Text = z.output<typeof killSwitchSchema>;
type SourceText = Text['sources'][number];

/** What a file says of the kill switch. */
export function compileKillSwitch(given: Text): Omit<KillSwitch, 'id'> {
  return {
    scopes: [
      ...list(given.teams).map((team): Scope => `team:${team}`),
      ...list(given.projects).map((project): Scope => `project:${project}`),
      ...list(given.environments).map((environment): Scope => `environment:${environment}`),
    ],
    sources: given.sources.map((one) => compileSource(one, given)),
  };
}

const list = <T>(given: T | readonly T[]): readonly T[] => (Array.isArray(given) ? given : [given as T]);

function compileSource(given: SourceText, above: Text): Source {
  return {
    name: given.name ?? shownName(given),
    freshness: given.freshness ?? above.freshness ?? 5000,
    timeout: given.timeout ?? above.timeout ?? 1000,
    grace: given.grace ?? above.grace ?? 60_000,
    unreachable: given.unreachable ?? above.unreachable ?? 'deny',
    ...(given.ca === undefined ? {} : { ca: given.ca }),
    ...(given.cert === undefined ? {} : { cert: given.cert }),
    ...(given.key === undefined ? {} : { key: given.key }),
    ...whereOf(given),
  };
}

function whereOf(given: SourceText) {
  if (given.redis !== undefined) {
    const { sentinel } = given;
    return {
      kind: 'redis',
      urls: list(given.redis),
      cluster: given.cluster === true,
      ...(sentinel === undefined ? {} : { sentinel: sentinelOf(sentinel) }),
      prefix: given.prefix ?? 'blastguard:stop:',
    } as const;
  }
  if (given.s3 !== undefined) {
    const { hostname, pathname } = new URL(given.s3);
    return {
      kind: 's3',
      bucket: hostname,
      prefix: pathname.replace(/^\/|\/$/g, ''),
      region: given.region ?? 'us-east-1',
      ...(given.endpoint === undefined ? {} : { endpoint: given.endpoint }),
      pathStyle: given['path-style'] ?? given.endpoint !== undefined,
      ...(given.profile === undefined ? {} : { profile: given.profile }),
    } as const;
  }
  if (given.ofrep !== undefined)
    return { kind: 'ofrep', url: given.ofrep, flag: given.flag ?? '', headers: given.headers ?? {} } as const;
  if (given.http !== undefined)
    return { kind: 'http', url: given.http, headers: given.headers ?? {} } as const;
  return { kind: 'path', dir: given.path ?? '' } as const;
}

function sentinelOf(given: NonNullable<SourceText['sentinel']>) {
  if (typeof given === 'string') return { master: given };
  const { master, username, password } = given;
  return {
    master,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
}

/** Kind and host: a user, a password, a path and a query may be secret. */
function shownName(given: SourceText): string {
  if (given.path !== undefined) return `path ${given.path}`;
  if (given.s3 !== undefined) return `s3 ${new URL(given.s3).hostname}`;
  const [kind] = kindsIn(given);
  const [first = ''] = list(given.redis ?? given.ofrep ?? given.http ?? '');
  return `${kind} ${urlOf(first)?.host ?? ''}`;
}

/**
 * The sources that count although nobody trusts the file: a repository may halt those who work in it, and may not make
 * the guard send what is theirs (variables, certificates, signatures by their credentials).
 */
export const countsUntrusted = (one: Source): boolean =>
  one.kind !== 's3' && !('cert' in one) && !VARIABLE.test(JSON.stringify(one));
