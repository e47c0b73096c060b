import type { Certainty } from '../../model/certainty.ts';

/** What kinds of statements a condition can ask about. A language finds those that it has. */
export const statementKinds = [
  /** A database, schema, table, role or anything else that holds data or access. */
  'drop',
  /** A view, index, function or constraint: it can be made again from its text. */
  'drop-object',
  'truncate',
  /** DELETE and UPDATE of every row. */
  'delete-all',
  'update-all',
  /** A column or a partition. */
  'alter-drop',
  'grant',
  'revoke',
  /** Stops the server, or other people's sessions. */
  'shutdown',
  /** Changes how the server keeps data or who may enter. */
  'settings',
  /** Removes logs, backups, replication slots. */
  'purge',
  /** Runs a program of the machine, or replaces its files. */
  'shell',
  /** Acts in another database than the one that the client was given. */
  'elsewhere',
  /** Acts on another server than the one that the client was given. */
  'remote',
  /** May be any of these: its text, its file or its first word cannot be known. */
  'unknown',
] as const;

export type StatementKind = (typeof statementKinds)[number];

/** What a text of code does: a kind with its certainty (`unknown` for a statement that cannot be read), and the files it runs. */
export type Found = {
  readonly kinds: readonly {
    readonly kind: StatementKind;
    readonly certainty: Exclude<Certainty, 'no'>;
  }[];
  readonly includes: readonly string[];
};

/** Reads code; a hole in the text is `HOLE`. */
export type Language = (text: string) => Found;

/** Stands in code for text that cannot be known. It counts as a letter. */
export const HOLE = '\uFFFC';

export const nothing: Found = { kinds: [], includes: [] };

export const sure = (...kinds: readonly StatementKind[]): Found => ({
  kinds: kinds.map((kind) => ({ kind, certainty: 'yes' })),
  includes: [],
});

export const perhaps = (...kinds: readonly StatementKind[]): Found => ({
  kinds: kinds.map((kind) => ({ kind, certainty: 'maybe' })),
  includes: [],
});

export const runs = (file: string): Found => ({ kinds: [], includes: [file] });

export const together = (parts: readonly Found[]): Found => ({
  kinds: parts.flatMap(({ kinds }) => kinds),
  includes: parts.flatMap(({ includes }) => includes),
});

/** Names that only a database for tests has: `test`, `app_test`, `test-3`, `scratch`. */
export const isTestName = (name: string): boolean =>
  /^(?:(?:.*[-_.])?tests?|tests?[-_.].*|testing|scratch)(?:[-_]?\d+)?$/i.test(name) &&
  !/(?:^|[-_.])(?:prod|production|live)(?:[-_.]|$)/i.test(name);
