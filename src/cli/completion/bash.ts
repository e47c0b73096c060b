import { quoted } from '../../model/shell-quote.ts';
import type { CliCommand, Option } from '../command.ts';
import { families, firstWords, secondWord, valueKind } from './table.ts';

/** A completion for bash 3.2 and newer: what it does not complete itself, bash completes as a file. */
export function bashCompletion(commands: readonly CliCommand[]): string {
  const nested = [...families(commands)];
  return `# Completion of blastguard for bash, as \`blastguard completion bash\` prints it.
_blastguard() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]}
  local name=\${COMP_WORDS[1]} words='' options='' files='' directories='' texts='' line
  COMPREPLY=()
  case $name in
${nested.map(([first]) => `    ${first}) name="$name \${COMP_WORDS[2]}" ;;`).join('\n')}
  esac
  case "$COMP_CWORD $name" in
    '1 '*) words=${quoted([...firstWords(commands), 'help', '--help', '--version', '--licenses'].join(' '))} ;;
${nested.map(([first, family]) => `    '2 ${first} '*) words=${quoted(family.map(secondWord).join(' '))} ;;`).join('\n')}
    *' help') words=${quoted(firstWords(commands).join(' '))} ;;
${commands.map((command) => `    *' ${command.name}') ${assignments(command)} ;;`).join('\n')}
  esac
  case " $directories " in *" $previous "*)
    compopt -o filenames 2>/dev/null
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$word")
    return ;;
  esac
  case " $files " in *" $previous "*) return ;; esac
  case " $texts " in *" $previous "*) compopt +o default 2>/dev/null; return ;; esac
  case $word in -*) words=\${options:-$words} ;; esac
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -W "$words" -- "$word")
}
complete -o default -F _blastguard blastguard
`;
}

function assignments(command: CliCommand): string {
  const options = Object.entries(command.options);
  const all = [...options.map(([name]) => `--${name}`), '--help'];
  // Where no operand can follow, the options are all there is.
  const words = [...(command.words ?? []), ...(command.operands ? [] : all)];
  const variables = {
    words,
    options: all,
    files: options.flatMap(spelled('file')),
    directories: options.flatMap(spelled('directory')),
    texts: options.flatMap(spelled('text')),
  };
  return Object.entries(variables)
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => `${name}=${quoted(values.join(' '))}`)
    .join(' ');
}

const spelled =
  (kind: ReturnType<typeof valueKind>) =>
  ([name, option]: readonly [string, Option]): readonly string[] => {
    if (valueKind(option) !== kind) return [];
    return option.short === undefined ? [`--${name}`] : [`--${name}`, `-${option.short}`];
  };
