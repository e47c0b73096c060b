import { isDeepStrictEqual } from 'node:util';
import type { EntryShape } from '../../protocol/registration.ts';
import { edit } from '../settings/edit.ts';
import { isObject, parseSettings, type Settings, SettingsError } from '../settings/read.ts';
import { runsHook } from './entry.ts';

/** A shape whose file is shared with others, and so is edited and not replaced. */
type Shared = Exclude<EntryShape, { kind: 'plugin' }>;

/** The text of an agent's configuration with the hook in it; all else stays as it is. Throws SettingsError. */
export function withHook(file: string, text: string, shape: Shared, agent: string, line: string): string {
  const wanted = entriesOf(shape, line);
  const settings = parse(file, text);
  if (wanted.every(([event, entry]) => isDeepStrictEqual(ownEntries(settings, event, agent), [entry])))
    return text;
  let after = withoutHook(file, text, agent);
  if (shape.kind === 'list' && shape.version !== undefined && parse(file, after).version === undefined)
    after = edit(after, ['version'], shape.version);
  for (const [event, entry] of wanted) {
    const list = listAt(parse(file, after), event);
    after =
      list === undefined
        ? edit(after, ['hooks', event], [entry])
        : edit(after, ['hooks', event, list.length], entry, true);
  }
  const there = wanted.every(([event, entry]) =>
    isDeepStrictEqual(ownEntries(parse(file, after), event, agent), [entry]),
  );
  return proven(file, text, after, agent, there);
}

/** The text without any entry of ours. Throws SettingsError. */
export function withoutHook(file: string, text: string, agent: string): string {
  const { hooks } = parse(file, text);
  if (!isObject(hooks)) return text;
  let after = text;
  for (const [event, entries] of Object.entries(hooks)) {
    if (!Array.isArray(entries) || ownEntries({ hooks }, event, agent).length === 0) continue;
    const kept = entries.filter((entry) => !runsHook(entry, agent) || others(entry, agent) !== undefined);
    for (let i = entries.length - 1; i >= 0; i--) {
      if (!runsHook(entries[i], agent)) continue;
      const rest = others(entries[i], agent);
      after = edit(after, rest === undefined ? ['hooks', event, i] : ['hooks', event, i, 'hooks'], rest);
    }
    if (kept.length === 0) after = edit(after, ['hooks', event], undefined);
  }
  const left = parse(file, after).hooks;
  if (isObject(left) && Object.keys(left).length === 0) after = edit(after, ['hooks'], undefined);
  return proven(file, text, after, agent, !runsHook(parse(file, after).hooks, agent));
}

/** Whether the configuration runs the hook at all. */
export const holdsHook = (file: string, text: string, agent: string): boolean =>
  runsHook(parse(file, text).hooks, agent);

const parse = (file: string, text: string): Settings => parseSettings(file, text, true);

function entriesOf(shape: Shared, line: string): readonly (readonly [event: string, entry: object])[] {
  const entry = shape.entry(line);
  if (shape.kind === 'list') return shape.events.map((event) => [event, entry]);
  return Object.entries(shape.events).map(([event, matcher]) => [
    event,
    matcher === null ? { hooks: [entry] } : { matcher, hooks: [entry] },
  ]);
}

function listAt({ hooks }: Settings, event: string): readonly unknown[] | undefined {
  const list = isObject(hooks) ? hooks[event] : undefined;
  return Array.isArray(list) ? list : undefined;
}

const ownEntries = (settings: Settings, event: string, agent: string): readonly unknown[] =>
  (listAt(settings, event) ?? []).filter((entry) => runsHook(entry, agent));

/** The hooks of others in a group of ours; undefined where there are none. */
function others(group: unknown, agent: string): readonly unknown[] | undefined {
  if (!isObject(group) || !Array.isArray(group.hooks)) return undefined;
  const rest = group.hooks.filter((hook) => !runsHook(hook, agent));
  return rest.length === 0 ? undefined : rest;
}

/** INVARIANT: whatever the editor did to the text, everything that is not ours means what it meant before. */
function proven(file: string, before: string, after: string, agent: string, asWanted: boolean): string {
  const rest = (text: string) => withoutOurs(parse(file, text), agent);
  if (asWanted && isDeepStrictEqual(rest(before), rest(after))) return after;
  throw new SettingsError(
    `${file}:1:1: cannot be edited without changing more than the hook; is a key there twice?`,
  );
}

function withoutOurs({ hooks, version: _, ...rest }: Settings, agent: string): Settings {
  if (!isObject(hooks)) return rest;
  const kept = Object.entries(hooks)
    .map(([event, entries]): [string, unknown] => [
      event,
      Array.isArray(entries) ? strip(entries, agent) : entries,
    ])
    .filter(([, entries]) => !Array.isArray(entries) || entries.length > 0);
  return kept.length === 0 ? rest : { ...rest, hooks: Object.fromEntries(kept) };
}

const strip = (entries: readonly unknown[], agent: string): readonly unknown[] =>
  entries.flatMap((entry) => {
    if (!runsHook(entry, agent)) return [entry];
    const rest = others(entry, agent);
    return rest === undefined || !isObject(entry) ? [] : [{ ...entry, hooks: rest }];
  });
