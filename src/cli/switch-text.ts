import { printable, type Terminal } from './terminal.ts';

/** What is told of a switch, wherever it lies. */
type Told = {
  readonly reason: string;
  readonly by?: string;
  readonly at?: string;
  readonly until?: string;
  readonly fault?: string;
};

/** One line about a thrown switch: why, who, when, until when. */
export function describeSwitch({ reason, by, at, until, fault }: Told): string {
  const parts = [`reason: ${reason}`];
  if (by) parts.push(`by ${by}`);
  if (at) parts.push(`at ${at}`);
  if (until) parts.push(`until ${until}`);
  if (fault !== undefined) parts.push(`it cannot be read: ${fault}`);
  return parts.map(printable).join(', ');
}

/** Bold red when halted, else green. */
export const headline = (halted: boolean, { colours }: Terminal): string =>
  halted ? colours.bold(colours.red('HALTED')) : colours.green('not halted');
