import type { CliCommand, Option } from './command.ts';

export function overview(commands: readonly CliCommand[]): string {
  return `blastguard: a safety interlock for Claude Code

Usage: blastguard COMMAND [OPTION…]

${columns(commands.map(({ name, summary }) => [name, summary] as const))}
\`blastguard COMMAND --help\` explains a command.
`;
}

export function helpFor(command: CliCommand): string {
  const options = Object.entries(command.options).map(
    ([name, option]) => [spelling(name, option), option.help] as const,
  );
  const sections = [`${command.summary}\n\nUsage: blastguard ${command.name} ${command.usage}`.trimEnd()];
  sections.push(`Options:\n${columns([...options, ['-h, --help', 'show this help']])}`.trimEnd());
  if (command.examples) sections.push(`Examples:\n${columns(command.examples)}`.trimEnd());
  return `${sections.join('\n\n')}\n`;
}

const spelling = (name: string, { short, value }: Option): string =>
  `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}\n`).join('');
}
