import type { Call } from '../model/call.ts';
import type { Facts } from '../model/facts.ts';
import { quote } from '../model/shell-quote.ts';
import type { CommandText } from './call-texts.ts';
import { contentAfter, largestSettings } from './guard-settings.ts';

/**
 * The commands that a Write or Edit puts into a file of settings or servers of Claude Code. The client runs those of its
 * settings in the same session, and asks about none (seen with 2.1.329).
 */
export function settingsTexts(call: Call, facts: Facts): CommandText[] {
  const path = call.input.file_path;
  if (typeof path !== 'string') return [];
  const before = facts.readText(path, largestSettings);
  const known = new Set(commandsIn(before).map(({ text }) => text));
  return commandsIn(contentAfter(call, before)).filter(({ text }) => !known.has(text));
}

type Entry = { readonly command?: unknown; readonly args?: unknown; readonly shell?: unknown } | null;

/** Hooks, servers and the status line are objects with a `command`; what makes keys and headers is a line of its own. */
export function commandsIn(settings = ''): CommandText[] {
  const found: CommandText[] = [];
  try {
    JSON.parse(settings, (key, value: unknown) => {
      if (typeof value === 'string' && /(?:Helper|Refresh|Export)$/.test(key))
        found.push({ text: value, language: 'shell' });
      if (typeof value === 'object') {
        const { command, args, shell } = (value as Entry) ?? {};
        const language = shell === 'powershell' ? 'powershell' : 'shell';
        if (typeof command === 'string')
          found.push({
            text: Array.isArray(args)
              ? [command, ...args].map((word) => quote(String(word))).join(' ')
              : command,
            language,
          });
      }
      return value;
    });
  } catch {
    // The client takes nothing from such a file, and another rule speaks of it.
  }
  return found;
}
