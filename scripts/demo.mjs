#!/usr/bin/env node
// Plays five calls, as Claude Code sends them, through the built hook as `blastguard init` registers it, in a scratch
// home and project, and shows each answer as Claude and the user get it. Exits 1 when an answer is not as expected.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pc from 'picocolors';

const cli = join(dirname(dirname(fileURLToPath(import.meta.url))), 'dist/cli.cjs');
const top = realpathSync(mkdtempSync(join(tmpdir(), 'blastguard-demo-')));
const home = join(top, 'home');
const project = join(home, 'shop');
mkdirSync(project, { recursive: true });
process.on('exit', () => rmSync(top, { recursive: true, force: true }));

const env = {
  PATH: process.env.PATH,
  HOME: home,
  XDG_STATE_HOME: join(top, 'state'),
  CLAUDE_PROJECT_DIR: project,
};
const { bold, cyan, dim, green, red } = pc.createColors(
  pc.isColorSupported && process.stdout.isTTY === true && !process.env.NO_COLOR,
);
const print = (line = '') => process.stdout.write(`${line}\n`);

function blastguard(...args) {
  const run = spawnSync(process.execPath, [cli, ...args], { cwd: project, env, encoding: 'utf8' });
  if (run.status === 0) return;
  process.stderr.write(
    `demo: \`blastguard ${args.join(' ')}\` exited with ${run.status ?? run.signal}\n${run.stdout}${run.stderr}`,
  );
  process.exit(1);
}

/** The hook's entry for tool calls in the settings of the scratch project. */
function registeredEntry() {
  const settings = JSON.parse(readFileSync(join(project, '.claude/settings.json'), 'utf8'));
  return settings.hooks.PreToolUse.flatMap((group) => group.hooks)[0];
}

function call(entry, command) {
  const payload = {
    session_id: '5a1c9c3e-0000-4000-8000-000000000001',
    transcript_path: join(home, '.claude/projects/shop/session.jsonl'),
    cwd: project,
    permission_mode: 'auto',
    hook_event_name: 'PreToolUse',
    tool_name: 'Bash',
    tool_input: { command, description: 'Run a command' },
    tool_use_id: 'toolu_demo',
  };
  return spawnSync(entry.command, entry.args, {
    cwd: project,
    env,
    input: `${JSON.stringify(payload)}\n`,
    encoding: 'utf8',
    timeout: entry.timeout * 1000,
  });
}

/** What Claude Code makes of the hook's output. */
function answerOf({ status, stdout, stderr }) {
  if (status === 2) return { verdict: 'deny', reason: stderr.trimEnd() };
  if (status !== 0) return { verdict: 'no answer', reason: `exit status ${status}\n${stderr}` };
  if (stdout === '') return { verdict: 'pass' };
  const { hookSpecificOutput, systemMessage, stopReason, ...rest } = JSON.parse(stdout);
  return {
    verdict: hookSpecificOutput.permissionDecision,
    reason: hookSpecificOutput.permissionDecisionReason,
    notice: systemMessage ?? stopReason,
    stops: rest.continue === false,
  };
}

function show(label, text) {
  const [first, ...more] = text.split('\n');
  print(`   ${dim(label.padEnd(15))}  ${first}`);
  for (const line of more) print(`${' '.repeat(20)}${line}`);
}

function showAnswer({ verdict, reason, notice, stops }) {
  if (verdict === 'pass') {
    show('hook', `${green('pass')}: it prints nothing, and Claude Code's own permissions apply as ever`);
    show('Claude receives', "the command's own output");
    return show('you see', 'nothing new');
  }
  show('hook', red(stops ? `${verdict}, and Claude is stopped` : verdict));
  show('Claude receives', `PreToolUse:Bash hook error: ${reason}`);
  show(
    'you see',
    notice === undefined ? 'the denied call' : stops ? notice : `PreToolUse:Bash says: ${notice}`,
  );
}

const steps = [
  { title: 'An ordinary command', command: 'ls -la', verdict: 'pass' },
  {
    title: 'Two and a half years of data, one command',
    command: 'terraform destroy',
    verdict: 'deny',
    says: 'terraform/destroy',
  },
  {
    title: 'The same kind of mistake, less plainly written',
    command:
      'cd infra && AWS_PROFILE=prod aws --region eu-west-1 rds delete-db-instance --db-instance-identifier orders --skip-final-snapshot',
    verdict: 'deny',
    says: 'rds delete-db-instance',
  },
  {
    title: 'A mention of danger is not danger',
    command: 'git commit -m "docs: say why nobody runs terraform destroy in production"',
    verdict: 'pass',
  },
  {
    title: 'The first command again, with the kill switch thrown',
    before: ['stop', '--reason', 'orders database looks wrong, investigating'],
    command: 'ls -la',
    verdict: 'deny',
    stops: true,
    says: 'KILL SWITCH ACTIVE',
  },
];

function asExpected(step, answer) {
  const says = step.says === undefined || answer.reason?.includes(step.says);
  return answer.verdict === step.verdict && says && Boolean(answer.stops) === Boolean(step.stops);
}

blastguard('init');
const entry = registeredEntry();
print(
  bold('blastguard demo: what Claude Code hears when it is about to run a command (permission mode: auto)'),
);
print(dim(`hook: ${[entry.command, ...entry.args].join(' ')}`));

let wrong = 0;
for (const [index, step] of steps.entries()) {
  print();
  print(bold(`${index + 1}. ${step.title}`));
  if (step.before) {
    blastguard(...step.before);
    show(
      'a person ran',
      cyan(`blastguard ${step.before.map((word) => (/\s/.test(word) ? `'${word}'` : word)).join(' ')}`),
    );
  }
  show('Claude wants', cyan(step.command));
  const answer = answerOf(call(entry, step.command));
  showAnswer(answer);
  if (asExpected(step, answer)) continue;
  wrong += 1;
  print(
    red(`   unexpected: this call should end in ${step.verdict}${step.says ? ` with \`${step.says}\`` : ''}`),
  );
}

print();
print(
  wrong === 0
    ? green('All five answers are as expected.')
    : red(`${wrong} of ${steps.length} answers are not as expected.`),
);
process.exitCode = wrong === 0 ? 0 : 1;
