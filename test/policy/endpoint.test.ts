import { describe, expect, test } from 'vitest';
import type { Command } from '../../src/model/command.ts';
import type { Facts } from '../../src/model/facts.ts';
import type { Tool } from '../../src/model/rule.ts';
import { known, type Word } from '../../src/model/word.ts';
import { isLocalHost, readAddress, readHosts } from '../../src/policy/addresses.ts';
import { readArguments } from '../../src/policy/match.ts';
import { database, endpoint } from '../../src/policy/predicates/endpoint.ts';
import type { Predicate } from '../../src/policy/predicates/predicate.ts';

const client: Tool = {
  name: 'psql',
  style: 'gnu',
  values: ['-h', '-d', '-c'],
  switches: [],
  commandOptions: [],
  abbreviates: false,
  argumentVariables: [],
  reads: [],
  code: { language: 'postgres', options: ['-c'], files: [], joined: false, input: 'alone' },
  endpoints: { hosts: ['-h'], databases: ['-d'], variables: ['PGHOST', 'DATABASE_URL'], operands: 1 },
  rules: [],
};

const factsWith = (environment: Facts['environment']): Facts => ({
  cwd: '/work/app',
  projectDir: '/work/app',
  home: '/home/me',
  temporaryDirs: ['/tmp'],
  environment,
  ignoresCase: false,
  guard: { settings: [], program: [], state: [], switchName: '.claude-stop' },
  realPath: (path) => path,
  readText: () => undefined,
  isDirectory: () => false,
  list: () => [],
});

const hole: Word = { kind: 'unknown', pieces: [null], many: false, options: false, why: '$X' };

type Given = {
  readonly args: readonly (string | Word)[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly inherited?: Readonly<Record<string, string>>;
  readonly via?: readonly string[];
};

function ask(predicate: Predicate<never>, given: Given) {
  const facts = factsWith(given.inherited ?? {});
  const command: Command = {
    words: [known('psql'), ...given.args.map((arg) => (typeof arg === 'string' ? known(arg) : arg))],
    environment: new Map(
      Object.entries(given.environment ?? {}).map(([name, value]) => [name, known(value)]),
    ),
    redirections: [],
    cwd: '/work/app',
    span: { start: 0, end: 0 },
    via: given.via ?? [],
  };
  const args = readArguments(client, command, facts);
  return predicate(undefined as never, { tool: client, command, args, operands: args.words }, facts);
}

const isLocal = (given: Given) => ask(endpoint as Predicate<never>, given);
const isTest = (given: Given) => ask(database as Predicate<never>, given);

describe('hosts that are this machine', () => {
  test.each([
    'localhost',
    'LOCALHOST',
    'api.localhost',
    '127.0.0.1',
    '127.8.9.10',
    '127.1',
    '0x7f000001',
    '::1',
    '[::1]',
    '0:0:0:0:0:0:0:1',
    '/var/run/postgresql',
    'host.docker.internal',
    '.',
    '(local)',
  ])('%s', (host) => expect(isLocalHost(host)).toBe(true));
});

describe('hosts that are not, or may not be', () => {
  test.each([
    'db.example.com',
    'localhost.evil.com',
    'notlocalhost',
    '127.0.0.1.nip.io',
    '128.0.0.1',
    'localhost@evil.com',
    '::2',
    '10.0.0.1',
    'localhost\uFFFC',
    '\uFFFC',
    'local host',
  ])('%s', (host) => expect(isLocalHost(host)).toBe(false));
});

describe('what an address says', () => {
  test.each([
    ['postgres://app:secret@localhost:5432/app', ['localhost'], 'app'],
    ['postgres://localhost@db.example.com/app', ['db.example.com'], 'app'],
    ['postgres://a@localhost:1@db.example.com/app', ['db.example.com'], 'app'],
    ['postgres://localhost/app?host=db.example.com', ['localhost', 'db.example.com'], 'app'],
    ['postgresql://%2Fvar%2Frun/app', ['/var/run'], 'app'],
    ['postgres:///app', [], 'app'],
    ['mongodb://a.example.com:1,localhost:2/app', ['a.example.com', 'localhost'], 'app'],
    ['mongodb+srv://cluster.example.com/app?retryWrites=true', ['cluster.example.com'], 'app'],
    ['jdbc:postgresql://localhost:5432/app', ['localhost'], 'app'],
    ['jdbc:sqlserver://db.example.com:1433;databaseName=app', ['db.example.com'], 'app'],
    ['mysql+pymysql://u:p@127.0.0.1/app', ['127.0.0.1'], 'app'],
    ['redis://[::1]:6379/0', ['::1'], '0'],
    ['root:pw@tcp(localhost:3306)/app?parseTime=true', ['localhost'], 'app'],
    ['root@unix(/tmp/mysql.sock)/app', ['/tmp/mysql.sock'], 'app'],
    ['host=db.example.com dbname=app', ['db.example.com'], 'app'],
    ["host = 'localhost' dbname = app", ['localhost'], 'app'],
    ['service=prod dbname=app', ['prod?'], 'app'],
    ['sqlite:app.db', ['localhost'], 'app.db'],
    ['sqlite:///app.db', ['localhost'], '/app.db'],
    ['file:./dev.db', ['localhost'], './dev.db'],
    ['sqlite::memory:', ['localhost'], ':memory:'],
    ['localhost:27017/app', ['localhost'], 'app'],
    ['app', [], 'app'],
  ])('%s', (text, hosts, name) => expect(readAddress(text)).toEqual({ hosts, database: name }));

  test.each([
    ['localhost:5432', ['localhost']],
    ['localhost,db.example.com', ['localhost', 'db.example.com']],
    ['tcp:localhost,1433', ['localhost']],
    ['db\\SQLEXPRESS', ['db']],
    ['http://localhost:8086', ['localhost']],
    ['[::1]:5432', ['::1']],
    ['', []],
  ])('the host %s', (text, hosts) => expect(readHosts(text)).toEqual(hosts));
});

describe('endpoint: local', () => {
  test.each<[string, Given, 'yes' | 'no']>([
    ['a host option', { args: ['-h', 'localhost', 'app'] }, 'yes'],
    ['a URL', { args: ['postgres://app@localhost/app'] }, 'yes'],
    ['a variable of the line', { args: ['app'], environment: { PGHOST: '127.0.0.1' } }, 'yes'],
    ['a variable of the hook', { args: ['app'], inherited: { PGHOST: '127.0.0.1' } }, 'yes'],
    [
      'the line before the hook',
      { args: [], environment: { PGHOST: 'db' }, inherited: { PGHOST: 'localhost' } },
      'no',
    ],
    ['an option before a variable', { args: ['-h', 'localhost'], inherited: { PGHOST: 'db' } }, 'yes'],
    ['nothing named', { args: ['app'] }, 'no'],
    ['one of two hosts', { args: ['-h', 'localhost,db', 'app'] }, 'no'],
    ['two options', { args: ['-h', 'localhost', '-d', 'postgres://db/app'] }, 'no'],
    ['a host that cannot be known', { args: ['-h', hole] }, 'no'],
    ['production by name', { args: ['-h', 'localhost', 'app_production'] }, 'no'],
    ['over ssh', { args: ['-h', 'localhost', 'app'], via: ['ssh db1'] }, 'no'],
    ['in a container', { args: ['-h', 'localhost', 'app'], via: ['docker compose exec'] }, 'no'],
    ['by sudo', { args: ['-h', 'localhost', 'app'], via: ['sudo'] }, 'yes'],
    ['code that connects elsewhere', { args: ['-h', 'localhost', '-c', '\\c app me db.example.com'] }, 'no'],
  ])('%s', (_, given, answer) => expect(isLocal(given)).toBe(answer));
});

describe('database: test', () => {
  test.each<[string, Given, 'yes' | 'no']>([
    ['test', { args: ['test'] }, 'yes'],
    ['app_test', { args: ['-d', 'app_test'] }, 'yes'],
    ['app-test-3', { args: ['app-test-3'] }, 'yes'],
    ['test_app', { args: ['test_app'] }, 'yes'],
    ['scratch', { args: ['-d', 'scratch'] }, 'yes'],
    [':memory:', { args: [':memory:'] }, 'yes'],
    ['test.db', { args: ['data/test.db'] }, 'yes'],
    ['/tmp/x.db', { args: ['/tmp/x.db'] }, 'yes'],
    ['/tmp/../srv/x.db', { args: ['/tmp/../srv/x.db'] }, 'no'],
    ['a URL', { args: ['postgres://db/app_test'] }, 'yes'],
    ['a variable', { args: [], environment: { DATABASE_URL: 'postgres://db/app_test' } }, 'yes'],
    ['latest', { args: ['latest'] }, 'no'],
    ['contest', { args: ['contest'] }, 'no'],
    ['test_prod', { args: ['test_prod'] }, 'no'],
    ['none named', { args: [] }, 'no'],
    ['one that cannot be known', { args: [hole] }, 'no'],
    ['two', { args: ['app_test', '-d', 'app'] }, 'no'],
    ['code that drops another', { args: ['app_test', '-c', 'DROP DATABASE app'] }, 'no'],
    ['code that goes to another', { args: ['app_test', '-c', '\\c app'] }, 'no'],
  ])('%s', (_, given, answer) => expect(isTest(given)).toBe(answer));
});
