import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { flag, startFlags, startHttp, temporary } from '../killswitch/servers.ts';
import { makeUser } from './built.ts';

const here = makeUser();
afterAll(here.remove);
let shared = temporary();
beforeEach(() => {
  shared = temporary();
  configure({ path: shared, name: 'the share' });
});

function configure(...sources: object[]) {
  here.write(here.userFile, JSON.stringify({ 'kill-switch': { teams: 'payments', sources } }));
}
const content = (scope: string) => JSON.parse(readFileSync(join(shared, scope), 'utf8'));
const hours = (text: string) => (Date.parse(text) - Date.now()) / 3_600_000;

describe('stop --scope', () => {
  test('throws the switch with why, who, when and until when, says how to go on, and is recorded', () => {
    const { status, stdout } = here.run([
      'stop',
      '--scope',
      'org',
      '--reason',
      'incident 42',
      '--until',
      '2h',
    ]);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^HALTED for org \(reason: incident 42, by .+, at .+, until .+\)\n {2}the share {2}thrown\n/,
    );
    expect(stdout).toContain('To go on: blastguard resume --scope org\n');
    expect(content('org')).toEqual({
      reason: 'incident 42',
      by: expect.stringContaining('@'),
      at: expect.any(String),
      until: expect.any(String),
    });
    expect(hours(content('org').until)).toBeCloseTo(2, 1);
    expect(here.records().at(-1)).toMatchObject({
      action: 'stop',
      msg: expect.stringContaining('thrown for org, until'),
    });
  });

  test.each([
    ['team:Payments', 'team/payments'],
    ['project', 'project/project'],
    ['environment:staging', 'environment/staging'],
  ])('%s lies at %s', (scope, file) => {
    expect(here.run(['stop', '--scope', scope]).status).toBe(0);
    expect(existsSync(join(shared, file))).toBe(true);
  });

  test('an agent cannot clear it by throwing it for a moment', () => {
    here.run(['stop', '--scope', 'org', '--reason', 'for good']);
    const agent = { CLAUDECODE: '1' };
    const { status, stdout } = here.run(['stop', '--scope', 'org', '--until', '1m'], agent);
    expect({ status, kept: stdout.includes('already thrown (reason: for good') }).toEqual({
      status: 0,
      kept: true,
    });
    expect(content('org')).toMatchObject({ reason: 'for good' });
    expect(content('org').until).toBeUndefined();
  });

  test('a person can throw it for longer', () => {
    here.run(['stop', '--scope', 'org', '--until', '30m', '-r', 'first']);
    const { stdout } = here.run(['stop', '--scope', 'org', '--until', '5h', '-r', 'second']);
    expect(stdout).toContain('for longer than before');
    expect(content('org')).toMatchObject({ reason: 'second' });
    expect(here.run(['stop', '--scope', 'org', '-r', 'third']).stdout).toContain('for longer than before');
    expect(content('org').until).toBeUndefined();
  });

  test('one whose end has come is thrown anew', () => {
    writeFileSync(join(shared, 'org'), '{"reason":"old","until":"2020-01-01T00:00:00Z"}');
    expect(here.run(['stop', '--scope', 'org', '-r', 'new']).stdout).toMatch(/the share {2}thrown\n/);
    expect(content('org').reason).toBe('new');
  });

  test('in some sources and not in others: halted, and the exit status says that something is left to do', () => {
    configure({ path: shared, name: 'the share' }, { http: 'http://127.0.0.1:1', name: 'the web' });
    const { status, stdout } = here.run(['stop', '--scope', 'org']);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^HALTED for org/);
    expect(stdout).toMatch(/the web +connect ECONNREFUSED/);
  });

  test('where only a feature flag is configured says where to throw it', async () => {
    const server = await startFlags(flag(false));
    configure({ ofrep: `http://127.0.0.1:${server.port}`, flag: 'blastguard-stop' });
    const { status, stdout } = here.run(['stop', '--scope', 'org']);
    await server.stop();
    expect(status).toBe(1);
    expect(stdout).toMatch(/^not thrown for org/);
  });

  test.each([
    [['--scope', 'everyone'], 'is no scope: org, team:NAME'],
    [['--scope', 'team'], '--scope team:NAME'],
    [['--scope', 'team:a/b'], 'a name is of letters'],
    [['--scope', 'org:acme'], 'takes no name'],
    [['--scope', 'org', '--until', 'tomorrow'], 'a time is wanted, such as 30m'],
    [['--scope', 'org', '--until', '2020-01-01T00:00:00Z'], 'lies in the past'],
    [['--until', '2h'], '--until needs --scope'],
    [['--scope', 'org', '--user'], 'exclude each other'],
    [['--dry-run'], '--dry-run needs --kill'],
  ])('%j is an error of usage', (args, message) => {
    const { status, stderr } = here.run(['stop', ...args]);
    expect({ status, said: stderr.includes(message) }).toEqual({ status: 64, said: true });
  });

  test('without a source says what to write where', () => {
    rmSync(here.userFile);
    const { status, stderr } = here.run(['stop', '--scope', 'org']);
    expect(status).toBe(1);
    expect(stderr).toContain('`kill-switch:` with `sources:`');
  });
});

describe('resume --scope', () => {
  test('clears the switch in every source and lets calls pass again at once', async () => {
    here.run(['stop', '--scope', 'team:payments', '-r', 'x']);
    expect((await here.bash('ls')).stops).toBe(true);
    const { status, stdout } = here.run(['resume', '--scope', 'team:payments', '--yes']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^not halted for team:payments\n {2}the share {2}cleared\n/);
    expect(existsSync(join(shared, 'team/payments'))).toBe(false);
    await expect.poll(async () => (await here.bash('ls')).verdict, { timeout: 3000 }).toBe('pass');
  });

  test('is refused inside Claude Code', () => {
    here.run(['stop', '--scope', 'org']);
    expect(here.run(['resume', '--scope', 'org', '--yes'], { CLAUDECODE: '1' }).status).toBe(1);
    expect(existsSync(join(shared, 'org'))).toBe(true);
  });

  test('fails while a source cannot be cleared', () => {
    here.run(['stop', '--scope', 'org']);
    configure({ path: shared }, { path: join(shared, 'gone'), name: 'unmounted' });
    const { status, stdout } = here.run(['resume', '--scope', 'org', '--yes']);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^HALTED for org still, or not known[\s\S]*unmounted +there is no such directory/);
  });

  test('the local resume names what others have thrown', () => {
    here.run(['stop', '--scope', 'org', '-r', 'theirs']);
    const { status, stdout } = here.run(['resume', '--yes']);
    expect(status).toBe(1);
    expect(stdout).toContain('left    the share (reason: theirs');
    expect(stdout).toContain('blastguard resume --scope org');
  });
});

describe('status', () => {
  test('shows every source with its state, age and latency', async () => {
    const web = await startHttp((_, response) => void response.end('{"switches":[]}'));
    mkdirSync(join(shared, 'team'));
    writeFileSync(join(shared, 'team/payments'), 'bad\u001b[2Jdeploy');
    configure(
      { path: shared, name: 'the share' },
      { http: `http://127.0.0.1:${web.port}`, name: 'the web', unreachable: 'pass' },
      { redis: 'redis://127.0.0.1:1', name: 'the store', grace: '3m' },
    );
    await here.bash('ls');
    await web.stop();
    const { status, stdout } = here.run(['status']);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^HALTED\n {2}source +state +age +latency\n/);
    expect(stdout).toMatch(
      /the share +thrown +\d+ m?s +\d+ ms +team:payments \(reason: bad\\u\{1b\}\[2Jdeploy\)/,
    );
    expect(stdout).toMatch(
      /the web +unread +\d+ m?s +\d+ ms +connect ECONNREFUSED .*; calls pass all the same/,
    );
    expect(stdout).toMatch(/the store +unknown +- +\d+ ms +connect ECONNREFUSED .*; every call is denied/);
    const { halted, sources } = JSON.parse(here.run(['status', '--json']).stdout);
    expect(halted).toBe(true);
    expect(sources.map(({ state }: { state: string }) => state)).toEqual(['thrown', 'unread', 'unknown']);
  });

  test('--quiet is 1 while a source halts, and 0 when all is clear', () => {
    expect(here.run(['status', '--quiet'])).toEqual({ status: 0, stdout: '', stderr: '' });
    here.run(['stop', '--scope', 'org']);
    expect(here.run(['status', '--quiet']).status).toBe(1);
  });
});
