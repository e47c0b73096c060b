import type { Call } from '../model/call.ts';
import type { Command } from '../model/command.ts';
import { known } from '../model/word.ts';
import { type Field, fieldsOf, serverTool } from './tool-words.ts';

/** Their calls are judged as what they are: a text for a shell, or what is done to a file. */
const judgedByContent = new Set(
  'Bash Monitor PowerShell Read Grep Glob Write Edit MultiEdit NotebookEdit NotebookRead'.split(' '),
);

/**
 * A call as a command, so that rules speak of tools as they do of programs: the tool's name, then each field of its
 * input as `--name=value`. Undefined for tools that run a shell or touch files.
 */
export function toolCommand(call: Call): Command | undefined {
  if (judgedByContent.has(call.tool) || call.tool === '') return undefined;
  const options = fieldsOf(call.input).map(
    ([name, value]) => `--${name.replaceAll(/[^\w.-]/g, '_')}=${value}`,
  );
  return commandOf([call.tool, ...options], call, []);
}

/** The commands of the shell that do to files what a tool of an MCP server does to them. */
export function fileCommands(call: Call): Command[] {
  const tool = serverTool(call.tool);
  if (tool === undefined) return [];
  const { server, words } = tool;
  const about = (list: readonly string[]) => words.some((word) => list.includes(word));
  const onFiles = about(fileWords) || server.some((word) => /^(?:fs|files?|filesystem|desktop)$/.test(word));
  if (!onFiles || about(inquiring)) return [];
  const fields = fieldsOf(call.input);
  const paths = valuesOf(fields, pathFields);
  const run = (...argv: readonly string[]) => [commandOf(argv, call, [call.tool])];
  // In a repository elsewhere a path is none of this machine, but a pipeline's definition is one there, too.
  const remote = fields.some(([name]) => /^(?:owner|project_?id|repo(?:sitory)?)$/i.test(name));
  if (remote) return about(verbs.write) ? paths.flatMap((path) => run('tee', path)) : [];
  if (about(verbs.remove)) return paths.flatMap((path) => run('rm', '-rf', path));
  const target = valuesOf(fields, targetFields)[0];
  const sources = [...valuesOf(fields, sourceFields), ...paths];
  if (about(verbs.move) && target !== undefined) return run('mv', ...sources, target);
  if (about(verbs.copy) && target !== undefined) return run('cp', '-r', ...sources, target);
  if (about(verbs.write))
    return about(['directory', 'folder', 'dir']) ? [] : paths.flatMap((path) => run('tee', path));
  return about(verbs.read) ? paths.flatMap((path) => run('cat', path)) : [];
}

const fileWords = ['file', 'files', 'directory', 'directories', 'folder', 'dir', 'editor', 'edit'];
const inquiring = [
  'info',
  'metadata',
  'stat',
  'list',
  'tree',
  'search',
  'find',
  'watch',
  'history',
  'commits',
];
const verbs = {
  remove: ['delete', 'remove', 'unlink', 'trash', 'rm', 'rmdir', 'erase'],
  move: ['move', 'rename', 'mv'],
  copy: ['copy', 'cp', 'duplicate'],
  write: [
    'write',
    'create',
    'update',
    'edit',
    'editor',
    'append',
    'replace',
    'insert',
    'patch',
    'save',
    'put',
    'overwrite',
    'modify',
    'push',
  ],
  read: ['read', 'get', 'view', 'open', 'cat', 'show', 'load', 'upload', 'attach', 'send'],
};
const pathFields =
  /^(?:(?:file|target|full|absolute|relative|local|notebook)?_?(?:path|file|filename|uri)s?|(?:path|file)_?in_?project|file_?name|directory|dir|folder)$/i;
const sourceFields = /^(?:source|src|from|old)(?:_?(?:path|file|name))?$/i;
const targetFields = /^(?:destination|dest|dst|to|target|new)(?:_?(?:path|file|name))?$/i;

const valuesOf = (fields: readonly Field[], names: RegExp): string[] =>
  fields.filter(([name]) => names.test(name)).map(([, value]) => value.replace(/^file:\/\/(?=\/)/, ''));

const commandOf = (argv: readonly string[], call: Call, via: readonly string[]): Command => ({
  words: argv.map(known),
  environment: new Map(),
  redirections: [],
  cwd: call.cwd,
  span: { start: 0, end: 0 },
  via,
});
