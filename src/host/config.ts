import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, defaultConfig } from '../model/config.ts';
import { configFile, type Environment, stateDir } from './places.ts';
import { codeOf } from './wait.ts';

/** The configuration in force, and what is wrong with the file when it cannot be used. */
export type LoadedConfig = { readonly config: Config; readonly fault?: string };

/** Parses the text of blastguard.yaml; loaded only when the text is not the one that was compiled last. */
export type ParseConfig = (file: string, source: string) => Config;

/**
 * The user's configuration, from the compiled form as long as it was made from the very same text. A file that cannot
 * be used leaves the defaults in force and never stops the guard.
 */
export function loadConfig(env: Environment, parser: () => ParseConfig): LoadedConfig {
  let file: string;
  let source: string;
  try {
    file = configFile(env);
    source = readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR' || codeOf(error) === '')
      return { config: defaultConfig };
    return {
      config: defaultConfig,
      fault: `the configuration cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
  const cached = readCompiled(env, source);
  if (cached !== undefined) return { config: cached };
  try {
    const config = parser()(file, source);
    keepCompiled(env, source, config);
    return { config };
  } catch (error) {
    return { config: defaultConfig, fault: error instanceof Error ? error.message : String(error) };
  }
}

const compiledFile = (env: Environment): string => join(stateDir(env), 'config.json');

function readCompiled(env: Environment, source: string): Config | undefined {
  try {
    const kept: { source?: unknown; config?: Config } = JSON.parse(readFileSync(compiledFile(env), 'utf8'));
    return kept.source === source ? kept.config : undefined;
  } catch {
    return undefined;
  }
}

function keepCompiled(env: Environment, source: string, config: Config): void {
  try {
    mkdirSync(stateDir(env), { recursive: true, mode: 0o700 });
    const temporary = `${compiledFile(env)}.${process.pid}`;
    writeFileSync(temporary, JSON.stringify({ source, config }), { mode: 0o600 });
    renameSync(temporary, compiledFile(env));
  } catch {
    // It is compiled again next time.
  }
}
