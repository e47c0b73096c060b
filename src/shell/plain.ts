import type { Reading } from '../model/command.ts';
import { known } from '../model/word.ts';
import { carrierTable } from './carrier-table.ts';

/** What makes a first word mean more than "run this program": syntax, builtins that run code, programs that carry others. */
const needsGrammar = new Set([
  ...'if then elif else fi for while until do done case esac select function time coproc in [[ { } !'.split(
    ' ',
  ),
  ...'eval source . trap command builtin exec alias set export declare local readonly typeset'.split(' '),
  ...'sh bash dash zsh ksh mksh ash rbash fish yash'.split(' '),
  ...'find gfind bfs fd fdfind xargs gxargs parallel git hub crontab at batch tee busybox toybox'.split(' '),
  ...'python node deno bun ruby perl php awk gawk mawk sed pwsh powershell osascript make gmake just task npm yarn pnpm bun composer cmd'.split(
    ' ',
  ),
  ...carrierTable.flatMap((row) => row.programs.split(' ')),
]);

/**
 * Reads a line of plain words and nothing else, which white space splits exactly; undefined when the line needs the
 * grammar. The grammar takes longer to load than all the rest of the hook.
 */
export function readPlain(text: string, cwd: string): Reading | undefined {
  if (text.length > 4096 || !/^[ \t]*[A-Za-z0-9_][\w.+-]*(?:[ \t]+[\w./:@%+,=-]+)*[ \t]*$/.test(text))
    return undefined;
  const words = text.trim().split(/[ \t]+/);
  const program = words[0]?.toLowerCase() ?? '';
  if (needsGrammar.has(program) || /^(?:python|node|ruby|perl|php|pypy)[\d.]*$/.test(program))
    return undefined;
  const start = text.length - text.trimStart().length;
  const command = {
    words: words.map(known),
    environment: new Map(),
    redirections: [],
    cwd,
    span: { start, end: text.trimEnd().length },
    via: [],
  };
  return { commands: [command], doubts: [], complete: true };
}
