import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appendRecord } from '../../src/host/audit-log.ts';
import { otlpLogs } from '../../src/host/ship/http.ts';
import { syslogMessage } from '../../src/host/ship/syslog.ts';
import { root } from '../golden/play.ts';
import { makeUser } from './built.ts';

let user = makeUser();
beforeEach(() => {
  user.remove();
  user = makeUser();
});
afterAll(() => user.remove());

const record = (i: number, more: object = {}) =>
  appendRecord(
    {
      level: 30,
      time: Date.now(),
      event: 'PreToolUse',
      session: 's',
      tool: 'Bash',
      input: `call ${i}`,
      verdict: 'pass',
      rules: [],
      msg: `pass ${i}`,
      ...more,
    } as never,
    user.state,
  );
const records = (count: number, from = 0) => {
  for (let i = from; i < from + count; i++) record(i);
};

/** Runs the built program beside this process, whose servers it talks to. */
function ship(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [join(root, 'dist/cli.cjs'), 'ship', ...args], {
    cwd: user.project,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: user.home,
      XDG_STATE_HOME: user.environment.XDG_STATE_HOME ?? '',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((done) => child.on('close', (status) => done({ status, stdout, stderr })));
}

type Got = { readonly headers: IncomingMessage['headers']; readonly body: string; readonly url: string };
let server: Server | undefined;
afterEach(() => void server?.close());

/** A receiver that answers as it is told and keeps what it took. */
async function receiver(
  answer: (got: Got, response: ServerResponse, count: number) => void = (_, response) => response.end('{}'),
) {
  const got: Got[] = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = {
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
        url: request.url ?? '',
      };
      got.push(one);
      answer(one, response, got.length);
    });
  });
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return { got, at: `127.0.0.1:${port}` };
}

const inputs = (bodies: readonly string[]) =>
  bodies
    .flatMap((body) => body.trim().split('\n'))
    .map((line) => JSON.parse(line))
    .filter(({ event }) => event === 'PreToolUse')
    .map(({ input }) => input);
const numbered = (count: number) => Array.from({ length: count }, (_, i) => `call ${i}`);

describe('over HTTP', () => {
  test('every line once, in order, and later only what is new', async () => {
    records(2500);
    const { got, at } = await receiver();
    expect(await ship(['--to', `http://${at}/logs`])).toMatchObject({
      status: 0,
      stdout: `http://${at}/logs: 2500 lines sent\n`,
    });
    expect(inputs(got.map(({ body }) => body))).toEqual(numbered(2500));
    expect(got.length).toBe(3);
    expect(await ship(['--to', `http://${at}/logs`])).toMatchObject({
      stdout: `http://${at}/logs: nothing new\n`,
    });
    records(1, 2500);
    expect(JSON.parse((await ship(['--to', `http://${at}/logs`, '--json'])).stdout)).toEqual({
      sent: 1,
      target: `http://${at}/logs`,
    });
    expect(inputs(got.map(({ body }) => body))).toEqual(numbered(2501));
  });

  test('the heads that go with it tell a file that was written anew', async () => {
    records(5);
    const { got, at } = await receiver();
    await ship(['--to', `http://${at}/`]);
    const kept = join(user.home, 'heads.jsonl');
    writeFileSync(
      kept,
      got
        .flatMap(({ body }) => body.split('\n'))
        .filter((line) => line.includes('LogHead'))
        .join('\n'),
    );
    expect(user.run(['log', 'verify', '--heads', kept]).status).toBe(0);
    const name = JSON.parse(readFileSync(kept, 'utf8')).file;
    for (const each of [name, name.replace('jsonl', 'head')])
      spawnSync('rm', [join(user.state, 'log', each)]);
    records(5);
    expect(user.run(['log', 'verify']).status).toBe(0);
    expect(user.run(['log', 'verify', '--heads', kept])).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('written anew'),
    });
  });

  test('a receiver that fails for a while gets everything at least once', async () => {
    records(2100);
    const taken: string[] = [];
    const { at } = await receiver((got, response, count) => {
      if (count === 2) return void response.socket?.destroy();
      if (count % 2 === 0) return void response.writeHead(503, { 'retry-after': '0' }).end('busy');
      taken.push(got.body);
      response.end();
    });
    const { status, stderr } = await ship(['--to', `http://${at}/`]);
    expect(status).toBe(0);
    expect(stderr).toContain('trying again');
    expect(new Set(inputs(taken))).toEqual(new Set(numbered(2100)));
  });

  test('one that fails for good ends it, and the next time goes on from there', async () => {
    records(2500);
    let open = false;
    const taken: string[] = [];
    const { at } = await receiver((got, response, count) => {
      if (count > 1 && !open) return void response.writeHead(401).end('who are you?');
      taken.push(got.body);
      response.end();
    });
    expect(await ship(['--to', `http://${at}/`])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('answered 401: who are you?'),
    });
    open = true;
    expect(await ship(['--to', `http://${at}/`])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('1500 lines'),
    });
    expect(inputs(taken)).toEqual(numbered(2500));
  });

  test('a killed shipper goes on after the last batch that arrived', async () => {
    records(3000);
    const { got, at } = await receiver((_, response) => void setTimeout(() => response.end(), 300));
    const child = spawn(process.execPath, [join(root, 'dist/cli.cjs'), 'ship', '--to', `http://${at}/`], {
      env: {
        PATH: process.env.PATH ?? '',
        HOME: user.home,
        XDG_STATE_HOME: user.environment.XDG_STATE_HOME ?? '',
      },
      stdio: 'ignore',
    });
    for (let i = 0; i < 100 && got.length < 2; i++) await sleep(50);
    child.kill('SIGKILL');
    await new Promise((done) => child.on('close', done));
    await ship(['--to', `http://${at}/`]);
    const all = inputs(got.map(({ body }) => body));
    expect(new Set(all)).toEqual(new Set(numbered(3000)));
    expect(all.length).toBeLessThanOrEqual(4000);
  });

  test('--follow sends what is written later', async () => {
    records(1);
    const { got, at } = await receiver();
    const child = spawn(
      process.execPath,
      [join(root, 'dist/cli.cjs'), 'ship', '--follow', '--to', `http://${at}/`],
      {
        env: {
          PATH: process.env.PATH ?? '',
          HOME: user.home,
          XDG_STATE_HOME: user.environment.XDG_STATE_HOME ?? '',
        },
        stdio: 'ignore',
      },
    );
    try {
      for (let i = 0; i < 100 && got.length < 1; i++) await sleep(50);
      records(1, 1);
      for (let i = 0; i < 100 && got.length < 2; i++) await sleep(50);
      expect(inputs(got.map(({ body }) => body))).toEqual(numbered(2));
    } finally {
      child.kill();
    }
  });

  test('credentials are sent and never shown, and no redirect is followed', async () => {
    records(1);
    const { got, at } = await receiver((_, response, count) => {
      if (count === 1) return void response.end();
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    });
    const first = await ship(['--to', `http://me:s3cret@${at}/in?token=t0ken`, '--header-from', 'AUTH'], {
      AUTH: 'X-Key: abc',
    });
    expect(got[0]?.headers).toMatchObject({
      authorization: `Basic ${Buffer.from('me:s3cret').toString('base64')}`,
      'x-key': 'abc',
    });
    expect(got[0]?.url).toBe('/in?token=t0ken');
    records(1, 1);
    const second = await ship(['--to', `http://me:s3cret@${at}/in?token=t0ken`, '--tries', '1']);
    expect(second.status).toBe(1);
    for (const { stdout, stderr } of [first, second]) expect(stdout + stderr).not.toMatch(/s3cret|t0ken/);
  });

  test('the hook does not wait for it', async () => {
    records(10);
    const { at } = await receiver(() => {});
    const shipping = spawn(process.execPath, [join(root, 'dist/cli.cjs'), 'ship', '--to', `http://${at}/`], {
      env: {
        PATH: process.env.PATH ?? '',
        HOME: user.home,
        XDG_STATE_HOME: user.environment.XDG_STATE_HOME ?? '',
      },
      stdio: 'ignore',
    });
    await sleep(500);
    expect((await user.bash('ls')).verdict).toBe('pass');
    shipping.kill('SIGKILL');
  });
});

describe('what is wrong is said', () => {
  test.each([
    [[], 'say where to'],
    [['--to', 'nowhere'], 'not a URL'],
    [['--to', 'ftp://x/'], 'none of otlp+http'],
    [['--to', 'http://127.0.0.1:1/', '--header-from', 'NONE'], 'holds no header'],
    [['--to', 'http://127.0.0.1:1/', '--tries', 'x'], '`--tries` takes a whole number'],
  ])('%j', async (args, words) => {
    expect(await ship(args)).toMatchObject({ status: 64, stderr: expect.stringContaining(words) });
  });

  test('nobody there', async () => {
    records(1);
    expect(await ship(['--to', `http://127.0.0.1:${await freePort()}/`, '--tries', '2'])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/ECONNREFUSED.*trying again[\s\S]*sent the next time/),
    });
  });
});

/** A program on PATH or in `.cache/python`; undefined where it is missing and CI does not demand it. */
function program(name: string): string | undefined {
  for (const dir of [join(root, '.cache/python/bin'), '/usr/sbin', ...(process.env.PATH ?? '').split(':')]) {
    try {
      accessSync(join(dir, name), constants.X_OK);
      return join(dir, name);
    } catch {
      // the next one
    }
  }
  return process.env.CI === 'true' ? name : undefined;
}

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => done(port));
    });
  });

async function listening(port: number): Promise<void> {
  for (let i = 0; i < 200; i++) {
    const open = await new Promise<boolean>((done) => {
      const socket = connect(port, '127.0.0.1', () => done(true));
      socket.on('error', () => done(false));
      socket.unref();
    });
    if (open) return;
    await sleep(100);
  }
  throw new Error(`nothing listens on ${port}`);
}

let child: ChildProcess | undefined;
afterEach(() => void child?.kill('SIGKILL'));

const rsyslogd = program('rsyslogd');
describe.skipIf(rsyslogd === undefined)(
  `to rsyslog${rsyslogd === undefined ? ' (skipped: apt-get install rsyslog)' : ''}`,
  () => {
    test.each(['tcp', 'udp'])(
      'over %s',
      async (way) => {
        records(way === 'tcp' ? 1500 : 40);
        const port = await freePort();
        const [file, config] = [join(user.home, 'syslog.out'), join(user.home, 'rsyslog.conf')];
        writeFileSync(
          config,
          `global(maxMessageSize="64k" workDirectory="${user.home}")
module(load="im${way}")
input(type="im${way}" port="${port}" address="127.0.0.1")
template(name="all" type="string" string="%pri% %app-name% %msgid% %msg%\\n")
action(type="omfile" file="${file}" template="all")
`,
        );
        child = spawn(rsyslogd ?? 'rsyslogd', ['-n', '-f', config, '-i', join(user.home, 'pid')], {
          stdio: 'ignore',
        });
        if (way === 'tcp') await listening(port);
        else await sleep(1500);
        expect(await ship(['--to', `syslog+${way}://127.0.0.1:${port}`])).toMatchObject({ status: 0 });
        const lines = () => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []);
        const wanted = way === 'tcp' ? 1502 : 41;
        for (let i = 0; i < 100 && lines().length < wanted; i++) await sleep(100);
        const found = lines().map((line) =>
          /^(\d+) blastguard (\w+) (\{.*\})$/.exec(line.replace(/ {2,}/g, ' ')),
        );
        expect(found.every((line) => line !== null)).toBe(true);
        const messages = found.map((line) => ({
          priority: line?.[1],
          event: line?.[2],
          entry: JSON.parse(line?.[3] ?? ''),
        }));
        expect(
          messages.filter(({ event }) => event === 'PreToolUse').map(({ entry }) => entry.input),
        ).toEqual(numbered(wanted === 41 ? 40 : 1500));
        expect(messages[0]?.priority).toBe('110');
      },
      40_000,
    );
  },
);

test('a message of syslog is as RFC 5424 has it', () => {
  expect(syslogMessage('{"level":50,"time":1700000000000,"event":"PreToolUse"}', 'my host')).toBe(
    '<108>1 2023-11-14T22:13:20.000Z my_host blastguard - PreToolUse - {"level":50,"time":1700000000000,"event":"PreToolUse"}',
  );
});

const moto = program('moto_server');
describe.skipIf(moto === undefined)(
  `to S3${moto === undefined ? ' (skipped: npm run test-tools)' : ''}`,
  () => {
    test('each batch is an object, and twice is once', async () => {
      records(300);
      const port = await freePort();
      child = spawn(moto ?? 'moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
      await listening(port);
      const keys = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
      const to = `s3://audit/team?region=us-east-1&endpoint=http://127.0.0.1:${port}`;
      const missing = await ship(['--to', to], keys);
      expect(missing).toMatchObject({ status: 1, stderr: expect.stringContaining('NoSuchBucket') });
      await fetch(`http://127.0.0.1:${port}/audit`, { method: 'PUT' });
      expect(await ship(['--to', to], keys)).toMatchObject({
        status: 0,
        stdout: 's3://audit/team: 300 lines sent\n',
      });
      spawnSync('rm', ['-r', join(user.state, 'ship')]);
      await ship(['--to', to], keys);
      const list = await (await fetch(`http://127.0.0.1:${port}/audit?list-type=2`)).text();
      const objects = [...list.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key]) => key ?? '');
      expect(objects).toEqual([expect.stringMatching(/^team\/.+\/\d{4}-\d\d-\d\d\/0{12}-\d{12}\.jsonl$/)]);
      const client = new S3Client({
        region: 'us-east-1',
        endpoint: `http://127.0.0.1:${port}`,
        forcePathStyle: true,
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      });
      const { Body } = await client.send(new GetObjectCommand({ Bucket: 'audit', Key: objects[0] ?? '' }));
      const body = (await Body?.transformToString()) ?? '';
      client.destroy();
      expect(inputs([body])).toEqual(numbered(300));
    }, 60_000);
  },
);

describe('as OpenTelemetry logs', () => {
  test('a collector gets each record with time, severity, attributes and the line itself', async () => {
    record(0, {
      level: 50,
      verdict: 'deny',
      rules: ['terraform/destroy'],
      msg: 'deny Bash terraform/destroy',
    });
    const { got, at } = await receiver();
    expect(await ship(['--to', `otlp+http://${at}`])).toMatchObject({ status: 0 });
    expect(got[0]?.url).toBe('/v1/logs');
    expect(got[0]?.headers['content-type']).toBe('application/json');
    const [logs] = JSON.parse(got[0]?.body ?? '').resourceLogs;
    expect(logs.resource.attributes[0]).toEqual({
      key: 'service.name',
      value: { stringValue: 'blastguard' },
    });
    const [first, head] = logs.scopeLogs[0].logRecords;
    expect(first).toMatchObject({
      severityNumber: 17,
      severityText: 'ERROR',
      body: { stringValue: 'deny Bash terraform/destroy' },
      timeUnixNano: expect.stringMatching(/^\d{19}$/),
    });
    const attributes = Object.fromEntries(
      first.attributes.map(({ key, value }: { key: string; value: { stringValue: string } }) => [
        key,
        value.stringValue,
      ]),
    );
    expect(attributes).toMatchObject({
      'event.name': 'blastguard.PreToolUse',
      'blastguard.verdict': 'deny',
      'blastguard.rules': 'terraform/destroy',
    });
    expect(attributes['log.record.original']).toMatch(/"seal":"[0-9a-f]{64}"\}$/);
    expect(head.body.stringValue).toBe('LogHead');
  });

  test('records that the collector refuses are not counted as sent', async () => {
    records(1);
    const { at } = await receiver((_, response) =>
      response.end('{"partialSuccess":{"rejectedLogRecords":"1"}}'),
    );
    expect(await ship(['--to', `otlp+http://${at}`])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('refused 1'),
    });
  });

  const python = join(root, '.cache/python/bin/python');
  const reads =
    spawnSync(python, ['-c', 'import opentelemetry.proto.collector.logs.v1.logs_service_pb2']).status === 0;
  test.skipIf(!reads && process.env.CI !== 'true')(
    `the protocol's own definition reads it${reads ? '' : ' (skipped: npm run test-tools)'}`,
    () => {
      const batch = {
        file: '2026-11-20.jsonl',
        host: 'h',
        lines: [
          '{"level":40,"time":1700000000000,"event":"PreToolUse","msg":"ask","rules":["a/b"]}',
          '{"torn',
        ],
        from: 0,
        end: 1,
        head: { count: 2, seal: 'x' },
      };
      const code =
        'import sys\nfrom google.protobuf import json_format\nfrom opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest as R\nr = json_format.Parse(sys.stdin.read(), R())\nl = r.resource_logs[0].scope_logs[0].log_records\nprint(len(l), l[0].time_unix_nano, l[0].severity_number)';
      const { stdout, stderr } = spawnSync(python, ['-c', code], {
        input: JSON.stringify(otlpLogs(batch)),
        encoding: 'utf8',
      });
      expect({ stdout, stderr }).toEqual({ stdout: '3 1700000000000000000 13\n', stderr: '' });
    },
  );
});
