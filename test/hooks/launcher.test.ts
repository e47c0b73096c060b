import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const launcher = resolve(import.meta.dirname, '../../hooks/blastguard-hook');
const shells = ['/bin/sh', '/bin/dash', '/bin/bash', '/bin/busybox', '/bin/mksh'].filter((shell) =>
  existsSync(shell),
);

const top = mkdtempSync(join(tmpdir(), 'blastguard-launcher-'));
afterAll(() => rmSync(top, { recursive: true, force: true }));

const bin = join(top, 'bin');
mkdirSync(bin);
symlinkSync(process.execPath, join(bin, 'node'));

let count = 0;
function bundle(source: string): string {
  count += 1;
  const file = join(top, `hook ${count}.cjs`);
  writeFileSync(file, source);
  return file;
}

function run(shell: string, args: readonly string[], env: Record<string, string> = {}, input = '{}') {
  const words = shell.endsWith('busybox') ? ['sh'] : [];
  const options = { env: { PATH: bin, ...env }, cwd: top, input, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(shell, [...words, launcher, ...args], options);
  return { status, stdout, stderr };
}

const node = process.execPath;
const judged = 'process.exit(100)';

describe.each(shells)('the launcher, run by %s', (shell) => {
  test('lets a hook that judged and said nothing pass in silence', () => {
    expect(run(shell, [node, bundle(judged)])).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('hands input, answer and status of a denial through', () => {
    const echo = bundle('process.stdout.write(require("fs").readFileSync(0)); process.exitCode = 100');
    expect(run(shell, [node, echo], {}, '{"a":1}')).toEqual({ status: 0, stdout: '{"a":1}', stderr: '' });
  });

  test('hands a failure that the hook explained through, and adds nothing', () => {
    const failed = bundle('console.error("because"); process.exitCode = 2');
    expect(run(shell, [node, failed])).toEqual({ status: 2, stdout: '', stderr: 'because\n' });
  });

  const missing = join(top, 'missing.cjs');
  test.each<[string, () => readonly string[], RegExp]>([
    ['the bundle is missing', () => [node, missing], /ended with status 1/],
    ['the bundle is empty', () => [node, bundle('')], /is not the hook/],
    ['the bundle is another program', () => [node, bundle('console.log("hello")')], /is not the hook/],
    ['the bundle has a syntax error', () => [node, bundle('const = 1')], /ended with status 1/],
    ['the bundle throws', () => [node, bundle('throw 1')], /ended with status 1/],
    ['the bundle exits with 3', () => [node, bundle('process.exit(3)')], /ended with status 3/],
    ['node is killed', () => [node, bundle('process.kill(process.pid, "SIGKILL")')], /ended with status 137/],
    ['node aborts', () => [node, bundle('process.abort()')], /ended with status 134/],
    [
      'node runs out of memory',
      () => [node, '--max-old-space-size=8', bundle('for (let a = [];;) a.push([a])')],
      /ended with status/,
    ],
    ['node is a directory', () => [top, bundle(judged)], /cannot be run/],
    ['the entry names no bundle', () => [node], /does not name/],
    ['the entry names nothing', () => [], /does not name/],
  ])('denies with a reason when %s', (_, args, reason) => {
    const { status, stderr } = run(shell, args());
    expect(status).toBe(2);
    expect(stderr).toMatch(reason);
    expect(stderr).toMatch(/The guard failed, not the command\..*install blastguard again/);
  });

  test('takes the node on PATH when its own has moved', () => {
    expect(run(shell, ['/no/such/node', bundle(judged)]).status).toBe(0);
  });

  test('denies when there is no node at all', () => {
    const { status, stderr } = run(shell, ['/no/such/node', bundle(judged)], { PATH: '/no/such/place' });
    expect({ status, said: /node cannot be run/.test(stderr) }).toEqual({ status: 2, said: true });
  });

  test('denies also when nobody reads standard error', () => {
    const command = '"$@" 2>&-';
    const result = spawnSync('/bin/sh', ['-c', command, 'sh', launcher, node, missing], {
      env: { PATH: bin },
    });
    expect(result.status).toBe(2);
  });

  test.each([
    ['NODE_OPTIONS', `--require ${bundle('process.exit(100)')}`],
    ['NODE_OPTIONS', '--no-such-option'],
    ['NODE_CHANNEL_FD', '0'],
    ['NODE_V8_COVERAGE', join(top, 'coverage')],
    ['NODE_EXTRA_CA_CERTS', '/no/such/file'],
  ])('is not moved by %s=%s', (name, value) => {
    const shows = bundle(
      `if (process.env.${name} !== undefined) process.exit(3); process.exit(process.env.BLASTGUARD_LAUNCHER === "1" ? 100 : 4)`,
    );
    expect(run(shell, [node, shows], { [name]: value })).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});

test('the launcher is executable', () => {
  const copy = join(top, 'direct');
  writeFileSync(copy, `#!/bin/sh\nexec "${launcher}" "$@"\n`);
  chmodSync(copy, 0o755);
  expect(spawnSync(copy, [node, bundle(judged)], { env: { PATH: bin } }).status).toBe(0);
});
