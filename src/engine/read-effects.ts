import type { Command } from '../model/command.ts';
import { programTable } from '../model/program-table.ts';
import { known, type Word } from '../model/word.ts';
import type { FileEffect } from './file-effects.ts';

/** What an argument certainly starts with. */
export const optionText = (word: Word): string =>
  word.kind === 'known' ? word.text : word.kind === 'unknown' ? (word.pieces[0] ?? '') : '';
export const isOption = (word: Word): boolean => /^-./.test(optionText(word));

type Operands = 'all' | 'all-but-first' | 'all-but-last';

/** Programs that print or pass on what is in the files among their words, and which of the words are files. */
const filesOf = programTable<{ readonly programs: string; readonly files: Operands }>([
  {
    programs:
      'cat tac nl less more most bat batcat head tail strings base64 base32 xxd od hexdump hd type get-content gc sort uniq cut paste column fold rev fmt pr diff cmp sdiff colordiff comm join openssl sqlite3 pbcopy xclip xsel wl-copy qrencode nc ncat netcat socat mail mailx sendmail tee mapfile readarray',
    files: 'all',
  },
  {
    programs:
      'grep egrep fgrep rg ag ack ugrep zgrep select-string findstr sed gsed awk gawk mawk jq yq zip 7z 7za',
    files: 'all-but-first',
  },
  { programs: 'cp copy copy-item install ln rsync scp ditto mv move move-item', files: 'all-but-last' },
]);
const searches = /^(?:[efuz]?grep|rg|ag|ack)$/;
const requests = /^(?:curl|curlie|wget2?|https?|xhs?)$/;

/** The files whose content a command prints, copies or sends. `name` is its program; '' for a redirection alone. */
export function readEffects(name: string, args: readonly Word[], command: Command): FileEffect[] {
  const { cwd } = command;
  const read = (path: Word, more: Partial<FileEffect> = {}): FileEffect => ({
    kind: 'read',
    path,
    reach: 'tree',
    cwd,
    command,
    ...more,
  });
  const files = filesOf(name)[0]?.files;
  const effects: FileEffect[] = [];
  if (name === '' || files !== undefined || requests.test(name)) {
    const given = command.redirections.filter(({ operator }) => operator === '<' || operator === '<>');
    effects.push(...given.map(({ target }) => read(target)));
  }
  if (requests.test(name)) effects.push(...sent(args).map((path) => read(path)));
  if (name === 'tar' || name === 'bsdtar') effects.push(...packed(args).map((path) => read(path)));
  if (name === 'dd') effects.push(...args.flatMap((arg) => after(arg, /^if=/)).map((path) => read(path)));
  if (name === 'git') effects.push(...inGit(args).map((path) => read(path)));
  if (name === 'aws' || name === 'gsutil' || name === 'rclone' || name === 'gcloud')
    effects.push(...uploaded(args).map((path) => read(path)));
  if (files === undefined || showsNamesAlone(name, args)) return effects;
  const operands = operandsOf(name, args);
  if (searches.test(name)) effects.push(...searched(args, operands).map((path) => read(path)));
  // `grep -e KEY FILE` and `sed -n -e p FILE` have their pattern in an option.
  const scripted = args.some((arg) =>
    /^-(?:[a-zA-Z]*e|-regexp|-expression|f|-file)(?:=|$)/.test(optionText(arg)),
  );
  if (files === 'all-but-first')
    return [...effects, ...operands.slice(scripted ? 0 : 1).map((path) => read(path))];
  if (files === 'all') return [...effects, ...operands.map((path) => read(path))];
  const to = operands.at(-1);
  const target = to === undefined || isRemote(to) ? {} : { to };
  return [...effects, ...operands.slice(0, -1).map((path) => read(path, target))];
}

/** Options that say how another machine is reached, with a value (`scp -i KEY`). */
const reaching = new Map([
  ['scp', /^-[a-zA-Z]*[iFoPSJlcD]$/],
  ['rsync', /^(?:-[a-zA-Z]*e|--rsh|--password-file)$/],
]);

function operandsOf(name: string, args: readonly Word[]): Word[] {
  const takesNext = reaching.get(name);
  return args.filter((arg, i) => {
    const before = args[i - 1];
    return !isOption(arg) && (before === undefined || takesNext?.test(optionText(before)) !== true);
  });
}

/** A host's path (`host:dir`, `s3://bucket`), not one of this machine. */
const isRemote = (word: Word): boolean => /^[^/]*:/.test(optionText(word));

/** The rest of a word after a text that it starts with; nothing where it does not. */
function after(word: Word, start: RegExp): Word[] {
  const length = start.exec(optionText(word))?.[0].length;
  if (length === undefined || word.kind === 'one-of') return [];
  if (word.kind === 'known') return [known(word.text.slice(length))];
  const [first = '', ...rest] = word.pieces;
  return [{ ...word, pieces: [first === null ? null : first.slice(length), ...rest] }];
}

/** The files that an HTTP client sends: `-d @FILE`, `-F name=@FILE`, `-T FILE`, `field@FILE`. */
function sent(args: readonly Word[]): Word[] {
  return args.flatMap((arg, i) => {
    const glued = after(arg, /^(?:-[a-zA-Z]*[dF]|--[\w-]+=)?(?:[\w.[\]-]*[=:]?)?[@<]/);
    const upload = after(arg, /^(?:--(?:upload-file|post-file|body-file)=|-[a-zA-Z]*T(?=.))/);
    const next = args[i + 1];
    const named = /^(?:-[a-zA-Z]*T|--upload-file|--post-file|--body-file)$/.test(optionText(arg));
    return [...glued, ...upload, ...(named && next !== undefined ? [next] : [])];
  });
}

/** What `tar` puts into an archive. */
function packed(args: readonly Word[]): Word[] {
  const [mode] = args;
  const takesOut = (text: string) => /^-?[a-zA-Z]*[xt][a-zA-Z]*$|^--(?:extract|get|list)$/.test(text);
  if (mode === undefined || args.some((arg, i) => (i === 0 || isOption(arg)) && takesOut(optionText(arg))))
    return [];
  return args.filter((arg) => !isOption(arg));
}

/** What `git` records or prints: `git add FILE`, `git show REV:FILE`. */
function inGit(args: readonly Word[]): Word[] {
  const [subcommand, ...operands] = args.filter((arg) => !isOption(arg));
  const name = subcommand?.kind === 'known' ? subcommand.text : '';
  if (name === 'add' || name === 'stage') return operands;
  if (name === 'show' || name === 'cat-file') return operands.flatMap((arg) => after(arg, /^[^:]*:/));
  return [];
}

/** Files of this machine that a CLI copies to a bucket. */
function uploaded(args: readonly Word[]): Word[] {
  const words = args.filter((arg) => !isOption(arg));
  const at = words.findIndex((word) => /^(?:cp|mv|sync|copy|copyto|rsync|move)$/.test(optionText(word)));
  if (at < 0) return [];
  const [target, ...sources] = words.slice(at + 1).reverse();
  return target !== undefined && isRemote(target) ? sources.filter((word) => !isRemote(word)) : [];
}

/** The files that a search is told to look at by name: `grep -r KEY --include=.env .`. */
function searched(args: readonly Word[], operands: readonly Word[]): Word[] {
  const globs = args.flatMap((arg, i) => {
    const next = args[i + 1];
    const glued = after(arg, /^(?:--include=|--glob=|-g(?=[^\s]))/);
    return /^(?:--include|--glob|-g)$/.test(optionText(arg)) && next !== undefined ? [next] : glued;
  });
  const roots = operands.length > 1 ? operands.slice(1) : [known('.')];
  return globs.flatMap((glob) => roots.map((root) => known(`${optionText(root)}/${optionText(glob)}`)));
}

/** Commands that show which settings a file has, or whether it has one, and none of the values. */
function showsNamesAlone(name: string, args: readonly Word[]): boolean {
  const texts = args.map(optionText);
  const has = (option: RegExp) => texts.some((text) => option.test(text));
  if (searches.test(name)) {
    if (has(/^-[a-zA-Z]*[qclL]|^--(?:quiet|silent|count|files-with(?:out)?-match(?:es)?)$/)) return true;
    const pattern = texts.find((text) => !/^-./.test(text)) ?? '';
    return has(/^-[a-zA-Z]*o|^--only-matching$/) && /^\^\(?\[[^\]]*\][*+]?\)?=?$/.test(pattern);
  }
  const line = texts.join(' ');
  if (name === 'cut')
    return /-d ?=|--delimiter[= ]=/.test(line) && /(?:-f ?|--fields[= ])1(?: |$)/.test(line);
  if (/^g?sed$/.test(name))
    return has(/^-[a-zA-Z]*i|^--in-place/) || texts.some((text) => /^s(.)=\.\*\1[^\\&]*\1g?$/.test(text));
  if (/^[gm]?awk$/.test(name))
    return /-F ?=/.test(line) && texts.some((text) => /^[^{}]*\{\s*print\s+\$1;?\s*\}\s*$/.test(text));
  return (
    name === 'openssl' && (!has(/^(?:enc|base64|rsa|pkey|ec|pkcs12|pkcs8)$/) || has(/^-(?:pubout|noout)$/))
  );
}
