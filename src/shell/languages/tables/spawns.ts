import { known, type Word } from '../../../model/word.ts';
import { joinWords, unknown } from '../../state.ts';
import { argument, type Effect, option, type Row } from '../effect.ts';
import { listOf, textOf, toWord, toWords, truth, type Value } from '../value.ts';

const shellText: Effect = (site) =>
  site.run.shell(toWord(site.args[0]?.kind === 'thing' && site.args.length === 0 ? undefined : site.args[0]));

/** A process that was started: what it writes, and the command, for what is written to it later. */
const started = (output: Word, argv: readonly Word[]): Value => ({
  kind: 'thing',
  path: 'process',
  args: [output, listOf(argv)],
});

/** `subprocess.run(list | text, shell=…, cwd=…, input=…)`. */
const subprocess: Effect = (site) => {
  const what = argument(site, 0, 'args') ?? unknown('a program');
  const cwd = site.named.get('cwd');
  const input = site.named.get('input');
  if (cwd !== undefined && textOf(cwd) === undefined && !site.run.strict)
    return started(unknown('what a program writes'), []);
  const [first] = what.kind === 'list' ? what.items : [];
  // With a shell, the first of a list is the text and the others are its parameters.
  const inShell = truth(site.named.get('shell')) !== false;
  if (what.kind === 'list' && !inShell) {
    const argv = toWords(what);
    return started(site.run.spawn(argv, { cwd, input }), argv);
  }
  const argv = [known('sh'), known('-c'), toWord(what.kind === 'list' ? first : what)];
  if (what.kind !== 'list' && toWord(what).kind === 'unknown' && !inShell) {
    const words = toWords(what.kind === 'thing' ? what : toWord(what));
    return started(site.run.spawn(words, { cwd, input }), words);
  }
  if (cwd !== undefined || input !== undefined) return started(site.run.spawn(argv, { cwd, input }), argv);
  return started(site.run.shell(argv[2] ?? known('')), argv);
};

/** A program and its arguments: lists are taken apart, options left out. */
const argvFrom =
  (from: number): Effect =>
  (site) =>
    site.run.spawn(
      site.args
        .slice(from)
        .filter((value) => value.kind !== 'dict' && value.kind !== 'function')
        .flatMap(toWords),
      {},
    );

/** `os.execv(path, argv)`: the program is the path, its name the first of the list. */
const execList =
  (at: number): Effect =>
  (site) => {
    const [name, ...rest] = toWords(site.args[at + 1]);
    return site.run.spawn(
      [site.args[at] === undefined ? (name ?? known('')) : toWord(site.args[at]), ...rest],
      {},
    );
  };
const execArgs =
  (at: number): Effect =>
  (site) =>
    site.run.spawn(
      [
        toWord(site.args[at]),
        ...site.args
          .slice(at + 2)
          .filter((value) => value.kind !== 'dict')
          .flatMap(toWords),
      ],
      {},
    );

/** One argument is shell text, several are a program and its arguments (Ruby, Perl). A leading hash is the environment. */
const systemCall: Effect = (site) => {
  const args = site.args.filter((value) => value.kind !== 'dict');
  const [only] = args;
  if (only === undefined) return site.run.shell(unknown('its default argument'));
  if (args.length > 1)
    return site.run.spawn(
      args.flatMap((value, i) =>
        i === 0 && value.kind === 'list' ? [toWord(value.items[0])] : toWords(value),
      ),
      {},
    );
  return only.kind === 'list' ? site.run.spawn(toWords(only), {}) : site.run.shell(toWord(only));
};

/** `spawn(file, [args], {shell, cwd})`. */
const spawnCall: Effect = (site) => {
  const [file, args] = site.args;
  const argv = [
    toWord(file),
    ...(args === undefined || args.kind === 'dict' || args.kind === 'function' ? [] : toWords(args)),
  ];
  const shell = option(site, 'shell');
  const cwd = option(site, 'cwd');
  const input = option(site, 'input');
  const inShell = shell !== undefined && truth(shell) !== false;
  const words = inShell ? [known('sh'), known('-c'), joinWords(argv, ' ')] : argv;
  return started(site.run.spawn(words, { cwd, input }), words);
};

/** `exec(text, {cwd})`. */
const execCall: Effect = (site) => {
  const cwd = option(site, 'cwd');
  const input = option(site, 'input');
  const argv = [known('sh'), known('-c'), toWord(site.args[0])];
  if (cwd === undefined && input === undefined) return started(site.run.shell(toWord(site.args[0])), argv);
  return started(site.run.spawn(argv, { cwd, input }), argv);
};

const forkCall: Effect = (site) =>
  site.run.spawn([known('node'), ...site.args.filter((value) => value.kind !== 'dict').flatMap(toWords)], {});

/** `Bun.spawn([…])`, `Bun.spawn({cmd: […]})`, `Deno.run({cmd})`. */
const listCall: Effect = (site) => {
  const [first] = site.args;
  const list = first?.kind === 'list' ? first : option(site, 'cmd');
  const argv = toWords(list);
  return started(site.run.spawn(argv, { cwd: option(site, 'cwd') }), argv);
};

const denoCommand: Effect = (site) => {
  const argv = [toWord(site.args[0]), ...toWords(option(site, 'args') ?? listOf([]))];
  return started(site.run.spawn(argv, { cwd: option(site, 'cwd') }), argv);
};

/** Text that is written to a process which was started before. */
const feed: Effect = (site) => {
  const process =
    site.receiver?.kind === 'thing' && site.receiver.path === 'process.stdin'
      ? site.receiver.base
      : site.receiver;
  const argv = process?.kind === 'thing' ? process.args?.[1] : undefined;
  const input = argument(site, 0, 'input');
  if (argv?.kind !== 'list' || input === undefined) return undefined;
  return listOf([site.run.spawn(argv.items.map(toWord), { input }), known('')]);
};
const written: Effect = (site) => (site.receiver?.kind === 'thing' ? site.receiver.args?.[0] : undefined);

/** Perl's `open(F, "cmd|")`, `open(F, '-|', 'cmd')`, `open(F, '>', path)`. */
const perlOpen: Effect = (site) => {
  const [, mode, ...rest] = site.args;
  const text = textOf(mode) ?? '';
  if (/^\s*(?:-\||\|-)\s*$/.test(text))
    return rest.length === 1 ? site.run.shell(toWord(rest[0])) : site.run.spawn(rest.flatMap(toWords), {});
  if (rest.length > 0)
    return /[>]/.test(text)
      ? site.run.spawn([known('tee'), ...(text.includes('>>') ? [known('-a')] : []), toWord(rest[0])], {})
      : undefined;
  if (text.startsWith('|')) return site.run.shell(known(text.slice(1)));
  if (text.endsWith('|')) return site.run.shell(known(text.slice(0, -1)));
  const target = /^\s*(>{1,2})\s*(.+)/.exec(text);
  if (target) return site.run.spawn([known('tee'), known(target[2] ?? '')], {});
  return mode?.kind === 'unknown' && typeof mode.pieces[0] === 'string' && mode.pieces[0].startsWith('|')
    ? site.run.shell({ ...mode, pieces: [mode.pieces[0].slice(1), ...mode.pieces.slice(1)] })
    : undefined;
};

/** Ruby's `open("|cmd")`. */
const rubyOpen: Effect = (site) => {
  const text = textOf(site.args[0]);
  return text?.startsWith('|') ? site.run.shell(known(text.slice(1))) : undefined;
};

/** A template whose values are quoted words (`$` of zx and Bun). */
const templateCall: Effect = (site) => started(site.run.shell(toWord(site.args[0])), [known('sh')]);

const functions = (module: string, list: string): string =>
  list
    .split(' ')
    .map((name) => `${module}.${name}`)
    .join(' ');

export const pythonSpawns: readonly Row[] = [
  [
    'os.system os.popen os.popen2 os.popen3 posix.system commands.getoutput commands.getstatusoutput subprocess.getoutput subprocess.getstatusoutput asyncio.create_subprocess_shell invoke.run fabric.api.local fabric.api.run fabric.api.sudo pexpect.run pexpect.spawn IPython.get_ipython().system get_ipython().system sh.Command',
    shellText,
  ],
  [functions('subprocess', 'run call check_call check_output Popen'), subprocess],
  ['asyncio.create_subprocess_exec', argvFrom(0)],
  [functions('os', 'execv execve execvp execvpe posix_spawn posix_spawnp'), execList(0)],
  [functions('os', 'execl execle execlp execlpe'), execArgs(0)],
  [functions('os', 'spawnv spawnve spawnvp spawnvpe'), execList(1)],
  [functions('os', 'spawnl spawnle spawnlp spawnlpe'), execArgs(1)],
  // Runs on another machine; what it runs is the same.
  ['*.exec_command *.doShellScript', shellText],
  [
    'fabric.Connection().run fabric.Connection().sudo fabric.Connection().local invoke.Context().run invoke.context.Context().run',
    shellText,
  ],
  [
    '*.run',
    (site) =>
      site.run.modules.has('invoke') || site.run.modules.has('fabric') ? shellText(site) : undefined,
  ],
  ['pty.spawn', (site) => (site.args[0]?.kind === 'list' ? argvFrom(0)(site) : shellText(site))],
  ['os.startfile webbrowser.open', () => undefined],
  ['process.communicate process.stdin.write', feed],
  ['get:process.stdout get:process.output', written],
  ['process.stdout.read process.read', written],
  // A library in which every name is a program.
  ['sh.rm', (site) => site.run.spawn([known('rm'), ...site.args.flatMap(toWords)], {})],
];

export const javascriptSpawns: readonly Row[] = [
  [functions('child_process', 'exec execSync'), execCall],
  [functions('child_process', 'spawn spawnSync execFile execFileSync'), spawnCall],
  ['child_process.fork', forkCall],
  [
    'cross-spawn cross-spawn.sync cross-spawn.spawn execa execa.execa execa.execaSync execa.sync tinyexec.x tinyexec.exec nano-spawn',
    spawnCall,
  ],
  ['execa.execaCommand execa.execaCommandSync execa.command execa.commandSync shelljs.exec', execCall],
  ['shelljs.rm', (site) => site.run.spawn([known('rm'), ...site.args.flatMap(toWords)], {})],
  ['shelljs.mv', (site) => site.run.spawn([known('mv'), ...site.args.flatMap(toWords)], {})],
  ['Bun.spawn Bun.spawnSync Deno.run', listCall],
  ['Deno.Command', denoCommand],
  [
    'zx.$.template` Bun.$.template` bun.$.template` $.template` execa.$.template` execa.execa.template` dax.$.template` zx.$.sync.template` $.sync.template` dax-sh.template` @david/dax.template`',
    templateCall,
  ],
  [
    'process.output process.outputSync process.spawn process.stdin.write process.stdin.end',
    (site) => feed(site) ?? site.receiver,
  ],
  ['util.promisify promisify', (site) => site.args[0]],
  ['*.doShellScript', shellText],
];

export const rubySpawns: readonly Row[] = [
  [
    'system exec spawn Kernel.system Kernel.exec Kernel.spawn Process.spawn Process.exec IO.popen PTY.spawn sh',
    systemCall,
  ],
  [functions('Open3', 'capture2 capture2e capture3 popen2 popen2e popen3 pipeline'), systemCall],
  ['open Kernel.open URI.open', rubyOpen],
];

export const perlSpawns: readonly Row[] = [
  ['system exec IPC.System.Simple.system systemx capture run IPC.Run.run IPC.Run3.run3 readpipe', systemCall],
  ['open', perlOpen],
  [
    'open2 open3 IPC.Open3.open3 IPC.Open2.open2',
    (site) => systemCall({ ...site, args: site.args.slice(site.path.endsWith('2') ? 2 : 3) }),
  ],
];

export const phpSpawns: readonly Row[] = [
  [
    'system exec shell_exec passthru popen proc_open',
    (site) => (site.args[0]?.kind === 'list' ? site.run.spawn(toWords(site.args[0]), {}) : shellText(site)),
  ],
  ['pcntl_exec', spawnCall],
  [
    'Process Symfony.Component.Process.Process',
    (site) => (site.args[0]?.kind === 'list' ? site.run.spawn(toWords(site.args[0]), {}) : shellText(site)),
  ],
  ['Process.fromShellCommandline Process.run', shellText],
];

export const goSpawns: readonly Row[] = [
  ['exec.Command', argvFrom(0)],
  ['exec.CommandContext', argvFrom(1)],
];

/** `print > file` of awk. */
const awkWrite: Effect = (site) => {
  const path = toWord(site.args[0]);
  if (path.kind === 'unknown' && path.pieces.every((piece) => piece === null)) return unknown('nothing');
  return path.kind === 'known' && /^\/dev\/(?:stdout|stderr|stdin|null|fd\/\d+)$/.test(path.text)
    ? known('')
    : site.run.spawn([known('tee'), path], {});
};

export const otherSpawns: readonly Row[] = [
  ['awk.write', awkWrite],
  ['os.execute io.popen awk.system', shellText],
  ['system shell', shellText],
  [
    'system2',
    (site) =>
      site.run.shell(
        joinWords(
          [toWord(site.args[0]), ...toWords(site.args[1] ?? site.named.get('args') ?? listOf([]))],
          ' ',
        ),
      ),
  ],
  ['processx.run callr.run', spawnCall],
  [
    'run pipeline',
    (site) => (site.args[0]?.kind === 'thing' ? undefined : (site.args[0] ?? unknown('nothing'))),
  ],
  [
    'System.cmd System.shell os.cmd Port.open',
    (site) => (/cmd$/.test(site.path) && site.args[1]?.kind === 'list' ? spawnCall(site) : shellText(site)),
  ],
  [
    'text.execute list.execute',
    (site) =>
      site.receiver?.kind === 'list'
        ? site.run.spawn(toWords(site.receiver), {})
        : site.run.shell(toWord(site.receiver)),
  ],
  [
    'Runtime.getRuntime().exec sys.process.Process',
    (site) => (site.args[0]?.kind === 'list' ? site.run.spawn(toWords(site.args[0]), {}) : shellText(site)),
  ],
];
