import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type Answer,
  answerOf,
  bash,
  bundle,
  direct,
  launched,
  makePlace,
  payloadFor,
  play,
  root,
} from './golden/play.ts';

/**
 * Everything that can go wrong around the built hook. The rule for every row: the right verdict, or a denial;
 * never a silent pass of a destructive call, and never an answer that the host cannot use.
 */

const place = makePlace();
const { environment } = place;
afterAll(place.remove);

const destroy = bash(place, 'terraform destroy');
const list = bash(place, 'ls -la');
const ways = [
  ['direct', direct],
  ['through the launcher', launched],
] as const;

async function ask(argv: readonly string[], input: string | Buffer, env = environment): Promise<Answer> {
  return answerOf(await play(argv, { environment: env, input }));
}

/** A shell line around the hook, which it finds as `"$@"`, with the payload in the file `$payload`. */
function shell(line: string, argv: readonly string[], payload: string, env = environment): Promise<Answer> {
  const file = join(place.home, `payload-${Math.random()}.json`);
  writeFileSync(file, payload);
  const wrapped = ['/bin/sh', '-c', line, 'sh', ...argv];
  return play(wrapped, { environment: { ...env, payload: file }, input: '' }).then(answerOf);
}

describe.each(ways)('standard input, %s:', (_, argv) => {
  const nested = (depth: number, open: string, inner: string, close: string) =>
    `${open.repeat(depth)}${inner}${close.repeat(depth)}`;
  const deepJson = (command: string) =>
    `{"hook_event_name":"PreToolUse","tool_name":"Bash","cwd":"/","tool_input":{"command":${JSON.stringify(command)},"x":${nested(100_000, '[', '', ']')}}}`;

  test.each<[string, string | Buffer]>([
    ['nothing at all', ''],
    ['a line feed', '\n'],
    ['JSON that is cut short', destroy.slice(0, -30)],
    ['text that is not JSON', 'terraform destroy'],
    ['null', 'null'],
    ['a number', '42'],
    ['a string', '"terraform destroy"'],
    ['an array', `[${destroy}]`],
    ['an empty object', '{}'],
    ['two objects', destroy + list],
    ['an object with text after it', `${list}x`],
    ['a tool without a name', list.replace('"tool_name":"Bash",', '')],
    ['a tool whose name is a number', list.replace('"tool_name":"Bash"', '"tool_name":7')],
    ['an input that is text', payloadFor(place, 'Bash', {}).replace('"tool_input":{}', '"tool_input":"ls"')],
    ['an input that is missing', payloadFor(place, 'Bash', {}).replace('"tool_input":{},', '')],
    ['a Bash call without a command', payloadFor(place, 'Bash', { description: 'x' })],
    ['a command that is a number', payloadFor(place, 'Bash', { command: 7 })],
    ['a Write without a path', payloadFor(place, 'Write', { content: 'x' })],
    ['20 MiB of blanks before the payload', ' '.repeat(20 << 20) + list],
    ['20 MiB of command', bash(place, `echo ${'x'.repeat(20 << 20)}`)],
    ['a bare NUL in the JSON', list.replace('ls', 'ls\0')],
    ['an escaped NUL in the command', bash(place, 'ls\0 -la')],
    [
      'bytes that are not UTF-8',
      Buffer.concat([
        Buffer.from(destroy.slice(0, -60)),
        Buffer.from([0xff, 0xfe, 0xc0]),
        Buffer.from(destroy.slice(-60)),
      ]),
    ],
    ['bytes that are not UTF-8 inside a command', Buffer.from(bash(place, 'terraform destroy é'), 'latin1')],
    ['UTF-16', Buffer.from(destroy, 'utf16le')],
    ['a destructive payload after a byte order mark', `\uFEFF${destroy}`],
    ['a destructive payload with 100,000 nested arrays', deepJson('terraform destroy')],
    [
      '2,000 nested substitutions around the command',
      bash(place, nested(2000, '$(', 'terraform destroy', ')')),
    ],
    [
      '20,000 nested subshells around the command',
      bash(place, nested(20_000, '(', 'terraform destroy', ')')),
    ],
    ['2,000 nested quoted shells', bash(place, `${'bash -c \'"'.repeat(2000)}terraform destroy`)],
    [
      'a million harmless commands before the one',
      bash(place, `${'true; '.repeat(1_000_000)}terraform destroy`),
    ],
    ['forty brace groups before the one', bash(place, `echo ${'{a,b}'.repeat(40)}; terraform destroy`)],
    ['a lone surrogate beside the one', bash(place, 'echo \ud800; terraform destroy')],
  ])('%s is denied', async (_, input) => {
    const { verdict, reason } = await ask(argv, input);
    expect(verdict).toBe('deny');
    expect(reason.trim()).not.toBe('');
  });

  test.each<[string, string]>([
    ['a harmless call with 100,000 nested arrays', deepJson('ls')],
    ['a harmless call after a byte order mark', `\uFEFF${list}`],
    ['2,000 nested substitutions around `true`', bash(place, nested(2000, '$(', 'true', ')'))],
    ['200,000 harmless commands', bash(place, 'true; '.repeat(200_000))],
  ])('%s passes or is denied', async (_, input) => {
    expect(['pass', 'deny']).toContain((await ask(argv, input)).verdict);
  });

  test.each<[string, string]>([
    ['closed', '"$@" <&-'],
    ['a directory', '"$@" < /'],
    ['opened for writing only', '"$@" 0> "$payload"'],
  ])('%s, it is denied', async (_, line) => {
    expect((await shell(line, argv, list)).verdict).toBe('deny');
  });

  test.each<[string, string]>([
    ['a file', '"$@" < "$payload"'],
    ['a pipe', 'cat "$payload" | "$@"'],
    ['a pipe whose writer pauses', '{ head -c 100 "$payload"; sleep 0.3; tail -c +101 "$payload"; } | "$@"'],
  ])('%s, it is read to its end', async (_, line) => {
    expect((await shell(line, argv, destroy)).reason).toContain('terraform/destroy');
    expect((await shell(line, argv, list)).verdict).toBe('pass');
  });

  test('a writer that sends one piece at a time is waited for', async () => {
    const slowly = (text: string) => async (stdin: NodeJS.WritableStream) => {
      for (let at = 0; at < text.length; at += 120) {
        stdin.write(text.slice(at, at + 120));
        await sleep(60);
      }
      stdin.end();
    };
    const run = (text: string) => play(argv, { environment, input: slowly(text) }).then(answerOf);
    expect((await run(destroy)).reason).toContain('terraform/destroy');
    expect((await run(list)).verdict).toBe('pass');
  });

  test('a non-blocking socket that is slow to fill is read to its end', async () => {
    const run = async (text: string) => {
      const { reader, writer, close } = await socketPair();
      const answer = play(argv, { environment, input: reader }).then(answerOf);
      writer.write(text.slice(0, 50));
      await sleep(250);
      writer.end(text.slice(50));
      return answer.finally(close);
    };
    expect((await run(destroy)).reason).toContain('terraform/destroy');
    expect((await run(list)).verdict).toBe('pass');
  });
});

type SocketPair = { readonly reader: Socket; readonly writer: Socket; readonly close: () => void };

async function socketPair(): Promise<SocketPair> {
  const server = createServer({ pauseOnConnect: true });
  const path = join(place.home, `s${Math.random().toString(36).slice(2)}`);
  await new Promise<void>((ready) => server.listen(path, ready));
  const accepted = new Promise<Socket>((done) => server.once('connection', done));
  const writer = connect(path);
  const reader = await accepted;
  const close = () => {
    reader.destroy();
    writer.destroy();
    server.close();
  };
  return { reader, writer, close };
}

describe.each(ways)('standard output, %s:', (_, argv) => {
  test.each<[string, string]>([
    ['closed', '"$@" < "$payload" >&-'],
    ['a full disk', '"$@" < "$payload" > /dev/full'],
    [
      'a pipe that nobody reads',
      '{ "$@" < "$payload"; echo $? > "$payload"; } | :; sleep 0.5; exit $(cat "$payload")',
    ],
    ['closed, and standard error too', '"$@" < "$payload" >&- 2>&-'],
    ['a full disk, and standard error too', '"$@" < "$payload" > /dev/full 2> /dev/full'],
  ])('%s, a denial still is one', async (_, line) => {
    expect((await shell(line, argv, destroy)).verdict).toBe('deny');
  });

  test('closed, an ordinary call passes', async () => {
    expect((await shell('"$@" < "$payload" >&-', argv, list)).verdict).toBe('pass');
  });
});

const unshare = ['unshare', ...(process.getuid?.() === 0 ? [] : ['--map-root-user']), '--mount'];
const canMount =
  spawnSync('unshare', [...unshare.slice(1), 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

describe('the state directory', () => {
  let here = makePlace();
  beforeEach(() => {
    here = makePlace();
  });
  afterEach(() => here.remove());

  const run = (command: string, env = here.environment) => ask(launched, bash(here, command), env);
  const mounted = (mount: string, payload: string) =>
    shell(
      `${unshare.join(' ')} sh -c '${mount}; exec "$@" < "$payload"' sh "$@"`,
      launched,
      payload,
      here.environment,
    );

  async function expectUnwritable(answer: (command: string) => Promise<Answer>): Promise<void> {
    expect((await answer('terraform destroy')).verdict).toBe('deny');
    const ordinary = await answer('ls -la');
    expect(ordinary.verdict).toBe('deny');
    expect(ordinary.reason).toMatch(/log|state/);
  }

  test('is made when it is missing', async () => {
    rmSync(here.state, { recursive: true });
    expect((await run('ls -la')).verdict).toBe('pass');
    expect(recordsIn(here.state)).toHaveLength(1);
  });

  test('in whose place a file lies: every call is denied, with the reason', async () => {
    rmSync(here.state, { recursive: true });
    writeFileSync(here.state, 'not a directory');
    await expectUnwritable(run);
  });

  test('that is a link to nowhere: every call is denied, with the reason', async () => {
    rmSync(here.state, { recursive: true });
    symlinkSync('/proc/no/such/place', here.state);
    await expectUnwritable(run);
  });

  test.skipIf(!canMount)('on a read-only disk: every call is denied, with the reason', async () => {
    const mount = `mount -t tmpfs -o ro tmpfs ${here.state}`;
    await expectUnwritable((command) => mounted(mount, bash(here, command)));
  });

  test.skipIf(!canMount)('on a full disk: every call is denied, with the reason', async () => {
    const mount = `mount -t tmpfs -o size=4k tmpfs ${here.state}; head -c 8192 /dev/zero > ${here.state}/full 2> /dev/null`;
    await expectUnwritable((command) => mounted(mount, bash(here, command)));
  });

  test.each<[string, (bytes: Buffer) => Buffer]>([
    ['empty', () => Buffer.alloc(0)],
    ['cut in half', (bytes) => bytes.subarray(0, bytes.length >> 1)],
    ['zeros', (bytes) => Buffer.alloc(bytes.length)],
    ['not machine code', (bytes) => Buffer.alloc(bytes.length, 'garbage ')],
    ['of another version of V8', (bytes) => Buffer.concat([Buffer.from([1, 2, 3, 4]), bytes.subarray(4)])],
  ])('in which the kept code is %s: the verdicts are as ever, and it is made again', async (_, harm) => {
    expect((await run('ls -la')).verdict).toBe('pass');
    const code = join(here.state, 'blastguard/code');
    const [names, sizes] = [
      readdirSync(code),
      () => readdirSync(code).map((name) => statSync(join(code, name)).size),
    ];
    expect(names.length).toBeGreaterThan(1);
    for (const name of names) writeFileSync(join(code, name), harm(readFileSync(join(code, name))));
    expect((await run('terraform destroy')).verdict).toBe('deny');
    expect((await run('git log | head')).verdict).toBe('pass');
    expect(readdirSync(code)).toEqual(names);
    expect(Math.min(...sizes())).toBeGreaterThan(20_000);
  });

  test('with HOME unset: the verdicts are as ever', async () => {
    const { HOME: _, ...homeless } = here.environment;
    expect((await run('terraform destroy', homeless)).verdict).toBe('deny');
    expect(['pass', 'deny']).toContain((await run('ls -la', homeless)).verdict);
  });

  test.each(['', 'relative/home', '/no/such/home', '/dev/null'])(
    'with HOME=%j: a destructive call is denied',
    async (HOME) => {
      const env = { ...here.environment, HOME };
      expect((await run('terraform destroy', env)).verdict).toBe('deny');
      expect(['pass', 'deny']).toContain((await run('ls -la', env)).verdict);
    },
  );
});

describe('the configuration', () => {
  let here = makePlace();
  const file = () => join(here.home, '.config/blastguard/blastguard.yaml');
  const run = (command: string) => ask(launched, bash(here, command), here.environment);
  beforeEach(() => {
    here = makePlace();
    mkdirSync(dirname(file()), { recursive: true });
  });
  afterEach(() => here.remove());

  test.each([
    ['is not YAML', 'a: [b'],
    ['has a key it does not know', 'on-uncertian: ask\n'],
    ['has a value it does not know', 'on-log-failure: ignore\n'],
    ['is a list', '- on-uncertain\n'],
    ['is binary', '\u0000\u0001'],
  ])('that %s: the rules stay on, and a denial shows the fault', async (_, text) => {
    writeFileSync(file(), text);
    const denial = await run('terraform destroy');
    expect(denial.verdict).toBe('deny');
    expect(denial.reason).toContain('terraform/destroy');
    expect(denial.reason).toContain('configuration');
    expect((await run('ls -la')).verdict).toBe('pass');
  });

  test('that is a directory: the rules stay on, and a denial shows the fault', async () => {
    mkdirSync(file());
    expect((await run('terraform destroy')).reason).toMatch(/terraform\/destroy[\s\S]*configuration/);
    expect((await run('ls -la')).verdict).toBe('pass');
  });

  test('whose compiled form is damaged: it is compiled again', async () => {
    writeFileSync(file(), 'on-uncertain: deny\n');
    expect((await run('terraform destroy')).verdict).toBe('deny');
    const compiled = join(here.state, 'blastguard/config.json');
    expect(existsSync(compiled)).toBe(true);
    for (const damage of ['', '{', 'null', '[]', readFileSync(compiled, 'utf8').slice(0, -5)]) {
      writeFileSync(compiled, damage);
      expect((await run('terraform destroy')).verdict).toBe('deny');
      expect((await run('ls -la')).verdict).toBe('pass');
    }
  });

  test('with a deadline that is over at once: every call is denied, with the reason', async () => {
    writeFileSync(file(), 'deadline-ms: 1\n');
    for (const command of ['terraform destroy', 'ls -la', 'git log | head']) {
      const { verdict, reason } = await run(command);
      expect(verdict).toBe('deny');
      expect(reason).toContain('longer than 1 ms');
    }
  });

  test('that lets a call pass which cannot be recorded: a destructive one is denied all the same', async () => {
    writeFileSync(file(), 'on-log-failure: pass\n');
    rmSync(here.state, { recursive: true });
    writeFileSync(here.state, 'not a directory');
    expect((await run('terraform destroy')).verdict).toBe('deny');
    expect((await run('ls -la')).verdict).toBe('pass');
  });
});

/** The lines of the audit log under a state directory; a line that is not whole fails the test. */
function recordsIn(state: string): readonly { verdict: string; time: number }[] {
  const files = readdirSync(state, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((entry) => entry.isFile() && /\.(jsonl|log|ndjson)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  return files
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

describe('the installed files', () => {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'blastguard-install-')));
  const hook = join(top, 'dist/hook.cjs');
  const launcher = join(top, 'hooks/blastguard-hook');
  const entry = [launcher, process.execPath, hook];
  const policies = () =>
    readdirSync(join(top, 'dist')).filter(
      (name) => /policy|policies|packs/.test(name) && !/\.c?js$/.test(name),
    );

  beforeEach(() => {
    for (const name of ['dist', 'hooks']) {
      rmSync(join(top, name), { recursive: true, force: true });
      cpSync(join(root, name), join(top, name), { recursive: true });
    }
    cpSync(join(root, 'package.json'), join(top, 'package.json'));
  });
  afterAll(() => rmSync(top, { recursive: true, force: true }));

  const becomeDirectory = (path: string) => {
    unlinkSync(path);
    mkdirSync(path);
  };

  async function expectDenied(argv: readonly string[] = entry, env = environment): Promise<void> {
    for (const payload of [destroy, list]) {
      const { verdict, reason } = await ask(argv, payload, env);
      expect(verdict).toBe('deny');
      expect(reason.trim()).not.toBe('');
    }
  }

  test('work from where they were copied to', async () => {
    expect(policies().length).toBeGreaterThan(0);
    expect((await ask(entry, destroy)).reason).toContain('terraform/destroy');
    expect((await ask(entry, list)).verdict).toBe('pass');
  });

  test.each<[string, (path: string) => void]>([
    ['deleted', unlinkSync],
    ['empty', (path) => truncateSync(path, 0)],
    ['cut in half', (path) => truncateSync(path, readFileSync(path).length >> 1)],
    ['one byte short', (path) => truncateSync(path, readFileSync(path).length - 1)],
    ['not a policy', (path) => writeFileSync(path, 'garbage \u0000 garbage')],
    ['JSON of another kind', (path) => writeFileSync(path, '{}\n')],
    ['a directory', becomeDirectory],
    [
      'overwritten with zeros of the same length',
      (path) => writeFileSync(path, Buffer.alloc(readFileSync(path).length)),
    ],
  ])(
    'with a policy that is %s: a destructive call is denied, and nothing is left without an answer',
    async (_, harm) => {
      for (const name of policies()) harm(join(top, 'dist', name));
      for (const argv of [entry, [process.execPath, hook]]) {
        expect((await ask(argv, destroy)).verdict).toBe('deny');
        expect(['pass', 'deny']).toContain((await ask(argv, list)).verdict);
      }
    },
  );

  test.each<[string, () => void]>([
    ['deleted', () => unlinkSync(hook)],
    ['empty', () => truncateSync(hook, 0)],
    ['cut in half', () => truncateSync(hook, readFileSync(hook).length >> 1)],
    ['not JavaScript', () => writeFileSync(hook, '<html>')],
    ['a program that throws', () => writeFileSync(hook, 'throw new Error("no")')],
    ['a program that exits with 1', () => writeFileSync(hook, 'process.exit(1)')],
    ['a program that kills itself', () => writeFileSync(hook, 'process.kill(process.pid, "SIGKILL")')],
    ['a directory', () => becomeDirectory(hook)],
  ])('with a bundle that is %s: every call is denied', async (_, harm) => {
    harm();
    await expectDenied();
  });

  test('of which only what a passing call needs is left: one passes, and what needs more is denied', async () => {
    const needed = new Set(['hook.cjs', 'core.cjs', 'plain.cjs', 'policy.dat']);
    for (const name of readdirSync(join(top, 'dist')))
      if (!needed.has(name)) unlinkSync(join(top, 'dist', name));
    const read = payloadFor(place, 'Read', { file_path: 'a.txt' });
    const edit = payloadFor(place, 'Edit', { file_path: 'a.txt', old_string: 'a', new_string: 'b' });
    for (const payload of [list, read, edit]) expect((await ask(entry, payload)).verdict).toBe('pass');
    for (const payload of [destroy, bash(place, 'ls | head')]) {
      const { verdict, reason } = await ask(entry, payload);
      expect([verdict, reason]).toEqual([
        'deny',
        expect.stringContaining('The guard failed, not the command'),
      ]);
    }
  });

  test('with a node that has moved: the one on the PATH is taken', async () => {
    const bin = join(top, 'bin');
    mkdirSync(bin);
    symlinkSync(process.execPath, join(bin, 'node'));
    const env = { ...environment, PATH: `${bin}:${environment.PATH}` };
    const moved = [launcher, '/no/such/node', hook];
    expect((await ask(moved, destroy, env)).reason).toContain('terraform/destroy');
    expect((await ask(moved, list, env)).verdict).toBe('pass');
  });

  test('without any node: every call is denied', async () => {
    await expectDenied([launcher, '/no/such/node', hook], { ...environment, PATH: '/no/such/place' });
  });

  test.each([[[]], [[process.execPath]], [['/bin/true', hook]], [['/bin/false', hook]], [['/', hook]]])(
    'with the launcher started with %j in place of node and bundle: every call is denied',
    async (args) => expectDenied([launcher, ...args]),
  );

  test('with a node that runs out of memory: every call is denied', async () => {
    for (const payload of [destroy, list]) {
      expect((await shell('ulimit -v 300000; "$@" < "$payload"', entry, payload)).verdict).toBe('deny');
    }
  });

  test('with NODE_OPTIONS that node refuses: a destructive call is denied', async () => {
    expect((await ask(entry, destroy, { ...environment, NODE_OPTIONS: '--no-such-option' })).verdict).toBe(
      'deny',
    );
  });

  test('with NODE_OPTIONS that end node before the hook runs: a destructive call is denied', async () => {
    const preload = join(top, 'preload.cjs');
    writeFileSync(preload, 'process.exit(0)');
    expect(
      (await ask(entry, destroy, { ...environment, NODE_OPTIONS: `--require ${preload}` })).verdict,
    ).toBe('deny');
  });
});

describe('the process', () => {
  test('killed with SIGKILL while it waits for its input: the launcher denies', async () => {
    const child = spawn(launched[0] ?? '', launched.slice(1), {
      env: { ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.on('error', () => {});
    const ended = new Promise<number | null>((done) => child.on('close', done));
    const node = await childOf(child.pid ?? 0, 'node');
    process.kill(node, 'SIGKILL');
    child.stdin.end(list);
    expect(await ended).toBe(2);
  });

  test('started in a directory that is gone: the verdicts are as ever', async () => {
    const line = 'd=$(mktemp -d); cd "$d"; rmdir "$d"; exec "$@" < "$payload"';
    for (const [, argv] of ways) {
      expect((await shell(line, argv, destroy)).reason).toContain('terraform/destroy');
      expect(['pass', 'deny']).toContain((await shell(line, argv, list)).verdict);
    }
  });

  test('called from a session whose directory is gone: the verdicts are as ever', async () => {
    const gone = (payload: string) =>
      payload.replace(`"cwd":"${place.project}"`, `"cwd":"${place.project}/gone"`);
    expect((await ask(launched, gone(destroy))).reason).toContain('terraform/destroy');
    expect((await ask(launched, gone(list))).verdict).toBe('pass');
  });

  test.each(['relative', '', '\n'])(
    'called with the directory %j: a destructive call is denied',
    async (cwd) => {
      const odd = (payload: string) => payload.replace(JSON.stringify(place.project), JSON.stringify(cwd));
      expect((await ask(launched, odd(destroy))).verdict).toBe('deny');
      expect(['pass', 'deny']).toContain((await ask(launched, odd(list))).verdict);
    },
  );

  test('with a clock at 1970: the verdicts are as ever, and the log says so', async () => {
    const here = makePlace();
    const preload = join(here.home, 'clock.cjs');
    writeFileSync(
      preload,
      'const Real = Date; const start = Real.now(); Real.now = () => performance.now() | 0;\n' +
        'globalThis.Date = class extends Real { constructor(...a) { super(...(a.length ? a : [Real.now()])); } };',
    );
    const argv = [process.execPath, '--require', preload, bundle];
    expect((await ask(argv, bash(here, 'terraform destroy'), here.environment)).reason).toContain(
      'terraform/destroy',
    );
    expect((await ask(argv, bash(here, 'ls -la'), here.environment)).verdict).toBe('pass');
    expect(recordsIn(here.state).map(({ time }) => time < 86_400_000)).toEqual([true, true]);
    here.remove();
  });

  test('64 at once: every destructive call is denied, no call is left without an answer, and every line of the log is whole', async () => {
    const here = makePlace();
    const payloads = Array.from({ length: 64 }, (_, i) =>
      bash(here, i % 2 === 0 ? 'terraform destroy' : 'ls -la'),
    );
    const answers = await Promise.all(payloads.map((payload) => ask(launched, payload, here.environment)));
    const verdicts = (odd: number) => answers.filter((_, i) => i % 2 === odd).map(({ verdict }) => verdict);
    expect(new Set(verdicts(0))).toEqual(new Set(['deny']));
    expect(verdicts(1).filter((verdict) => verdict !== 'pass' && verdict !== 'deny')).toEqual([]);
    expect(recordsIn(here.state)).toHaveLength(64);
    here.remove();
  });
});

/** The process id of a child with this name; the launcher needs a moment to start it. */
async function childOf(pid: number, name: string): Promise<number> {
  for (let waited = 0; waited < 200; waited += 1) {
    const children = existsSync(`/proc/${pid}`)
      ? readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      : '';
    for (const child of children.split(' ').filter(Boolean)) {
      if (readFileSync(`/proc/${child}/comm`, 'utf8').trim() === name) return Number(child);
    }
    await sleep(20);
  }
  throw new Error(`process ${pid} has started no ${name}`);
}
