import { readFileSync } from 'node:fs';
import { readArguments, suggestion, UsageError } from './cli/args.ts';
import type { CliCommand } from './cli/command.ts';
import { commands, jobs } from './cli/commands/index.ts';
import { faultText } from './cli/fault.ts';
import { helpFor, overview } from './cli/help.ts';
import { type ExitCode, processTerminal, type Terminal } from './cli/terminal.ts';
import { versionText } from './cli/version.ts';
import { partOf } from './host/installation.ts';
import { codeOf } from './host/wait.ts';

/** Runs `blastguard ARGV` and returns its exit code. */
async function run(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = argv;
  if (name === undefined) return show(overview(jobs), terminal);
  if (name === '--version' || name === '-V') return show(versionText(), terminal);
  if (name === '--licenses') return show(readFileSync(partOf('THIRD-PARTY-LICENSES.txt'), 'utf8'), terminal);
  if (name === '--help' || name === '-h') return show(overview(jobs), terminal);
  if (name === 'help') return show(rest[0] === undefined ? overview(jobs) : help(rest), terminal);
  const family = familyOf(name);
  if (family.length > 0 && (rest[0] === undefined || /^(-h|--help|help)$/.test(rest[0])))
    return show(overview([{ title: name, commands: family }]), terminal);
  const { command, words } = commandIn(argv);
  const options = words.includes('--') ? words.slice(0, words.indexOf('--')) : words;
  if (options.includes('--help') || options.includes('-h')) return show(helpFor(command), terminal);
  return command.run(readArguments(command, words), terminal);
}

function show(text: string, terminal: Terminal): ExitCode {
  terminal.out(text);
  return 0;
}

const help = (words: readonly string[]): string => {
  const family = familyOf(words[0] ?? '');
  if (family.length === 0 || words[1] !== undefined) return helpFor(commandIn(words).command);
  return overview([{ title: words[0] ?? '', commands: family }]);
};

/** The commands whose names begin with a word of their own: `iam boundary`, `iam verify`. */
const familyOf = (word: string) => commands.filter(({ name }) => name.startsWith(`${word} `));

const commandNamed = (words: readonly string[]): CliCommand | undefined =>
  [2, 1]
    .map((length) => words.slice(0, length).join(' '))
    .flatMap((name) => commands.find((command) => command.name === name) ?? [])[0];

/** The command that the words name, by one word or two, and the words behind its name. Throws UsageError. */
function commandIn(words: readonly string[]) {
  const command = commandNamed(words);
  if (command !== undefined) return { command, words: words.slice(command.name.split(' ').length) };
  const [first = ''] = words;
  const typed = familyOf(first).length > 0 ? words.slice(0, 2).join(' ') : first;
  const kind = typed.startsWith('-') ? 'option' : 'command';
  const names = commands.map((candidate) => candidate.name);
  throw new UsageError(
    `unknown ${kind} \`${typed}\`${suggestion(typed, names)}; \`blastguard --help\` lists them`,
  );
}

async function main(argv: readonly string[]): Promise<ExitCode> {
  // The host takes any failure of a hook but 2 for leave to go on.
  const failed = argv[0] === 'hook' ? 2 : 1;
  try {
    const terminal = processTerminal();
    try {
      return await run(argv, terminal);
    } catch (error) {
      if (codeOf(error) === 'EPIPE') return failed; // the reader went away, as `head` does
      terminal.err(`blastguard: ${faultText(error)}\n`);
      if (!(error instanceof UsageError) || argv[0] === 'hook') return failed;
      const command = commandNamed(argv);
      if (command !== undefined) terminal.err(`\`blastguard ${command.name} --help\` shows how it is used\n`);
      return 64;
    }
  } catch {
    return failed; // not even standard error can be written
  }
}

main(process.argv.slice(2)).then((code) => {
  process.exitCode ??= code;
});
