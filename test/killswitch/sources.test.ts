import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Known } from '../../src/killswitch/cache.ts';
import type { Connection } from '../../src/killswitch/connection.ts';
import { type Reader, readerOf } from '../../src/killswitch/reading.ts';
import * as redisClient from '../../src/killswitch/sources/redis.ts';
import * as s3Client from '../../src/killswitch/sources/s3.ts';
import type { Source } from '../../src/model/kill-switch.ts';
import { compileKillSwitch, killSwitchSchema } from '../../src/policy/kill-switch.ts';
import {
  certificate,
  flag,
  needing,
  type Redis,
  type Running,
  startCluster,
  startFlags,
  startHttp,
  startRedis,
  startS3,
  startSentinel,
  temporary,
} from './servers.ts';

const clients = { redis: () => redisClient, s3: () => s3Client };
const keys = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret-of-the-test' };
Object.assign(process.env, keys);

/** A source as the configuration writes it. */
function sourceOf(written: object): Source {
  const { sources } = compileKillSwitch(killSwitchSchema.parse({ timeout: '3s', sources: [written] }));
  const [source] = sources;
  if (source === undefined) throw new Error('no source');
  return source;
}

const readers: Reader[] = [];
afterAll(() => readers.forEach((reader) => void reader.close()));
function reader(written: object, env: Record<string, string> = {}): Reader {
  const opened = readerOf(sourceOf(written), env, clients);
  readers.push(opened);
  return opened;
}

const scopes = ['org', 'team:payments', 'project:shop', 'user:ann', 'host:build-7'];
const incident = {
  scope: 'team:payments',
  reason: 'incident 42',
  by: 'ann@desk',
  at: '2026-11-20T12:00:00.000Z',
};

/** Nothing is thrown, and that is known: not the same as nothing being known. */
function expectClear({ at, thrown, fault }: Known) {
  expect({ thrown, fault }).toEqual({ thrown: [], fault: undefined });
  expect(at).toBeGreaterThan(Date.now() - 60_000);
}

/** What must hold of every source that can be written. */
function holdsSwitches(written: () => object, env: Record<string, string> = {}) {
  test('throws, reads, replaces and clears a switch; others are not told of it', async () => {
    const [one, other] = [reader(written(), env), reader(written(), env)];
    expectClear(await other.read(scopes));
    await one.use((open: Connection) => open.put(incident));
    expect((await other.read(scopes)).thrown).toEqual([incident]);
    expect((await other.read(['org', 'team:shipping'])).thrown).toEqual([]);
    const longer = { ...incident, reason: 'worse', until: '2099-01-01T00:00:00.000Z' };
    await one.use((open) => open.put(longer));
    expect((await other.read(scopes)).thrown).toEqual([longer]);
    await one.use((open) => open.remove('team:payments'));
    expectClear(await other.read(scopes));
  });
}

const redis = needing(['redis-server', 'redis-cli', 'openssl'], 'Redis');
describe.skipIf(redis.skip)(redis.name, () => {
  let server: Redis;
  beforeAll(async () => {
    server = await startRedis();
    server.cli('acl', 'setuser', 'guard', 'on', '>hunter2!', '~blastguard:*', '+get');
    server.cli('acl', 'setuser', 'stranger', 'on', '>hunter3!', '~other:*', '+@all');
  });
  afterAll(() => server?.stop());

  describe('on its own', () => holdsSwitches(() => ({ redis: `redis://127.0.0.1:${server.port}` })));

  test.each([
    ['a plain text', 'bad deploy', 'bad deploy'],
    ['nothing', '', 'no reason given'],
    ['broken JSON', '{"reason": "x', '{"reason": "x'],
  ])('takes a key that holds %s for a switch', async (_, value, reason) => {
    server.cli('set', 'blastguard:stop:org', value);
    const known = await reader({ redis: `redis://127.0.0.1:${server.port}` }).read(scopes);
    server.cli('del', 'blastguard:stop:org');
    expect(known.thrown).toEqual([{ scope: 'org', reason }]);
  });

  test('a key that is no string is a fault, not a clear state', async () => {
    server.cli('hset', 'blastguard:stop:org', 'reason', 'x');
    const known = await reader({ redis: `redis://127.0.0.1:${server.port}` }).read(scopes);
    server.cli('del', 'blastguard:stop:org');
    expect(known).toMatchObject({ at: 0, fault: expect.stringContaining('WRONGTYPE') });
  });

  test('a switch with an end is gone from the server after it', async () => {
    const one = reader({ redis: `redis://127.0.0.1:${server.port}` });
    const until = new Date(Date.now() + 60_000).toISOString();
    await one.use((open) => open.put({ ...incident, until }));
    expect(Number(server.cli('ttl', 'blastguard:stop:team:payments'))).toBeGreaterThan(50);
    await one.use((open) => open.remove('team:payments'));
  });

  test('an ACL user that may only read reads, and cannot throw', async () => {
    const one = reader(
      { redis: `redis://guard:\${PASSWORD}@127.0.0.1:${server.port}` },
      { PASSWORD: 'hunter2!' },
    );
    expectClear(await one.read(scopes));
    await expect(one.use((open) => open.put(incident))).rejects.toThrow(/NOPERM/);
    expect(server.cli('exists', 'blastguard:stop:team:payments')).toBe('0');
  });

  test.each([
    ['a wrong password', 'redis://guard:wrong-one@127.0.0.1', /WRONGPASS/],
    ['a user who may not read these keys', 'redis://stranger:hunter3!@127.0.0.1', /NOPERM/],
    ['a variable that is not set', 'redis://guard:${NOT_SET}@127.0.0.1', /NOT_SET is not set/],
    ['another port', 'redis://127.0.0.1:1', /ECONNREFUSED/],
    ['TLS to a server without it', 'rediss://127.0.0.1', /./],
    ['an unknown host', 'redis://switch.invalid', /ENOTFOUND|EAI_AGAIN/],
  ])('with %s nothing is known', async (_, url, fault) => {
    const at = /:\d+$/.test(url) || url.includes('invalid') ? url : `${url}:${server.port}`;
    const known = await reader({ redis: at, timeout: '1s' }).read(scopes);
    expect(known).toMatchObject({ at: 0, thrown: [], fault: expect.stringMatching(fault) });
    expect(known.fault).not.toMatch(/wrong-one|hunter/);
  });

  test('comes back when the server does, and keeps what it knew meanwhile', async () => {
    const own = await startRedis();
    const one = reader({ redis: `redis://127.0.0.1:${own.port}` });
    own.cli('set', 'blastguard:stop:org', 'x');
    const before = await one.read(scopes);
    await own.stop();
    const down = await one.read(scopes, before);
    expect(down).toMatchObject({ at: before.at, thrown: [{ scope: 'org' }], fault: expect.any(String) });
    const again = await startRedis([], own.port);
    expectClear(await one.read(scopes, down));
    await again.stop();
  });

  test('over TLS: with its certificate it is read, without it is not', async () => {
    const { cert, key } = certificate();
    const files = [
      '--tls-cert-file',
      cert,
      '--tls-key-file',
      key,
      '--tls-ca-cert-file',
      cert,
      '--tls-auth-clients',
      'no',
    ];
    const secure = await startRedis(['--tls-port', ...files]);
    const url = `rediss://127.0.0.1:${secure.port}`;
    expectClear(await reader({ redis: url, ca: cert }).read(scopes));
    const known = await reader({ redis: url }).read(scopes);
    expect(known).toMatchObject({ at: 0, fault: expect.stringMatching(/self.signed/i) });
    await secure.stop();
  });

  describe('behind a sentinel', () => {
    let sentinel: Running;
    beforeAll(async () => {
      sentinel = await startSentinel(server.port);
    });
    afterAll(() => sentinel?.stop());
    holdsSwitches(() => ({ redis: [`redis://127.0.0.1:${sentinel.port}`], sentinel: 'kill' }));
    test('that knows no such master, nothing is known', async () => {
      const known = await reader({ redis: [`redis://127.0.0.1:${sentinel.port}`], sentinel: 'other' }).read(
        scopes,
      );
      expect(known).toMatchObject({ at: 0, fault: expect.any(String) });
    });
  });

  describe('as a cluster', () => {
    let cluster: Redis;
    beforeAll(async () => {
      cluster = await startCluster();
    }, 60_000);
    afterAll(() => cluster?.stop());
    holdsSwitches(() => ({ redis: [`redis://127.0.0.1:${cluster.port}`], cluster: true }));
  });
});

const s3 = needing(['moto_server'], 'S3');
describe.skipIf(s3.skip)(s3.name, () => {
  let server: Running;
  const written = (more: object = {}) => ({
    s3: 's3://ops/blastguard',
    endpoint: `http://127.0.0.1:${server.port}`,
    region: 'eu-west-1',
    timeout: '5s',
    ...more,
  });
  beforeAll(async () => {
    server = await startS3();
    const client = new S3Client({
      region: 'eu-west-1',
      endpoint: `http://127.0.0.1:${server.port}`,
      forcePathStyle: true,
    });
    const place = { LocationConstraint: 'eu-west-1' } as const;
    await client.send(new CreateBucketCommand({ Bucket: 'ops', CreateBucketConfiguration: place }));
    const policy = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::closed/*' }],
    };
    await client.send(new CreateBucketCommand({ Bucket: 'closed', CreateBucketConfiguration: place }));
    await client.send(new PutBucketPolicyCommand({ Bucket: 'closed', Policy: JSON.stringify(policy) }));
  }, 60_000);
  afterAll(() => server?.stop());

  describe('as an object', () => holdsSwitches(() => written()));

  test.each([
    ['a bucket that is not there', { s3: 's3://none/x' }, /no bucket `none`/],
    ['an endpoint that is not there', { endpoint: 'http://127.0.0.1:1' }, /ECONNREFUSED/],
  ])('with %s nothing is known', async (_, more, fault) => {
    expect(await reader(written(more)).read(scopes)).toMatchObject({
      at: 0,
      fault: expect.stringMatching(fault),
    });
  });

  test('an endpoint that denies access is no clear state, and says what is wanted', async () => {
    const denying = await startHttp((_, response) => {
      response.writeHead(403, { 'content-type': 'application/xml' });
      response.end('<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>no</Message></Error>');
    });
    const known = await reader(written({ endpoint: `http://127.0.0.1:${denying.port}` })).read(scopes);
    expect(known).toMatchObject({ at: 0, fault: expect.stringContaining('s3:ListBucket') });
    await denying.stop();
  });

  test.each([
    ['404 without a word', 404, ''],
    ['200 from something else', 302, '<html>'],
    ['a 500', 500, 'oops'],
  ])('%s is no clear state', async (_, status, body) => {
    const odd = await startHttp((_request, response) => void response.writeHead(status).end(body));
    const known = await reader(written({ endpoint: `http://127.0.0.1:${odd.port}` })).read(scopes);
    expect(known).toMatchObject({ at: 0, thrown: [], fault: expect.any(String) });
    await odd.stop();
  });

  test('variables do not say where the bucket lies', async () => {
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1',
    });
    const known = await reader(written()).read(scopes);
    delete process.env.AWS_ENDPOINT_URL;
    delete process.env.AWS_ENDPOINT_URL_S3;
    expectClear(known);
  });
});

describe('a feature flag', () => {
  const start = async (definition: string, more: object = {}) => {
    const server = await startFlags(definition);
    return {
      server,
      one: reader({ ofrep: `http://127.0.0.1:${server.port}`, flag: 'blastguard-stop', ...more }),
    };
  };

  test('halts when it is on, and is told who asks', async () => {
    const { server, one } = await start(flag(false));
    expectClear(await one.read(scopes));
    server.set(flag(true));
    expect((await one.read(scopes)).thrown).toEqual([
      { scope: 'org', reason: 'the feature flag `blastguard-stop` is on' },
    ]);
    expect(server.contexts[0]).toEqual({
      targetingKey: 'ann@build-7',
      team: 'payments',
      project: 'shop',
      user: 'ann',
      host: 'build-7',
    });
    await server.stop();
  });

  test('may be on for a team alone', async () => {
    const { server, one } = await start(
      flag(false, { if: [{ '==': [{ var: 'team' }, 'payments'] }, 'on', 'off'] }),
    );
    expect((await one.read(scopes)).thrown).toHaveLength(1);
    expect((await one.read(['org', 'team:shipping'])).thrown).toEqual([]);
    await server.stop();
  });

  test('that the service does not know is no clear state', async () => {
    const { server, one } = await start(flag(false), { flag: 'blastguard-stpo' });
    expect(await one.read(scopes)).toMatchObject({ at: 0, fault: expect.stringContaining('knows no flag') });
    await server.stop();
  });

  test('cannot be thrown here, and says where', async () => {
    const { server, one } = await start(flag(false));
    await expect(one.use((open) => open.put(incident))).rejects.toThrow(
      /in its own service: `blastguard-stop`/,
    );
    await server.stop();
  });

  test.each([
    ['a text', { value: 'false' }, /neither true nor false/],
    ['no value', { reason: 'DISABLED' }, /neither true nor false/],
    ['a stale value', { value: false, reason: 'STALE' }, /STALE/],
    ['another flag', { key: 'other', value: false }, /another flag/],
  ])('that is answered with %s is no clear state', async (_, body, fault) => {
    const odd = await startHttp((_request, response) => void response.end(JSON.stringify(body)));
    const known = await reader({ ofrep: `http://127.0.0.1:${odd.port}`, flag: 'blastguard-stop' }).read(
      scopes,
    );
    expect(known).toMatchObject({ at: 0, fault: expect.stringMatching(fault) });
    await odd.stop();
  });
});

describe('a shared directory', () => {
  const dir = temporary();
  describe('that is there', () => holdsSwitches(() => ({ path: dir })));

  test.each<[string, (file: string) => void]>([
    ['an empty file', (file) => writeFileSync(file, '')],
    ['a directory', (file) => mkdirSync(file)],
    ['a dangling link', (file) => symlinkSync('/no/such', file)],
  ])('%s in the place of a switch is one', async (_, make) => {
    make(join(dir, 'org'));
    expect((await reader({ path: dir }).read(scopes)).thrown).toMatchObject([{ scope: 'org' }]);
    rmSync(join(dir, 'org'), { recursive: true, force: true });
  });

  test('that is not mounted is no clear state', async () => {
    const known = await reader({ path: join(dir, 'not-mounted') }).read(scopes);
    expect(known).toMatchObject({ at: 0, fault: expect.stringContaining('mounted') });
  });
});
