import { programTable } from '../../model/program-table.ts';
import type { Language } from './host.ts';

/** What the code of a program is: a language, or the commands of a tool. */
export type CodeKind = Language | 'tcl' | 'vim' | 'debugger' | 'applescript' | 'perl lines' | 'ruby lines';

/**
 * Programs that run code in a language of their own, and how they are given it. One row each; space-separated lists.
 * A short option may stand in a bundle (`-vc`), with its value attached or as the next word.
 */
export type CodeProgram = {
  readonly programs: string;
  readonly kind: CodeKind;
  /** Options whose value is code. */
  readonly code: string;
  /** Options whose value is something else. */
  readonly values?: string;
  /** The code is always the next word, never attached to a short option. */
  readonly separate?: true;
  /** Options after which nothing is code (`-m module`). */
  readonly stops?: string;
  /** Words that come first: what the operand after them is. */
  readonly after?: Readonly<Record<string, 'code' | 'file'>>;
  /** What the first operand is. */
  readonly operand: 'file' | 'code' | 'nothing';
  /** Options whose value is a file of code. */
  readonly files?: string;
  /** Standard input is code when there is no operand; `options`: when one of the options says so. */
  readonly input?: 'code' | 'options';
  /** Options that say that standard input is commands. */
  readonly inputOptions?: string;
};

const codePrograms: readonly CodeProgram[] = [
  {
    programs: 'python ipython pypy bpython jython micropython',
    kind: 'python',
    code: '-c',
    values: '-W -X -Q --check-hash-based-pycs',
    stops: '-m',
    operand: 'file',
    input: 'code',
  },
  {
    programs: 'node nodejs zx tsx ts-node ts-node-esm esr swc-node vite-node',
    kind: 'javascript',
    code: '-e --eval -p --print',
    separate: true,
    values:
      '-r --require --import --loader --experimental-loader -C --conditions --title --env-file --input-type --icu-data-dir -P --project -O --compiler-options --tsconfig',
    stops: '-c --check --test inspect',
    operand: 'file',
    input: 'code',
  },
  {
    programs: 'bun',
    kind: 'javascript',
    code: '-e --eval -p --print',
    separate: true,
    values: '-r --preload --cwd --env-file -c --config --port',
    after: { run: 'file' },
    operand: 'file',
    input: 'options',
    inputOptions: '-',
  },
  {
    programs: 'deno',
    kind: 'javascript',
    code: '--eval',
    separate: true,
    values: '-c --config --import-map --lock --cert --location --seed -L --log-level',
    after: { eval: 'code', run: 'file', serve: 'file', repl: 'file' },
    operand: 'file',
    input: 'code',
  },
  {
    programs: 'ruby jruby truffleruby irb mruby',
    kind: 'ruby',
    code: '-e',
    values: '-r -I -C -E -F -K -x -W -T -0 -i --encoding --external-encoding --internal-encoding',
    operand: 'file',
    input: 'code',
  },
  {
    programs: 'perl',
    kind: 'perl',
    code: '-e -E',
    values: '-I -M -m -i -0 -F -l -x -C -d -D -V',
    operand: 'file',
    input: 'code',
  },
  {
    programs: 'php php-cli',
    kind: 'php',
    code: '-r --run -R --process-code -B --process-begin -E --process-end',
    values: '-d --define -c --php-ini -z -t -S',
    files: '-f --file -F --process-file',
    operand: 'file',
    input: 'code',
  },
  { programs: 'lua luajit texlua', kind: 'lua', code: '-e', values: '-l', operand: 'file', input: 'code' },
  {
    programs: 'rscript r littler',
    kind: 'r',
    code: '-e',
    values: '--default-packages -g --gui --encoding',
    files: '-f --file',
    operand: 'file',
    input: 'code',
  },
  {
    programs: 'julia',
    kind: 'julia',
    code: '-e --eval -E --print',
    values: '-p -t --threads --project -J -L --load -C',
    operand: 'file',
    input: 'code',
  },
  {
    programs: 'elixir iex',
    kind: 'elixir',
    code: '-e --eval --rpc-eval',
    values: '-r -S -pa -pz --name --sname --cookie',
    operand: 'file',
    input: 'code',
  },
  {
    programs: 'groovy',
    kind: 'groovy',
    code: '-e',
    values: '-cp -classpath --classpath -D -c -i',
    operand: 'file',
  },
  {
    programs: 'go',
    kind: 'go',
    code: '',
    values: '-C -exec -tags -ldflags -mod',
    after: { run: 'file' },
    operand: 'nothing',
  },
  {
    programs: 'awk gawk mawk nawk original-awk',
    kind: 'awk',
    code: '-e --source',
    values: '-F --field-separator -v --assign -i --include -l --load -E --exec',
    files: '-f --file',
    operand: 'code',
  },
  { programs: 'tclsh wish tclsh8.6 jimsh', kind: 'tcl', code: '', operand: 'file', input: 'code' },
  {
    programs: 'expect',
    kind: 'tcl',
    code: '-c',
    values: '-D',
    files: '-f -b',
    operand: 'file',
    input: 'code',
  },
  { programs: 'osascript', kind: 'applescript', code: '-e', values: '-l -s', operand: 'file', input: 'code' },
  {
    programs: 'vim vi nvim ex gvim view rvim vimdiff',
    kind: 'vim',
    code: '-c --cmd --remote-send --remote-expr',
    separate: true,
    values: '-t -T -u -U -w -W -i --servername -d',
    files: '-S -s',
    operand: 'nothing',
    input: 'options',
    inputOptions: '-e -E -es -Es -s ex',
  },
  {
    programs: 'gdb lldb rust-gdb rust-lldb cgdb',
    kind: 'debugger',
    code: '-ex --ex -eval-command --eval-command -iex --init-eval-command -o --one-line -O --one-line-before-file',
    separate: true,
    values: '-p -pid -c -core -s -symbols -d -directory -cd -tty',
    files: '-x -command --command -ix --source',
    operand: 'nothing',
    input: 'code',
  },
];

const rowsOf = programTable(codePrograms);

/** The row of a program, whatever version its name carries (`python3.11`, `lua5.4`). */
export function codeProgram(name: string): CodeProgram | undefined {
  return rowsOf(name)[0] ?? rowsOf(name.replace(/-?\d+(?:\.\d+)*$/, ''))[0];
}
