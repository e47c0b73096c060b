// What the runs of the real client share: the client itself, sessions against a scripted model, and expectations.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { arch, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const version = '2.1.329';
export const root = resolve(import.meta.dirname, '../..');
const cache = join(root, '.cache', `claude-code-${version}`);
export const top = realpathSync(mkdtempSync(join(tmpdir(), 'bg-e2e-')));
process.on('exit', () => rmSync(top, { recursive: true, force: true }));

let passed = 0;
let failed = 0;
export const print = (line) => process.stdout.write(`${line}\n`);

export function expect(what, fault) {
  if (fault === undefined) passed += 1;
  else failed += 1;
  print(`  ${fault === undefined ? 'ok  ' : 'FAIL'} ${what}${fault === undefined ? '' : `: ${fault}`}`);
}

/** Ends the run: visibly skipped on a machine that cannot do it, an error where it has to. */
export function cannot(why) {
  const mustRun = process.env.CI === 'true';
  print(`${mustRun ? 'ERROR' : 'SKIPPED'}: the real-client run cannot be done here: ${why}`);
  print(`${passed} passed, ${mustRun ? failed + 1 : failed} failed`);
  process.exit(mustRun || failed > 0 ? 1 : 0);
}

function findClient() {
  const musl = !process.report?.getReport?.().header?.glibcVersionRuntime;
  const binary = join(
    cache,
    `node_modules/@anthropic-ai/claude-code-linux-${arch()}${musl ? '-musl' : ''}/claude`,
  );
  return existsSync(binary) && statSync(binary).size > 1e6 ? binary : undefined;
}

function installClient() {
  print(`installing @anthropic-ai/claude-code@${version} into .cache/`);
  mkdirSync(cache, { recursive: true });
  // A package.json of its own: npm would otherwise look for one in the directories above.
  writeFileSync(join(cache, 'package.json'), '{"private":true}\n');
  const args = ['install', '--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = spawnSync('npm', [...args, `@anthropic-ai/claude-code@${version}`], {
    cwd: cache,
    encoding: 'utf8',
  });
  if (npm.status !== 0)
    cannot(`npm could not install the client: ${(npm.stderr || String(npm.error)).trim().split('\n')[0]}`);
  return findClient() ?? cannot('npm installed no client for this machine');
}

if (process.platform !== 'linux') cannot('it needs network namespaces, which only Linux has');
export const client = findClient() ?? installClient();

/** Runs a script of calls. Returns the calls as they went, and the summary. */
export function session(project, mode, calls, ...args) {
  const options = [
    '--quiet',
    '--client',
    client,
    '--project',
    project,
    '--mode',
    mode,
    '--calls',
    JSON.stringify(calls),
  ];
  const run = spawnSync(process.execPath, [join(import.meta.dirname, 'run.mjs'), ...options, ...args], {
    encoding: 'utf8',
    timeout: 180_000,
    maxBuffer: 1 << 28,
  });
  if (run.status === 5) cannot(run.stderr.trim());
  const lines = run.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const summary = lines.find(({ type }) => type === 'summary');
  // 1: a call was not reached, which is what a thrown switch leads to; the expectations below look closer.
  if (![0, 1].includes(run.status) || summary === undefined) {
    print(`ERROR: the session ended with ${run.status ?? run.signal}: ${run.stderr.trim()}`);
    process.exit(1);
  }
  return { calls: lines.filter(({ type }) => type === 'call'), summary };
}

export const line = (text) => JSON.stringify((text ?? '').slice(0, 160));
const describeCall = (call) =>
  `${call.tool === 'Bash' ? `\`${call.input.command}\`` : call.tool}${call.agent === 'main' ? '' : ' in a subagent'}`;

export function expectDenied(call, ...texts) {
  const start = `PreToolUse:${call.tool} hook error: `; // managed hooks wrap it in a tag
  const missing = [start, ...texts].find((text) => !call.tool_result?.includes(text));
  const fault =
    call.outcome !== 'denied' || call.by !== 'hook'
      ? `${call.outcome} by ${call.by}: ${line(call.tool_result)}`
      : missing && `the model received ${line(call.tool_result)}, without ${missing}`;
  expect(`${describeCall(call)} is denied, and the model is told why`, fault);
}

export function expectExecuted(call, result) {
  const ran = call.outcome === 'executed' && (result === undefined || call.tool_result?.includes(result));
  expect(
    `${describeCall(call)} is executed`,
    ran ? undefined : `${call.outcome} by ${call.by}: ${line(call.tool_result)}`,
  );
}

export function expectNotRun(call) {
  const fault = ['denied', 'stopped', 'not_reached'].includes(call.outcome)
    ? undefined
    : `${call.outcome}: ${line(call.tool_result)}`;
  expect(`${describeCall(call)} does not run`, fault);
}

/** Says how it went, as the exit status does too. */
export function finish() {
  print(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
