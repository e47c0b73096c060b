import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dayFiles } from '../../src/cli/log-file.ts';
import { verifyLog } from '../../src/cli/log-verify.ts';
import { bash, launched, play, root } from '../golden/play.ts';
import { makeUser } from './built.ts';

const user = makeUser();
afterAll(user.remove);

const fixture = (name: string, changes: object = {}) => {
  const text = readFileSync(join(root, 'test/fixtures', name), 'utf8');
  return JSON.stringify({
    ...JSON.parse(text.replaceAll('/home/dev/project', user.project)),
    session_id: 'story-1',
    ...changes,
  });
};
const send = (input: string) => play(launched, { environment: user.environment, input });
const call = (command: string, use: string, prompt = 'prompt-1') =>
  send(
    JSON.stringify({
      ...JSON.parse(bash(user, command)),
      session_id: 'story-1',
      tool_use_id: use,
      prompt_id: prompt,
    }),
  );

beforeAll(async () => {
  await send(fixture('events/SessionStart.json'));
  await call('echo hi; cd sub', 'toolu_fx_000');
  await send(fixture('events/PostToolUse.json'));
  await call('make test', 'toolu_fx_001');
  await send(fixture('documented/PostToolUseFailure.json'));
  await call('sed -i s/a/b/ a.txt', 'toolu_fx_002', 'prompt-2');
  await send(fixture('documented/PostToolUse-changes.json'));
  await call('terraform destroy', 'toolu_fx_003', 'prompt-2');
  await send(fixture('events/PermissionDenied.json', { tool_use_id: 'toolu_fx_009' }));
  await send(fixture('documented/ConfigChange.json'));
  await send(fixture('events/SessionEnd.json'));
}, 30_000);

describe('a session is a story', () => {
  test('every event is recorded in silence, chained with the calls', async () => {
    expect(await send(fixture('events/PostToolUse.json', { session_id: 'other' }))).toEqual({
      status: 0,
      signal: null,
      stdout: '',
      stderr: '',
    });
    expect(verifyLog(dayFiles(user.state), []).faults).toEqual([]);
    const events = user.records().map(({ event, outcome }) => (outcome ? `${event} ${outcome}` : event));
    expect(events).toEqual([
      'SessionStart',
      'PreToolUse',
      'PostToolUse done',
      'PreToolUse',
      'PostToolUseFailure failed',
      'PreToolUse',
      'PostToolUse done',
      'PreToolUse',
      'PermissionDenied refused',
      'ConfigChange',
      'SessionEnd',
      'PostToolUse done',
    ]);
  });

  test('it has prompts, calls, verdicts, outcomes, durations, files and where they landed', () => {
    const [story] = JSON.parse(user.run(['review', '--json']).stdout);
    expect(story).toMatchObject({
      session: 'story-1',
      project: user.project,
      started: 'startup',
      ended: 'other',
      calls: 4,
      verdicts: { deny: 1, ask: 0, pass: 3 },
      outcomes: { done: 2, failed: 1, interrupted: 0, refused: 1 },
      ran: 59 + 812 + 20,
      prompts: ['prompt-1', 'f98ef37a-be17-4538-b635-d1632293289b', 'prompt-2', expect.any(String)],
      files: [join(user.project, 'a.txt'), join(user.project, '.claude/settings.json')],
      environments: { production: 'production' },
      isReviewed: false,
    });
  });

  test('a person reads it', () => {
    const { stdout } = user.run(['review', 'story']);
    expect(stdout).toContain('4: 1 denied, 0 asked, 3 passed; 2 done, 1 failed');
    expect(stdout).toMatch(/prompt prompt-1\n.*pass {2}Bash {2}echo hi; cd sub {2}done {2}59 ms\n/);
    expect(stdout).toMatch(/pass {2}Bash {2}make test {2}failed {2}812 ms {2}Exit code 2/);
    expect(stdout).toMatch(/prompt prompt-2\n/);
    expect(stdout).toMatch(/deny {2}Bash {2}terraform destroy {2}\[terraform\/destroy\]/);
  });

  test('it is listed until a person marks it, and again when it goes on', async () => {
    expect(user.run(['review']).stdout).toMatch(/story-1 .* 4 +1 +0 +production +open/);
    expect(user.run(['review', 'story-1', '--mark', '--yes'], { CLAUDECODE: '1' })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('only a person may review'),
    });
    const marked = user.run(['review', 'story-1', '--mark', '--note', 'as planned', '--yes']);
    expect(marked).toMatchObject({ status: 0, stdout: expect.stringMatching(/^reviewed: story-1 by .+@.+/) });
    expect(user.run(['review']).stdout).toBe('every session was reviewed\n');
    expect(user.run(['review', '--all']).stdout).toMatch(/story-1 .*reviewed/);
    expect(user.run(['review', 'story-1']).stdout).toMatch(/review {4}.+@.+: as planned/);
    await call('ls', 'toolu_fx_010');
    expect(user.run(['review']).stdout).toMatch(/story-1 .*open/);
  });

  test.each([
    [['review', 'nobody'], 1, 'no session in the log begins with `nobody`'],
    [['review', '--mark'], 64, 'name the session that you looked at'],
    [['review', '--since', 'yesterday'], 64, 'neither a time span'],
  ])('%j says what is wrong', (args, status, said) => {
    expect(user.run(args)).toMatchObject({ status, stderr: expect.stringContaining(said) });
  });

  test('the agent may not mark it', async () => {
    expect((await user.bash('blastguard review story-1 --mark')).verdict).toBe('deny');
    expect((await user.bash('blastguard review')).verdict).toBe('pass');
  });
});
