import type { CliCommand, Exit, Job, Option } from './command.ts';

export function overview(jobs: readonly Job[]): string {
  const width = widest(jobs.flatMap(({ commands }) => commands.map(({ name }) => name)));
  const sections = jobs.map(({ title, commands }) => {
    const rows = commands.map(({ name, summary }) => [name, summary] as const);
    return `${title}:\n${columns(rows, width)}`;
  });
  return `blastguard: a safety interlock for Claude Code

Usage: blastguard COMMAND [OPTION…]

${sections.join('\n')}
\`blastguard COMMAND --help\` explains a command with examples; \`blastguard --version\` prints the version and the
digest of the built-in policy, \`blastguard --licenses\` the licences of what others wrote of it.
`;
}

export function helpFor(command: CliCommand): string {
  const options = Object.entries(command.options).map(
    ([name, option]) => [spelling(name, option), option.help] as const,
  );
  const sections = [
    `${command.summary}\n\nUsage: blastguard ${command.name} ${command.usage}`,
    `Options:\n${columns([...options, ['-h, --help', 'show this help']])}`,
    `Examples:\n${columns(command.examples)}`,
    `Exit status:\n${columns(exitsOf(command).map(([status, meaning]) => [String(status), meaning]))}`,
  ];
  return `${sections.map((section) => section.trimEnd()).join('\n\n')}\n`;
}

/** `-r, --reason TEXT`. */
export const spelling = (name: string, { short, value }: Option): string =>
  `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;

/** What every exit status of a command means. The hook ends with nothing but 0 and 2. */
const exitsOf = ({ name, exits = DONE_OR_FAILED }: CliCommand): readonly Exit[] =>
  name === 'hook' ? exits : [...exits, [64, 'the command line was wrong']];

const DONE_OR_FAILED: readonly Exit[] = [
  [0, 'done'],
  [1, 'failed; standard error says why'],
];

const widest = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length));

const columns = (
  rows: readonly (readonly [string, string])[],
  width = widest(rows.map(([left]) => left)),
): string => rows.map(([left, right]) => `  ${left.padEnd(width + 2)}${right}\n`).join('');
