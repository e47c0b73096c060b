import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { configDir, type Environment, type SettingsFile, settingsFiles } from '../../host/places.ts';
import { faultText } from '../fault.ts';
import { isObject, parseSettings, readSettingsText, type Settings } from './read.ts';

/** A file that exists and may carry the hook: settings, or the hooks of a plugin that is enabled. */
export type HookFile = {
  readonly scope: SettingsFile['scope'] | 'plugin';
  readonly path: string;
  /** Empty when the file cannot be used. */
  readonly settings: Settings;
  /** Why it cannot. */
  readonly fault?: string;
  /** What the host puts in the place of its variables in a plugin's hooks. */
  readonly variables?: Readonly<Record<string, string>>;
};

/** Every file in which Claude Code looks for hooks when it is started in `cwd`, strongest scope first, plugins last. */
export function hookFiles(cwd: string, project: string, env: Environment): readonly HookFile[] {
  const files = settingsFiles(cwd, project, env).flatMap(withDropIns);
  const settings = files.flatMap(({ scope, path }) => readFile(scope, path));
  return [...settings, ...pluginFiles(settings, env)];
}

function withDropIns(file: SettingsFile): readonly SettingsFile[] {
  if (!file.path.endsWith('.d')) return [file];
  try {
    const names = readdirSync(file.path).filter((name) => name.endsWith('.json'));
    return names.sort().map((name) => ({ ...file, path: join(file.path, name) }));
  } catch {
    return [];
  }
}

function readFile(scope: HookFile['scope'], path: string): readonly HookFile[] {
  try {
    const text = readSettingsText(path);
    return text === undefined ? [] : [{ scope, path, settings: parseSettings(path, text) }];
  } catch (error) {
    return [{ scope, path, settings: {}, fault: faultText(error) }];
  }
}

/** The hooks of the plugins that the settings enable; of two settings that speak of a plugin, the stronger decides. */
function pluginFiles(settings: readonly HookFile[], env: Environment): readonly HookFile[] {
  const dir = configDir(env);
  if (dir === undefined) return [];
  const [registry] = readFile('plugin', join(dir, 'plugins', 'installed_plugins.json'));
  const installed = registry?.settings.plugins;
  if (!isObject(installed)) return [];
  const enabled = new Map<string, boolean>();
  for (const { enabledPlugins } of settings.map((file) => file.settings)) {
    if (!isObject(enabledPlugins)) continue;
    for (const [id, value] of Object.entries(enabledPlugins))
      if (!enabled.has(id)) enabled.set(id, value !== false);
  }
  return [...enabled].flatMap(([id, on]) => {
    const root = on ? installPath(installed[id]) : undefined;
    if (root === undefined) return [];
    const data = join(dir, 'plugins', 'data', id.replace(/[^\w-]/g, '-'));
    const variables = { CLAUDE_PLUGIN_ROOT: root, CLAUDE_PLUGIN_DATA: data };
    return readFile('plugin', join(root, 'hooks', 'hooks.json')).map((file) => ({ ...file, variables }));
  });
}

function installPath(installs: unknown): string | undefined {
  if (!Array.isArray(installs)) return undefined;
  const paths = installs.map((install: unknown) => (isObject(install) ? install.installPath : undefined));
  return paths.find((path) => typeof path === 'string');
}

/** The text with the variables of a plugin's hooks replaced as the host does. */
export const substituted = (text: string, { variables = {} }: HookFile): string =>
  text.replace(/\$\{(\w+)\}/g, (whole, name: string) => variables[name] ?? whole);
