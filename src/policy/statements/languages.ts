import { cypher } from './cypher.ts';
import type { Language } from './found.ts';
import { mongo } from './mongo.ts';
import { redis } from './redis.ts';
import { sql } from './sql.ts';
import { dialects } from './sql-dialects.ts';

export const languageNames = [
  'postgres',
  'cockroach',
  'mysql',
  'sqlite',
  'duckdb',
  'sqlserver',
  'oracle',
  'cassandra',
  'clickhouse',
  'bigquery',
  'snowflake',
  'influxql',
  'mongo',
  'redis',
  'cypher',
] as const;

export type LanguageName = (typeof languageNames)[number];

/** How the code of each language is read. */
export function languageOf(name: LanguageName): Language {
  if (name === 'mongo') return mongo;
  if (name === 'redis') return redis;
  if (name === 'cypher') return cypher;
  return sql(dialects[name]);
}
