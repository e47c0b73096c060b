import { known, type Word } from '../../../model/word.ts';
import { joinWords } from '../../state.ts';
import { argument, type CallSite, type Effect, option, type Row } from '../effect.ts';
import { isWord, textOf, toWord, type Value } from '../value.ts';

/** Drivers by the module that they come from, and the client that runs the same statement. */
const clients: readonly (readonly [module: RegExp, argv: string])[] = [
  [/sqlite|^better-sqlite3|bun:sqlite/i, 'sqlite3'],
  [/mysql|mariadb/i, 'mysql -e'],
  [/duckdb/i, 'duckdb -c'],
  [/clickhouse/i, 'clickhouse-client --query'],
  [/cassandra/i, 'cqlsh -e'],
  [/pyodbc|pymssql|mssql|tedious/i, 'sqlcmd -Q'],
  [/snowflake/i, 'snowsql -q'],
  [/bigquery/i, 'bq query'],
];

const statement =
  /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:drop|truncate|delete|update|alter|insert|create|grant|revoke|rename|merge|replace|vacuum|with|exec|call|begin|set|use|do|optimize|detach|attach|kill|flush|reset|purge)\b/i;

/** A statement that is given to a driver, as its client would be given it. */
const sql: Effect = (site) => {
  const given = argument(site, 0, 'query', 'sql', 'statement', 'operation') ?? option(site, 'text');
  const word =
    given?.kind === 'dict'
      ? toWord(given.entries.get('text') ?? given.entries.get('sql'))
      : given === undefined
        ? undefined
        : unwrap(given);
  if (word === undefined) return undefined;
  const [start] = word.kind === 'unknown' ? word.pieces : word.kind === 'known' ? [word.text] : word.texts;
  if (typeof start !== 'string' || !statement.test(start)) return undefined;
  const sources = [site.path, ...site.run.modules].join(' ');
  const client =
    clients.find(([module]) => module.test(site.path)) ?? clients.find(([module]) => module.test(sources));
  const argv: Word[] =
    client?.[1] === 'sqlite3'
      ? [known('sqlite3'), database(site), word]
      : [...(client?.[1] ?? 'psql -c').split(' ').map(known), word];
  return site.run.spawn(argv, {});
};

/** `text('DROP …')` and `sql.SQL('…')` wrap a statement. */
function unwrap(value: Value): Word | undefined {
  if (isWord(value)) return value;
  if (value.kind === 'thing' && value.args?.[0] !== undefined) return unwrap(value.args[0]);
  return undefined;
}

/** The file that a connection was opened on. */
function database(site: CallSite): Word {
  for (let value = site.receiver; value?.kind === 'thing'; value = value.base) {
    if (/(?:connect|Database)\(\)$/.test(value.path) && value.args?.[0] !== undefined)
      return toWord(value.args[0]);
  }
  return known('database');
}

const mongo =
  (text: (name: Word) => readonly Word[]): Effect =>
  (site) => {
    if (![...site.run.modules, site.path].some((name) => /mongo|motor/i.test(name))) return undefined;
    return site.run.spawn([known('mongosh'), known('--eval'), joinWords(text(toWord(site.args[0])), '')], {});
  };

const redis: Effect = (site) => {
  if (![...site.run.modules, site.path].some((name) => /redis/i.test(name))) return undefined;
  const name = site.path.slice(site.path.lastIndexOf('.') + 1);
  return site.run.spawn([known('redis-cli'), known(name.toLowerCase()), ...site.args.filter(isWord)], {});
};

/** A model of an object mapper whose rows all go: the statement that it sends. */
const allRows: Effect = (site) => {
  const match =
    /(?:^|\.)([A-Z]\w*)(?:\.objects|\.unscoped|\.query)?(?:\.all\(\)|\.all)?\.(delete_all|destroy_all|delete|truncate|deleteMany)$/.exec(
      site.path,
    );
  if (
    !match ||
    (match[2] === 'delete' && !/\.objects\.all\(\)\.delete$/.test(site.path)) ||
    site.args.length > 0
  )
    return undefined;
  return site.run.spawn(
    [known('psql'), known('-c'), known(`DELETE FROM ${(match[1] ?? '').toLowerCase()}`)],
    {},
  );
};

/** `prisma.user.deleteMany()`, `knex('users').del()`, `DB::table('users')->delete()`: a table whose rows all go. */
const tableRows: Effect = (site) => {
  const [, model, query] =
    /(?:prisma|PrismaClient\(\)|db)\.([a-z]\w*)\.deleteMany$|^((?:.*\.)?(?:knex\(\)\(\)|knex\(\)|db\(\)|DB\.table\(\)|table\(\)))\.(?:del|delete|truncate)$/.exec(
      site.path,
    ) ?? [];
  if ((model ?? query) === undefined || site.args.length > 0) return undefined;
  return site.run.spawn([known('psql'), known('-c'), known(`DELETE FROM ${model ?? 'all_rows'}`)], {});
};

/** A request of an HTTP library, as curl makes it. */
const request: Effect = (site) => {
  const named = /\.(get|post|put|patch|delete|head)$/.exec(site.path)?.[1];
  const generic = /\.request$/.test(site.path);
  const method =
    textOf(option(site, 'method')) ?? named ?? (generic ? textOf(site.args[0]) : undefined) ?? 'GET';
  const url = argument(site, generic && site.args.length > 1 ? 1 : 0, 'url');
  return url === undefined
    ? undefined
    : site.run.spawn([known('curl'), known('-X'), known(method.toUpperCase()), toWord(url)], {});
};

export const dataRows: readonly Row[] = [
  [
    '*.execute *.executemany *.executescript *.query *.raw *.unsafe *.exec *.run *.executeQuery *.executeUpdate *.$executeRawUnsafe *.$queryRawUnsafe *.$executeRaw *.exec_driver_sql *.exec_query *.do *.statement *.multi_query *.command *.async_query pg_query mysqli_query',
    sql,
  ],
  ['*.$executeRaw.template` *.sql.template` sql.template`', sql],
  ['*.drop_database', mongo((name) => [known('db.getSiblingDB("'), name, known('").dropDatabase()')])],
  ['*.dropDatabase', mongo(() => [known('db.dropDatabase()')])],
  [
    '*.drop_collection *.dropCollection',
    mongo((name) => [known('db.getCollection("'), name, known('").drop()')]),
  ],
  [
    '*.drop',
    (site) =>
      site.args.length === 0 ? mongo(() => [known('db.getCollection("x").drop()')])(site) : undefined,
  ],
  [
    '*.delete_many *.deleteMany',
    (site) =>
      site.args[0]?.kind === 'dict' && site.args[0].entries.size === 0
        ? (mongo(() => [known('db.getCollection("x").deleteMany({})')])(site) ??
          tableRows({ ...site, args: [] }))
        : (allRows(site) ?? tableRows(site)),
  ],
  ['*.flushall *.flushdb *.flushAll *.flushDb *.flush_all *.flush_db', redis],
  [
    '*.drop_all *.dropAllSchemas',
    (site) => site.run.spawn([known('psql'), known('-c'), known('DROP SCHEMA public CASCADE')], {}),
  ],
  ['*.delete_all *.destroy_all *.delete *.truncate', (site) => allRows(site) ?? tableRows(site)],
  ['*.del', tableRows],
  [
    ['requests', 'httpx', 'axios', 'got']
      .flatMap((library) =>
        ['get', 'post', 'put', 'patch', 'delete', 'head', 'request'].map((method) => `${library}.${method}`),
      )
      .concat('fetch axios got urllib.request.urlopen urllib.request.Request urllib.request.urlretrieve')
      .concat('http.get https.get URI.open Net.HTTP.get')
      .join(' '),
    request,
  ],
];
