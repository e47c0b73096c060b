import { managedDropIn, type Scope, settingsPath } from '../../host/places.ts';
import type { Arguments } from '../args.ts';
import type { Option } from '../command.ts';
import { chosenProject, projectOption } from '../scope.ts';
import type { Terminal } from '../terminal.ts';
import { readSettingsText } from './read.ts';

export const scopeOptions: Readonly<Record<string, Option>> = {
  user: { help: 'every project of this user: ~/.claude/settings.json' },
  local: { help: 'this project, not shared: .claude/settings.local.json' },
  managed: { help: 'every user of this machine, in a file of its own; nothing below can switch it off' },
  project: projectOption,
  agent: { value: 'NAME', help: 'another agent: codex, copilot, cursor, gemini, opencode, qwen, windsurf' },
  'dry-run': { help: 'show the change and do nothing' },
  json: { help: 'answer in JSON' },
};

export type Target = { readonly scope: Scope; readonly file: string };

/** The settings file that the command line means. Throws UsageError. */
export function chosenTarget(args: Arguments, terminal: Terminal): Target {
  const scopes = ['user', 'local', 'managed'] as const;
  args.exclusive(...scopes);
  const scope = scopes.find((name) => args.flag(name)) ?? 'project';
  const file = settingsPath(scope, chosenProject(args, terminal), terminal.env);
  return { scope, file: scope === 'managed' && !mentionsHook(file) ? managedDropIn() : file };
}

/** Whether an organisation's own file has the entry, so that it is not made a second time. */
const mentionsHook = (file: string): boolean => (readSettingsText(file) ?? '').includes('blastguard');
