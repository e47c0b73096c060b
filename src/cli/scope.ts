import { statSync } from 'node:fs';
import { parse, resolve } from 'node:path';
import { homeDir, projectRoot } from '../host/places.ts';
import type { Where } from '../killswitch/file.ts';
import { type Arguments, UsageError } from './args.ts';
import type { Option } from './command.ts';
import type { Terminal } from './terminal.ts';

export const projectOption: Option = {
  value: 'DIR',
  help: 'the project (default: the one around this directory)',
};

/** The project directory that the command line means. Throws UsageError. */
export function chosenProject(args: Arguments, terminal: Terminal): string {
  const named = args.text('project');
  return named === undefined ? projectRoot(terminal.cwd, terminal.env) : directoryNamed(named, terminal);
}

/** A directory that the command line names, as an absolute path. Throws UsageError when there is none. */
export function directoryNamed(name: string, { cwd }: Terminal): string {
  const dir = resolve(cwd, name);
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`no such directory: \`${name}\``);
  return dir;
}

/**
 * Where a person's question "am I halted?" looks: every directory up to the root, because a session may have been
 * started in any of them, and the home directory.
 */
export const everywhereAbove = (cwd: string, terminal: Terminal): Where => ({
  cwd,
  projectDir: parse(cwd).root,
  home: homeDir(terminal.env),
});

/** The home directory. Throws when there is none. */
export function homeOf(terminal: Terminal): string {
  const home = homeDir(terminal.env);
  if (home === undefined) throw new Error('no home directory: HOME is not set');
  return home;
}
