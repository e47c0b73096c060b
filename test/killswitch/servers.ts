import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FlagdCore } from '@openfeature/flagd-core';
import { root } from '../golden/play.ts';

/** Real servers for the sources of the kill switch, each on a loopback port of its own. */

/** Where `npm run test-tools` puts what comes from PyPI. */
const tools = join(root, '.cache/python/bin');
const PATH = `${tools}:${process.env.PATH}`;

const has = (program: string): boolean => spawnSync('which', [program], { env: { PATH } }).status === 0;

/** The name of a group of tests, and whether it must be skipped: in CI nothing is. */
export function needing(programs: readonly string[], name: string): { name: string; skip: boolean } {
  const missing = programs.filter((program) => !has(program));
  const skip = missing.length > 0 && process.env.CI !== 'true';
  return { name: skip ? `${name} (skipped: no ${missing.join(', ')} on this machine)` : name, skip };
}

const started = new Set<ChildProcess>();
const dirs = new Set<string>();
process.on('exit', () => {
  for (const child of started) child.kill('SIGKILL');
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
});

export function temporary(): string {
  const dir = mkdtempSync(join(tmpdir(), 'blastguard-servers-'));
  dirs.add(dir);
  return dir;
}

export type Running = { readonly port: number; stop(): Promise<void> };

export async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

async function listening(port: number, who: ChildProcess, log: () => string): Promise<void> {
  for (let waited = 0; waited < 30_000; waited += 50) {
    if (who.exitCode !== null) throw new Error(`the server ended with ${who.exitCode}: ${log()}`);
    const open = await new Promise<boolean>((done) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        done(true);
      });
      socket.on('error', () => done(false));
    });
    if (open) return;
    await sleep(50);
  }
  throw new Error(`no server on port ${port}: ${log()}`);
}

async function start(program: string, args: readonly string[], port: number, cwd: string): Promise<Running> {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.add(child);
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      log = (log + chunk).slice(-2000);
    });
  await listening(port, child, () => log);
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  return {
    port,
    async stop() {
      child.kill('SIGKILL');
      await ended;
      started.delete(child);
    },
  };
}

export type Redis = Running & { cli(...args: string[]): string };

export async function startRedis(options: readonly string[] = [], port?: number): Promise<Redis> {
  const at = port ?? (await freePort());
  const secure = options.includes('--tls-port');
  const dir = temporary();
  const ports = secure ? ['--port', '0', '--tls-port', String(at)] : ['--port', String(at)];
  const rest = options.filter((option) => option !== '--tls-port');
  const running = await start('redis-server', [...ports, '--save', '', '--dir', dir, ...rest], at, dir);
  return {
    ...running,
    cli: (...args) => execFileSync('redis-cli', ['-p', String(at), ...args], { encoding: 'utf8' }).trim(),
  };
}

export async function startSentinel(master: number): Promise<Running> {
  const port = await freePort();
  const dir = temporary();
  const file = join(dir, 'sentinel.conf');
  writeFileSync(file, `port ${port}\ndir ${dir}\nsentinel monitor kill 127.0.0.1 ${master} 1\n`);
  return start('redis-server', [file, '--sentinel'], port, dir);
}

/** Three masters, so that the keys of the scopes lie on more than one. */
export async function startCluster(): Promise<Redis> {
  const nodes: Redis[] = [];
  for (let i = 0; i < 3; i += 1) nodes.push(await startRedis(['--cluster-enabled', 'yes']));
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
  execFileSync('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-yes']);
  const [first] = nodes;
  if (first === undefined) throw new Error('no node');
  const ready = () => nodes.every((node) => node.cli('cluster', 'info').includes('cluster_state:ok'));
  for (let waited = 0; !ready() && waited < 200; waited += 1) await sleep(100);
  return {
    port: first.port,
    cli: (...args) => first.cli('-c', ...args),
    stop: async () => {
      for (const node of nodes) await node.stop();
    },
  };
}

/** moto: an S3 that keeps everything in memory. */
export async function startS3(): Promise<Running> {
  const port = await freePort();
  return start('moto_server', ['-H', '127.0.0.1', '-p', String(port)], port, temporary());
}

/** A key and a certificate for 127.0.0.1, signed by itself. */
export function certificate(): { readonly cert: string; readonly key: string } {
  const dir = temporary();
  const [cert, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', cert, ...subject], {
    stdio: 'ignore',
  });
  return { cert, key };
}

export async function startHttp(answer: RequestListener): Promise<Running> {
  const server = createServer(answer);
  return serve(server);
}

/** A server below HTTP. */
export const startTcp = (server: Server): Promise<Running> => serve(server);

async function serve(server: Server): Promise<Running> {
  const sockets = new Set<import('node:net').Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((done) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => done());
      }),
  };
}

/** What a person edits in a service of feature flags: a definition in flagd's format. */
export const flag = (on: boolean, targeting: object = {}) =>
  JSON.stringify({
    flags: {
      'blastguard-stop': {
        state: 'ENABLED',
        variants: { on: true, off: false },
        defaultVariant: on ? 'on' : 'off',
        targeting,
      },
    },
  });

/** flagd's own evaluation of flags behind the single evaluation of OFREP 0.3, as its document describes it. */
export async function startFlags(
  definition: string,
): Promise<Running & { set(definition: string): void; readonly contexts: object[] }> {
  const flags = new FlagdCore();
  flags.setConfigurations(definition);
  const contexts: object[] = [];
  const running = await startHttp((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [, key] = /^\/ofrep\/v1\/evaluate\/flags\/([^/?]+)$/.exec(request.url ?? '') ?? [];
      const send = (status: number, body: object) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      };
      if (request.method !== 'POST' || key === undefined) return send(404, {});
      const { context } = JSON.parse(Buffer.concat(chunks).toString());
      if (typeof context?.targetingKey !== 'string')
        return send(400, { key, errorCode: 'TARGETING_KEY_MISSING' });
      contexts.push(context);
      const { value, reason, variant, errorCode } = flags.resolveBooleanEvaluation(key, false, context);
      if (errorCode === undefined) send(200, { key, value, reason, variant, metadata: {} });
      else send(errorCode === 'FLAG_NOT_FOUND' ? 404 : 400, { key, errorCode });
    });
  });
  return { ...running, contexts, set: (text) => void flags.setConfigurations(text) };
}
