import { describe, expect, test } from 'vitest';
import { HOLE } from '../../src/policy/statements/found.ts';
import { type LanguageName, languageOf } from '../../src/policy/statements/languages.ts';
import { cpuTime } from '../cpu-time.ts';

/** The kinds that a text holds, as words; a `?` marks one that is only possible, `<` a file that it runs. */
function read(language: LanguageName, text: string): string {
  const { kinds, includes } = languageOf(language)(text);
  const names = kinds.map(({ kind, certainty }) => (certainty === 'yes' ? kind : `${kind}?`));
  return [...new Set([...names, ...includes.map((file) => `<${file}`)])].join(' ');
}

type Row = readonly [language: LanguageName, text: string, kinds: string];

const tables: Readonly<Record<string, readonly Row[]>> = {
  'text that is not a statement': [
    ['postgres', "SELECT 'DROP TABLE users'", ''],
    ['postgres', '-- DROP TABLE users', ''],
    ['postgres', 'SELECT 1 -- ;\n, 2; -- DROP TABLE users', ''],
    ['postgres', '/* DROP /* nested */ TABLE users */ SELECT 1', ''],
    ['mysql', '/* one /* two */ DROP TABLE users', 'drop'],
    ['postgres', 'SELECT "DROP TABLE x" FROM t', ''],
    ['postgres', 'SELECT $$; DROP TABLE x; $$, $a$ $$; DROP TABLE x $a$', ''],
    ['postgres', "SELECT 'it''s; DROP TABLE x'", ''],
    ['postgres', "SELECT '\\'; DROP TABLE x; --'", 'drop'],
    ['postgres', "SELECT E'\\'; DROP TABLE x; --'", ''],
    ['mysql', "SELECT '\\'; DROP TABLE x; --'", ''],
    ['mysql', 'SELECT "a; DROP TABLE x"', ''],
    ['mysql', 'SELECT 1 # ; DROP TABLE x', ''],
    ['postgres', 'SELECT a # b; DROP TABLE x', 'drop'],
    ['mysql', 'SELECT 5--1; DROP TABLE x', 'drop'],
    ['mysql', 'SELECT 5 -- 1; DROP TABLE x', ''],
    ['mysql', '/*!50001 DROP TABLE x */', 'drop'],
    ['sqlserver', 'SELECT [DROP TABLE x] FROM t', ''],
    ['postgres', 'SELECT a[1]; DROP TABLE x', 'drop'],
    ['oracle', "SELECT q'[it's; DROP TABLE x;]' FROM dual", ''],
    ['bigquery', "SELECT '''it's; DROP TABLE x'''", ''],
    ['snowflake', 'SELECT 1 // ; DROP TABLE x', ''],
    ['clickhouse', 'SELECT `DROP TABLE x` FROM t', ''],
  ],
  'statements that take nothing away': [
    ['postgres', 'CREATE TABLE a (id int); INSERT INTO a VALUES (1); SELECT * FROM a FOR UPDATE', ''],
    ['postgres', 'INSERT INTO a VALUES (1) ON CONFLICT (id) DO UPDATE SET b = 2', ''],
    ['mysql', 'INSERT INTO a VALUES (1) ON DUPLICATE KEY UPDATE b = 2', ''],
    ['postgres', 'EXPLAIN DELETE FROM users', ''],
    ['mysql', 'DROP TEMPORARY TABLE x', ''],
    ['postgres', 'ALTER TABLE u ALTER COLUMN c DROP NOT NULL', ''],
    ['postgres', 'CREATE FUNCTION f() RETURNS void AS $$ DELETE FROM x; $$ LANGUAGE sql', ''],
    ['sqlite', 'CREATE TRIGGER t AFTER DELETE ON a BEGIN DELETE FROM b; DELETE FROM c; END; SELECT 1', ''],
    ['mysql', 'DELIMITER //\nCREATE PROCEDURE p() BEGIN DELETE FROM a; DELETE FROM b; END//\nSELECT 1//', ''],
    ['postgres', 'DROP DATABASE IF EXISTS app_test', ''],
    ['mysql', 'SELECT TRUNCATE(1.5, 1)', ''],
    ['sqlserver', 'MERGE a USING b ON a.i = b.i WHEN NOT MATCHED BY SOURCE THEN DELETE;', ''],
    ['postgres', 'COPY users FROM STDIN', ''],
  ],
  'statements that take something away': [
    ['postgres', 'select 1; drop table users', 'drop'],
    ['postgres', 'DROP OWNED BY app CASCADE', 'drop'],
    ['postgres', 'DROP DATABASE app', 'drop elsewhere'],
    ['postgres', 'BEGIN; DROP TABLE x; ROLLBACK', 'drop'],
    ['postgres', 'DROP INDEX i', 'drop-object'],
    ['postgres', 'ALTER TABLE u DROP COLUMN c', 'alter-drop'],
    ['postgres', 'ALTER TABLE u DROP c', 'alter-drop'],
    ['postgres', 'ALTER TABLE u DROP CONSTRAINT c', 'drop-object'],
    ['postgres', 'TRUNCATE users, orders', 'truncate'],
    ['postgres', 'REVOKE ALL ON x FROM y', 'revoke'],
    ['postgres', 'ALTER ROLE app SUPERUSER', 'grant'],
    ['postgres', "COPY x TO PROGRAM 'sh'", 'shell'],
    ['postgres', 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity', 'shutdown'],
    ['postgres', 'EXPLAIN ANALYZE DELETE FROM users', 'delete-all'],
    ['postgres', 'EXPLAIN (ANALYZE, BUFFERS) DELETE FROM users', 'delete-all'],
    ['postgres', 'WITH x AS (SELECT 1) DELETE FROM users', 'delete-all'],
    ['postgres', 'WITH d AS (DELETE FROM u RETURNING *) SELECT * FROM d WHERE id = 1', 'delete-all'],
    ['postgres', 'WITH d AS (DELETE FROM u WHERE id = 1 RETURNING *) SELECT * FROM d', ''],
    ['mysql', 'DELETE FROM prod.users', 'delete-all elsewhere'],
    ['mysql', 'RESET MASTER', 'purge'],
    ['clickhouse', 'ALTER TABLE t DELETE WHERE 1', 'delete-all'],
    ['clickhouse', 'ALTER TABLE t DELETE WHERE id = 1', ''],
    ['cassandra', 'DROP KEYSPACE prod', 'drop elsewhere'],
    ['sqlserver', 'SELECT 1 DELETE FROM x', 'delete-all'],
    ['sqlserver', "IF OBJECT_ID('x') IS NOT NULL DROP TABLE x", 'drop'],
    ['sqlserver', 'GRANT SELECT, DELETE ON x TO y', 'grant'],
  ],
  'code that other code runs': [
    ['postgres', "DO $$ BEGIN EXECUTE 'drop table x'; END $$", 'drop'],
    ['postgres', "SELECT format('DROP TABLE %I', t) FROM x \\gexec", 'drop'],
    ['mysql', "PREPARE s FROM 'DELETE FROM x'", 'delete-all'],
    ['postgres', 'PREPARE s AS DELETE FROM x', 'delete-all'],
    ['sqlserver', "EXEC sp_executesql N'DROP TABLE x'", 'drop'],
    ['oracle', "BEGIN EXECUTE IMMEDIATE 'DROP TABLE x'; END;\n/", 'drop'],
  ],
  'lines for the client': [
    ['postgres', '\\! rm -rf /srv', 'shell'],
    ['postgres', '\\i drop.sql', '<drop.sql'],
    ['postgres', '\\c prod\nSELECT 1', 'elsewhere'],
    ['postgres', '\\c prod app db.example.com', 'elsewhere remote'],
    ['postgres', '\\d users; DROP TABLE x', ''],
    ['postgres', 'SELECT 1 \\; DROP TABLE x', 'drop'],
    ['mysql', 'source drop.sql', '<drop.sql'],
    ['mysql', 'system rm -rf /srv', 'shell'],
    ['mysql', 'USE prod; SELECT 1', 'elsewhere'],
    ['sqlite', '.read drop.sql', '<drop.sql'],
    ['sqlite', '.tables', ''],
    ['sqlserver', ':r drop.sql\nGO', '<drop.sql'],
    ['oracle', '@drop.sql', '<drop.sql'],
  ],
  'every row': [
    ['postgres', 'DELETE FROM a', 'delete-all'],
    ['postgres', 'DELETE FROM a WHERE id = 3', ''],
    ['postgres', 'DELETE FROM a WHERE true', 'delete-all'],
    ['postgres', 'DELETE FROM a WHERE (1 = 1) OR id = 3', 'delete-all'],
    ['postgres', 'DELETE FROM a WHERE 1 = 1 AND id = 3', ''],
    ['postgres', 'DELETE FROM a WHERE id = id', 'delete-all'],
    ['postgres', 'DELETE FROM a WHERE id > 0', 'delete-all'],
    ['postgres', "DELETE FROM a WHERE name LIKE '%'", 'delete-all'],
    ['postgres', "DELETE FROM a WHERE name LIKE 'x%'", ''],
    ['postgres', 'DELETE FROM a WHERE x BETWEEN 1 AND 2', ''],
    ['mysql', 'DELETE FROM a LIMIT 10', ''],
    ['postgres', 'UPDATE a SET b = 1', 'update-all'],
    ['postgres', 'UPDATE a SET b = (SELECT 1 WHERE true)', 'update-all'],
    ['postgres', 'UPDATE a SET b = 1 WHERE id IN (1, 2)', ''],
  ],
  'text with holes': [
    ['postgres', HOLE, 'unknown?'],
    ['postgres', `${HOLE} TABLE x`, 'unknown?'],
    ['postgres', `DROP TABLE ${HOLE}`, 'drop'],
    ['postgres', `DELETE FROM ${HOLE}`, 'delete-all'],
    ['postgres', `DELETE FROM users ${HOLE}`, 'delete-all?'],
    ['postgres', `SELECT * FROM t WHERE a = '${HOLE}'`, ''],
    ['mongo', HOLE, 'unknown?'],
    ['redis', `"${HOLE}"`, 'unknown?'],
  ],
  'the MongoDB shell': [
    ['mongo', 'db.dropDatabase()', 'drop'],
    ['mongo', "db['users']['drop']()", 'drop'],
    ['mongo', 'db.runCommand({ dropDatabase: 1 })', 'drop'],
    ['mongo', 'db.users.deleteMany({})', 'delete-all'],
    ['mongo', 'db.users.deleteMany({ a: 1 })', ''],
    ['mongo', 'db.users.remove()', 'delete-all'],
    ['mongo', 'db.users.updateMany({}, { $set: { a: 1 } })', 'update-all'],
    ['mongo', 'db.a.bulkWrite([{ deleteMany: { filter: {} } }])', 'delete-all'],
    ['mongo', 'db.logs.find({ text: "db.dropDatabase()" }) // db.dropDatabase()', ''],
    ['mongo', 'db.getSiblingDB("prod").dropDatabase()', 'elsewhere drop'],
    ['mongo', 'load("drop.js")', '<drop.js'],
  ],
  Redis: [
    ['redis', 'flushall', 'truncate elsewhere'],
    ['redis', 'GET a\nFLUSHDB ASYNC', 'truncate'],
    ['redis', 'SET note FLUSHALL', ''],
    ['redis', 'SET note "a\\"b" FLUSHALL', ''],
    ['redis', `DEL ${HOLE}`, ''],
    ['redis', `DEL ${HOLE}${HOLE}`, 'delete-all'],
    ['redis', `EVAL "return redis.call('flushall')" 0`, 'truncate elsewhere'],
    ['redis', 'CONFIG SET appendonly no', 'settings'],
    ['redis', 'CONFIG GET appendonly', ''],
  ],
  Cypher: [
    ['cypher', 'MATCH (n) DETACH DELETE n', 'delete-all'],
    ['cypher', 'MATCH (n:User) DETACH DELETE n', 'delete-all'],
    ['cypher', 'MATCH (n {id: 1}) DETACH DELETE n', ''],
    ['cypher', "MATCH (n) WHERE n.name = 'x' DELETE n", ''],
    ['cypher', "RETURN 'MATCH (n) DELETE n'", ''],
    ['cypher', "CALL apoc.periodic.iterate('MATCH (n) RETURN n', 'DETACH DELETE n', {})", 'delete-all'],
    ['cypher', 'DROP DATABASE neo4j', 'drop elsewhere'],
  ],
};

for (const [title, rows] of Object.entries(tables)) {
  describe(title, () => {
    test.each(rows)('%s: %s', (language, text, kinds) => {
      expect(read(language, text)).toBe(kinds);
    });
  });
}

test.each<[LanguageName, string]>([
  ['postgres', "INSERT INTO a VALUES (1, 'x');\n".repeat(8000)],
  ['postgres', `DELETE FROM a WHERE ${'('.repeat(50_000)}1${')'.repeat(50_000)}`],
  ['postgres', 'BEGIN DELETE '.repeat(20_000)],
  ['sqlserver', `DELETE FROM a WHERE id IN (${'1,'.repeat(100_000)}1)`],
  ['mysql', '/*! '.repeat(60_000)],
  ['mongo', 'db.a.drop();'.repeat(20_000)],
])('a long text of %s takes time in proportion to its length', (language, text) => {
  const started = cpuTime();
  read(language, text);
  expect(cpuTime() - started).toBeLessThan(2000);
});

test('what is nested too deep to be read is not taken for harmless', () => {
  expect(read('postgres', `DELETE FROM a WHERE ${'('.repeat(99)}id = 1${')'.repeat(99)}`)).toBe('delete-all');
  expect(read('mysql', `${'/*! '.repeat(9)}DROP TABLE x`)).toBe('unknown?');
});
