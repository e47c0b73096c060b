import type { Tag } from '../iam/boundary.ts';
import { type Arguments, UsageError } from './args.ts';

/** `a,b, c` as a list; empty when the option is not there. */
export const listed = (args: Arguments, option: string): readonly string[] =>
  (args.text(option) ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');

/** The tag of `--only-tagged KEY=VALUE`. Throws UsageError. */
export function tagGiven(args: Arguments): Tag | undefined {
  const text = args.text('only-tagged');
  if (text === undefined) return undefined;
  const [, key, value] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (key === undefined || value === undefined)
    throw new UsageError(`--only-tagged takes KEY=VALUE, not \`${text}\``);
  return { key, value };
}
