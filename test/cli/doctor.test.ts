import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { root } from '../golden/play.ts';
import { makeUser } from './built.ts';

type User = ReturnType<typeof makeUser>;
type Check = { readonly name: string; readonly findings: readonly Finding[] };
type Finding = { readonly state: 'ok' | 'warn' | 'fail'; readonly says: string; readonly mend?: string };

let user: User;
let bin: string;
beforeEach(() => {
  user = makeUser();
  bin = join(user.home, 'bin');
  put(join(bin, 'claude'), '#!/bin/sh\necho "2.1.329 (Claude Code)"\n', 0o755);
});
afterEach(() => user.remove());

function put(file: string, text: string, mode = 0o644): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode });
  return file;
}

const path = () => ({ PATH: `${bin}:${process.env.PATH}` });
const projectSettings = () => join(user.project, '.claude/settings.json');

function examined(env: Readonly<Record<string, string>> = {}) {
  const ran = user.run(['doctor', '--json'], { ...path(), ...env });
  const { healthy, checks }: { healthy: boolean; checks: readonly Check[] } = JSON.parse(ran.stdout);
  const found = (name: string) => checks.find((check) => check.name === name)?.findings ?? [];
  return { status: ran.status, healthy, checks, found };
}

const changed = (file: string, from: string, to: string) =>
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(from, to));

describe('doctor', () => {
  test('finds nothing where the hook is registered and works', () => {
    user.run(['init']);
    const { status, healthy, checks } = examined();
    expect(checks.flatMap(({ findings }) => findings).filter(({ state }) => state !== 'ok')).toEqual([]);
    expect({ status, healthy }).toEqual({ status: 0, healthy: true });
  });

  test('names the level, the time that a call takes and the version of the client', () => {
    user.run(['init', '--user']);
    const { found } = examined();
    expect(found('hook')[0]?.says).toMatch(/\.claude\/settings\.json \(user\)$/);
    expect(found('entry')[0]?.says).toMatch(
      /denies `terraform destroy` in \d+ ms, is silent about `ls` in \d+ ms/,
    );
    expect(found('client')[0]?.says).toContain('2.1.329');
  });

  test('follows the chain of the log, of the last days alone when the log is long, and says so', () => {
    user.run(['init']);
    const says = () => examined().found('log')[1];
    expect(says()).toEqual({ state: 'ok', says: 'its chain holds: 1 line of 1 day' });
    truncateSync(put(join(user.state, 'log/2026-01-01.jsonl'), '', 0o600), 300 * 1024 * 1024);
    expect(says()).toEqual({
      state: 'ok',
      says: 'its chain holds: 1 line of the last 1 day of 2; `blastguard log verify` follows all',
    });
  });

  test('tells people the same, with what to do', () => {
    const { status, stdout } = user.run(['doctor'], path());
    expect(status).toBe(1);
    expect(stdout).toMatch(/FAIL hook +it is not registered\n +→ blastguard init\n/);
    expect(stdout).toMatch(/1 thing keeps the guard from its work/);
  });

  type Case = readonly [
    what: string,
    group: string,
    state: 'warn' | 'fail',
    says: RegExp,
    mend: RegExp,
    break_: () => unknown,
    env?: Readonly<Record<string, string>>,
  ];
  const cases: readonly Case[] = [
    [
      'a project that switches hooks off',
      'hook',
      'fail',
      /switches all hooks off/,
      /edit .*settings\.local\.json/,
      () => put(join(user.project, '.claude/settings.local.json'), '{"disableAllHooks":true}'),
    ],
    [
      'a settings file with a mistake',
      'hook',
      'fail',
      /drops the whole file/,
      /edit /,
      () => changed(projectSettings(), '"timeout": 10', '"timeout": 0'),
    ],
    [
      'a hook for some tools only',
      'hook',
      'fail',
      /some tools only/,
      /blastguard init$/,
      () => changed(projectSettings(), '"matcher": "*"', '"matcher": "Bash"'),
    ],
    [
      'a launcher that is gone',
      'entry',
      'fail',
      /ENOENT/,
      /blastguard init/,
      () => changed(projectSettings(), '/hooks/blastguard-hook', '/no/blastguard-hook'),
    ],
    [
      'an entry that lets everything pass',
      'entry',
      'fail',
      /let `terraform destroy` pass/,
      /blastguard init/,
      () => {
        const empty = put(join(user.home, 'other/blastguard-hook'), '#!/bin/sh\nexit 0\n', 0o755);
        changed(
          projectSettings(),
          JSON.parse(readFileSync(projectSettings(), 'utf8')).hooks.PreToolUse[0].hooks[0].command,
          empty,
        );
      },
    ],
    [
      'a node that is gone',
      'entry',
      'warn',
      /is gone; the node on the PATH is used/,
      /blastguard init/,
      () => {
        const settings = JSON.parse(readFileSync(projectSettings(), 'utf8'));
        settings.hooks.PreToolUse[0].hooks[0].args = ['/gone/bin/node', join(root, 'dist/hook.cjs')];
        writeFileSync(projectSettings(), JSON.stringify(settings));
      },
    ],
    [
      'an entry without onFailure',
      'entry',
      'warn',
      /`onFailure` is not "block"/,
      /blastguard init/,
      () => changed(projectSettings(), '"onFailure": "block"', '"onFailure": "continue"'),
    ],
    [
      'an old client',
      'client',
      'warn',
      /2\.1\.284 lets a call pass when the hook is killed/,
      /claude update/,
      () => put(join(bin, 'claude'), '#!/bin/sh\necho "2.1.284 (Claude Code)"\n', 0o755),
    ],
    [
      'another hook that answers allow',
      'others',
      'warn',
      /seems to answer `allow`/,
      /edit .*settings\.json/,
      () => {
        put(
          join(user.project, 'fast.sh'),
          `echo '{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"allow"}}'\n`,
        );
        const hook = { type: 'command', command: `sh "$CLAUDE_PROJECT_DIR"/fast.sh` };
        put(
          join(user.home, '.claude/settings.json'),
          JSON.stringify({ hooks: { PreToolUse: [{ matcher: 'Bash', hooks: [hook] }] } }),
        );
      },
    ],
    [
      'a configuration with a mistake',
      'config',
      'fail',
      /not in force/,
      /blastguard compile /,
      () => user.write(user.userFile, 'exeptions: []\n'),
    ],
    [
      'a configuration that nobody trusts',
      'config',
      'warn',
      /not trusted/,
      /blastguard trust/,
      () =>
        user.write(
          user.projectFile,
          'exceptions:\n  - rule: terraform/destroy\n    command: terraform destroy\n    reason: it is a test\n',
        ),
    ],
    [
      'a thrown switch',
      'switch',
      'warn',
      /everything is halted by/,
      /blastguard resume/,
      () => user.run(['stop', '--reason', 'test']),
    ],
    [
      'a log that cannot be written',
      'log',
      'fail',
      /cannot be written, so no call passes/,
      /ls -ld/,
      () => {
        rmSync(join(user.state, 'log'), { recursive: true, force: true });
        put(join(user.state, 'log'), 'not a directory');
      },
    ],
    [
      'a log that others may read',
      'log',
      'warn',
      /others may read/,
      /chmod 600/,
      () => chmodSync(today(), 0o644),
    ],
    [
      'a line that was cut',
      'log',
      'warn',
      /its chain is broken \(of 1 day\): .*\.jsonl:\d+: is cut short or damaged/,
      /^blastguard log verify$/,
      () => appendFileSync(today(), '{"time":17\n'),
    ],
    [
      'a line that was edited',
      'log',
      'warn',
      /its chain is broken .*\.jsonl:1: was edited/,
      /^blastguard log verify$/,
      () => changed(today(), '"event":"Action","action":"init"', '"event":"Action","action":"none"'),
    ],
    [
      'a day that is too long to be followed',
      'log',
      'warn',
      /its chain was not followed/,
      /^blastguard log verify$/,
      () => truncateSync(today(), 300 * 1024 * 1024),
    ],
    [
      'a clock that was set back',
      'log',
      'fail',
      /the log knows a later time/,
      /set the clock/,
      () => appendFileSync(today(), `${JSON.stringify({ time: Date.now() + 3_600_000 })}\n`),
    ],
    [
      'NODE_OPTIONS',
      'env',
      'warn',
      /NODE_OPTIONS is set in this shell/,
      /unset NODE_OPTIONS/,
      () => {},
      { NODE_OPTIONS: '--no-warnings' },
    ],
    [
      'NODE_OPTIONS in settings',
      'env',
      'warn',
      /NODE_OPTIONS is set in .*settings\.local\.json/,
      /remove `env\.NODE_OPTIONS`/,
      () =>
        void put(join(user.project, '.claude/settings.local.json'), '{"env":{"NODE_OPTIONS":"-r ./x.cjs"}}'),
    ],
  ];
  const today = () => {
    user.run(['stop']);
    user.run(['resume', '--yes']);
    return join(user.state, 'log', `${new Date().toISOString().slice(0, 10)}.jsonl`);
  };

  for (const [what, group, state, says, mend, break_, env = {}] of cases) {
    test(`sees ${what}`, () => {
      user.run(['init']);
      break_();
      const { status, found } = examined(env);
      const finding = found(group).find((each) => says.test(each.says));
      expect(found(group)).toContainEqual(
        expect.objectContaining({ state, says: expect.stringMatching(says) }),
      );
      expect(finding?.mend).toMatch(mend);
      expect(status).toBe(state === 'fail' ? 1 : 0);
    });
  }

  test('knows the hook of an enabled plugin, and misses it when a project disables it', () => {
    const plugin = join(user.home, '.claude/plugins/cache/blastguard/blastguard/0.1.0');
    mkdirSync(dirname(plugin), { recursive: true });
    symlinkSync(join(import.meta.dirname, '../../plugin'), plugin);
    put(
      join(user.home, '.claude/plugins/installed_plugins.json'),
      JSON.stringify({
        version: 2,
        plugins: { 'blastguard@blastguard': [{ scope: 'user', installPath: plugin }] },
      }),
    );
    const enabled = (on: boolean) => JSON.stringify({ enabledPlugins: { 'blastguard@blastguard': on } });
    put(join(user.home, '.claude/settings.json'), enabled(true));
    expect(examined().found('hook')).toMatchObject([
      { state: 'ok', says: expect.stringContaining('(plugin)') },
    ]);
    expect(examined().found('entry')[0]).toMatchObject({ state: 'ok' });
    expect(user.run(['status']).stdout).toMatch(/hook +registered/);
    put(projectSettings(), enabled(false));
    expect(examined().found('hook')).toMatchObject([{ state: 'fail', says: 'it is not registered' }]);
  });
});
