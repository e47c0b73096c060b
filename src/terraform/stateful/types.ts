import { fitsText } from '../../policy/glob.ts';
import { aws } from './aws.ts';
import { azurerm } from './azurerm.ts';
import { google } from './google.ts';
import { platforms } from './platforms.ts';
import type { ProviderTable, Setting } from './setting.ts';

/** A resource type that holds what cannot be made again. */
export type StatefulType = {
  readonly type: string;
  /** What it holds, in a word. */
  readonly holds: string;
  readonly settings: readonly Setting[];
  /** The provider's page about it. */
  readonly source: string;
};

const tables: readonly ProviderTable[] = [aws, google, azurerm, ...platforms];

export const statefulTypes: ReadonlyMap<string, StatefulType> = new Map(
  tables.flatMap(({ source, prefix, types }) =>
    Object.entries(types).map(([name, [holds, ...settings]]): [string, StatefulType] => [
      `${prefix}${name}`,
      { type: `${prefix}${name}`, holds, settings, source: source.replace('{}', name) },
    ]),
  ),
);

/** What is known of a type. `more` are globs of types that the user counts among them. */
export function statefulType(type: string, more: readonly string[]): StatefulType | undefined {
  const known = statefulTypes.get(type);
  if (known !== undefined || !more.some((glob) => fitsText(glob, type))) return known;
  return { type, holds: 'data', settings: [], source: '' };
}
