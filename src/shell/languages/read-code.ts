import { known, textsOf, type Word } from '../../model/word.ts';
import { limits } from '../limits.ts';
import { unknown } from '../state.ts';
import { readAwk } from './awk.ts';
import { dialects } from './dialects.ts';
import { readAppleScript, readDebugger, readVim } from './editors.ts';
import { Evaluator, type Reader } from './evaluator.ts';
import type { Host, Language } from './host.ts';
import { readJavaScript } from './javascript.ts';
import { readLoose } from './loose.ts';
import type { CodeKind } from './programs.ts';
import { readPython } from './python.ts';
import { namesOf } from './tables/by-language.ts';
import { readTcl } from './tcl.ts';
import { HOLE, nothing, TooDeep } from './tree.ts';

/** Names that make code worth a question when the grammar cannot follow it. */
const danger =
  /system|popen|subprocess|child_process|exec|spawn|rmtree|rmSync|unlink|rimraf|remove|delete|terminate|destroy|truncate|drop/i;

/** Reads code that the line gives to an interpreter, and tells the host what it would run. Never throws of its own. */
export function readCode(
  kind: CodeKind,
  code: Word,
  host: Host,
  variables: ReadonlyMap<string, Word> = new Map(),
): void {
  const sources = textsOf(code) ?? partly(code);
  if (sources === undefined) {
    host.doubt(`code that cannot be known before it runs (${code.kind === 'unknown' ? code.why : ''})`);
    return;
  }
  for (const source of sources) {
    if (source.length > limits.text) host.doubt(`more than ${limits.text / 1024} KiB of code`);
    else readSource(kind, source, host, variables);
  }
}

/** Code with holes, each marked; undefined when there is nothing else. */
function partly(code: Word): string[] | undefined {
  if (code.kind !== 'unknown' || code.pieces.every((piece) => piece === null || piece.trim() === ''))
    return undefined;
  return [code.pieces.map((piece) => piece ?? HOLE).join('')];
}

function readSource(kind: CodeKind, source: string, host: Host, variables: ReadonlyMap<string, Word>): void {
  const embedded = (language: Language, code: string) => readProgram(language, code, host, new Map());
  if (kind === 'tcl') readTcl(source, host);
  else if (kind === 'vim') readVim(source, host, embedded);
  else if (kind === 'debugger') readDebugger(source, host, embedded);
  else if (kind === 'applescript') readAppleScript(source, host);
  else if (kind === 'awk') readRecords(source, host, variables);
  else if (kind === 'perl lines')
    readProgram('perl', source, host, new Map([['$_', host.input() ?? unknown('a line of input')]]));
  else if (kind === 'ruby lines')
    readProgram('ruby', source, host, new Map([['$_', host.input() ?? unknown('a line of input')]]));
  else readProgram(kind, kind === 'php' ? phpCode(source) : source, host, variables);
}

function readProgram(
  language: Language,
  source: string,
  host: Host,
  variables: ReadonlyMap<string, Word>,
): void {
  const read = safely(readerOf(language), host);
  const { tree, valid } = read(source);
  if (!valid && host.strict && danger.test(source))
    host.doubt('code that is not valid, or newer than the grammar that reads it');
  // `perl -e "rm -rf x"`: words alone are no statement of any of these languages, but somebody meant a command.
  if (
    host.script === undefined &&
    /^\s*\w[\w-]*(?: [\w./~*:@%+-]+)*? --?[A-Za-z][\w-]*(?: [\w./~*:@%+-]+)*\s*$/.test(source)
  )
    host.shell(known(source));
  const evaluator = new Evaluator(host, namesOf(language), read);
  for (const [name, value] of variables) evaluator.bind(name, value);
  evaluator.program(tree);
}

/** A reader whose code is too deep to be read is a doubt. */
const safely =
  (read: Reader, host: Host): Reader =>
  (code) => {
    try {
      return read(code);
    } catch (error) {
      if (!(error instanceof TooDeep)) throw error;
      if (host.strict) host.doubt('code that is nested too deeply, or too far from valid, to be read');
      return { tree: nothing, valid: true };
    }
  };

function readerOf(language: Language): Reader {
  if (language === 'python') return readPython;
  if (language === 'javascript') return readJavaScript;
  if (language === 'awk') return readAwk;
  const dialect = dialects[language];
  return dialect === undefined ? readJavaScript : (code) => readLoose(code, dialect);
}

/** An awk program once for each line of its input, where that is known. */
function readRecords(source: string, host: Host, variables: ReadonlyMap<string, Word>): void {
  const input = host.input();
  const lines =
    input?.kind === 'known' && /\$/.test(source)
      ? input.text
          .split('\n')
          .filter((line) => line !== '')
          .slice(0, 24)
      : undefined;
  for (const line of lines ?? [undefined]) {
    const bound = new Map(variables);
    if (line !== undefined) {
      bound.set('$0', known(line));
      for (const [i, field] of line.trim().split(/\s+/).entries()) bound.set(`$${i + 1}`, known(field));
    }
    readProgram('awk', source, host, bound);
  }
}

/** Of a PHP file, what stands between its tags. */
function phpCode(source: string): string {
  if (!/<\?(?:php|=)/.test(source)) return source;
  return source
    .split(/<\?(?:php|=)?/)
    .slice(1)
    .map((part) => part.split('?>', 1)[0])
    .join('\n;');
}
