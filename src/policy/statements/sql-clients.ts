import { type Found, isTestName, nothing, runs, sure } from './found.ts';
import type { Dialect } from './sql-dialects.ts';

/** What a line for the client itself does: runs a file, a program of the machine, or goes to another database. */
export function readClientCommand(line: string, { client }: Dialect): Found {
  const [, name = '', rest = ''] = /^(\\?[^\s\w]{0,2}\w*\+?)\s*(.*)$/s.exec(line) ?? [];
  const first = unquote(/^(?:"[^"]*"|'[^']*'|\S+)/.exec(rest)?.[0] ?? '');
  const command = name.toLowerCase();
  if (client === 'psql') return readPsql(command, first, rest);
  if (client === 'sqlite') {
    if (/^\.(?:sh|she|shell|sys|syst|syste|system)$/.test(command)) return sure('shell');
    if (command === '.read') return runs(first);
    if (/^\.(?:restore|clone)$/.test(command)) return sure('drop');
    return command === '.open' ? connection(first) : nothing;
  }
  if (client === 'mysql') {
    if (/^(?:system|\\!)/.test(command)) return sure('shell');
    if (/^(?:source|\\\.)$/.test(command)) return runs(first.replace(/;$/, ''));
    if (/^(?:use|\\u)$/.test(command)) return connection(first.replace(/;$/, ''));
    return command === 'connect' ? sure('elsewhere', 'remote') : nothing;
  }
  if (client === 'sqlcmd') {
    if (/^:?!!/.test(command)) return sure('shell');
    if (command === ':r') return runs(first);
    return command === ':connect' ? sure('elsewhere', 'remote') : nothing;
  }
  if (client === 'sqlplus') {
    if (/^(?:host|!)/.test(command)) return sure('shell');
    if (/^(?:start|@@?)/.test(command)) return runs(/^(?:start|@@?)\s*([^\s;]+)/i.exec(line)?.[1] ?? '');
    return sure('elsewhere', 'remote');
  }
  if (client === 'cqlsh') return runs(first);
  if (/^!(?:system)$/.test(command)) return sure('shell');
  if (/^!(?:source|load)$/.test(command)) return runs(first);
  return /^!(?:connect|open)$/.test(command) ? sure('elsewhere', 'remote') : nothing;
}

function readPsql(command: string, first: string, rest: string): Found {
  if (command === '\\!') return sure('shell');
  if (/^\\(?:copy)$/.test(command)) return /\bprogram\s+'/i.test(rest) ? sure('shell') : nothing;
  if (/^\\(?:o|out|g|gx|w|write)$/.test(command)) return first.startsWith('|') ? sure('shell') : nothing;
  if (/^\\(?:i|include|ir|include_relative)$/.test(command)) return runs(first);
  if (!/^\\(?:c|connect)$/.test(command)) return nothing;
  if (/\s/.test(rest.trim()) || /[=:]/.test(first)) return sure('elsewhere', 'remote');
  return connection(first);
}

const connection = (name: string): Found =>
  name === '' || name === '-' || isTestName(baseName(name)) ? nothing : sure('elsewhere');

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/\.\w+$/, '');

const unquote = (text: string): string => text.replace(/^(["'])(.*)\1$/s, '$2');
