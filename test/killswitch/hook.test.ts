import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:net';
import { hostname, userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeUser } from '../cli/built.ts';
import { launched, payloadFor, play } from '../golden/play.ts';
import { flag, type Running, startFlags, startHttp, startTcp, temporary } from './servers.ts';

/** The built hook with sources that fail in every way: never a silent pass, and never a thrown switch that is missed. */

let here = makeUser();
const running: Running[] = [];
const after: (() => void)[] = [];
beforeEach(() => {
  here = makeUser();
});
afterEach(async () => {
  here.remove(); // its refresher ends when it finds its lock gone
  for (const server of running.splice(0)) await server.stop();
});
afterAll(() => after.forEach((work) => void work()));

const clear = JSON.stringify({ switches: [] });
const thrown = JSON.stringify({
  switches: [{ scope: 'org', reason: 'incident 42', by: 'ann@desk', at: '2026-11-20T12:00:00.000Z' }],
});

/** A server whose answer can be changed, and counts what it is asked. */
async function serve(first: RequestListener) {
  const state = { answer: first, asked: [] as string[] };
  const server = await startHttp((request, response) => {
    state.asked.push(request.url ?? '');
    state.answer(request, response);
  });
  running.push(server);
  return Object.assign(state, { url: `http://127.0.0.1:${server.port}/switch`, stop: server.stop });
}
const says =
  (body: string, status = 200, headers = {}): RequestListener =>
  (_, response) =>
    void response.writeHead(status, headers).end(body);

function configure(source: object, more: object = {}) {
  here.write(here.userFile, JSON.stringify({ 'kill-switch': { ...more, sources: [source] } }));
}

describe('a switch that is thrown', () => {
  test('denies every call and stops the session, with who, why and how to go on', async () => {
    const server = await serve(says(thrown));
    configure({ http: server.url });
    const { verdict, reason, stops } = await here.bash('ls');
    expect({ verdict, stops }).toEqual({ verdict: 'deny', stops: true });
    expect(reason).toContain('KILL SWITCH ACTIVE for org: incident 42, thrown by ann@desk');
    expect(reason).toContain('blastguard resume --scope org');
    expect((await here.call('Read', { file_path: '/etc/hostname' })).verdict).toBe('deny');
    expect(here.records().at(-1)).toMatchObject({ halted: true, verdict: 'deny' });
  });

  test('blocks a prompt', async () => {
    const server = await serve(says(thrown));
    configure({ http: server.url });
    const prompt = payloadFor(here, '', {}).replace('PreToolUse', 'UserPromptSubmit');
    const { stdout } = await play(launched, { environment: here.environment, input: prompt });
    expect(JSON.parse(stdout)).toMatchObject({ decision: 'block', continue: false });
  });

  test('that cannot be read lets a prompt pass, and denies what it leads to', async () => {
    configure({ http: 'http://127.0.0.1:1' });
    const prompt = payloadFor(here, '', {}).replace('PreToolUse', 'UserPromptSubmit');
    const { status, stdout } = await play(launched, { environment: here.environment, input: prompt });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect((await here.bash('ls')).verdict).toBe('deny');
  });

  test('is seen within the freshness, whatever was known before, and so is that it was cleared', async () => {
    const server = await serve(says(clear));
    configure({ http: server.url, freshness: '1s' });
    expect((await here.bash('ls')).verdict).toBe('pass');
    server.answer = says(thrown);
    await sleep(1000);
    expect((await here.bash('ls')).verdict).toBe('deny');
    server.answer = says(clear);
    await sleep(1000);
    expect((await here.bash('ls')).verdict).toBe('pass');
  });

  test('halts those alone whom it is thrown for', async () => {
    const answer = (scope: string) => says(JSON.stringify({ switches: [{ scope, reason: 'x' }] }));
    const server = await serve(answer('team:shipping'));
    configure({ http: server.url, freshness: '500ms' }, { teams: ['Payments'], environments: 'staging' });
    expect((await here.bash('ls')).verdict).toBe('pass');
    const name = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9._@-]/g, '-');
    const mine = ['team:payments', 'environment:staging', `project:${basename(here.project)}`];
    for (const scope of [...mine, `user:${name(userInfo().username)}`, `host:${name(hostname())}`]) {
      server.answer = answer(scope);
      await sleep(600);
      expect({ scope, verdict: (await here.bash('ls')).verdict }).toEqual({ scope, verdict: 'deny' });
    }
  });

  test('halts until its end has come', async () => {
    const until = new Date(Date.now() + 1500).toISOString();
    const server = await serve(says(JSON.stringify({ thrown: true, reason: 'x', until })));
    configure({ http: server.url });
    expect((await here.bash('ls')).verdict).toBe('deny');
    await sleep(1600);
    expect((await here.bash('ls')).verdict).toBe('pass');
  });

  test('halts when only one of several sources says so, and does not wait for one that hangs', async () => {
    const hanging = await serve(() => {});
    const server = await serve(says(thrown));
    const sources = [{ http: hanging.url, unreachable: 'pass', timeout: '8s' }, { http: server.url }];
    here.write(here.userFile, JSON.stringify({ 'kill-switch': { sources } }));
    const started = Date.now();
    expect((await here.bash('ls')).stops).toBe(true);
    expect(Date.now() - started).toBeLessThan(5000);
  });

  test('halts still when the source is gone for longer than any grace', async () => {
    const server = await serve(says(thrown));
    configure({ http: server.url, freshness: '500ms', grace: '0ms', unreachable: 'pass' });
    expect((await here.bash('ls')).stops).toBe(true);
    await server.stop();
    await sleep(1200);
    expect((await here.bash('ls')).stops).toBe(true);
  });

  test('by a feature flag halts', async () => {
    const flags = await startFlags(flag(true));
    running.push(flags);
    configure({ ofrep: `http://127.0.0.1:${flags.port}`, flag: 'blastguard-stop' });
    expect((await here.bash('ls')).reason).toContain('blastguard-stop');
  });
});

const big = `{"switches":[]${' '.repeat(600_000)}}`;
const faults: readonly (readonly [string, RequestListener])[] = [
  ['never answers', () => {}],
  ['sends headers and no body', (_, response) => void response.writeHead(200).flushHeaders()],
  [
    'drips its answer',
    (_, response) => {
      response.writeHead(200, { 'content-length': clear.length });
      let at = 0;
      const timer = setInterval(() => response.write(clear[at++] ?? ' '), 300);
      response.on('close', () => clearInterval(timer));
    },
  ],
  [
    'cuts its answer short',
    (_, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write(clear, () => response.destroy());
    },
  ],
  ['resets the connection', (request) => void request.socket.resetAndDestroy()],
  ['closes the connection', (request) => void request.socket.destroy()],
  [
    'redirects to one that says all is clear',
    (request, response) => {
      if (request.url?.startsWith('/clear')) return void response.end(clear);
      response.writeHead(302, { location: '/clear' }).end(clear);
    },
  ],
  ['answers 500', says(clear, 500)],
  ['answers 404', says(clear, 404)],
  ['answers 401', says(clear, 401)],
  ['answers 204', (_, response) => void response.writeHead(204).end()],
  ['answers 304', (_, response) => void response.writeHead(304).end()],
  ['answers with a page', says('<html>welcome to the hotel wifi</html>')],
  ['answers with nothing', says('')],
  ['answers with garbage', says('\u0000\u0001\ufffd')],
  ['answers null', says('null')],
  ['answers []', says('[]')],
  ['answers {}', says('{}')],
  ['answers "thrown": "false"', says('{"thrown":"false"}')],
  ['answers with both forms', says('{"thrown":false,"switches":[]}')],
  ['answers with switches that are no list', says('{"switches":{}}')],
  ['answers with a switch without a scope', says('{"switches":[{"reason":"x"}]}')],
  ['answers with a scope that is none', says('{"switches":[{"scope":"everyone"}]}')],
  ['answers with half a JSON', says('{"switches":[')],
  ['answers with 600 KB', says(big)],
  ['answers what a cache has kept for an hour', says(clear, 200, { age: '3600' })],
  ['answers with an age that is none', says(clear, 200, { age: 'old' })],
  ['answers compressed, unasked', says('\u001f\u008b\b', 200, { 'content-encoding': 'gzip' })],
];

describe('a server that', () => {
  test.each(faults)('%s: the call is denied, and it is said why', async (_, answer) => {
    const server = await serve(answer);
    configure({ http: server.url, timeout: '700ms' });
    const { verdict, reason, stops } = await here.bash('ls');
    expect({ verdict, stops }).toEqual({ verdict: 'deny', stops: false });
    expect(reason).toMatch(
      /KILL SWITCH UNKNOWN: http 127\.0\.0\.1:\d+ cannot be read \(.+\); its state was never known/,
    );
    expect(reason).toContain('`unreachable: deny`');
    expect(here.records().at(-1)).toMatchObject({ verdict: 'deny' });
  });

  test('speaks no HTTP: the call is denied', async () => {
    const server = await startTcp(createServer((socket) => void socket.end('SSH-2.0-OpenSSH_9.9\r\n')));
    running.push(server);
    configure({ http: `http://127.0.0.1:${server.port}` });
    expect((await here.bash('ls')).reason).toContain('KILL SWITCH UNKNOWN');
  });

  test('is no Redis: the call is denied', async () => {
    const server = await startTcp(
      createServer((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );
    running.push(server);
    configure({ redis: `redis://127.0.0.1:${server.port}`, timeout: '2s' });
    expect((await here.bash('ls')).reason).toContain('KILL SWITCH UNKNOWN');
  });

  test('is gone, and what was known is within its grace: calls pass on that, recorded; after it they are denied', async () => {
    const server = await serve(says(clear));
    configure({ http: server.url, freshness: '500ms', grace: '3s' });
    expect((await here.bash('ls')).verdict).toBe('pass');
    server.answer = says('no', 503);
    await sleep(1000);
    expect((await here.bash('ls')).verdict).toBe('pass');
    expect(here.records().at(-1)).toMatchObject({
      verdict: 'pass',
      unread: [expect.stringMatching(/cannot be read \(status 503\); its state is/)],
    });
    await sleep(3000);
    const { verdict, reason } = await here.bash('ls');
    expect(verdict).toBe('deny');
    expect(reason).toMatch(/its state is \d+ s old, and it may be 3 s old at most \(`grace`\)/);
    server.answer = says(clear);
    expect((await here.bash('ls')).verdict).toBe('pass');
  });

  test('is gone, with `unreachable: pass`: calls pass, and each is recorded with that', async () => {
    configure({ http: 'http://127.0.0.1:1', unreachable: 'pass', grace: '0ms' });
    expect((await here.bash('ls')).verdict).toBe('pass');
    expect(here.records().at(-1)).toMatchObject({ unread: [expect.stringContaining('was never known')] });
    expect((await here.bash('terraform destroy')).verdict).toBe('deny');
  });
});

describe('the state that is kept', () => {
  const dir = () => join(here.state, 'switch');
  const cache = () => join(dir(), readdirSync(dir()).find((name) => name.endsWith('.json')) ?? '');

  test('is readable by its owner alone', async () => {
    const server = await serve(says(clear));
    configure({ http: server.url });
    await here.bash('ls');
    expect(statSync(cache()).mode & 0o077).toBe(0);
    expect(statSync(dir()).mode & 0o077).toBe(0);
  });

  test('serves a stream of calls: one process asks, and none of them waits', async () => {
    const server = await serve(says(clear));
    configure({ http: server.url, freshness: '2s' });
    await Promise.all(Array.from({ length: 8 }, () => here.bash('ls')));
    const started = Date.now();
    for (let i = 0; i < 10; i += 1) expect((await here.bash('ls')).verdict).toBe('pass');
    const seconds = (Date.now() - started) / 1000;
    expect(server.asked.length).toBeLessThan(8 + seconds * 2);
  });

  test.each([
    ['empty', ''],
    ['no JSON', '{'],
    ['of another kind', '[]'],
    ['about no source', '{"format":1,"sources":[]}'],
    [
      'from the future',
      JSON.stringify({ format: 1, sources: [{ at: Date.now() + 1e9, thrown: [], tried: 0, latency: 0 }] }),
    ],
    ['old', JSON.stringify({ format: 1, sources: [{ at: 1, thrown: [], tried: 1, latency: 0 }] })],
  ])('and is %s: the source is asked', async (_, text) => {
    const server = await serve(says(clear));
    configure({ http: server.url, freshness: '30s' });
    expect((await here.bash('ls')).verdict).toBe('pass');
    await sleep(300); // a reading that is under way would put the file right
    server.answer = says(thrown);
    writeFileSync(cache(), text);
    expect((await here.bash('ls')).verdict).toBe('deny');
  });

  test('cannot be edited by the agent, nor what it is made of, nor a shared directory', async () => {
    const shared = temporary();
    mkdirSync(join(shared, 'team'));
    configure({ path: shared });
    expect((await here.bash('ls')).verdict).toBe('pass');
    const file = cache();
    const link = join(here.project, 'link');
    for (const command of [
      `echo '{}' > ${file}`,
      `cp /tmp/x ${file}`,
      `rm -rf ${dirname(file)}`,
      `cd ${here.state} && tee switch/x.json < /dev/null`,
      `mv ${dirname(file)} /tmp/elsewhere`,
      `ln -s ${here.state} ${link}; echo x > ${link}/switch/${basename(file)}`,
      `python3 -c "open('${file}','w').write('{}')"`,
      `sed -i s/thrown/x/ ${file}`,
      `rm ${shared}/org`,
      `echo x > ${shared}/team/payments`,
      'blastguard resume --scope org',
      `BLASTGUARD_STATE_DIR=/tmp/mine claude -p hello`,
      `XDG_CONFIG_HOME=/tmp/mine claude -p hello`,
      `export XDG_STATE_HOME=/tmp/mine; claude`,
      `env HOME=/tmp/mine claude -p hello`,
      `echo '{}' > /tmp/mine/blastguard/switch/${basename(file)}`,
      'redis-cli -h redis.example.com del blastguard:stop:org',
      'aws s3 rm s3://ops/blastguard/org',
      'aws s3api delete-object --bucket ops --key blastguard/team/payments',
    ])
      expect({ command, verdict: (await here.bash(command)).verdict }).toEqual({ command, verdict: 'deny' });
    for (const path of [file, join(shared, 'org')])
      expect((await here.call('Write', { file_path: path, content: '{}' })).verdict).toBe('deny');
    for (const command of [
      'blastguard stop --scope org -r x',
      `cat ${file}`,
      'redis-cli get blastguard:stop:org',
    ])
      expect({ command, verdict: (await here.bash(command)).verdict }).toEqual({ command, verdict: 'pass' });
  });
});

describe('secrets', () => {
  test('of a source are in nothing that is printed, answered, recorded or kept beside the configuration', async () => {
    const server = await serve(says('no', 403));
    const port = new URL(server.url).port;
    const secrets = ['hunter2-word', 't0ken-in-query', 'bearer-0123456789', 'path-that-is-secret'];
    const http = `http://someone:hunter2-word@127.0.0.1:${port}/path-that-is-secret?key=t0ken-in-query`;
    here.write(
      here.userFile,
      JSON.stringify({
        'kill-switch': {
          sources: [
            { http, headers: { authorization: 'Bearer bearer-0123456789' } },
            { redis: 'redis://someone:hunter2-word@127.0.0.1:1/0' },
            { redis: ['redis://127.0.0.1:1'], sentinel: { master: 'm', password: 'bearer-0123456789' } },
          ],
        },
      }),
    );
    const answers = [await here.bash('ls'), await here.bash('terraform destroy')];
    const shown = [
      ...answers.map((answer) => JSON.stringify(answer)),
      ...[
        ['status'],
        ['status', '--json'],
        ['compile'],
        ['stop', '--scope', 'org'],
        ['resume', '--scope', 'org', '--yes'],
      ].map((args) => JSON.stringify(here.run(args))),
      ...readdirSync(join(here.state, 'log')).map((name) =>
        readFileSync(join(here.state, 'log', name), 'utf8'),
      ),
      ...readdirSync(join(here.state, 'switch')).map((name) =>
        readFileSync(join(here.state, 'switch', name), 'utf8'),
      ),
    ];
    expect(answers[0]?.verdict).toBe('deny');
    for (const text of shown) for (const secret of secrets) expect(text).not.toContain(secret);
  });

  test.each([
    ['a URL that is none', { redis: 'redis//someone:hunter2-word@host' }],
    ['the wrong kind of URL', { http: 'redis://someone:hunter2-word@host' }],
    ['an unknown key', { redis: 'redis://someone:hunter2-word@host', pasword: 'x' }],
    ['two kinds', { redis: 'redis://someone:hunter2-word@host', s3: 's3://b/p' }],
    ['a variable in the host', { redis: 'redis://someone:hunter2-word@${HOST}' }],
  ])('are not in what is said of %s', async (_, source) => {
    configure(source);
    const { stdout, stderr } = here.run(['compile']);
    expect(stdout + stderr).toMatch(/blastguard\.yaml:1:\d+: /);
    expect(stdout + stderr).not.toContain('hunter2-word');
    expect((await here.bash('terraform destroy')).reason).not.toContain('hunter2-word');
  });
});
