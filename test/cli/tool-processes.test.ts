import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { toolProcesses } from '../../src/cli/tool-processes.ts';
import type { Process } from '../../src/host/processes.ts';
import { makePlace, root } from '../golden/play.ts';

const now = 1_800_000_000_000;
const one = (
  pid: number,
  parent: number,
  group: number,
  command = 'x',
  more: Partial<Process> = {},
): Process => ({
  pid,
  parent,
  group,
  command,
  started: now,
  ...more,
});

/** A client with a shell tool, a server that it speaks to, a hook that judges, and a detached child. */
const machine = [
  one(1, 0, 1, 'init'),
  one(100, 1, 100, 'claude'),
  one(110, 100, 110, '/bin/bash -c terraform apply'),
  one(111, 110, 110, 'terraform apply'),
  one(112, 111, 110, 'terraform-provider-aws'),
  one(120, 100, 100, 'node mcp-server.js'),
  one(
    130,
    100,
    130,
    '/bin/sh /opt/blastguard/hooks/blastguard-hook /usr/bin/node /opt/blastguard/dist/hook.cjs',
  ),
  one(140, 1, 140, 'setsid sleep 100', { client: 100 }),
  one(141, 1, 141, 'node /opt/blastguard/dist/refresher.cjs /x', { client: 100 }),
  one(200, 1, 200, 'vim'),
  one(210, 200, 210, 'bash'),
];
const found = (clients: { pid: number; seen: number }[], self = 999, all = machine) =>
  toolProcesses(all, clients, self).map(({ pid }) => pid);

describe('the tools of Claude Code', () => {
  test('are what it started in groups of their own, with all below, and what was detached', () => {
    expect(found([{ pid: 100, seen: now + 1000 }])).toEqual([110, 111, 112, 140]);
  });

  test('are found without the log, by what a process says of itself', () => {
    expect(found([])).toEqual([110, 111, 112, 140]);
  });

  test('are not what runs below a process that only has the number of a client of old', () => {
    const plain = machine.map(({ client: _, ...rest }) => rest);
    expect(found([{ pid: 200, seen: now - 60_000 }], 999, plain)).toEqual([]);
    expect(found([{ pid: 200, seen: now + 60_000 }], 999, plain)).toEqual([210]);
  });

  test('are not the process that asks, nor what it runs in, nor another client', () => {
    const more = [...machine, one(113, 112, 110, 'node cli.js stop --kill'), one(114, 110, 110, 'claude -p')];
    const tools = [...more, one(115, 114, 115, 'bash')];
    const clients = [
      { pid: 100, seen: now },
      { pid: 114, seen: now },
    ];
    expect(found(clients, 113, tools)).toEqual([140, 115]);
  });
});

// In a namespace of its own: nothing else on this machine may be ended by a test.
const namespace = ['unshare', '--pid', '--fork', '--mount-proc'];
const [program = '', ...args] = namespace;
const can = spawnSync(program, [...args, 'true']).status === 0;
const skip = !can && process.env.CI !== 'true';

describe.skipIf(skip)(`stop --kill${skip ? ' (skipped: no namespaces on this machine)' : ''}`, () => {
  const cli = `${process.execPath} ${join(root, 'dist/cli.cjs')}`;
  // A stand-in for the client, which starts tools as the client does: in a session of their own, with its number.
  const client = `
    exec > /dev/null 2>&1
    export CLAUDE_PID=$$
    setsid sh -c 'exec sleep 1000' &
    setsid sh -c 'trap "" INT; while :; do sleep 0.1; done' &
    setsid sh -c 'trap "" INT TERM; while :; do sleep 0.1; done' &
    exec sleep 500`;
  const run = (line: string) => {
    const place = makePlace();
    const script = `sh -c '${client.replaceAll("'", `'\\''`)}' & sleep 1; ${line}; echo "status $?"; ps -A -o args= || cat /proc/[0-9]*/cmdline`;
    const { stdout, stderr } = spawnSync(program, [...args, 'sh', '-c', script], {
      cwd: place.project,
      env: place.environment,
      encoding: 'utf8',
    });
    place.remove();
    return stdout + stderr;
  };

  test('ends what is running, by INT, TERM or KILL as it needs, and leaves the client', () => {
    const out = run(`${cli} stop --kill --reason now`);
    expect(out).toMatch(/^HALTED: /);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL']) expect(out).toContain(`ended by ${signal}`);
    expect(out).toContain('status 0');
    const left = out.slice(out.indexOf('status 0'));
    expect(left).toContain('sleep 500');
    expect(left).not.toMatch(/^(?:sleep 1000|sh -c trap)/m);
  });

  test('--dry-run lists it, ends nothing and throws nothing', () => {
    const out = run(`${cli} stop --kill --dry-run; ls -a`);
    expect(out).toMatch(/^would be ended:\n( +\d+ {2}\d\d:\d\d:\d\d {2}.*\n){3,}/);
    expect(out).not.toContain('.claude-stop');
    expect(out.slice(out.indexOf('status 0'))).toContain('sleep 1000');
  });
});
