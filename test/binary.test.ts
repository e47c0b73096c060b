import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exampleCall } from '../src/engine/run-examples.ts';
import { makeUser } from './cli/built.ts';
import { answerOf, bash, makePlace, payloadFor, play, root } from './golden/play.ts';
import { builtInPacks } from './policies-in-force.ts';

const musl = existsSync('/lib/ld-musl-x86_64.so.1') || existsSync('/lib/ld-musl-aarch64.so.1');
const binary = join(
  root,
  'artifacts',
  `blastguard-${process.platform}-${process.arch}${process.platform === 'linux' && musl ? '-musl' : ''}`,
);
const launcher = join(root, 'hooks/blastguard-hook');
const cli = join(root, 'dist/cli.cjs');
const versionOf = (...[program = '', ...args]: string[]) =>
  spawnSync(program, [...args, '--version'], { encoding: 'utf8' }).stdout;
const built = existsSync(binary) && versionOf(binary) === versionOf(process.execPath, cli);
const reason = built ? '' : ' (skipped: `npm run build:binary` makes the binary of this build)';
if (!built && process.env.CI === 'true') throw new Error(`no binary of this build in artifacts/${reason}`);

describe.skipIf(!built)(`the standalone binary${reason}`, () => {
  const place = makePlace();
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'blastguard-binary-')));
  afterAll(() => {
    place.remove();
    rmSync(top, { recursive: true, force: true });
  });
  const hook = (env: Readonly<Record<string, string>>, command: string, cwd = place.project) =>
    play([binary, 'hook'], {
      environment: { ...place.environment, ...env },
      cwd,
      input: bash(place, command),
    });

  describe('reads and decides every example of every pack as the bundle does', () => {
    const calls = builtInPacks.flatMap(({ pack }) =>
      pack.rules.flatMap(({ examples }) => [...examples.deny, ...examples.ask, ...examples.pass]),
    );
    const lines = calls.map((example) => {
      const { tool, input } = exampleCall(example, place.project);
      return payloadFor(place, tool, input, 'auto');
    });
    const decisions = (argv: readonly string[]): readonly string[] => {
      const [program = '', ...args] = [...argv, 'check', '--jsonl', '--commands'];
      const options = { env: place.environment, input: lines.join(''), encoding: 'utf8' } as const;
      return spawnSync(program, args, { ...options, maxBuffer: 1 << 30 })
        .stdout.trim()
        .split('\n');
    };
    let theirs: readonly string[] = [];
    let ours: readonly string[] = [];
    beforeAll(() => {
      theirs = decisions([process.execPath, cli]);
      ours = decisions([binary]);
    }, 300_000);

    test('there are thousands, and each is answered', () => {
      expect(calls.length).toBeGreaterThan(2000);
      expect([theirs.length, ours.length]).toEqual([calls.length, calls.length]);
    });
    test('the answers are the same, the commands that were read with them', () => {
      const different = calls.filter((_, i) => theirs[i] !== ours[i]);
      expect(different).toEqual([]);
    });
  });

  test.each([
    ['hook alone', [binary, 'hook']],
    ['hook in the launcher', [launcher, binary, 'hook']],
  ])('%s: denies, passes, and halts', async (_, argv) => {
    const verdict = async (input: string) =>
      answerOf(await play(argv, { environment: place.environment, input })).verdict;
    expect(await verdict(bash(place, 'cd infra && terraform destroy'))).toBe('deny');
    expect(await verdict(bash(place, 'git log | head'))).toBe('pass');
    expect(await verdict('{"broken":')).toBe('deny');
    expect(await verdict('')).toBe('deny');
    writeFileSync(join(place.project, '.claude-stop'), '');
    expect(await verdict(bash(place, 'ls'))).toBe('deny');
    rmSync(join(place.project, '.claude-stop'));
  });

  test('an entry whose binary is gone denies', async () => {
    const played = await play([launcher, '/gone/blastguard', 'hook'], {
      environment: place.environment,
      input: bash(place, 'ls'),
    });
    expect(answerOf(played).verdict).toBe('deny');
  });

  test('reads the configuration, and compiles it by itself', async () => {
    const user = makeUser();
    user.write(
      user.userFile,
      'rules:\n  - id: own/deploy\n    title: Deploy\n    severity: high\n    decision: deny\n    match: [deploy-now]\n    reason: r\n    instead: i\n    examples: { deny: [deploy-now], pass: [deploy-later] }\n',
    );
    const played = await play([binary, 'hook'], {
      environment: user.environment,
      input: bash(user, 'deploy-now'),
    });
    user.remove();
    expect(answerOf(played)).toMatchObject({
      verdict: 'deny',
      reason: expect.stringContaining('own/deploy'),
    });
  });

  test.each([
    ['the binary', binary],
    ['the launcher', launcher],
    [
      'the launcher of a binary alone',
      join(place.home, '.local/share/blastguard/0.1.0/hooks/blastguard-hook'),
    ],
  ])('lets nobody remove %s', async (_, file) => {
    const played = await hook({}, `rm -f ${file}`);
    expect(answerOf(played)).toMatchObject({
      verdict: 'deny',
      reason: expect.stringContaining('blastguard/program'),
    });
  });

  test('asks the sources of the kill switch, from a process of its own', async () => {
    const user = makeUser();
    const shared = join(user.home, 'shared');
    mkdirSync(shared);
    user.write(user.userFile, `kill-switch:\n  freshness: 1s\n  sources:\n    - path: ${shared}\n`);
    const answer = async () =>
      answerOf(await play([binary, 'hook'], { environment: user.environment, input: bash(user, 'ls') }));
    expect((await answer()).verdict).toBe('pass');
    writeFileSync(join(shared, 'org'), 'incident 42\n');
    await new Promise((done) => setTimeout(done, 1200));
    expect(await answer()).toMatchObject({ verdict: 'deny', reason: expect.stringContaining('incident 42') });
    user.remove();
  });

  test('prints the licences of what it holds, those of bun with them', () => {
    const { stdout } = spawnSync(binary, ['--licenses'], { encoding: 'utf8' });
    expect(stdout).toContain(readFileSync(join(root, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8'));
    expect(stdout).toMatch(/LGPL-2\.0: JavaScriptCore[\s\S]*GNU LESSER GENERAL PUBLIC LICENSE/);
  });

  test('writes the page of a report, and knows the actions of IAM', () => {
    const user = makeUser();
    const run = (...args: string[]) =>
      spawnSync(binary, args, { cwd: user.project, env: user.environment, encoding: 'utf8' });
    const page = join(user.home, 'report.html');
    expect(run('report', '--html', page).status).toBe(0);
    expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>/i);
    const boundary = run('iam', 'boundary');
    const bundled = user.run(['iam', 'boundary']);
    expect([boundary.status, boundary.stdout]).toEqual([bundled.status, bundled.stdout]);
    expect(boundary.stdout.length).toBeGreaterThan(100);
    user.remove();
  });

  const injected = join(top, 'injected.js');
  writeFileSync(injected, `process.stdout.write('INJECTED'); process.exit(0);\n`);
  writeFileSync(join(top, 'bunfig.toml'), `preload = ["${injected}"]\n`);
  writeFileSync(join(top, '.env'), 'BLASTGUARD_STATE_DIR=relative\nBUN_BE_BUN=1\n');
  writeFileSync(join(top, 'package.json'), '{"type":"commonjs"}');
  test.each([
    ['BUN_OPTIONS', { BUN_OPTIONS: `--preload ${injected}` }],
    ['NODE_OPTIONS', { NODE_OPTIONS: `--require ${injected}` }],
    ['BUN_BE_BUN', { BUN_BE_BUN: '1' }],
    ['BUN_INSPECT_PRELOAD', { BUN_INSPECT_PRELOAD: injected }],
    ['BUN_JSC_dumpOptions', { BUN_JSC_dumpOptions: '1' }],
    ['bunfig.toml and .env of the project', {}],
  ])('%s does not change a denial, nor let anything out', async (_, env) => {
    const played = await hook(env, 'terraform destroy', top);
    expect(played.stdout + played.stderr).not.toContain('INJECTED');
    expect(answerOf(played).verdict).toBe('deny');
  });

  test('writes no file that a variable of bun names', async () => {
    const file = join(top, 'order');
    await hook({ BUN_BYTECODE_ORDER_OUT: file, BUN_BYTECODE_DIGEST_OUT: file }, 'ls');
    expect(existsSync(file)).toBe(false);
  });

  test('init, of the package and of the binary itself, registers it behind the launcher', () => {
    const user = makeUser();
    const entry = () =>
      JSON.parse(readFileSync(join(user.project, '.claude/settings.json'), 'utf8')).hooks.PreToolUse[0]
        .hooks[0];
    expect(user.run(['init']).stdout).toContain('proven');
    expect(entry()).toMatchObject({ command: launcher, args: [binary, 'hook'] });
    const env = { ...user.environment, XDG_DATA_HOME: join(user.home, 'data') };
    const alone = spawnSync(binary, ['init'], { cwd: user.project, env, encoding: 'utf8' });
    expect(alone.stdout).toContain('proven');
    const own = join(user.home, 'data/blastguard/0.1.0/hooks/blastguard-hook');
    expect(entry()).toMatchObject({ command: own, args: [binary, 'hook'] });
    expect(readFileSync(own, 'utf8')).toBe(readFileSync(launcher, 'utf8'));
    const checks = spawnSync(binary, ['doctor', '--json'], { cwd: user.project, env, encoding: 'utf8' });
    expect(JSON.parse(checks.stdout)).toMatchObject({ healthy: true });
    user.remove();
  });
});
