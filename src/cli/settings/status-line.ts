import { isDeepStrictEqual } from 'node:util';
import { quote } from 'shell-quote';
import type { Installation } from '../../host/installation.ts';
import { isObject, type Settings } from './read.ts';

export type StatusLine = { readonly type: 'command'; readonly command: string };

/** The setting that shows blastguard's line below the prompt. Claude Code runs its command in a shell. */
export const statusLineOf = ({ cli }: Installation): StatusLine => ({
  type: 'command',
  command: quote([...cli, 'statusline']),
});

/** True for a status line that `init` wrote, of this or any other installation. */
export const isOurStatusLine = (value: unknown): boolean =>
  isObject(value) &&
  typeof value.command === 'string' &&
  /\b(cli\.cjs|blastguard\S*)['"]? statusline$/.test(value.command);

/** Throws an Error where the settings have a status line of somebody else's. */
export function checkStatusLine(file: string, { statusLine }: Settings): void {
  if (statusLine === undefined || isOurStatusLine(statusLine)) return;
  throw new Error(`${file}: it has a status line already; remove \`statusLine\`, or leave out --status-line`);
}

export const hasStatusLine = ({ statusLine }: Settings, wanted: StatusLine | undefined): boolean =>
  wanted === undefined || isDeepStrictEqual(statusLine, wanted);
