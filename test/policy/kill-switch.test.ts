import { describe, expect, test } from 'vitest';
import type { LevelName } from '../../src/model/config.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { type ConfigSource, compileConfig } from '../../src/policy/compile-config.ts';
import { encodePolicy, openPolicy } from '../../src/policy/store.ts';

const text = encodePolicy(compilePolicy([]), 'd');
const builtIn = openPolicy(text.slice(0, text.indexOf('\n')), text.length, (at, length) =>
  text.slice(at, at + length),
);

const source = (level: LevelName, written: string, trust?: ConfigSource['trust']): ConfigSource => ({
  level,
  file: `${level}.yaml`,
  content: { text: written },
  ...(trust ? { trust } : {}),
});
const compiled = (...sources: ConfigSource[]) =>
  compileConfig(sources, builtIn, () => {
    throw new Error('no packs');
  });
const faultOf = (written: string) => compiled(source('user', written)).reports[0]?.fault;
const one = (lines: string) => `kill-switch:\n  sources:\n    - ${lines}\n`;

describe('what is written wrongly is said with its place and what to write', () => {
  test.each([
    ['redis: http://host', /^user\.yaml:3:14: `redis`: a URL is wanted, such as rediss:/],
    ['redis: redis://${HOST}', /:3:14: .*a variable may stand for the user or the password alone/],
    ['redis: [redis://a, redis://b]', /:3:14: .*cluster: true.*sentinel: MASTER/],
    ['{redis: redis://a, cluster: true, sentinel: m}', /:3:51: .*exclude each other/],
    ['name: x', /:3:7: .*one of redis, s3, http, ofrep and path/],
    ['{redis: redis://a, path: /x}', /:3:7: .*one of redis, s3, http, ofrep and path/],
    ['s3: s3://bucket/prefix', /:3:7: .*`region` is missing.*eu-west-1/],
    ['ofrep: https://flags', /:3:7: .*`flag` is missing/],
    ['{path: /x, flag: y}', /:3:24: .*`flag` says something of ofrep alone/],
    ['path: relative/x', /:3:13: .*an absolute path is wanted/],
    ['{path: /x, freshness: 5}', /:3:29: .*a duration is wanted, such as 500ms, 5s or 10m/],
    ['{path: /x, freshness: 10ms}', /:3:29: .*between 500 ms and 1h/],
    ['{path: /x, unreachable: ignore}', /:3:31: .*`ignore` is none of deny, pass/],
    ['{path: /x, freshnes: 5s}', /:3:28: unknown key `freshnes` \(did you mean `freshness`\?\)/],
    ['{http: "https://h", cert: /c.pem}', /:3:7: .*`cert` and `key` go together/],
  ])('%s', (lines, fault) => {
    expect(faultOf(one(lines))).toMatch(fault);
  });

  test('a name that cannot stand in a key', () => {
    expect(faultOf('kill-switch: {teams: [a b]}')).toMatch(/^user\.yaml:1:23: .*a name of letters/);
  });
});

test('what is said of all sources holds for each that says nothing else', () => {
  const written =
    'kill-switch:\n  freshness: 2s\n  grace: 5m\n  sources:\n    - path: /a\n    - {path: /b, grace: 0ms, unreachable: pass}\n';
  expect(compiled(source('user', written)).config.killSwitch?.sources).toEqual([
    {
      name: 'path /a',
      kind: 'path',
      dir: '/a',
      freshness: 2000,
      timeout: 1000,
      grace: 300_000,
      unreachable: 'deny',
    },
    {
      name: 'path /b',
      kind: 'path',
      dir: '/b',
      freshness: 2000,
      timeout: 1000,
      grace: 0,
      unreachable: 'pass',
    },
  ]);
});

test('every level adds sources and scopes, and none takes any away', () => {
  const of = (level: LevelName, team: string) =>
    source(
      level,
      `kill-switch: {teams: ${team}, sources: [{path: /${level}}]}`,
      level === 'project' ? 'never' : undefined,
    );
  const { config } = compiled(of('managed', 'a'), of('user', 'B'), of('project', 'c'));
  expect(config.killSwitch?.scopes).toEqual(['team:a', 'team:b', 'team:c']);
  expect(config.killSwitch?.sources.map(({ name }) => name)).toEqual([
    'path /managed',
    'path /user',
    'path /project',
  ]);
});

test.each([
  ['a variable', 'http: https://h\n      headers: {x: "${AWS_SECRET_ACCESS_KEY}"}'],
  ['a signature', 's3: s3://b/p\n      region: eu-west-1'],
  ['a certificate', 'http: https://h\n      cert: /c.pem\n      key: /k.pem'],
])('a project that nobody trusts cannot have %s sent; the report says so', (_, lines) => {
  const written = one(`${lines}\n    - path: /x`);
  const { config, reports } = compiled(source('project', written, 'never'));
  expect(config.killSwitch?.sources.map(({ name }) => name)).toEqual(['path /x']);
  expect(reports[0]?.ignored).toEqual([expect.stringMatching(/^kill-switch: (?:http h|s3 b)$/)]);
  expect(compiled(source('project', written, 'trusted')).config.killSwitch?.sources).toHaveLength(2);
});

test('a slip elsewhere in the file does not disarm the switch', () => {
  const { config, reports } = compiled(source('managed', `${one('path: /x')}on-uncertian: ask\n`));
  expect(reports[0]?.fault).toMatch(/managed\.yaml:4:15: unknown key `on-uncertian`/);
  expect(config.killSwitch?.sources.map(({ name }) => name)).toEqual(['path /x']);
});

test.each([
  ['redis: rediss://user:pass-word@redis.example.com:6380/3', 'redis redis.example.com:6380'],
  ['http: https://user:pass-word@h.example.com/secret/path?token=t', 'http h.example.com'],
  ['{s3: s3://ops/deep/prefix, region: eu-west-1}', 's3 ops'],
  ['{path: /mnt/ops, name: the share}', 'the share'],
])('%s is shown without what may be secret', (lines, name) => {
  const { config, reports } = compiled(source('user', one(lines)));
  expect(config.killSwitch?.sources[0]?.name).toBe(name);
  expect(JSON.stringify(reports)).not.toMatch(/pass-word|token|secret/);
});
