import type { Switch } from '../killswitch/file.ts';
import { printable, type Terminal } from './terminal.ts';

type Thrown = Extract<Switch, { thrown: true }>;

/** One line about a thrown switch: why, who, when. */
export function describeSwitch({ reason, by, at, fault }: Thrown): string {
  const parts = [`reason: ${reason}`];
  if (by) parts.push(`by ${by}`);
  if (at) parts.push(`at ${at}`);
  if (fault !== undefined) parts.push(`it cannot be read: ${fault}`);
  return parts.map(printable).join(', ');
}

/** Bold red when halted, else green. */
export const headline = (halted: boolean, { colours }: Terminal): string =>
  halted ? colours.bold(colours.red('HALTED')) : colours.green('not halted');
