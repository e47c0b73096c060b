import { isDeepStrictEqual } from 'node:util';
import { applyEdits, type FormattingOptions, type JSONPath, modify } from 'jsonc-parser';
import { EVENTS, entryFor, type GuardedEvent, groupFor, type HookEntry, isOurs } from './entry.ts';
import { BOM, isObject, matchesAll, ownPlaces, parseSettings, type Settings, SettingsError } from './read.ts';
import { hasStatusLine, isOurStatusLine, type StatusLine } from './status-line.ts';

/** What `init` wants in the settings. */
export type Wanted = { readonly entry: HookEntry; readonly statusLine: StatusLine | undefined };

/** The settings with the hook registered, all else byte for byte as it was. Throws SettingsError. */
export function register(file: string, text: string, wanted: Wanted): string {
  const { entry, statusLine } = wanted;
  const hooked = EVENTS.reduce((current, event) => registerFor(file, current, event, entry), text);
  const shown = hasStatusLine(parseSettings(file, hooked), statusLine);
  const edited = shown ? hooked : edit(hooked, ['statusLine'], statusLine);
  return provenSame(file, text, edited, isComplete(parseSettings(file, edited), wanted));
}

/** True when the settings have all that is wanted. */
export const isComplete = (settings: Settings, { entry, statusLine }: Wanted): boolean =>
  EVENTS.every((event) => isRegistered(settings, event, entry)) && hasStatusLine(settings, statusLine);

/** The settings without any entry of ours. Throws SettingsError. */
export function unregister(file: string, text: string): string {
  const unhooked = EVENTS.reduce((current, event) => unregisterFor(file, current, event), text);
  const shown = isOurStatusLine(parseSettings(file, unhooked).statusLine);
  const edited = shown ? edit(unhooked, ['statusLine'], undefined) : unhooked;
  const settings = parseSettings(file, edited);
  return provenSame(
    file,
    text,
    edited,
    EVENTS.every((event) => ownPlaces(settings, event).length === 0),
  );
}

/** True when the event has exactly this entry, once, for every tool. */
function isRegistered(settings: Settings, event: GuardedEvent, entry: HookEntry): boolean {
  const [only, ...others] = ownPlaces(settings, event);
  return (
    only !== undefined &&
    others.length === 0 &&
    fitsEvent(event, only.matcher) &&
    isDeepStrictEqual(only.entry, entryFor(event, entry))
  );
}

const fitsEvent = (event: GuardedEvent, matcher: unknown): boolean =>
  !event.includes('Tool') || matchesAll(matcher);

function registerFor(file: string, text: string, event: GuardedEvent, entry: HookEntry): string {
  const settings = parseSettings(file, text);
  if (isRegistered(settings, event, entry)) return text;
  const own = ownPlaces(settings, event);
  const kept = own.find(({ matcher }) => fitsEvent(event, matcher));
  if (kept === undefined) {
    const cleaned = unregisterFor(file, text, event);
    const groups = groupsOf(parseSettings(file, cleaned), event);
    const group = groupFor(event, entry);
    if (groups === undefined) return edit(cleaned, ['hooks', event], [group]);
    return edit(cleaned, ['hooks', event, groups.length], group, true);
  }
  const replaced = edit(text, ['hooks', event, kept.group, 'hooks', kept.hook], entryFor(event, entry));
  const others = own.filter((place) => place !== kept);
  return others.reduceRight((current, place) => dropHook(file, current, event, place), replaced);
}

function unregisterFor(file: string, text: string, event: GuardedEvent): string {
  const own = ownPlaces(parseSettings(file, text), event);
  if (own.length === 0) return text;
  let current = own.reduceRight((before, place) => dropHook(file, before, event, place), text);
  if (groupsOf(parseSettings(file, current), event)?.length === 0)
    current = edit(current, ['hooks', event], undefined);
  const { hooks } = parseSettings(file, current);
  return isObject(hooks) && Object.keys(hooks).length === 0 ? edit(current, ['hooks'], undefined) : current;
}

/** Takes one hook out, and its group when it was the last in it. */
function dropHook(file: string, text: string, event: string, place: { group: number; hook: number }): string {
  const group = groupsOf(parseSettings(file, text), event)?.[place.group];
  const alone = isObject(group) && Array.isArray(group.hooks) && group.hooks.length === 1;
  const path = ['hooks', event, place.group];
  return edit(text, alone ? path : [...path, 'hooks', place.hook], undefined);
}

function groupsOf({ hooks }: Settings, event: string): readonly unknown[] | undefined {
  const groups = isObject(hooks) ? hooks[event] : undefined;
  return Array.isArray(groups) ? groups : undefined;
}

/** The text with the value at a path set, taken out (undefined) or inserted; all else as it was. */
export function edit(text: string, path: JSONPath, value: unknown, insert = false): string {
  const bom = text.startsWith(BOM) ? BOM : '';
  const body = text.slice(bom.length);
  const options = { formattingOptions: formatOf(body), isArrayInsertion: insert };
  return bom + applyEdits(body, modify(body, path, value, options));
}

/** The file's own indentation and line ends. */
function formatOf(text: string): FormattingOptions {
  const indent = /^[\t ]+(?=\S)/m.exec(text)?.[0] ?? '  ';
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol,
  };
}

/** INVARIANT: whatever the editor did to the text, everything that is not ours means what it meant before. */
function provenSame(file: string, before: string, after: string, asWanted: boolean): string {
  const others = (text: string) => withoutOurs(parseSettings(file, text));
  if (asWanted && isDeepStrictEqual(others(before), others(after))) return after;
  throw new SettingsError(
    `${file}:1:1: cannot be edited without changing more than the hook; is a key there twice?`,
  );
}

/** The settings' meaning without our entries, and without the empty shells that they leave. */
function withoutOurs({ statusLine, ...settings }: Settings): Settings {
  const { hooks, ...others } = settings;
  const rest = statusLine === undefined || isOurStatusLine(statusLine) ? others : { ...others, statusLine };
  if (!isObject(hooks)) return hooks === undefined ? rest : { ...rest, hooks };
  const kept = Object.entries(hooks)
    .map(
      ([event, groups]) =>
        [event, Array.isArray(groups) ? groups.map(strip).filter(isFull) : groups] as const,
    )
    .filter(([, groups]) => !Array.isArray(groups) || groups.length > 0);
  return kept.length === 0 ? rest : { ...rest, hooks: Object.fromEntries(kept) };
}

const strip = (group: unknown): unknown =>
  isObject(group) && Array.isArray(group.hooks)
    ? { ...group, hooks: group.hooks.filter((hook) => !isOurs(hook)) }
    : group;

const isFull = (group: unknown): boolean =>
  !isObject(group) || !Array.isArray(group.hooks) || group.hooks.length > 0;
