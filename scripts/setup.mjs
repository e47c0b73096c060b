#!/usr/bin/env node
// Makes a fresh clone ready, doing only what is out of date: the packages, and with --build the bundles in dist/.
// It runs before anything is installed, so it has no dependencies.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = join(root, '.cache');
const stampFile = join(cache, 'build.stamp');
const lock = join(cache, 'setup.lock');
const build = process.argv.includes('--build');
const sources = [
  'src',
  'policies',
  'scripts/build.mjs',
  'scripts/iam-catalogue.mjs',
  'scripts/third-party.mjs',
  'package.json',
  'package-lock.json',
];

const say = (text) => process.stderr.write(`setup: ${text}\n`);

function fail(text) {
  say(text);
  process.exit(1);
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** True when every package of the lock file is installed in its version; npm leaves other platforms' packages out. */
function packagesCurrent() {
  const installed = read(join(root, 'node_modules/.package-lock.json'));
  if (installed === undefined) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const found = JSON.parse(installed).packages;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '' || (optional && !found[path])) return true;
    return found[path]?.version === version;
  });
}

function filesBelow(path) {
  let stat;
  try {
    stat = statSync(path);
  } catch {
    return [];
  }
  if (!stat.isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}

function digest(paths) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap((each) => filesBelow(join(root, each)))) {
    const content = readFileSync(path);
    hash.update(`${path.slice(root.length)} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

// What was built from what, by content: a checkout changes times, and a half-written dist/ must not count as built.
const stamp = (inputs) => `${inputs} ${digest(['dist'])}\n`;
const buildCurrent = () => read(stampFile) === stamp(digest(sources));

const current = () => packagesCurrent() && (!build || buildCurrent());

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function age(path) {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

/** Moves a lock aside whose owner is gone, unless another process has just done so and taken it. */
function breakStaleLock() {
  const owner = read(join(lock, 'pid'));
  const stale = owner === undefined ? age(lock) > 5000 : !alive(Number(owner));
  if (!stale) return;
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
    if (read(join(aside, 'pid')) !== owner) return renameSync(aside, lock);
    rmSync(aside, { recursive: true, force: true });
  } catch {
    // Somebody else was faster; the caller looks again.
  }
}

function takeLock() {
  mkdirSync(cache, { recursive: true });
  for (let waited = 0; ; waited += 1) {
    try {
      mkdirSync(lock);
      writeFileSync(join(lock, 'pid'), String(process.pid));
      process.on('exit', () => rmSync(lock, { recursive: true, force: true }));
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') return fail(`cannot write ${lock}: ${error.message}`);
    }
    if (waited === 10) say('waiting for another setup to finish');
    breakStaleLock();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
}

function npm(...words) {
  const args = [...words, '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const own = process.env.npm_execpath;
  if (own?.endsWith('.js'))
    return spawnSync(process.execPath, [own, ...args], { cwd: root, encoding: 'utf8' });
  return spawnSync('npm', args, { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' });
}

function installPackages() {
  say('installing packages');
  let run = npm('ci');
  // A registry that lacks the packages of other platforms makes `npm ci` refuse the whole lock file.
  if (run.status !== 0 && run.stderr?.includes('EUSAGE')) run = npm('install', '--no-save');
  if (run.error) fail(`cannot run npm: ${run.error.message}`);
  if (run.status === 0) return;
  const said = run.stderr.trim().split('\n').slice(0, 8).join('\n');
  fail(
    `npm could not install the packages (status ${run.status}); it needs its registry for this, once:\n${said}`,
  );
}

function buildBundles() {
  say('building dist/');
  const inputs = digest(sources);
  const run = spawnSync(process.execPath, ['scripts/build.mjs'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (run.status !== 0) fail(`the build failed with status ${run.status ?? run.signal}`);
  writeFileSync(stampFile, stamp(inputs));
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19))
  fail(`Node.js 20.19 or newer is needed, this is ${process.version}`);

if (!current()) {
  takeLock();
  if (!packagesCurrent()) installPackages();
  if (build && !buildCurrent()) buildBundles();
}
