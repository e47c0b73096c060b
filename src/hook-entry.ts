import { join } from 'node:path';
import { keepCode, loadBundle } from './host/code-cache.ts';

// A plugin's state lies where the host keeps it for the plugin, and only the host knows the place.
const [option, dir] = process.argv.slice(2);
if (option === '--state' && dir !== undefined) process.env.BLASTGUARD_STATE_DIR ??= dir;

/** The program that Claude Code starts: loads the hook and runs it. A hook that cannot be loaded stops the call. */
try {
  const core = loadBundle(join(__dirname, 'core.cjs'), process.env) as typeof import('./hook.ts');
  core.runHook(keepCode);
} catch (error) {
  process.stderr.write(
    `blastguard could not judge this call, so it is denied: ${error instanceof Error ? error.message : String(error)}.\nThe guard failed, not the command; install blastguard again.\n`,
  );
  process.exitCode = 2;
}
