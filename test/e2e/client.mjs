#!/usr/bin/env node
// The real Claude Code client, headless, in a scratch project that `blastguard init` has set up, against a scripted
// model (run.mjs): what is denied, what runs, and what the model receives, in every permission mode.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
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
} from './session.mjs';

/** A project of its own with the hook installed from `from`. */
function makeProject(name, from = root) {
  const project = join(top, name);
  mkdirSync(project);
  const env = { PATH: process.env.PATH, HOME: join(top, 'person') };
  const init = spawnSync(process.execPath, [join(from, 'dist/cli.cjs'), 'init'], {
    cwd: project,
    env,
    encoding: 'utf8',
  });
  if (init.status === 0) return project;
  print(`ERROR: \`blastguard init\` exited with ${init.status}\n${init.stdout}${init.stderr}`);
  process.exit(1);
}

/** After a switch was thrown: nothing runs, and what the client still reported was denied with the switch's text. */
function expectHalted(calls) {
  for (const call of calls) expectNotRun(call);
  const told = calls.filter(({ tool_result }) => tool_result?.includes('KILL SWITCH ACTIVE'));
  expect(
    'the denial says that the kill switch is active',
    told.length > 0 ? undefined : line(calls[0]?.tool_result),
  );
}

const destructive = [
  ['terraform destroy -auto-approve', 'terraform/destroy'],
  ['cd infra; sudo /usr/bin/env TF_LOG=1 terraform -chdir=prod destroy', 'terraform/destroy'],
  ['aws --region eu-west-1 rds delete-db-instance --db-instance-identifier orders', 'aws/delete-database'],
];
const agent = (calls) => ({ tool: 'Agent', input: { run_in_background: false }, subagent: calls });
const modes = [
  ['default', '--allowed-tools', 'Bash'],
  ['acceptEdits', '--allowed-tools', 'Bash'],
  ['dontAsk', '--allowed-tools', 'Bash'],
  ['plan', '--allowed-tools', 'Bash'],
  ['auto', '--classifier', 'allow'],
  ['bypassPermissions'],
];

for (const [mode, ...args] of modes) {
  print(`mode ${mode}`);
  const project = makeProject(mode);
  const stop = join(project, '.claude-stop');
  const dangers = destructive.map(([command]) => command);

  const first = session(
    project,
    mode,
    ['echo one', ...dangers, agent(['echo two', ...dangers]), 'echo three'],
    ...args,
  );
  const [one, ...rest] = first.calls.filter(({ tool }) => tool === 'Bash');
  const three = rest.pop();
  const two = rest.splice(destructive.length, 1)[0];
  expectExecuted(one, 'one');
  expectExecuted(two, 'two');
  expectExecuted(three, 'three');
  for (const [index, call] of rest.entries()) expectDenied(call, destructive[index % destructive.length][1]);

  const read = { tool: 'Read', input: { file_path: join(project, '.claude/settings.json') } };
  const calls = ['echo before', 'touch .claude-stop', ['echo a', read], 'echo b'];
  const halted = session(project, mode, calls, ...args).calls;
  expectExecuted(halted[0], 'before');
  expectExecuted(halted[1]);
  expectHalted(halted.slice(2));

  const refused = session(project, mode, ['echo new work'], ...args);
  expectNotRun(refused.calls[0]);
  expect(
    'a new prompt is refused',
    refused.summary.requests.main === 0 ? undefined : 'the prompt reached the model',
  );

  unlinkSync(stop);
  const resumed = session(project, mode, ['echo again', dangers[0]], ...args);
  expectExecuted(resumed.calls[0], 'again');
  expectDenied(resumed.calls[1], destructive[0][1]);
}

print('the kill switch, thrown by a subagent');
{
  const project = makeProject('subagent-stop');
  const { calls } = session(project, 'bypassPermissions', [
    agent(['touch .claude-stop', 'echo a']),
    'echo b',
  ]);
  expectExecuted(calls.find(({ input }) => input.command === 'touch .claude-stop'));
  expectHalted(calls.filter(({ input }) => input.command?.startsWith('echo')));
}

print('an agent that would be rid of the hook');
{
  const project = makeProject('tampering');
  const settings = join(project, '.claude/settings.json');
  const before = readFileSync(settings, 'utf8');
  const { calls } = session(project, 'bypassPermissions', [
    `rm ${settings}`,
    `echo '{"disableAllHooks":true}' > .claude/settings.local.json`,
    { tool: 'Write', input: { file_path: settings, content: '{}' } },
    `rm ${join(root, 'dist/no-such-file')}`,
    'echo still here',
  ]);
  for (const call of calls.slice(0, 4)) expectDenied(call, 'blastguard/');
  expectExecuted(calls[4], 'still here');
  expect(
    'the settings are as they were',
    readFileSync(settings, 'utf8') === before ? undefined : 'they changed',
  );
}

print('commands that the client runs of its own: of skills while they are loaded, of hooks in its settings');
{
  const project = makeProject('skills');
  const commands = join(project, '.claude/commands');
  mkdirSync(commands);
  writeFileSync(join(commands, 'down.md'), '!`touch ran; terraform destroy`\n');
  writeFileSync(join(commands, 'show.md'), '!`echo shown $ARGUMENTS`\n');
  const skill = (name, args) => ({ tool: 'Skill', input: { skill: name, args } });
  const { calls } = session(
    project,
    'bypassPermissions',
    [skill('down'), skill('show', 'it'), skill('show', '; touch ran; terraform destroy')],
    '--all-tools',
  );
  expectDenied(calls[0], 'terraform/destroy');
  expect(
    'show runs its command',
    calls[1].extra?.some(({ text }) => text.includes('shown it')) ? undefined : line(calls[1].tool_result),
  );
  expectDenied(calls[2], 'terraform/destroy');
  const hooks = { PostToolUse: [{ hooks: [{ type: 'command', command: 'touch ran; terraform destroy' }] }] };
  const written = session(project, 'bypassPermissions', [
    {
      tool: 'Write',
      input: {
        file_path: join(project, '.claude/settings.local.json'),
        content: JSON.stringify({ hooks }),
      },
    },
    'sleep 2',
  ]);
  expectDenied(written.calls[0], 'terraform/destroy');
  expectExecuted(written.calls[1]);
  expect('and nothing ran', existsSync(join(project, 'ran')) ? 'it did' : undefined);
}

print('the bundle, deleted in the middle of a session');
{
  const copy = join(top, 'install');
  mkdirSync(copy);
  for (const name of ['dist', 'hooks', 'policies', 'package.json'])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  const project = makeProject('deleted-bundle', copy);
  const bundle = join(copy, 'dist/hook.cjs');
  // Another process deletes it, because the agent may not.
  const deleter = `until [ -e now ]; do sleep 0.05; done; rm ${bundle}`;
  const wait = `until ! [ -e ${bundle} ]; do sleep 0.05; done; echo gone`;
  const { calls } = session(
    project,
    'bypassPermissions',
    ['echo before', `touch now; ${wait}`, 'echo after', 'ls'],
    '--bg',
    deleter,
  );
  expectExecuted(calls[0], 'before');
  expectExecuted(calls[1], 'gone');
  for (const call of calls.slice(2)) expectDenied(call, 'blastguard');
}

print("the organisation's kill switch, thrown elsewhere in the middle of a session");
{
  const project = makeProject('elsewhere');
  const shared = join(top, 'shared');
  mkdirSync(shared);
  const source = `kill-switch:\n  freshness: 1s\n  sources:\n    - path: ${shared}\n`;
  writeFileSync(join(project, '.blastguard.yaml'), source);
  const thrower = `until [ -e now ]; do sleep 0.05; done; echo "incident 42" > ${join(shared, 'org')}`;
  const wait = `until [ -e ${join(shared, 'org')} ]; do sleep 0.05; done; sleep 1; echo thrown`;
  const { calls } = session(
    project,
    'bypassPermissions',
    ['echo before', `touch now; ${wait}`, 'echo after', 'echo later'],
    '--bg',
    thrower,
  );
  expectExecuted(calls[0], 'before');
  expectExecuted(calls[1], 'thrown');
  expectHalted(calls.slice(2));
}

print('a tool that is running when everything is stopped');
{
  const project = makeProject('running');
  const cli = `${process.execPath} ${join(root, 'dist/cli.cjs')}`;
  const stopper = `until [ -e started ]; do sleep 0.05; done; ${cli} stop --kill --dry-run > listed.txt; ${cli} stop --kill`;
  const { calls } = session(
    project,
    'bypassPermissions',
    ['touch started; tail -f /dev/null', 'echo after'],
    '--bg',
    `cd ${project}; ${stopper}`,
  );
  expect(
    '`tail -f` is ended',
    calls[0].outcome === 'executed' && calls[0].is_error ? undefined : calls[0].outcome,
  );
  const listed = readFileSync(join(project, 'listed.txt'), 'utf8');
  expect(
    'and was listed',
    /^would be ended:\n[\s\S]*tail -f \/dev\/null/.test(listed) ? undefined : line(listed),
  );
  expectHalted(calls.slice(1));
}

finish();
