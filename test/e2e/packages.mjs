#!/usr/bin/env node
// The ways to install it, each driven through the real Claude Code client: the packed npm package.

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, expectDenied, expectExecuted, finish, print, root, session, top } from './session.mjs';

const home = join(top, 'person');
mkdirSync(home);
// A registry that nobody serves: what needs the network fails.
const env = { PATH: process.env.PATH, HOME: home, npm_config_registry: 'http://127.0.0.1:9/' };

function run(program, args, cwd) {
  const ran = spawnSync(program, args, { cwd, env, encoding: 'utf8' });
  expect(
    `\`${[program, ...args].join(' ').replaceAll(top, '…')}\` works`,
    ran.status === 0 ? undefined : `status ${ran.status ?? ran.error}: ${ran.stdout}${ran.stderr}`,
  );
  return ran.stdout;
}

/** A session in which one call is ordinary and one is not. */
function expectGuarded(project, ...args) {
  const calls = session(
    project,
    'bypassPermissions',
    ['echo one', 'terraform destroy -auto-approve'],
    ...args,
  ).calls;
  expectExecuted(calls[0], 'one');
  expectDenied(calls[1], 'terraform/destroy');
}

print('the npm package, packed, in an empty project');
{
  const project = join(top, 'npm');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{"private":true}\n');
  run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', top, root], top);
  run('npm', ['install', '--offline', join(top, 'blastguard-0.1.0.tgz')], project);
  run('npx', ['blastguard', 'init'], project);
  expectGuarded(project);
}

finish();
