import { known, textsOf, type Word } from '../model/word.ts';
import type { Carried } from './carriers.ts';
import { newShell, unknown } from './state.ts';

/** Programs that read shell text. */
export const shells = new Set(['sh', 'bash', 'dash', 'zsh', 'ksh', 'mksh', 'ash', 'rbash', 'fish', 'yash']);

const withValue = new Set(['-O', '+O', '-o', '+o', '--rcfile', '--init-file', '-C', '--init-command']);

const givesText = (arg: Word): boolean => arg.kind === 'known' && /^-[A-Za-z]*c[A-Za-z]*$/.test(arg.text);

/** Runs `bash -c TEXT`, `bash FILE`, `bash -s` and `… | bash`. */
export function runShellProgram({ program, args, environment, state, shell }: Carried): Word {
  const inner = newShell(state, environment, shell.facts.environment);
  let wantsText = false;
  let fromInput = false;
  let interactive = false;
  let onlyChecks = false;
  let startFile: Word | undefined;
  let i = 0;
  for (; i < args.length; i++) {
    const arg = args[i] as Word;
    const text = arg.kind === 'known' ? arg.text : '';
    if (text === '--' || text === '-') {
      i++;
      break;
    }
    // What is not known may be options, as it is most often where options follow.
    if (arg.kind === 'unknown' && args.slice(i + 1).some(givesText)) continue;
    if (!/^[-+]./.test(text)) break;
    if (text === '--command') wantsText = true;
    else if (/^-[A-Za-z]*c[A-Za-z]*$/.test(text) && !text.startsWith('--')) wantsText = true;
    if (/^-[A-Za-z]*s[A-Za-z]*$/.test(text)) fromInput = true;
    if (/^-[A-Za-z]*i[A-Za-z]*$/.test(text)) interactive = true;
    if (/^-[A-Za-z]*n[A-Za-z]*$/.test(text)) onlyChecks = true;
    if (/^--(?:rcfile|init-file)$/.test(text)) startFile = args[i + 1];
    // `-euo pipefail`: an `o` in a bundle takes a word as well.
    if (withValue.has(text) || /^[-+][A-Za-z]+[oO]|^[-+][oO][A-Za-z]/.test(text)) i++;
  }
  // `bash -n` reads and runs nothing; a shell that talks to a person pays no heed to it.
  if (onlyChecks && !interactive) return known('');
  const rest = args.slice(i);
  const frame = shell.inner(`${program}${wantsText ? ' -c' : ''}`);
  const [first, ...more] = rest;
  // An interactive shell starts with its rc file, any other bash with the file that BASH_ENV names.
  interactive ||= first === undefined && !fromInput && shell.input() === undefined;
  const start = interactive ? startFile : program === 'bash' ? environment.get('BASH_ENV') : undefined;
  if (start !== undefined) shell.runFile(start, [], inner, shell.inner(`${program} at its start`));
  if (wantsText) {
    if (first === undefined) return unknown('nothing');
    const [name = known(program)] = more;
    inner.name = name;
    inner.positional = more.slice(1);
    // Where the name may be no word or several, nobody knows which of them is `$1`.
    if (name.kind === 'unknown' ? name.many : name.kind === 'known' && name.glob) {
      inner.name = unknown('$0 is not known');
      inner.positional = undefined;
    }
    return shell.runText(first, inner, frame);
  }
  if (fromInput || first === undefined) {
    inner.positional = rest;
    const input = shell.input();
    return input === undefined ? unknown('what a shell writes') : shell.runText(input, inner, frame);
  }
  if (textsOf(first) === undefined) {
    const input = shell.input();
    if (input !== undefined) shell.runText(input, inner, frame);
    return unknown('what a script writes');
  }
  return shell.runFile(first, more, inner, frame);
}
