import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { getNodeValue, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { codeOf } from '../../host/wait.ts';
import { faultText } from '../fault.ts';
import { isOurs } from './entry.ts';

export type Settings = { readonly [key: string]: unknown };

/** The settings file cannot be used as it is; the message begins with its place. */
export class SettingsError extends Error {}

/** The file's text, or undefined when there is none. Throws SettingsError. */
export function readSettingsText(file: string): string | undefined {
  try {
    const bytes = readFileSync(file);
    if (!isUtf8(bytes)) throw new SettingsError(`${file}: not UTF-8`);
    return bytes.toString('utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    if (error instanceof SettingsError) throw error;
    throw new SettingsError(`${file}: cannot be read: ${faultText(error)}`);
  }
}

export const BOM = '\uFEFF';

/**
 * The settings in `text`. Comments and trailing commas are faults, as they are to Claude Code; other agents read
 * comments. Throws SettingsError.
 */
export function parseSettings(file: string, text: string, comments = false): Settings {
  const body = text.startsWith(BOM) ? text.slice(1) : text;
  const errors: ParseError[] = [];
  const tree = parseTree(body, errors, { disallowComments: !comments, allowTrailingComma: false });
  const [first] = errors;
  if (first !== undefined) {
    throw new SettingsError(
      `${file}:${placeOf(body, first.offset)}: ${wordsFor(printParseErrorCode(first.error))}`,
    );
  }
  const value: unknown = comments ? plain(tree && getNodeValue(tree)) : JSON.parse(body);
  if (!isObject(value)) throw new SettingsError(`${file}:1:1: the settings are not a JSON object`);
  return value;
}

/** Objects as JSON.parse makes them, which compare as equal. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

/** `line:column` of an offset, both from 1. */
function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `${line}:${offset - before.lastIndexOf('\n')}`;
}

/** `PropertyNameExpected` → `property name expected`. */
const wordsFor = (code: string): string =>
  code.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();

export const isObject = (value: unknown): value is Settings =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export type Place = {
  readonly group: number;
  readonly hook: number;
  readonly matcher: unknown;
  readonly entry: unknown;
};

/** Every hook of an event, in order. What is malformed is passed over; `faultsOf` speaks of it. */
export function* hooksOf(settings: Settings, event: string): Generator<Place> {
  const groups = isObject(settings.hooks) ? settings.hooks[event] : undefined;
  if (!Array.isArray(groups)) return;
  for (const [group, value] of groups.entries()) {
    if (!isObject(value) || !Array.isArray(value.hooks)) continue;
    for (const [hook, entry] of value.hooks.entries()) yield { group, hook, matcher: value.matcher, entry };
  }
}

export const ownPlaces = (settings: Settings, event: string): readonly Place[] =>
  [...hooksOf(settings, event)].filter(({ entry }) => isOurs(entry));

/** True for a PreToolUse matcher that no tool escapes. */
export const matchesAll = (matcher: unknown): boolean =>
  matcher === undefined || matcher === '' || matcher === '*';
