import type { Terminal } from './terminal.ts';

/** The stage of the rollout that holds here; undefined where none is configured, or nothing can be read. */
export async function stageName(project: string, terminal: Terminal): Promise<string | undefined> {
  const { configOf } = await import('./loaded-config.ts');
  const { stageNow } = await import('./judge.ts');
  try {
    return stageNow(configOf(project, terminal), '', terminal.env)?.name;
  } catch {
    return undefined; // `doctor` and `status` speak of the configuration
  }
}
