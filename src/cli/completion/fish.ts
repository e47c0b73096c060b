import type { CliCommand, Option } from '../command.ts';
import { families, secondWord, valueKind } from './table.ts';

/** A completion for fish 3 and newer. */
export function fishCompletion(commands: readonly CliCommand[]): string {
  const nested = [...families(commands)];
  const single = commands.filter(({ name }) => !name.includes(' '));
  const lines = [
    ...single.map(({ name, summary }) => complete('', `-a ${name} -d ${quoted(summary)}`)),
    ...nested.map(([name, family]) =>
      complete('', `-a ${name} -d ${quoted(family.map(secondWord).join(', '))}`),
    ),
    ...nested.flatMap(([name, family]) =>
      family.map((command) => complete(name, `-a ${secondWord(command)} -d ${quoted(command.summary)}`)),
    ),
    ...commands.flatMap(linesOf),
  ];
  return `# Completion of blastguard for fish, as \`blastguard completion fish\` prints it.
# The words between \`blastguard\` and the cursor are these, or with --begins: begin with these.
function __blastguard_words
    set -l words (commandline -opc)
    set -e words[1]
    set -l typed (string join ' ' -- $words)
    if test "$argv[1]" = --begins
        string match -q -- "$argv[2] *" "$typed "
    else
        test "$typed" = "$argv[1]"
    end
end
complete -c blastguard -f
${lines.join('\n')}
`;
}

const complete = (words: string, what: string): string =>
  `complete -c blastguard -n ${quoted(`__blastguard_words "${words}"`)} ${what}`;

function linesOf(command: CliCommand): readonly string[] {
  const within = `complete -c blastguard -n ${quoted(`__blastguard_words --begins "${command.name}"`)}`;
  const options = Object.entries(command.options).map(
    ([name, option]) => `${within} ${optionFlags(name, option)} -d ${quoted(option.help)}`,
  );
  const words = (command.words ?? []).map((word) => complete(command.name, `-a ${word}`));
  const files = command.operands && command.words === undefined ? [`${within} -F`] : [];
  return [...options, ...words, ...files];
}

function optionFlags(name: string, option: Option): string {
  const short = option.short === undefined ? '' : ` -s ${option.short}`;
  const value = {
    none: '',
    file: ' -r -F',
    directory: " -x -a '(__fish_complete_directories)'",
    text: ' -x',
  }[valueKind(option)];
  return `-l ${name}${short}${value}`;
}

const quoted = (text: string): string => `'${text.replaceAll(/[\\']/g, '\\$&')}'`;
