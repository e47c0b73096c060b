import { spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A script and the directory of its own that it runs in. */
export type Job = { readonly script: string; readonly cwd: string };
/** What bash ran of a script: every argv that it started, the program by its base name. */
export type Ran = { readonly argvs: readonly (readonly string[])[]; readonly finished: boolean };

/** Programs that only leave a note of how they were called. */
export const pretended = [
  ...'rm mv cp git aws terraform kubectl psql helm gcloud az curl make npm node python3 docker ssh sudo rsync'.split(
    ' ',
  ),
  ...'mkfs dropdb redis-cli tool other cmd-a cmd-b true-ish grep awk touch mkdir ls date'.split(' '),
];
/** Programs that leave a note and then do what they do. */
export const genuine =
  'cat rev tr base64 sed head tail sort xargs find env timeout nice nohup bash sh seq tee basename dirname setsid stdbuf'.split(
    ' ',
  );

export const findProgram = (name: string): string | undefined =>
  (process.env.PATH ?? '/usr/bin:/bin')
    .split(':')
    .map((dir) => join(dir, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });

/** Files that every script finds in its directory. */
export const files: Readonly<Record<string, string>> = {
  'names.txt': 'alpha beta\ngamma\n',
  'rm.txt': 'rm -rf data\n',
  'tree/one.log': '',
  'tree/deep/two.log': '',
};

export type Sandbox = {
  readonly home: string;
  /** Whether a script sees no file of this machine that it could change, and no program but the notes by any path. */
  readonly sealed: boolean;
  /** A fresh directory with `files` in it. */
  readonly makeCwd: () => string;
  /** Runs each script in a shell of its own; the same order comes back. */
  readonly run: (jobs: readonly Job[], patience?: 'none') => readonly Ran[];
  readonly remove: () => void;
};

/**
 * A place to run scripts whose programs are all notes: PATH holds nothing else, HOME is empty, time, processes and file
 * sizes are bounded. With bubblewrap there is a root of its own too, in which nothing of this machine can be changed and
 * `/bin/rm` is a note; without it there is no network where the kernel lets a user take it away.
 */
export function makeSandbox(): Sandbox {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'oracle-')));
  const [bin, home, work, log] = [join(top, 'bin'), join(top, 'home'), join(top, 'work'), join(top, 'log')];
  for (const dir of [bin, home, work]) mkdirSync(dir);
  for (const dir of [top, home, work]) chmodSync(dir, 0o777);
  const bash = realpathSync(findProgram('bash') ?? '/bin/bash');
  const sealed = ownRoot(top, bin, bash);
  const real = (program: string) => `${sealed ? '/real' : ''}${realpathSync(program)}`;
  const note = `printf '%s\\0' "$#" "\${0##*/}" "$@" >> '${log}'\n`;
  const shim = join(top, 'shim');
  writeFileSync(shim, `#!${real('/bin/sh')}\n${note}`);
  chmodSync(shim, 0o755);
  for (const name of pretended) symlinkSync(shim, join(bin, name));
  for (const name of genuine) {
    // What `sh` is differs between machines; most often it is bash or reads less than bash does.
    const program = findProgram(name === 'sh' ? 'bash' : name);
    if (program === undefined) continue;
    writeFileSync(join(bin, name), `#!${real('/bin/sh')}\n${note}exec '${real(program)}' "$@"\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const unshare = findProgram('unshare');
  // No network; and what a script leaves running ends with it.
  const apart = ['-rn', '--pid', '--fork', '--kill-child'];
  const session = findProgram('setsid');
  const offline =
    sealed === undefined &&
    unshare &&
    spawnSync(unshare, [...apart, bash, '-c', ':'], unprivileged).status === 0
      ? [unshare, ...apart, ...(session ? [session] : [])]
      : [];
  let count = 0;

  const makeCwd = () => {
    const cwd = join(work, String(count++));
    mkdirSync(join(cwd, 'tree/deep'), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
    for (const name of ['', 'tree', 'tree/deep', ...Object.keys(files)]) chmodSync(join(cwd, name), 0o777);
    return cwd;
  };

  /** One bash for all, a subshell for each script: as far apart as they need be, and ten times faster. */
  const runBatch = (jobs: readonly Job[], seconds: number): readonly Ran[] => {
    writeFileSync(log, '');
    chmodSync(log, 0o666);
    const parts = jobs.map(({ script, cwd }, i) => {
      // Not in the directory that the script runs in: `find -exec sh {} \\;` would run it again, without an end.
      const text = join(top, `script-${i}`);
      writeFileSync(text, script);
      return `printf '%s\\0' -1 ${i} >> '${log}'\n( cd '${cwd}' && unset OLDPWD && eval "$(< '${text}')"; wait ) < /dev/null > /dev/null 2>&1\n`;
    });
    const driver = join(top, 'driver');
    writeFileSync(
      driver,
      `ulimit -t 20 -f 2048 -u 400\n${parts.join('')}wait\nprintf '%s\\0' -1 ${jobs.length} >> '${log}'\n`,
    );
    const [program = bash, ...args] = [...(sealed ?? offline), real(bash), driver];
    const { error } = spawnSync(program, args, {
      cwd: work,
      env: { PATH: bin, HOME: home, LANG: 'C.UTF-8' },
      timeout: seconds * 1000,
      killSignal: 'SIGKILL',
      stdio: 'ignore',
      ...unprivileged,
    });
    if (error && !('code' in error && error.code === 'ETIMEDOUT')) throw error;
    return readLog(readFileSync(log, 'utf8'), jobs.length);
  };

  const run = (jobs: readonly Job[], patience?: 'none'): readonly Ran[] => {
    if (patience === 'none') return runBatch(jobs, 3);
    const ran = runBatch(jobs, 20);
    // A script that hangs takes the rest of its batch with it: those get another chance, one by one.
    return ran.map((one, i) => {
      const job = jobs[i];
      return one.finished || job === undefined || jobs.length === 1 ? one : (runBatch([job], 3)[0] ?? one);
    });
  };

  return {
    home,
    sealed: sealed !== undefined,
    makeCwd,
    run(jobs, patience) {
      const ran = run(jobs, patience);
      for (const { cwd } of jobs) rmSync(cwd, { recursive: true, force: true });
      return ran;
    },
    remove: () => rmSync(top, { recursive: true, force: true }),
  };
}

/** A limit on processes does not bind root, and a line may be one that never stops to start more. */
const unprivileged = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

/** The command that gives bash a root of its own, this machine's under /real and not to be changed; undefined without bubblewrap. */
function ownRoot(top: string, bin: string, bash: string): readonly string[] | undefined {
  const bubblewrap = findProgram('bwrap');
  if (bubblewrap === undefined) return undefined;
  const libraries = ['/usr/lib', '/usr/lib64', '/usr/lib32', '/lib', '/lib64', '/lib32']
    .filter((dir) => existsSync(dir))
    .flatMap((dir) =>
      lstatSync(dir).isSymbolicLink() ? ['--symlink', readlinkSync(dir), dir] : ['--ro-bind', dir, dir],
    );
  const programs = ['/bin', '/sbin', '/usr/bin', '/usr/sbin', '/usr/local/bin'];
  const command = [
    ...[bubblewrap, '--unshare-all', '--die-with-parent', '--new-session', '--tmpfs', '/'],
    ...['--ro-bind', '/', '/real', ...libraries],
    ...programs.flatMap((dir) => ['--ro-bind', bin, dir]),
    ...[
      '--ro-bind',
      '/etc/passwd',
      '/etc/passwd',
      '--proc',
      '/proc',
      '--dev',
      '/dev',
      '--bind',
      top,
      top,
      '--ro-bind',
      bin,
      bin,
    ],
  ];
  const [program = '', ...args] = command;
  return spawnSync(program, [...args, `/real${bash}`, '-c', ':'], unprivileged).status === 0
    ? command
    : undefined;
}

function readLog(text: string, count: number): Ran[] {
  const ran = Array.from({ length: count }, () => ({ argvs: [] as string[][], finished: false }));
  const fields = text.split('\0');
  let current = -1;
  for (let i = 0; i < fields.length - 1; ) {
    const size = Number(fields[i]);
    if (size === -1) {
      const before = ran[current];
      if (before) before.finished = true;
      current = Number(fields[i + 1]);
      i += 2;
      continue;
    }
    ran[current]?.argvs.push(fields.slice(i + 1, i + 2 + size));
    i += 2 + size;
  }
  return ran;
}
