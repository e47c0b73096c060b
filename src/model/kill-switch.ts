/** Whom a switch halts: everyone who shares the source, or those whose team, project … has this name. */
export const scopeKinds = ['org', 'team', 'project', 'environment', 'user', 'host'] as const;
export type ScopeKind = (typeof scopeKinds)[number];

/** `org`, or a kind with a name: `team:payments`. Lower case. */
export type Scope = string;

/** What is configured of the kill switch beside the files in the project and at home. */
export type KillSwitch = {
  /** Differs from that of every other configuration of it. */
  readonly id: string;
  /** What a session belongs to, beside its project directory, user and host. */
  readonly scopes: readonly Scope[];
  readonly sources: readonly Source[];
};

/** A place that is asked whether a switch is thrown. Texts may hold `${NAME}`: a variable of the environment. */
export type Source = Settings & (RedisSource | S3Source | HttpSource | OfrepSource | PathSource);

/** All in ms. */
type Settings = {
  /** What people are shown; no part of it is secret. */
  readonly name: string;
  /** No call passes on a state that is older, unless the source cannot be read. */
  readonly freshness: number;
  /** How long one reading may take. */
  readonly timeout: number;
  /** How long the last known state stands while the source cannot be read. */
  readonly grace: number;
  /** What happens to calls after that. */
  readonly unreachable: 'deny' | 'pass';
};

/** Files in PEM. */
type Tls = { readonly ca?: string; readonly cert?: string; readonly key?: string };

export type RedisSource = Tls & {
  readonly kind: 'redis';
  readonly urls: readonly string[];
  readonly cluster: boolean;
  readonly sentinel?: { readonly master: string; readonly username?: string; readonly password?: string };
  /** Stands before the scope in the names of keys. */
  readonly prefix: string;
};

export type S3Source = Tls & {
  readonly kind: 's3';
  readonly bucket: string;
  readonly prefix: string;
  readonly region: string;
  readonly endpoint?: string;
  readonly pathStyle: boolean;
  readonly profile?: string;
};

export type HttpSource = Tls & {
  readonly kind: 'http';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
};

export type OfrepSource = Tls & {
  readonly kind: 'ofrep';
  readonly url: string;
  readonly flag: string;
  readonly headers: Readonly<Record<string, string>>;
};

export type PathSource = { readonly kind: 'path'; readonly dir: string };

/** A switch that is thrown, as it lies in a source. */
export type Thrown = {
  readonly scope: Scope;
  readonly reason: string;
  readonly by?: string;
  /** ISO 8601. */
  readonly at?: string;
  /** The moment from which it halts nothing any more, in ISO 8601. */
  readonly until?: string;
};
