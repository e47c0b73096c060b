import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agents } from '../../src/protocol/agents.ts';
import { launched, makePlace, play, root } from '../golden/play.ts';

type Expected = { readonly status: number; readonly stdout: object | null; readonly stderr?: string };
type Case = { readonly title: string; readonly payload: object; readonly answer: Expected };
type Fixture = { readonly cases: readonly Case[]; readonly malformed: object };

const directory = join(root, 'test/protocol/payloads');
const fixtures = new Map(
  readdirSync(directory).map((file): [string, Fixture] => [
    file.replace('.json', ''),
    JSON.parse(readFileSync(join(directory, file), 'utf8')),
  ]),
);
const fixtureOf = (name: string): Fixture => fixtures.get(name) ?? { cases: [], malformed: {} };

const place = makePlace();
afterAll(place.remove);

/** The hook as the agent starts it, with its working directory in the project, as a shell's would be. */
const ask = (agent: string, input: string) =>
  play([...launched, agent], {
    environment: place.environment,
    cwd: place.project,
    input: input.replaceAll('/home/dev/project', place.project),
  });

/** What was said, its words aside: those of blastguard are `…`. */
const shown = (text: string): string => text.replace(/^(?:blastguard|KILL SWITCH)[\s\S]*$/, '…');
const shape = (stdout: string): unknown =>
  stdout === '' ? null : JSON.parse(stdout, (_, value) => (typeof value === 'string' ? shown(value) : value));

test('every agent has its fixtures', () => {
  expect([...fixtures.keys()].sort()).toEqual([...agents.keys()].sort());
});

describe.each([...agents.keys()])('%s', (agent) => {
  const { cases, malformed } = fixtureOf(agent);
  const registration = agents.get(agent)?.registration;
  beforeAll(() => {
    const file = join(place.project, ...(registration?.projectFile ?? []));
    mkdirSync(dirname(file), { recursive: true });
    // As `init` leaves it, for what guards it.
    writeFileSync(file, '{"hooks":{"X":[{"command":"blastguard-hook"}]}}');
  });

  test('has a denial, a pass and what no fixture may lack', () => {
    const answers = cases.map(({ answer }) => JSON.stringify(answer));
    expect(new Set(answers).size).toBeGreaterThan(1);
    expect(JSON.stringify(cases)).not.toContain('"allow"');
  });

  test.each(cases)('$title', async ({ payload, answer }) => {
    const { status, stdout, stderr } = await ask(agent, JSON.stringify(payload));
    expect({ status, stdout: shape(stdout), stderr: shown(stderr) }).toEqual({ stderr: '', ...answer });
  });

  test.each([
    ['nothing', ''],
    ['no JSON', '{"tool'],
    ['no object', '[]'],
    ['an object that says nothing', '{}'],
    ['a command under another name', JSON.stringify(malformed)],
  ])('%s blocks, with a reason', async (_, input) => {
    const { status, stdout, stderr } = await ask(agent, input);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^blastguard could not judge this call, so it is denied: /);
  });

  test('while the switch is thrown every call is denied, and says why', async () => {
    const file = join(place.project, '.claude-stop');
    writeFileSync(file, 'bad deploy');
    try {
      const sample = registration?.sample('git status', place.project) ?? {};
      const { status, stdout, stderr } = await ask(agent, JSON.stringify(sample));
      expect([0, 2]).toContain(status);
      expect(stdout + stderr).toContain('KILL SWITCH ACTIVE: bad deploy');
      if (status === 0) expect(stdout).toContain('"deny"');
    } finally {
      rmSync(file);
    }
  });

  test('the sample for the proof is stopped and let pass', async () => {
    const sample = (command: string) => JSON.stringify(registration?.sample(command, place.project));
    const pass = await ask(agent, sample('ls'));
    expect([pass.status, pass.stdout.replace('{}', '')]).toEqual([0, '']);
    const deny = await ask(agent, sample('terraform destroy'));
    expect(deny.stdout + deny.stderr).toContain('terraform/destroy');
  });
});

test('an agent that nobody knows blocks', async () => {
  const { status, stderr } = await ask('emacs', '{}');
  expect(status).toBe(2);
  expect(stderr).toContain('no agent is called `emacs`');
});

test('`blastguard hook --agent` is the same hook', () => {
  const payload = JSON.stringify(
    agents.get('codex')?.registration.sample('terraform destroy', place.project),
  );
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(root, 'dist/cli.cjs'), 'hook', '--agent', 'codex'],
    {
      input: payload,
      env: place.environment,
      encoding: 'utf8',
    },
  );
  expect([status, JSON.parse(stdout).hookSpecificOutput.permissionDecision]).toEqual([0, 'deny']);
});
