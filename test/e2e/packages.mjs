#!/usr/bin/env node
// The ways to install it, each driven through the real Claude Code client: the packed npm package, the plugin,
// cloned from a git repository that holds what this tree would commit, and the managed settings of a machine.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  client,
  expect,
  expectDenied,
  expectExecuted,
  expectNotRun,
  finish,
  line,
  print,
  root,
  session,
  top,
  version,
} from './session.mjs';

const home = join(top, 'person');
mkdirSync(home);
// A registry that nobody serves: what needs the network fails.
const env = { PATH: process.env.PATH, HOME: home, npm_config_registry: 'http://127.0.0.1:9/' };

function run(program, args, cwd, more = {}) {
  const ran = spawnSync(program, args, { cwd, env: { ...env, ...more }, encoding: 'utf8' });
  const said = [program === client ? 'claude' : program, ...args].join(' ').replaceAll(top, '…');
  expect(
    `\`${said.replaceAll(root, '.')}\` works`,
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
  const said = run('npx', ['blastguard', 'doctor'], project, { PATH: `${dirname(client)}:${env.PATH}` });
  const onFailure = `ok   client   Claude Code ${version} denies a call`;
  expect('doctor knows that this client honours `onFailure`', said.includes(onFailure) ? undefined : said);
}

print('the plugin, from git');
{
  for (const path of [root, join(root, 'plugin')]) run(client, ['plugin', 'validate', '--strict', path], top);

  const repository = join(top, 'repository');
  const files = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const file of files.stdout.split('\0').filter((name) => name !== '' && existsSync(join(root, name)))) {
    mkdirSync(dirname(join(repository, file)), { recursive: true });
    cpSync(join(root, file), join(repository, file));
  }
  const author = ['-c', 'user.name=e2e', '-c', 'user.email=e2e@example.invalid'];
  run('git', ['init', '--quiet'], repository);
  run('git', ['add', '--all'], repository);
  run('git', [...author, 'commit', '--quiet', '--message', 'plugin'], repository);
  // The client takes an address of the web; git is told where it leads.
  const address = 'https://git.invalid/blastguard.git';
  run('git', ['config', '--global', `url.file://${repository}.insteadOf`, address], top);
  run(client, ['plugin', 'marketplace', 'add', address], top);
  run(client, ['plugin', 'install', 'blastguard@blastguard'], top);
  // The client works on its own clone alone.
  rmSync(repository, { recursive: true });

  const config = join(home, '.claude');
  const state = join(config, 'plugins/data/blastguard-blastguard');
  const project = join(top, 'plugin');
  mkdirSync(project);
  const withPlugin = ['--env', `CLAUDE_CONFIG_DIR=${config}`];
  expectGuarded(project, ...withPlugin);
  const logs = existsSync(join(state, 'log')) ? readdirSync(join(state, 'log')) : [];
  const log = logs.map((name) => readFileSync(join(state, 'log', name), 'utf8')).join('');
  expect(
    'the record lies in the data directory of the plugin',
    log.includes('terraform/destroy') ? undefined : `there: ${logs}`,
  );

  /** What the model is sent when a person types a command of the plugin. */
  const typed = (command) => {
    const out = join(top, 'out');
    const ran = session(
      project,
      'bypassPermissions',
      ['echo after'],
      ...withPlugin,
      '--prompt',
      command,
      '--out',
      out,
    );
    const requests = readdirSync(join(out, 'requests')).sort();
    const text = requests.length > 0 ? readFileSync(join(out, 'requests', requests[0]), 'utf8') : '';
    return { text, calls: ran.calls };
  };
  const shows = (command, expected, { text }) =>
    expect(
      `${command} shows ${line(expected)}`,
      text.includes(expected) ? undefined : 'the model was sent something else',
    );
  shows('/blastguard:denials', 'terraform destroy', typed('/blastguard:denials'));
  shows('/blastguard:review', 'sess', typed('/blastguard:review'));
  shows('/blastguard:report', 'terraform/destroy', typed('/blastguard:report'));
  shows('/blastguard:status', `state    ${state}`, typed('/blastguard:status'));
  const reason = `it's "on fire" $(id)`;
  const stopped = typed(`/blastguard:stop ${reason}`);
  expectNotRun(stopped.calls[0]);
  const halt = existsSync(join(project, '.claude-stop'))
    ? readFileSync(join(project, '.claude-stop'), 'utf8')
    : '';
  expect(
    'the switch holds the reason, to the letter',
    halt.includes(JSON.stringify(reason).slice(1, -1)) || halt.includes(reason) ? undefined : line(halt),
  );
}

print('the managed settings of a machine, in a project that switches hooks off');
{
  const project = join(top, 'managed');
  mkdirSync(join(project, '.claude'), { recursive: true });
  writeFileSync(join(project, '.claude/settings.json'), '{"disableAllHooks":true}\n');
  // All of it sees a copy of /etc, which is gone with the last process.
  const script = `cp -a /etc "$1/etc" 2>/dev/null; mount --bind "$1/etc" /etc && shift && exec "$@"`;
  const node = process.execPath;
  const guarded = JSON.stringify(['echo one', 'terraform destroy -auto-approve']);
  const steps = [
    `"${node}" "${root}/dist/cli.cjs" init --managed >&2`,
    `"${node}" "${root}/test/e2e/run.mjs" --keep-managed --quiet --client "${client}" --project "${project}" --calls '${guarded}'`,
  ].join(' && ');
  const asRoot = process.getuid() === 0 ? [] : ['--map-root-user'];
  const ran = spawnSync('unshare', [...asRoot, '--mount', 'sh', '-c', script, 'sh', top, 'sh', '-c', steps], {
    env,
    encoding: 'utf8',
  });
  const calls = ran.stdout
    .split('\n')
    .filter(Boolean)
    .map((text) => JSON.parse(text));
  expect('`blastguard init --managed` works', ran.stderr.includes('proven') ? undefined : ran.stderr);
  if (calls.length === 3) {
    expectExecuted(calls[0], 'one');
    expectDenied(calls[1], 'terraform/destroy');
  } else expect('the session runs', `status ${ran.status}: ${ran.stderr}`);
}

finish();
