import packageJson from '../package.json' with { type: 'json' };
import { readArguments, suggestion, UsageError } from './cli/args.ts';
import type { CliCommand } from './cli/command.ts';
import { commands } from './cli/commands/index.ts';
import { helpFor, overview } from './cli/help.ts';
import { type ExitCode, processTerminal, type Terminal } from './cli/terminal.ts';
import { codeOf } from './host/wait.ts';

/** Runs `blastguard ARGV` and returns its exit code. */
async function run(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = argv;
  if (name === undefined) return show(overview(commands), terminal);
  if (name === '--version' || name === '-V') return show(`${packageJson.version}\n`, terminal);
  if (name === '--help' || name === '-h') return show(overview(commands), terminal);
  if (name === 'help') return show(rest[0] === undefined ? overview(commands) : helpOn(rest), terminal);
  const family = familyOf(name);
  if (family.length > 0 && [undefined, '--help', '-h'].includes(rest[0]))
    return show(overview(family), terminal);
  const [command, words] = commandNamed(argv);
  const options = words.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
  if (options.includes('--help') || options.includes('-h')) return show(helpFor(command), terminal);
  return command.run(readArguments(command, words), terminal);
}

function show(text: string, terminal: Terminal): ExitCode {
  terminal.out(text);
  return 0;
}

function helpOn(words: readonly string[]): string {
  const family = familyOf(words[0] ?? '');
  return family.length > 0 && words.length === 1 ? overview(family) : helpFor(commandNamed(words)[0]);
}

/** The commands whose first word this is, where their names are two words. */
const familyOf = (name: string): readonly CliCommand[] =>
  commands.filter((candidate) => candidate.name.startsWith(`${name} `));

/** The command that the words start with, whose name may be two words, and what follows it. Throws UsageError. */
function commandNamed(words: readonly string[]): readonly [CliCommand, readonly string[]] {
  const [name = '', next = ''] = words;
  for (const length of [2, 1]) {
    const command = commands.find((candidate) => candidate.name === words.slice(0, length).join(' '));
    if (command !== undefined) return [command, words.slice(length)];
  }
  const within = familyOf(name);
  const typed = within.length > 0 ? `${name} ${next}`.trim() : name;
  const kind = name.startsWith('-') ? 'option' : 'command';
  const names = (within.length > 0 ? within : commands).map((candidate) => candidate.name);
  const known =
    within.length > 0
      ? `there are ${names.map((one) => `\`${one}\``).join(', ')}`
      : '`blastguard --help` lists them';
  throw new UsageError(`unknown ${kind} \`${typed}\`${suggestion(typed, names)}; ${known}`);
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
      terminal.err(`blastguard: ${error instanceof Error ? error.message : String(error)}\n`);
      return error instanceof UsageError && argv[0] !== 'hook' ? 64 : failed;
    }
  } catch {
    return failed; // not even standard error can be written
  }
}

main(process.argv.slice(2)).then((code) => {
  process.exitCode ??= code;
});
