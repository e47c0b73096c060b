import type { Call } from '../model/call.ts';
import type { Command } from '../model/command.ts';
import { programNames } from '../model/program.ts';
import { programTable } from '../model/program-table.ts';
import type { FileAct } from '../model/rule.ts';
import { known, textsOf, type Word } from '../model/word.ts';
import { expandBraces } from '../shell/braces.ts';
import { isOption, optionText, readEffects } from './read-effects.ts';

/**
 * A file that a call reads, writes or removes. `reach` says what goes with it: the `file` alone, what lies directly in
 * the `directory`, or the whole `tree` below it.
 */
export type FileEffect = {
  readonly kind: FileAct;
  readonly path: Word;
  readonly reach: 'file' | 'directory' | 'tree';
  readonly cwd: string | undefined;
  /** Of what lies below, only files whose name fits (`find -name`). */
  readonly name?: string;
  /** True for what a link leads to: it is not written, and can be by the link's name from now on. */
  readonly linked?: true;
  /** Who may use the file changes, not what is in it. */
  readonly mode?: true;
  /** Where what is read is copied to, on this machine. */
  readonly to?: Word;
  readonly command?: Command;
};

const writers = new Set(['Write', 'Edit', 'MultiEdit', 'NotebookEdit']);

/** What a call of the host's own tools does to files; a search reads what it prints lines of. */
export function callEffects({ tool, input, cwd }: Call): FileEffect[] {
  const effect = (path: unknown, kind: FileEffect['kind'], reach: FileEffect['reach'] = 'file') =>
    typeof path === 'string' && path !== '' ? [{ kind, path: known(path), reach, cwd }] : [];
  if (tool === 'Grep') {
    const { path = '.', glob, output_mode: mode } = input;
    if (mode !== 'content') return [];
    const globs = typeof glob === 'string' ? (expandBraces(glob) ?? [glob]) : [];
    return [...effect(path, 'read', 'tree'), ...globs.flatMap((one) => effect(`${path}/${one}`, 'read'))];
  }
  if (tool.startsWith('mcp__')) return [];
  const kind = writers.has(tool) ? 'write' : 'read';
  return [...effect(input.file_path, kind), ...effect(input.notebook_path, kind)];
}

type Operands = 'all' | 'last' | 'all-but-last';
type Row = {
  readonly programs: string;
  readonly removes?: Operands;
  readonly writes?: Operands;
  readonly tree?: true;
  readonly mode?: true;
  readonly needs?: RegExp;
};

/** What programs do to the files among their words. */
const table: readonly Row[] = [
  {
    programs: 'rm unlink rmdir shred srm rimraf trash trash-put del erase rd ri remove-item gio',
    removes: 'all',
    tree: true,
  },
  {
    programs: 'mv move rename ren move-item rename-item',
    removes: 'all-but-last',
    writes: 'last',
    tree: true,
  },
  { programs: 'cp copy copy-item install ln rsync scp ditto', writes: 'last', tree: true },
  {
    programs:
      'tee truncate sponge patch ed ex vi vim nvim nano emacs set-content add-content out-file clear-content',
    writes: 'all',
  },
  { programs: 'chattr setfacl', writes: 'all', mode: true },
  { programs: 'chmod chown chgrp', writes: 'all', tree: true, mode: true },
  { programs: 'sed gsed perl ruby', writes: 'all', needs: /^-(?:[a-zA-Z0-9]*i|-in-place)/ },
  { programs: 'yq', writes: 'all', needs: /^-(?:i|-inplace)/ },
];

const rowsOf = programTable(table);

/** The files that a command reads out, writes or removes, as far as its words say. */
export function commandEffects(command: Command): FileEffect[] {
  const { cwd } = command;
  const effects: FileEffect[] = command.redirections
    .filter(({ operator }) => operator.includes('>'))
    .map(({ target }): FileEffect => ({ kind: 'write', path: target, reach: 'file', cwd, command }));
  const [program, ...args] = command.words;
  if (program === undefined) return [...effects, ...readEffects('', [], command)];
  for (const name of programNames(program) ?? []) {
    for (const row of rowsOf(name)) effects.push(...byRow(row, args, command));
    if (name === 'dd') effects.push(...ddEffects(args, command));
    if (name === 'find' || name === 'gfind' || name === 'bfs') effects.push(...findEffects(args, command));
    if (name === 'git') effects.push(...gitEffects(args, command));
    if (name === 'curl' || name === 'wget')
      effects.push(...optionEffects(args, command, ['-o', '--output', '-O', '--output-document']));
    if (name === 'ln') effects.push(...linkedEffects(args, command));
    if (name === 'sort') effects.push(...optionEffects(args, command, ['-o', '--output']));
    effects.push(...readEffects(name, args, command));
  }
  return effects;
}

function byRow(row: Row, args: readonly Word[], command: Command): FileEffect[] {
  if (row.needs && !args.some((arg) => row.needs?.test(optionText(arg)))) return [];
  const operands = args.filter((arg) => !isOption(arg));
  const { cwd } = command;
  const pick = (which: Operands | undefined): readonly Word[] => {
    if (which === 'all') return operands;
    if (which === 'last') return operands.slice(-1);
    return which === 'all-but-last' ? operands.slice(0, -1) : [];
  };
  const reach = row.tree === true ? 'tree' : 'file';
  const around = row.tree === true && row.writes === 'all' ? 'directory' : 'file';
  return [
    ...pick(row.removes).map((path): FileEffect => ({ kind: 'remove', path, reach, cwd, command })),
    ...pick(row.writes).map(
      (path): FileEffect => ({
        kind: 'write',
        path,
        reach: around,
        cwd,
        command,
        ...(row.mode ? { mode: true } : {}),
      }),
    ),
  ];
}

function linkedEffects(args: readonly Word[], command: Command): FileEffect[] {
  const operands = args.filter((arg) => !isOption(arg));
  const targets = operands.length === 1 ? operands : operands.slice(0, -1);
  return targets.map(
    (path): FileEffect => ({ kind: 'write', path, reach: 'file', linked: true, cwd: command.cwd, command }),
  );
}

function ddEffects(args: readonly Word[], command: Command): FileEffect[] {
  return args
    .filter((arg) => optionText(arg).startsWith('of='))
    .flatMap((arg) => textsOf(arg) ?? [])
    .map(
      (text): FileEffect => ({
        kind: 'write',
        path: known(text.slice(3)),
        reach: 'file',
        cwd: command.cwd,
        command,
      }),
    );
}

function findEffects(args: readonly Word[], command: Command): FileEffect[] {
  if (!args.some((arg) => optionText(arg) === '-delete')) return [];
  const start = args.findIndex((arg) => /^[-(!]/.test(optionText(arg)));
  const roots = start <= 0 ? [known('.')] : args.slice(0, start);
  const at = args.findIndex((arg) => /^-i?name$/.test(optionText(arg)));
  const name = at < 0 ? undefined : optionText(args[at + 1] ?? known('*'));
  return roots.map(
    (path): FileEffect => ({
      kind: 'remove',
      path,
      reach: name ? 'tree' : 'directory',
      cwd: command.cwd,
      command,
      ...(name ? { name } : {}),
    }),
  );
}

/** Commands of git that put other content into the work tree at the paths they name. */
function gitEffects(args: readonly Word[], command: Command): FileEffect[] {
  const words = args.filter((arg) => !isOption(arg));
  const [subcommand, ...operands] = words;
  const name = subcommand?.kind === 'known' ? subcommand.text : '';
  const { cwd } = command;
  const reach = 'directory';
  if (name === 'rm' && args.some((arg) => optionText(arg) === '--cached')) return [];
  if (name === 'rm' || name === 'mv')
    return operands.map((path): FileEffect => ({ kind: 'remove', path, reach, cwd, command }));
  if (
    name === 'stash' &&
    !/^(?:list|show|apply|pop|branch|drop|clear|create|store)$/.test(optionText(operands[0] ?? known('')))
  ) {
    // What is stashed is gone from the work tree: the paths named, or with these options everything untracked.
    const all = args.some((arg) => /^(?:-[a-z]*[ua]|--include-untracked|--all)$/.test(optionText(arg)));
    const paths = operands.filter((path) => !/^(?:push|save)$/.test(optionText(path)));
    const stashed = paths.length > 0 || !all ? paths : [known('.')];
    return stashed.map((path): FileEffect => ({ kind: 'remove', path, reach: 'tree', cwd, command }));
  }
  if (name === 'checkout' || name === 'restore') {
    return operands.map((path): FileEffect => ({ kind: 'write', path, reach, cwd, command }));
  }
  return [];
}

function optionEffects(args: readonly Word[], command: Command, options: readonly string[]): FileEffect[] {
  return args.flatMap((arg, i): FileEffect[] => {
    const text = optionText(arg);
    const path = options.includes(text) ? args[i + 1] : undefined;
    return path === undefined ? [] : [{ kind: 'write', path, reach: 'file', cwd: command.cwd, command }];
  });
}
