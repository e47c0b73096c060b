import { hasEnded } from '../engine/adjust.ts';
import type { LevelReport } from '../policy/compile-config.ts';
import { printable, type Terminal } from './terminal.ts';

const TRUST = {
  trusted: 'trusted',
  changed: 'changed since it was trusted, so it only tightens: `blastguard trust`',
  never: 'not trusted, so it only tightens: `blastguard trust`',
} as const;

/** One line of what a configuration file comes to, and the faults, warnings and exceptions in it below. */
export function describeLevel(report: LevelReport, { colours }: Terminal): readonly string[] {
  const {
    level,
    file,
    fault,
    trust,
    warnings,
    ignored,
    rules,
    environments,
    decisions,
    exceptions,
    sources,
  } = report;
  const head = `${level.padEnd(8)} ${file}`;
  if (fault !== undefined)
    return [
      `${head}: ${colours.red(sources.length === 0 ? 'not in force' : 'not in force, but for its kill switch')}`,
      `  ${colours.red(printable(fault))}`,
    ];
  const counts = [
    count(rules.length, 'rule'),
    count(decisions.length, 'decision'),
    count(exceptions.length, 'exception'),
    count(environments.length, 'environment'),
    count(sources.length, 'source of the kill switch', 'sources of the kill switch'),
  ].filter((part) => part !== '');
  const state =
    trust === undefined ? '' : `; ${trust === 'trusted' ? TRUST.trusted : colours.yellow(TRUST[trust])}`;
  return [
    `${head}: ${counts.length === 0 ? 'settings alone' : counts.join(', ')}${state}`,
    ...(ignored.length === 0
      ? []
      : [`  ${colours.yellow(`not in force: ${printable(ignored.join(', '))}`)}`]),
    ...warnings.map((warning) => `  ${colours.yellow(printable(warning))}`),
    ...exceptions.map((exception) => `  ${describeException(exception, colours)}`),
  ];
}

const count = (number: number, name: string, several = `${name}s`): string =>
  number === 0 ? '' : `${number} ${number === 1 ? name : several}`;

function describeException(
  { rule, command, paths, environment, until, reason }: LevelReport['exceptions'][number],
  colours: Terminal['colours'],
): string {
  const what = [command?.text, paths?.join(' '), environment && `in ${environment}`]
    .filter(Boolean)
    .join(', ');
  const ended = hasEnded(until, new Date().toISOString());
  const end = until === undefined ? 'without end' : ended ? colours.red(`ended ${until}`) : `until ${until}`;
  return `exception ${printable(`${rule}: ${what}`)} (${end}): ${printable(reason)}`;
}
