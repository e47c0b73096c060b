import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, isAbsolute, join, win32 } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The user's home directory, or undefined when there is none. */
export function homeDir(env: Environment): string | undefined {
  const named = absolute(process.platform === 'win32' ? (env.USERPROFILE ?? env.HOME) : env.HOME);
  if (named !== undefined) return named;
  try {
    return absolute(userInfo().homedir);
  } catch {
    return undefined; // a user without an entry in the password database
  }
}

/** Where the audit log and caches live. Throws when neither the environment nor the system names a place. */
export function stateDir(env: Environment): string {
  const named = env.BLASTGUARD_STATE_DIR;
  if (named) {
    if (!isAbsolute(named)) throw new Error(`BLASTGUARD_STATE_DIR is not an absolute path: \`${named}\``);
    return named;
  }
  const local = env.LOCALAPPDATA;
  if (process.platform === 'win32' && local !== undefined && win32.isAbsolute(local))
    return win32.join(local, 'blastguard', 'state');
  return join(absolute(env.XDG_STATE_HOME) ?? join(homeOrThrow(env), '.local', 'state'), 'blastguard');
}

/** Where a copy of the program is kept that outlasts the cache it was started from. Throws when there is no home. */
export function dataDir(env: Environment): string {
  const local = absolute(env.LOCALAPPDATA);
  if (process.platform === 'win32' && local !== undefined) return win32.join(local, 'blastguard', 'program');
  return join(absolute(env.XDG_DATA_HOME) ?? join(homeOrThrow(env), '.local', 'share'), 'blastguard');
}

/** The user's configuration file, whether it exists or not. Throws when there is no home directory. */
export const configFile = (env: Environment): string =>
  join(absolute(env.XDG_CONFIG_HOME) ?? join(homeOrThrow(env), '.config'), 'blastguard', 'blastguard.yaml');

/** The organisation's configuration file. No variable moves it: whoever sets variables may not. */
export function managedConfigFile(): string {
  if (process.platform === 'darwin') return '/Library/Application Support/blastguard/blastguard.yaml';
  if (process.platform === 'win32') return 'C:\\ProgramData\\blastguard\\blastguard.yaml';
  return '/etc/blastguard/blastguard.yaml';
}

/** Where a project's configuration file may lie; the first that exists is read. */
export const projectConfigFiles = (projectDir: string): readonly string[] => [
  join(projectDir, '.blastguard.yaml'),
  join(projectDir, 'blastguard.yaml'),
];

/** The session's project: what the host says, else the nearest directory above `cwd` with a `.git`, else `cwd`. */
export const projectRoot = (cwd: string, env: Environment): string =>
  absolute(env.CLAUDE_PROJECT_DIR) ?? gitRoot(cwd) ?? cwd;

function gitRoot(cwd: string): string | undefined {
  for (const dir of upwards(cwd)) if (existsSync(join(dir, '.git'))) return dir;
  return undefined;
}

/** The directory, then each one above it, up to the root. */
export function* upwards(dir: string): Generator<string> {
  for (;;) {
    yield dir;
    const above = dirname(dir);
    if (above === dir) return;
    dir = above;
  }
}

export type Scope = 'managed' | 'user' | 'project' | 'local';
export type SettingsFile = { readonly scope: Scope; readonly path: string };

/**
 * Settings files that Claude Code may read, strongest scope first, whether they exist or not. The managed drop-in
 * directory is among them as a directory.
 */
export function settingsFiles(cwd: string, projectDir: string, env: Environment): readonly SettingsFile[] {
  const files: SettingsFile[] = [
    { scope: 'managed', path: settingsPath('managed', projectDir, env) },
    { scope: 'managed', path: dirname(managedDropIn()) },
  ];
  for (const dir of new Set([projectDir, cwd, gitRoot(cwd) ?? cwd])) {
    files.push({ scope: 'local', path: settingsPath('local', dir, env) });
    files.push({ scope: 'project', path: settingsPath('project', dir, env) });
  }
  if (configDir(env) !== undefined) {
    files.push({ scope: 'user', path: settingsPath('user', projectDir, env) });
  }
  return files;
}

/** The settings file of one scope. Throws for `user` when there is no home directory. */
export function settingsPath(scope: Scope, projectDir: string, env: Environment): string {
  if (scope === 'managed') return join(managedDir(), 'managed-settings.json');
  if (scope === 'project') return join(projectDir, '.claude', 'settings.json');
  if (scope === 'local') return join(projectDir, '.claude', 'settings.local.json');
  return join(configDir(env) ?? join(homeOrThrow(env), '.claude'), 'settings.json');
}

/** Where Claude Code keeps what is the user's, or undefined when there is no home directory. */
export function configDir(env: Environment): string | undefined {
  const home = homeDir(env);
  return absolute(env.CLAUDE_CONFIG_DIR) ?? (home === undefined ? undefined : join(home, '.claude'));
}

/** A managed settings file of blastguard's own, which Claude Code reads together with the organisation's. */
export const managedDropIn = (): string => join(managedDir(), 'managed-settings.d', 'blastguard.json');

function managedDir(): string {
  if (process.platform === 'darwin') return '/Library/Application Support/ClaudeCode';
  if (process.platform === 'win32') return 'C:\\Program Files\\ClaudeCode';
  return '/etc/claude-code';
}

/** A place, or undefined where neither the environment nor the system names one. */
export function ifNamed(place: () => string): string | undefined {
  try {
    return place();
  } catch {
    return undefined;
  }
}

function homeOrThrow(env: Environment): string {
  const home = homeDir(env);
  if (home === undefined) throw new Error('no home directory: HOME is not set and the user has no entry');
  return home;
}

const absolute = (path: string | undefined): string | undefined =>
  path !== undefined && isAbsolute(path) ? path : undefined;
