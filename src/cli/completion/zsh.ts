import { quoted } from '../../model/shell-quote.ts';
import type { CliCommand, Option } from '../command.ts';
import { families, secondWord, valueKind } from './table.ts';

/** A completion for zsh, to be sourced after compinit or to lie in $fpath as `_blastguard`. */
export function zshCompletion(commands: readonly CliCommand[]): string {
  const nested = families(commands);
  const single = commands.filter(({ name }) => !name.includes(' '));
  const first = [
    ...single.map(({ name, summary }) => described(name, summary)),
    ...[...nested].map(([name, family]) => described(name, family.map(secondWord).join(', '))),
  ];
  return `#compdef blastguard
# Completion of blastguard for zsh, as \`blastguard completion zsh\` prints it.
_blastguard() {
  local -a found
  if (( CURRENT == 2 )); then
    found=(${first.join(' ')})
    _describe -t commands command found
    return
  fi
  shift words
  (( CURRENT -= 1 ))
  case $words[1] in
${single.map((command) => `    ${command.name}) ${argumentsOf(command)} ;;`).join('\n')}
${[...nested].map(([name, family]) => familyCase(name, family)).join('\n')}
  esac
}
if [[ $funcstack[1] == _blastguard ]]; then
  _blastguard "$@"
else
  compdef _blastguard blastguard
fi
`;
}

const familyCase = (name: string, family: readonly CliCommand[]): string => `    ${name})
      if (( CURRENT == 2 )); then
        found=(${family.map((command) => described(secondWord(command), command.summary)).join(' ')})
        _describe -t commands command found
        return
      fi
      shift words
      (( CURRENT -= 1 ))
      case $words[1] in
${family.map((command) => `        ${secondWord(command)}) ${argumentsOf(command)} ;;`).join('\n')}
      esac ;;`;

const described = (name: string, text: string): string => quoted(`${name}:${text.replaceAll(':', '\\:')}`);

function argumentsOf({ options, operands, words }: CliCommand): string {
  const specs = Object.entries(options).map(([name, option]) => optionSpec(name, option));
  const rest = words === undefined ? [] : [quoted(`1:word:(${words.join(' ')})`)];
  if (operands && words === undefined) rest.push(quoted('*:file:_files'));
  return ['_arguments', ...specs, quoted('--help[show the help]'), ...rest].join(' ');
}

function optionSpec(name: string, option: Option): string {
  const help = `[${option.help.replaceAll(/[[\]\\:]/g, '\\$&')}]`;
  const value = { none: '', file: ':file:_files', directory: ':directory:_files -/', text: ': : ' }[
    valueKind(option)
  ];
  if (option.short === undefined) return quoted(`--${name}${help}${value}`);
  const both = `(-${option.short} --${name})`;
  return `${quoted(both)}{-${option.short},--${name}}${quoted(`${help}${value}`)}`;
}
