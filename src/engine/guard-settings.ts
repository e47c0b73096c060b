import type { Call } from '../model/call.ts';
import type { Facts } from '../model/facts.ts';

/** Bytes of a settings file that is read. */
export const largestSettings = 1 << 20;

/**
 * Whether a Write or Edit of a settings file certainly leaves the guard in force: the file stays valid JSON, keeps every
 * hook entry of blastguard as it is, and switches nothing of it off.
 */
export function keepsGuard(call: Call, facts: Facts): boolean {
  const path = call.input.file_path;
  if (typeof path !== 'string') return false;
  const before = facts.readText(path, largestSettings);
  const after = contentAfter(call, before);
  if (after === undefined) return false;
  try {
    const settings: unknown = JSON.parse(after);
    if (!isObject(settings) || switchesHooksOff(settings)) return false;
    if (changesGuardVariables(settings.env)) return false;
    if (before === undefined) return true;
    const entries = guardEntries(JSON.parse(before));
    const kept = new Set(guardEntries(settings));
    return entries.every((entry) => kept.has(entry));
  } catch {
    return false;
  }
}

/** What a settings file holds after a Write or Edit; undefined when that is not known. */
export function contentAfter(call: Call, before: string | undefined): string | undefined {
  const { content, old_string: from, new_string: to, replace_all: all } = call.input;
  if (call.tool === 'Write') return typeof content === 'string' ? content : undefined;
  if (call.tool !== 'Edit' || typeof from !== 'string' || typeof to !== 'string' || before === undefined)
    return undefined;
  if (from === '') return to;
  return all === true ? before.replaceAll(from, () => to) : before.replace(from, () => to);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether no hook would run, or not this one: `hooksConfig` is Gemini CLI's. */
function switchesHooksOff({ disableAllHooks, hooksConfig }: Record<string, unknown>): boolean {
  if (disableAllHooks === true) return true;
  if (!isObject(hooksConfig)) return false;
  return hooksConfig.enabled === false || JSON.stringify(hooksConfig.disabled ?? []).includes('blastguard');
}

/** Every hook entry that runs blastguard, with the event and the matcher that it hangs under, as text to compare. */
function guardEntries(settings: unknown): string[] {
  if (!isObject(settings) || !isObject(settings.hooks)) return [];
  return Object.entries(settings.hooks).flatMap(([event, groups]) =>
    (Array.isArray(groups) ? groups : []).flatMap((group: unknown) => {
      if (!isObject(group)) return [];
      // Some agents have no groups: an event's list holds the entries themselves.
      return (Array.isArray(group.hooks) ? group.hooks : [group])
        .map((entry: unknown) => JSON.stringify([event, group.matcher, entry]))
        .filter((text) => text.includes('blastguard'));
    }),
  );
}

const changesGuardVariables = (env: unknown): boolean =>
  isObject(env) &&
  Object.keys(env).some((name) =>
    /^(?:BLASTGUARD_|XDG_|HOME$|CLAUDE_CONFIG_DIR$|CLAUDE_PROJECT_DIR$|CLAUDE_CODE_(?:SIMPLE|SAFE_MODE)$)/.test(
      name,
    ),
  );
