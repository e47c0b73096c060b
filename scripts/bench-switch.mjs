#!/usr/bin/env node
// What the organisation's kill switch costs and how fast it halts, with real hook processes and a real Redis:
//   1. a fresh cache: calls with a source and without one, interleaved;
//   2. from `stop` on one machine to the first denied call of sessions elsewhere, each with a state directory of its own;
//   3. the load on one Redis that 1,000 sessions poll.
// --rounds N, --sessions N, --pollers N, --freshness MS. Exits 1 past a limit. Needs redis-server on the PATH.

import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createClient } from '@redis/client';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '40' },
    sessions: { type: 'string', default: '50' },
    pollers: { type: 'string', default: '1000' },
    freshness: { type: 'string', default: '5000' },
  },
});
const [rounds, sessions, pollers, freshness] = ['rounds', 'sessions', 'pollers', 'freshness'].map((name) =>
  Number(values[name]),
);

const BATCH = 10;
const MOST_MS_WHEN_FRESH = 0.3;

if (spawnSync('redis-server', ['--version']).status !== 0) {
  console.error('bench:switch needs redis-server (Debian: apt-get install redis-server)');
  process.exit(process.env.CI === 'true' ? 1 : 0);
}

const top = realpathSync(mkdtempSync(join(tmpdir(), 'blastguard-bench-switch-')));
const port = await freePort();
const redis = spawn('redis-server', ['--port', String(port), '--save', '', '--dir', top], {
  stdio: 'ignore',
});
process.on('exit', () => {
  redis.kill('SIGKILL');
  rmSync(top, { recursive: true, force: true }); // the refreshers end when their locks are gone
});
const client = createClient({ url: `redis://127.0.0.1:${port}` });
client.on('error', () => {});
await client.connect();

let failed = false;
function judge(name, value, limit, unit) {
  const met = value <= limit;
  failed ||= !met;
  console.log(
    `${name.padEnd(58)}${value.toFixed(2).padStart(9)} ${unit}   limit ${limit} ${unit}${met ? '' : '  MISSED'}`,
  );
}

await costWhenFresh();
await timeToHalt();
await loadOfPolling();
await client.close();
process.exit(failed ? 1 : 0);

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: found } = server.address();
      server.close(() => done(found));
    });
  });
}

/** A machine: a home, a project and a state directory of its own. */
function machine(name, configuration) {
  const home = join(top, name);
  const project = join(home, 'project');
  mkdirSync(project, { recursive: true });
  mkdirSync(join(home, '.config/blastguard'), { recursive: true });
  if (configuration) writeFileSync(join(home, '.config/blastguard/blastguard.yaml'), configuration);
  const payload = join(home, 'call.json');
  const call = {
    session_id: name,
    cwd: project,
    permission_mode: 'auto',
    hook_event_name: 'PreToolUse',
    tool_name: 'Bash',
    tool_input: { command: 'ls -la' },
    tool_use_id: 'toolu_1',
  };
  writeFileSync(payload, JSON.stringify(call));
  const env = { PATH: process.env.PATH, HOME: home, CLAUDE_PROJECT_DIR: project };
  return { name, project, payload, env };
}

function withSource(timeout) {
  return `kill-switch:\n  freshness: ${freshness}ms\n  timeout: ${timeout}\n  sources:\n    - redis: redis://127.0.0.1:${port}\n`;
}

function callLater({ payload, env }) {
  return new Promise((done) => {
    const stdin = openSync(payload, 'r');
    const child = spawn(process.execPath, [join(root, 'dist/hook.cjs')], {
      env,
      stdio: [stdin, 'pipe', 'ignore'],
    });
    closeSync(stdin);
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.on('close', (status) => done(verdictOf(status, out)));
  });
}

function verdictOf(status, out) {
  if (status !== 0) return 'failed';
  if (out.includes('KILL SWITCH ACTIVE')) return 'halted';
  return out === '' ? 'pass' : 'denied';
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

/** Processor time of a call, in ms, over a batch of them: other people's load does not count in it. */
function processorTime({ payload, env }, calls) {
  const line = `for i in $(seq ${calls}); do "$0" "$1" < "$2" || exit 1; done; times`;
  const hook = join(root, 'dist/hook.cjs');
  const run = spawnSync('bash', ['-c', line, process.execPath, hook, payload], {
    env: { ...env, LC_ALL: 'C' },
    encoding: 'utf8',
  });
  const [, children = ''] = run.stdout.trim().split('\n');
  const parts = [...children.matchAll(/(\d+)m([\d.]+)s/g)];
  if (run.status !== 0 || parts.length !== 2)
    throw new Error(`the hook did not pass: ${run.stdout}${run.stderr}`);
  return (
    (parts.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0) * 1000) /
    calls
  );
}

async function costWhenFresh() {
  const settings = 'on-uncertain: ask\n';
  const without = machine('without', settings);
  const withOne = machine('with', settings + withSource('5s'));
  const none = machine('none');
  for (const each of [without, withOne, none]) for (let i = 0; i < 3; i += 1) await callLater(each);
  const more = [];
  const configured = [];
  for (let i = 0; i < rounds; i += 1) {
    const order = i % 2 === 0 ? [none, without, withOne] : [withOne, without, none];
    const took = new Map(order.map((each) => [each.name, processorTime(each, BATCH)]));
    more.push(took.get('with') - took.get('without'));
    configured.push(took.get('without') - took.get('none'));
  }
  console.log(
    `node ${process.version}, ${rounds} interleaved rounds of ${BATCH} calls, medians of differences in processor time\n`,
  );
  console.log(`a configuration file, whatever it says: ${median(configured).toFixed(2)} ms more than none`);
  judge('a source with a fresh cache', median(more), MOST_MS_WHEN_FRESH, 'ms');
}

async function timeToHalt() {
  const all = Array.from({ length: sessions }, (_, i) => machine(`machine-${i}`, withSource('8s')));
  const thrower = machine('thrower', withSource('8s'));
  // Two cores serve all machines here: a few start at a time, as on machines of their own they would not have to.
  for (let i = 0; i < all.length; i += 4) await Promise.all(all.slice(i, i + 4).map(callLater));
  const warm = await Promise.all(all.slice(0, 4).map(callLater));
  if (warm.some((verdict) => verdict !== 'pass')) throw new Error(`before the stop: ${warm.join(', ')}`);

  let thrownAt = Number.POSITIVE_INFINITY;
  let over = false;
  const first = new Map();
  const passedLate = [0];
  let calls = 0;
  const session = async (each, i) => {
    await sleep((i * 137) % 1000);
    while (!over) {
      const started = performance.now();
      const verdict = await callLater(each);
      const ended = performance.now();
      calls += 1;
      if (verdict === 'halted' && !first.has(each.name)) first.set(each.name, ended - thrownAt);
      if (verdict !== 'halted' && started > thrownAt) passedLate.push(started - thrownAt);
      await sleep(sessions * 40);
    }
  };
  const running = all.map(session);
  await sleep(3000);
  const stop = spawnSync(
    process.execPath,
    [join(root, 'dist/cli.cjs'), 'stop', '--scope', 'org', '--reason', 'bench'],
    {
      cwd: thrower.project,
      env: thrower.env,
      encoding: 'utf8',
    },
  );
  thrownAt = performance.now();
  if (stop.status !== 0) throw new Error(`stop failed: ${stop.stdout}${stop.stderr}`);
  await sleep(freshness + sessions * 40 * 2 + 3000);
  over = true;
  await Promise.all(running);
  const times = [...first.values()].sort((a, b) => a - b);
  console.log(`\n${sessions} sessions on machines of their own, ${calls} calls, freshness ${freshness} ms`);
  console.log(
    `from \`stop\` to a session's first denied call, its pause between calls included: median ${(median(times) / 1000).toFixed(2)} s, last ${(times.at(-1) / 1000).toFixed(2)} s`,
  );
  judge('sessions that were not halted', sessions - times.length, 0, '');
  judge('how long after `stop` the last call that passed began', Math.max(...passedLate), freshness, 'ms');
  await client.del('blastguard:stop:org');
}

/** The refreshers of so many sessions, as far as Redis sees them: a connection each, six keys every half freshness. */
async function loadOfPolling() {
  const scopes = ['org', 'team:payments', 'project:shop', 'environment:staging', 'user:ann', 'host:desk'];
  const open = [];
  for (let i = 0; i < pollers; i += 50)
    open.push(
      ...(await Promise.all(
        Array.from({ length: Math.min(50, pollers - i) }, async () => {
          const one = createClient({ url: `redis://127.0.0.1:${port}`, RESP: 2 });
          one.on('error', () => {});
          await one.connect();
          return one;
        }),
      )),
    );
  await client.configResetStat();
  const before = await cpuOf();
  const latencies = [];
  let over = false;
  const poll = async (one, i) => {
    await sleep((i / open.length) * (freshness / 2));
    while (!over) {
      const start = performance.now();
      await Promise.all(scopes.map((scope) => one.get(`blastguard:stop:${scope}`)));
      latencies.push(performance.now() - start);
      await sleep(freshness / 2);
    }
  };
  const running = open.map(poll);
  const seconds = 10;
  await sleep(seconds * 1000);
  over = true;
  const used = (await cpuOf()) - before;
  const stats = await client.info('commandstats');
  await Promise.all(running);
  for (const one of open) one.destroy();
  const [, count, each] = /cmdstat_get:calls=(\d+),usec=\d+,usec_per_call=([\d.]+)/.exec(stats) ?? [];
  const memory = /used_memory_human:(\S+)/.exec(await client.info('memory'))?.[1];
  latencies.sort((a, b) => a - b);
  console.log(`\n${pollers} sessions polling one Redis every ${freshness / 2} ms for ${seconds} s`);
  console.log(
    `${(Number(count) / seconds).toFixed(0)} GET/s, ${each} µs each, memory ${memory}, answers in ${median(latencies).toFixed(1)} ms (median), ${latencies[Math.floor(latencies.length * 0.99)].toFixed(1)} ms (99 %)`,
  );
  judge('share of one core that Redis uses', (used / seconds) * 100, 25, '%');
}

/** Seconds of processor time that Redis has used. */
async function cpuOf() {
  const info = await client.info('cpu');
  return ['user', 'sys'].reduce(
    (sum, kind) => sum + Number(new RegExp(`used_cpu_${kind}:([\\d.]+)`).exec(info)?.[1]),
    0,
  );
}
