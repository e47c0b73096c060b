/** What differs between dialects of SQL before its grammar does, and the commands of the client around it. */
export type Dialect = {
  /** `#` starts a comment. */
  readonly hash?: true;
  /** `--` starts a comment only before white space. */
  readonly spacedDashes?: true;
  readonly slashes?: true;
  readonly nestedComments?: true;
  /** The text of these comments runs: MySQL's and MariaDB's `!`. */
  readonly executableComments?: true;
  readonly backslash?: true;
  /** `E'…'` knows backslashes. */
  readonly escapeStrings?: true;
  readonly doubleQuotedStrings?: true;
  readonly brackets?: true;
  readonly backticks?: true;
  readonly dollarQuotes?: true;
  readonly tripleQuotes?: true;
  /** `q'[…]'` */
  readonly alternativeQuotes?: true;
  /** Statements need nothing between them. */
  readonly unseparated?: true;
  /** The first of two names (`a.b`) is a database. */
  readonly qualified?: true;
  readonly client?: 'psql' | 'sqlite' | 'mysql' | 'sqlcmd' | 'sqlplus' | 'cqlsh' | 'snowsql';
};

const postgres: Dialect = { nestedComments: true, escapeStrings: true, dollarQuotes: true, client: 'psql' };
const mysql: Dialect = {
  hash: true,
  spacedDashes: true,
  executableComments: true,
  backslash: true,
  doubleQuotedStrings: true,
  backticks: true,
  qualified: true,
  client: 'mysql',
};

export const dialects = {
  postgres,
  cockroach: postgres,
  mysql,
  sqlite: { brackets: true, backticks: true, client: 'sqlite' },
  duckdb: { nestedComments: true, escapeStrings: true, dollarQuotes: true, client: 'sqlite' },
  sqlserver: { nestedComments: true, brackets: true, unseparated: true, qualified: true, client: 'sqlcmd' },
  oracle: { alternativeQuotes: true, client: 'sqlplus' },
  cassandra: { slashes: true, dollarQuotes: true, qualified: true, client: 'cqlsh' },
  clickhouse: { hash: true, backslash: true, backticks: true, qualified: true },
  bigquery: {
    hash: true,
    backslash: true,
    doubleQuotedStrings: true,
    backticks: true,
    tripleQuotes: true,
    qualified: true,
  },
  snowflake: { slashes: true, backslash: true, dollarQuotes: true, qualified: true, client: 'snowsql' },
  influxql: { backslash: true },
} as const satisfies Record<string, Dialect>;
