import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const top = mkdtempSync(join(tmpdir(), 'blastguard-stdio-'));
const program = join(top, 'program.cjs');
afterAll(() => rmSync(top, { recursive: true, force: true }));

/** Reads with the limit and the deadline in its arguments, and answers with length and sum of what it read. */
beforeAll(() => {
  buildSync({
    stdin: {
      contents: `
        import { readStdin } from './src/host/stdin.ts';
        import { writeAll } from './src/host/answer.ts';
        const [limit, deadline] = process.argv.slice(2).map(Number);
        try {
          const read = readStdin(limit, deadline);
          let sum = 0;
          for (const byte of read) sum = (sum + byte) % 65521;
          writeAll(1, read.length + ' ' + sum);
        } catch (error) { writeAll(2, error.message); process.exitCode = 2; }`,
      resolveDir: resolve(import.meta.dirname, '../..'),
    },
    bundle: true,
    platform: 'node',
    outfile: program,
    logLevel: 'error',
  });
});

const bytes = (length: number) => Buffer.from(Array.from({ length }, (_, index) => (index * 7) % 256));
const sumOf = (input: Buffer) => `${input.length} ${input.reduce((sum, byte) => (sum + byte) % 65521, 0)}`;
const LIMIT = 1024 * 1024;

async function ended(child: ReturnType<typeof spawn>) {
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (data) => {
    stdout += data;
  });
  child.stderr?.on('data', (data) => {
    stderr += data;
  });
  const status = await new Promise((done) => child.on('close', done));
  return { status, stdout, stderr };
}

describe('readStdin', () => {
  test.each([0, 1, 65_535, 65_536, 65_537, 300_000, LIMIT])('reads %i bytes of a pipe', (length) => {
    const input = bytes(length);
    const { stdout } = spawnSync(process.execPath, [program, String(LIMIT)], { input });
    expect(stdout.toString()).toBe(sumOf(input));
  });

  test('refuses one byte too many', () => {
    const { status, stderr } = spawnSync(process.execPath, [program, '1000'], { input: bytes(1001) });
    expect({ status, stderr: stderr.toString() }).toEqual({
      status: 2,
      stderr: 'standard input is longer than 1000 bytes',
    });
  });

  test('reads a file', () => {
    const file = join(top, 'input');
    writeFileSync(file, bytes(100_000));
    const fd = openSync(file, 'r');
    const { stdout } = spawnSync(process.execPath, [program, String(LIMIT)], { stdio: [fd, 'pipe', 'pipe'] });
    closeSync(fd);
    expect(stdout.toString()).toBe(sumOf(bytes(100_000)));
  });

  test('reads a writer that takes its time', async () => {
    const child = spawn(process.execPath, [program, String(LIMIT)]);
    const result = ended(child);
    for (let at = 0; at < 5; at += 1) {
      child.stdin.write(bytes(10));
      await sleep(30);
    }
    child.stdin.end();
    expect((await result).stdout).toBe(sumOf(Buffer.concat(Array.from({ length: 5 }, () => bytes(10)))));
  });

  test('gives up on a writer that never comes to an end', async () => {
    const child = spawn(process.execPath, [program, String(LIMIT), '150']);
    const result = ended(child);
    const timer = setInterval(() => child.stdin.write('x'), 20);
    child.stdin.on('error', () => {});
    const { status, stderr } = await result;
    clearInterval(timer);
    expect({ status, stderr }).toEqual({ status: 2, stderr: 'standard input was not finished after 150 ms' });
  });

  test('reads a socket that has nothing yet (EAGAIN)', async () => {
    const server = createServer((socket) => {
      socket.write(bytes(10));
      setTimeout(() => socket.end(bytes(70_000)), 100);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const connect = `exec 3<>/dev/tcp/127.0.0.1/${port}; exec "$0" "$@" <&3`;
    const result = await ended(spawn('/bin/bash', ['-c', connect, process.execPath, program, String(LIMIT)]));
    server.close();
    expect(result.stdout).toBe(sumOf(Buffer.concat([bytes(10), bytes(70_000)])));
  });

  const python = spawnSync('python3', ['--version']).status === 0;
  test.runIf(python)('reads a pipe that does not wait (O_NONBLOCK), without spinning', async () => {
    const script =
      'import fcntl,os,sys; fcntl.fcntl(0, fcntl.F_SETFL, os.O_NONBLOCK); os.execv(sys.argv[1], sys.argv[1:])';
    const child = spawn('python3', ['-c', script, process.execPath, program, String(LIMIT)]);
    const result = ended(child);
    await sleep(400);
    child.stdin.end(bytes(1000));
    expect((await result).stdout).toBe(sumOf(bytes(1000)));
  });

  test('closed standard input is an end, not a crash', () => {
    const run = spawnSync('/bin/sh', ['-c', '"$0" "$@" <&-', process.execPath, program, '10']);
    expect([`0 0`, '']).toContain(run.stdout.toString());
  });
});

describe('writeAll', () => {
  test('writes more than a pipe holds, to a slow reader', async () => {
    const writer = join(top, 'writer.cjs');
    buildSync({
      stdin: {
        contents: `import { writeAll } from './src/host/answer.ts'; writeAll(1, 'ä'.repeat(500000));`,
        resolveDir: resolve(import.meta.dirname, '../..'),
      },
      bundle: true,
      platform: 'node',
      outfile: writer,
      logLevel: 'error',
    });
    const run = spawnSync('/bin/sh', ['-c', '"$0" "$1" | (sleep 0.2; wc -c)', process.execPath, writer]);
    expect(run.stdout.toString().trim()).toBe('1000000');
  });

  test('throws when nobody reads, and when the disk is full', () => {
    const lost = spawnSync('/bin/bash', ['-c', '"$0" "$1" 10 </dev/null >&-', process.execPath, program]);
    if (existsSync('/dev/full')) {
      const full = spawnSync('/bin/sh', [
        '-c',
        '"$0" "$1" 10 </dev/null >/dev/full',
        process.execPath,
        program,
      ]);
      expect({ status: full.status, said: full.stderr.toString() }).toMatchObject({
        status: 2,
        said: expect.stringMatching(/ENOSPC/),
      });
    }
    const gone = spawnSync('/bin/bash', [
      '-c',
      '(sleep 0.2; "$0" "$1" 10 </dev/null; echo $? >&2) | true',
      process.execPath,
      program,
    ]);
    expect(gone.stderr.toString()).toMatch(/EPIPE[\s\S]*2\n$/);
    expect([0, 2]).toContain(lost.status);
  });
});
