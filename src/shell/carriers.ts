import { baseName, programNames } from '../model/program.ts';
import { programTable } from '../model/program-table.ts';
import { known, textsOf, type Word } from '../model/word.ts';
import { type Carrier, carrierTable } from './carrier-table.ts';
import { type Interpreter, quoteWord } from './interpreter.ts';
import { codeProgram } from './languages/programs.ts';
import { runCodeProgram } from './languages/run-code.ts';
import { resolvePath } from './path.ts';
import { runShellProgram, shells } from './shell-programs.ts';
import { special } from './special-carriers.ts';
import { joinWords, oneOf, type State, subshell, unknown } from './state.ts';
import { taskRunnersOf } from './tasks/runners.ts';

export type Span = { readonly pos: number; readonly end: number };

/** What a carrier was called with. */
export type Carried = {
  readonly program: string;
  readonly args: readonly Word[];
  readonly environment: ReadonlyMap<string, Word>;
  readonly state: State;
  readonly shell: Interpreter;
  readonly span: Span;
};

const lists = new Map<string | undefined, readonly string[]>();
const words = (list: string | undefined): readonly string[] => {
  const split = lists.get(list) ?? list?.split(' ') ?? [];
  lists.set(list, split);
  return split;
};

const rowsOf = programTable(carrierTable);

/**
 * Runs what a command carries: the command after `sudo`, the text after `bash -c`, what `find` executes. Returns what
 * it writes, undefined when the program carries nothing.
 */
export function unwrap(
  argv: readonly Word[],
  environment: ReadonlyMap<string, Word>,
  state: State,
  shell: Interpreter,
  span: Span,
): Word | undefined {
  const [program, ...args] = argv;
  let output: Word | undefined;
  for (const name of (program === undefined ? undefined : programNames(program)) ?? []) {
    const carried: Carried = { program: name, args, environment, state, shell, span };
    const direct = special.get(name);
    if (direct !== undefined) output = direct(carried) ?? output;
    for (const { run } of taskRunnersOf(name)) run(carried);
    runVariables(carried);
    if (shells.has(name)) output = runShellProgram(carried);
    else output = runCodeProgram(carried) ?? output;
    for (const row of rowsOf(name)) output = carry(row, carried) ?? output;
    if (name === 'busybox' || name === 'toybox') output ??= unknown('what busybox writes');
  }
  if (output === undefined && program !== undefined && isScriptPath(program)) {
    for (const path of textsOf(program) ?? []) {
      const text = shell.fileText(path, state);
      const interpreter = text === undefined ? [] : interpreterOf(text);
      if (interpreter.length > 0) {
        shell.runCarried(
          [...interpreter, known(path), ...args],
          environment,
          state,
          shell.inner('script'),
          span,
        );
        return unknown('what a script writes');
      }
      if (text !== undefined && isShellScript(text)) {
        shell.runFile(known(path), args, subshell(state), shell.inner('script'));
        return unknown('what a script writes');
      }
    }
  }
  return output;
}

/** Variables whose value many programs run, by a shell. */
const commandVariables =
  /^(?:(?:\w+_)?(?:PAGER|EDITOR|ASKPASS)|MANPAGER|VISUAL|BROWSER|LESSOPEN|LESSCLOSE|FCEDIT|GIT_SSH(?:_COMMAND)?|GIT_EXTERNAL_DIFF|GIT_PROXY_COMMAND|(?:RSYNC|CVS)_RSH)$/;

/** Runs what such a variable holds, where it is more than the name of a program. */
function runVariables({ environment, state, shell }: Carried): void {
  for (const [name, value] of environment) {
    if (!commandVariables.test(name) || textsOf(value)?.some((text) => /\s/.test(text)) !== true) continue;
    const text = value.kind === 'known' ? known(value.text.replace(/^\s*\|-?\s*/, '')) : value;
    shell.runText(text, subshell(state), shell.inner(name));
  }
}

const isScriptPath = (program: Word): boolean => (textsOf(program) ?? []).some((text) => text.includes('/'));

/** The program, and its options, that a script's `#!` names when it is no shell. */
function interpreterOf(text: Word): Word[] {
  const line = text.kind === 'known' ? /^#!\s*([^\n]+)/.exec(text.text)?.[1]?.trim().split(/\s+/) : undefined;
  const argv = (line ?? []).filter((word) => !/(?:^|\/)env$|^-S$/.test(word));
  const [program = ''] = argv;
  return codeProgram(baseName(program)) === undefined ? [] : argv.map(known);
}

/** A file that the kernel or the shell would run as shell text: a shell's `#!`, or none at all and no binary. */
function isShellScript(text: Word): boolean {
  if (text.kind !== 'known') return text.kind === 'unknown';
  const line = text.text.split('\n', 1)[0] ?? '';
  if (line.startsWith('#!')) return /\b(?:ba|da|z|k|a)?sh\b/.test(line);
  return !text.text.includes('\0');
}

/** Carries by a row of the table; undefined when the row is for another subcommand. */
function carry(row: Carrier, carried: Carried): Word | undefined {
  const { args, shell, state, span } = carried;
  const expected = [...words(row.after), ...Array<string>(row.operands ?? 0).fill('*')];
  const environment = new Map(carried.environment);
  const name = [carried.program, ...words(row.after).filter((word) => word !== '*')].join(' ');
  let output: Word | undefined;
  let tells = false;
  let directory: Word | undefined;
  let i = 0;
  const inner = () => {
    const copy = subshell(state);
    if (row.elsewhere) copy.cwd = undefined;
    if (directory !== undefined)
      copy.cwd = directory.kind === 'known' ? resolvePath(directory.text, state.cwd) : undefined;
    if (row.image) mount(args.slice(0, i), copy, state.cwd);
    return copy;
  };
  const runShellText = (text: Word) => {
    output = shell.runText(text, inner(), shell.inner(name));
  };
  const runArgv = (given: readonly Word[]) => {
    const argv = row.packages ? withoutVersion(given) : given;
    // `command -v x` and `-V` tell about x.
    if (
      carried.program === 'command' &&
      args
        .slice(0, args.length - argv.length)
        .some((arg) => arg.kind === 'known' && /^-[pvV]*[vV]/.test(arg.text))
    ) {
      tells = true;
      return;
    }
    if (argv.length > 0) output = shell.runCarried(argv, environment, inner(), shell.inner(name), span);
  };
  for (; i < args.length; i++) {
    if (row.as && expected.length === 0) break;
    const arg = args[i] as Word;
    if (arg.kind === 'one-of') {
      const ways = arg.texts.map((each) => carry(row, { ...carried, args: args.with(i, known(each)) }));
      const written = ways.filter((way) => way !== undefined);
      return written.length === 0 ? undefined : oneOf(written, `what ${name} writes`);
    }
    const text = arg.kind === 'known' ? arg.text : arg.kind === 'unknown' ? (arg.pieces[0] ?? '') : '';
    if (text === '--') {
      if (expected.length > 0 && row.dashes !== true && expected.every((word) => word !== '*'))
        return undefined;
      i++;
      break;
    }
    if (text.startsWith('-') && text.length > 1) {
      const option = text.split('=', 1)[0] ?? text;
      const attached = text.includes('=') ? dropText(arg, option.length + 1) : undefined;
      if (words(row.argvOptions).includes(option)) {
        if (expected.length === 0) runArgv(attached ? [attached, ...args.slice(i + 1)] : args.slice(i + 1));
        return output ?? unknown(`what ${name} writes`);
      }
      const shellOption = words(row.shellOptions).find(
        (o) => o === option || (o.length === 2 && !text.startsWith('--') && isBundleEnd(text, o, row)),
      );
      if (
        shellOption !== undefined &&
        (expected.length === 0 || row.after === undefined || expected.every((word) => word === '*'))
      ) {
        const joined =
          shellOption.length === 2 && text.length > 2 && !text.endsWith(shellOption[1] ?? '')
            ? dropText(arg, text.indexOf(shellOption[1] ?? '') + 1)
            : attached;
        const value = joined ?? args[++i];
        if (value !== undefined && carried.program === 'env') {
          // `env -S TEXT WORD…`: the words follow those of the text.
          runShellText(joinWords([value, ...args.slice(i + 1).map(quoteWord)], ' '));
          return output;
        }
        if (value !== undefined) runShellText(stripExec(value, row));
        continue;
      }
      if (words(row.directory).includes(option)) directory = attached ?? args[i + 1];
      if (attached === undefined && takesNext(option, row)) i++;
      continue;
    }
    if (row.assignments && expected.length === 0 && /^[A-Za-z_]\w*=/.test(text)) {
      const cut = text.indexOf('=');
      environment.set(text.slice(0, cut), dropText(arg, cut + 1));
      continue;
    }
    if (text === '-' && expected.length === 0) continue;
    const next = expected.shift();
    if (next === undefined) {
      if (row.carries === 'nothing') continue;
      break;
    }
    if (next !== '*' && text !== next) return undefined;
    if (expected.length === 0 && (row.operands ?? 0) > 0) {
      i++;
      // `flock FILE -c TEXT`: an option with shell text may follow the operand.
      if (row.shellOptions === undefined) break;
      i--;
    }
  }
  if (expected.some((word) => word !== '*')) return undefined;
  let rest = args.slice(i);
  const dashes = args.findIndex((arg, at) => at >= i && arg.kind === 'known' && arg.text === '--');
  // `kubectl exec POD -c NAME -- CMD`: options may follow the operands too.
  const optionsFollow = rest[0]?.kind === 'known' && rest[0].text.startsWith('-');
  if (dashes >= 0 && (optionsFollow || row.dashes)) rest = args.slice(dashes + 1);
  else if (row.dashes && args[i - 1]?.kind === 'known' && (args[i - 1] as { text: string }).text !== '--')
    rest = [];
  const entry = row.image ? entryPoint(args.slice(0, row.dashes ? Math.max(dashes, i) : i)) : undefined;
  if (entry) rest = [known(entry), ...rest];
  if (row.as) rest = [known(row.as), ...rest];
  const input = shell.input();
  if (row.input && rest.length === 0 && input !== undefined) runShellText(input);
  if (row.carries === 'argv') runArgv(rest);
  if (row.carries === 'shell' && rest.length > 0) runShellText(joinWords(rest, ' '));
  if (row.carries === 'texts') for (const text of rest) runShellText(text);
  if (tells) return undefined;
  return (
    output ??
    (row.after === undefined && row.carries === 'nothing' ? undefined : unknown(`what ${name} writes`))
  );
}

/** `docker run -v HERE:THERE -w THERE`: what a container finds of this machine, and where it starts. */
function mount(options: readonly Word[], state: State, cwd: string | undefined): void {
  const texts = options.map((word) => (word.kind === 'known' ? word.text : ''));
  const given = (i: number, names: RegExp) => {
    const [name = '', ...value] = (texts[i] ?? '').split('=');
    if (!names.test(name)) return undefined;
    return value.length > 0 ? value.join('=') : texts[i + 1];
  };
  let start: string | undefined;
  const copies = new Map<string, string>();
  for (const i of texts.keys()) {
    const bind = given(i, /^(?:-v|--volume)$/);
    const described = given(i, /^--mount$/);
    start = given(i, /^(?:-w|--workdir)$/) ?? start;
    const here = bind?.split(':')[0] ?? /(?:^|,)(?:source|src)=([^,]+)/.exec(described ?? '')?.[1];
    const there =
      bind?.split(':')[1] ?? /(?:^|,)(?:target|dst|destination)=([^,]+)/.exec(described ?? '')?.[1];
    // A bare name is that of a volume.
    const source = here?.includes('/') || here === '.' ? resolvePath(here, cwd) : undefined;
    if (source !== undefined && there?.startsWith('/')) copies.set(there.replace(/(?<=.)\/$/, ''), source);
  }
  if (copies.size === 0) return;
  state.copies = copies;
  for (const [there, source] of copies)
    if (start === there || start?.startsWith(`${there}/`)) state.cwd = source + start.slice(there.length);
}

/** Packages whose program goes by another name. */
const programsOfPackages = new Map([
  ['@railway/cli', 'railway'], ['aws-cdk', 'cdk'], ['@aws-amplify/cli', 'amplify'], ['netlify-cli', 'netlify'], ['firebase-tools', 'firebase'],
  ['sequelize-cli', 'sequelize'], ['@neondatabase/cli', 'neonctl'], ['serverless', 'serverless'], ['osls', 'serverless'], ['cdktf-cli', 'cdktf'],
  ['@upstash/cli', 'upstash'], ['@sanity/cli', 'sanity'], ['drizzle-kit', 'drizzle-kit'], ['awscli', 'aws'], ['ansible-core', 'ansible'],
]); // biome-ignore format: one list

/** `npx cdk@2 destroy` runs `cdk destroy`. */
function withoutVersion([program, ...args]: readonly Word[]): readonly Word[] {
  if (program?.kind !== 'known') return program === undefined ? [] : [program, ...args];
  // `nixpkgs#terraform`, `.#packages.x86_64-linux.terraform`
  const name = program.text.replace(/^.*#(?:.*\.)?(?=.)/, '').replace(/(?<=.)(?:@|==).*$/, '');
  const [first, ...rest] = args;
  const own = first?.kind === 'known' && first.text === '--' ? rest : args;
  return [known(programsOfPackages.get(name) ?? name), ...own];
}

/** Images whose entry point is a tool, and the tool. */
const entryPoints = new Map(
  [
    'terraform packer vault consul nomad waypoint terragrunt pulumi kubectl helm helmfile kustomize argocd flux eksctl',
    'doctl hcloud linode-cli flyway liquibase dbmate atlas goose migrate snyk infracost velero istioctl skopeo restic',
  ].flatMap((names) => names.split(' ').map((name): [string, string] => [name, name])),
)
  .set('aws-cli', 'aws')
  .set('opentofu', 'tofu')
  .set('k8s-kubectl', 'kubectl');

/** The program that a container runs when its words are only arguments: its `--entrypoint`, or the tool of its image. */
function entryPoint(options: readonly Word[]): string | undefined {
  const texts = options.map((word) => (word.kind === 'known' ? word.text : ''));
  const at = texts.findIndex((text) => /^--entrypoint(?:=|$)/.test(text));
  if (at >= 0) return texts[at] === '--entrypoint' ? texts[at + 1] : texts[at]?.slice('--entrypoint='.length);
  // `kubectl run --command -- WORDS`: the words are the program.
  if (texts.includes('--command')) return undefined;
  const image = texts.findIndex((text) => /^--image(?:=|$)/.test(text));
  if (image >= 0) return toolOfImage(texts[image]?.split('=')[1] ?? texts[image + 1] ?? '');
  return toolOfImage(texts.at(-1) ?? '');
}

/** Whether an option's value is the next word: by its name, or as the last letter of a bundle (`sudo -nu root`). */
function takesNext(option: string, row: Carrier): boolean {
  const values = words(row.values);
  if (values.includes(option)) return true;
  if (!/^-[A-Za-z]{2,4}$/.test(option)) return false;
  const first = [...option.slice(1)].findIndex((letter) => values.includes(`-${letter}`));
  return first === option.length - 2;
}

/** The tool that is the entry point of an image. */
export const toolOfImage = (image: string): string | undefined =>
  entryPoints.get(image.replace(/@.*$/, '').replace(/^.*\//, '').replace(/:.*$/, ''));

/** `-lc` ends in `c`, so the next word is its value; `-cTEXT` carries it along. */
function isBundleEnd(text: string, option: string, row: Carrier): boolean {
  const letter = option[1] ?? '';
  const at = text.indexOf(letter);
  if (at < 1) return false;
  const before = text.slice(1, at);
  return ![...before].some((char) => words(row.values).includes(`-${char}`));
}

/** `--checkpoint-action=exec=TEXT` and the `command=`/`cmd` forms of modules. */
function stripExec(value: Word, row: Carrier): Word {
  if (value.kind !== 'known' || !row.programs.startsWith('tar')) return value;
  return known(value.text.replace(/^exec=/, ''));
}

export function dropText(word: Word, length: number): Word {
  if (word.kind === 'known') return known(word.text.slice(length));
  if (word.kind === 'one-of') return { kind: 'one-of', texts: word.texts.map((text) => text.slice(length)) };
  const [first, ...rest] = word.pieces;
  return typeof first === 'string' ? { ...word, pieces: [first.slice(length), ...rest] } : word;
}
