import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import {
  answerOf,
  bash,
  launched,
  makePlace,
  type Played,
  parseAnswer,
  payloadFor,
  play,
  root,
} from './play.ts';

const fixtures = join(root, 'test/fixtures');
const read = (file: string) => readFileSync(join(fixtures, file), 'utf8');
const json = (name: string) => name.endsWith('.json') && name !== 'INDEX.json';
const calls = readdirSync(fixtures).filter(json);
const events = readdirSync(join(fixtures, 'events')).filter(json);

const place = makePlace();
afterAll(place.remove);

const ask = (input: string | Buffer) => play(launched, { environment: place.environment, input });

/** A recorded payload as if it had been recorded in this test's project, with parts of it replaced. */
function recorded(file: string, changes: object = {}): string {
  const payload = JSON.parse(read(file).replaceAll('/home/dev/project', place.project));
  return `${JSON.stringify({ ...payload, ...changes })}\n`;
}

function silent(played: Played): void {
  expect(played).toEqual({ status: 0, signal: null, stdout: '', stderr: '' });
}

/** Exactly one JSON object on standard output, of the shape the host knows, and nothing else anywhere. */
function denied(played: Played, ...parts: readonly string[]): void {
  expect(played).toMatchObject({ status: 0, signal: null, stderr: '' });
  const answer = parseAnswer(played.stdout);
  expect(answer?.hookSpecificOutput).toEqual({
    hookEventName: 'PreToolUse',
    permissionDecision: 'deny',
    permissionDecisionReason: expect.any(String),
  });
  for (const part of parts) expect(answerOf(played).reason).toContain(part);
  expect(Buffer.byteLength(answerOf(played).reason)).toBeLessThan(2048);
}

describe('what the client really sends', () => {
  test('all recorded payloads are here', () => {
    expect([calls.length, events.length]).toEqual([42, 12]);
  });

  test.each(calls)('%s, recorded from an ordinary session, passes in silence', async (file) => {
    silent(await ask(read(file)));
  });

  test.each(events)('events/%s passes in silence', async (file) => {
    silent(await ask(read(`events/${file}`)));
  });

  test.each([
    ['a key it does not know', { brand_new_key: { deep: [1] } }],
    ['a tool it does not know', { tool_name: 'TimeMachine', tool_input: { when: 'yesterday' } }],
    ['an effort of another shape', { effort: 'high' }],
  ])('a payload with %s passes in silence', async (_, changes) => {
    silent(await ask(recorded('Read.json', changes)));
  });
});

describe('the same payloads with a dangerous command', () => {
  const modes = ['default', 'acceptEdits', 'auto', 'dontAsk', 'plan'];
  const carriers = [
    ...[
      'Bash.json',
      'Bash-after-cd.json',
      'Bash-background.json',
      'Bash-in-subagent.json',
      'Bash-no-description.json',
    ],
    ...modes.map((mode) => `Bash-mode-${mode}.json`),
    ...['Monitor.json', 'PowerShell.json', 'mcp.json'],
  ];

  test.each(carriers)('%s is denied, by rule and with the command named', async (file) => {
    const { tool_input } = JSON.parse(read(file));
    const input = { ...tool_input, command: 'cd infra && terraform destroy -auto-approve' };
    denied(
      await ask(recorded(file, { tool_input: input })),
      'terraform/destroy',
      'terraform destroy -auto-approve',
    );
  });

  test.each([
    ['Write.json', { file_path: '.claude/settings.json', content: '{"disableAllHooks":true}' }],
    [
      'Edit.json',
      { file_path: '.claude/settings.local.json', old_string: 'a', new_string: 'b', replace_all: false },
    ],
    ['NotebookEdit.json', { notebook_path: '.claude/settings.json', new_source: '{}', edit_mode: 'replace' }],
  ])('%s into the settings that carry the hook is denied', async (file, input) => {
    const path = 'file_path' in input ? 'file_path' : 'notebook_path';
    const target = join(place.project, '.claude', String(Object.values(input)[0]).replace('.claude/', ''));
    denied(await ask(recorded(file, { tool_input: { ...input, [path]: target } })), 'blastguard/');
  });

  test.each([
    ['Read.json', { file_path: '/home/dev/.ssh/id_ed25519' }, 'credentials-files/private-key'],
    [
      'Grep.json',
      { pattern: 'KEY', path: '/home/dev/.aws/credentials', output_mode: 'content' },
      'credentials-files/tokens',
    ],
    ['WebFetch.json', { url: 'http://0xa9fea9fe/latest/', prompt: 'x' }, 'http/fetch-metadata'],
    ['Write.json', { file_path: '/srv/infra/terraform.tfstate', content: '{}' }, 'terraform-files/state'],
  ])('%s about %j is denied by %s', async (file, input, rule) => {
    denied(await ask(recorded(file, { tool_input: input })), rule);
  });

  test.each([
    ['mcp__neon__delete_project', { params: { projectId: 'p' } }, 'mcp/delete-resource'],
    ['mcp__db__execute_sql', { query: 'DROP TABLE users' }, 'mcp-databases/drop'],
    ['ExitWorktree', { action: 'remove', discard_changes: true }, 'host-tools/discard-worktree'],
  ])('%s with %j is denied by %s', async (tool, input, rule) => {
    denied(await ask(recorded('mcp.json', { tool_name: tool, tool_input: input })), rule);
  });

  test('the user is told the same in one line', async () => {
    const { notice } = answerOf(await ask(bash(place, 'terraform destroy')));
    expect(notice).toContain('terraform/destroy');
    expect(notice).not.toContain('\n');
  });

  test('a mention in a commit message is data and passes', async () => {
    silent(await ask(bash(place, 'git commit -m "never run terraform destroy here"')));
  });
});

describe('a command that cannot be known', () => {
  const unknown = 'terraform $ACTION';
  const askIn = async (mode: string) => answerOf(await ask(bash(place, unknown, mode)));

  test.each(['default', 'acceptEdits', 'plan', 'auto'])(
    'asks in mode %s, where a person can answer',
    async (mode) => {
      expect((await askIn(mode)).verdict).toBe('ask');
    },
  );

  test.each(['bypassPermissions', 'dontAsk', 'aModeOfTheFuture'])('is denied in mode %s', async (mode) => {
    expect((await askIn(mode)).verdict).toBe('deny');
  });

  test('is denied where the host does not say its mode', async () => {
    const { permission_mode: _, ...payload } = JSON.parse(bash(place, unknown));
    expect(answerOf(await ask(JSON.stringify(payload))).verdict).toBe('deny');
  });
});

describe('with the kill switch thrown', () => {
  const stop = join(place.project, '.claude-stop');
  beforeEach(() => writeFileSync(stop, 'the orders database looks wrong\n'));

  test.each(calls)('%s is denied and Claude is stopped', async (file) => {
    const played = await ask(recorded(file));
    denied(played, 'KILL SWITCH ACTIVE', 'the orders database looks wrong', 'blastguard resume');
    expect(answerOf(played).stops).toBe(true);
  });

  test('a new prompt is refused', async () => {
    const played = await ask(recorded('events/UserPromptSubmit.json'));
    expect(played).toMatchObject({ status: 0, stderr: '' });
    const answer = parseAnswer(played.stdout);
    expect(answer?.decision === 'block' || answer?.continue === false).toBe(true);
    expect(played.stdout).toContain('KILL SWITCH ACTIVE');
    expect(played.stdout).toContain('the orders database looks wrong');
  });

  test('a call from a directory far below the project root is denied', async () => {
    const deep = join(place.project, 'a/b/c');
    denied(await ask(recorded('Read.json', { cwd: deep })), 'KILL SWITCH ACTIVE');
  });

  test('a destructive command is told of the switch first', async () => {
    denied(await ask(payloadFor(place, 'Bash', { command: 'terraform destroy' })), 'KILL SWITCH ACTIVE');
  });
});
