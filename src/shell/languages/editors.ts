import { known } from '../../model/word.ts';
import { unknown } from '../state.ts';
import type { Host } from './host.ts';

/** Reads code of another language, for the editors and debuggers that embed one. */
export type ReadEmbedded = (language: 'python' | 'lua' | 'ruby' | 'perl', code: string) => void;

const unquote = (source: string): string => source.replace(/^\s*(["'])([\s\S]*)\1\s*$/, '$2');

/** Reads commands of vi, vim and ex: what `:!` and its kin run, and what `:w` and `delete()` do to files. */
export function readVim(source: string, host: Host, embedded: ReadEmbedded, depth = 0): void {
  if (depth > 50) {
    host.doubt('commands of an editor that are nested too deeply to be read');
    return;
  }
  for (const line of source.split('\n')) {
    const command = line
      .replace(/^[\s:]+/, '')
      .replace(
        /^(?:(?:sil|silent|noautocmd|noa|keepalt|keepjumps|verbose|bufdo|argdo|windo|tabdo)!?\s+)+/,
        '',
      );
    const bang =
      /^(?:[%.$,'<>\w+-]*\s*!|(?:r|read|w|write|te|term|terminal|r!|vert\s+term|botright\s+term)(?:\s+!|\s*!)|(?:term|terminal)\s+)\s*(.+)$/.exec(
        command,
      );
    const execute = /^exe(?:c|cute)?\s+(.+)$/.exec(command);
    const inner = /^(?:py(?:thon)?[3x]?|lua|ruby|perl)\s+(.+)$/.exec(command);
    if (bang && !/^[a-z]+!\s/.test(command.replace(/^(?:r|read|w|write|term)!/, '')))
      host.shell(known(bang[1] ?? ''));
    else if (execute) readVim(unquote(execute[1] ?? ''), host, embedded, depth + 1);
    else if (inner)
      embedded(
        command.startsWith('lua')
          ? 'lua'
          : command.startsWith('ruby')
            ? 'ruby'
            : command.startsWith('perl')
              ? 'perl'
              : 'python',
        inner[1] ?? '',
      );
    for (const match of command.matchAll(
      /\b(system|systemlist|jobstart|termopen|job_start)\(\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^)]*))/g,
    )) {
      const text = match[2] ?? match[3];
      host.shell(text === undefined ? unknown('an expression of the editor') : known(text));
    }
    for (const match of command.matchAll(/\bdelete\(\s*["']([^"']*)["'](?:\s*,\s*["'](\w*)["'])?/g)) {
      host.run([known('rm'), ...(match[2]?.includes('r') ? [known('-rf')] : []), known(match[1] ?? '')]);
    }
    const write = /^(?:[%.$,\d'<>]*)(?:w|wri|write|sav|saveas)!?\s+(?:>>\s*)?([^!|\s][^|]*)$/.exec(command);
    if (write) host.run([known('tee'), known((write[1] ?? '').trim())]);
    const next = /^(?!g\/|v\/|s\/|%s)[^|!"']*\|\s*(.+)$/.exec(command);
    if (next && !bang && !execute) readVim(next[1] ?? '', host, embedded, depth + 1);
  }
}

/** Reads commands of gdb and lldb. */
export function readDebugger(source: string, host: Host, embedded: ReadEmbedded): void {
  for (const line of source.split('\n')) {
    const shell =
      /^\s*(?:shell\s+|!\s*|platform\s+shell\s+(?:-h\s+(?:--\s+)?)?|pipe\s+[^|]*\||make\s+)(.+)$/.exec(line);
    if (shell) host.shell(known(shell[1] ?? ''));
    const code = /^\s*(?:python|py|script|pi|python-interactive)\s+(.+)$/.exec(line);
    if (code) embedded('python', code[1] ?? '');
    for (const match of line.matchAll(/\b(?:system|popen|execl)\s*\(\s*"((?:[^"\\]|\\.)*)"/g))
      host.shell(known(match[1] ?? ''));
  }
}

/** Reads AppleScript: `do shell script "…" & …` and `do script "…"`. */
export function readAppleScript(source: string, host: Host): void {
  const variables = new Map<string, string>();
  for (const match of source.matchAll(/^\s*set\s+(\w+)\s+to\s+"((?:[^"\\]|\\[\s\S])*)"\s*$/gm))
    variables.set(match[1] ?? '', (match[2] ?? '').replace(/\\([\s\S])/g, '$1'));
  for (const match of source.matchAll(
    /\bdo\s+(?:shell\s+)?script\s+((?:"(?:[^"\\]|\\[\s\S])*"|[\w ()&]|\s(?=&))+)/g,
  )) {
    const pieces = (match[1] ?? '').match(/"(?:[^"\\]|\\[\s\S])*"|quoted form of|\w+/g) ?? [];
    const words: (string | null)[] = [];
    for (const piece of pieces) {
      if (piece.startsWith('"')) words.push(piece.slice(1, -1).replace(/\\([\s\S])/g, '$1'));
      else if (
        /^(?:with|without|in|user|password|as|end|tell|on|if|activate|administrator|quoted form of)$/.test(
          piece,
        )
      ) {
        if (piece !== 'quoted form of') break;
      } else words.push(variables.get(piece) ?? null);
    }
    const text = words.includes(null)
      ? {
          kind: 'unknown' as const,
          pieces: words,
          many: false,
          options: false,
          why: 'a variable of the script',
        }
      : known(words.join(''));
    host.shell(text);
  }
  if (/\btell\s+app(?:lication)?\s+"Finder"[\s\S]*\b(?:delete|empty\s+(?:the\s+)?trash)\b/.test(source))
    host.doubt('what Finder deletes');
}
