import { join } from 'node:path';
import { isNew, keepCode, loadBundle } from './host/code-cache.ts';

// A plugin's state lies where the host keeps it for the plugin, and only the host knows the place.
const [option, dir] = process.argv.slice(2);
if (option === '--state' && dir !== undefined) process.env.BLASTGUARD_STATE_DIR ??= dir;

const bundle = (name: string): unknown => loadBundle(join(__dirname, name), process.env);

const code = { isNew, keep: keepCode };

/**
 * The program that a host starts: loads the hook and runs it. Claude Code names nothing, any other agent its name. A hook
 * that cannot be loaded stops the call.
 */
try {
  const core = bundle('core.cjs') as typeof import('./hook.ts');
  if (option === undefined || option === '--state') core.runHook(code);
  else core.runHook(code, (bundle('agents.cjs') as typeof import('./protocol/agents.ts')).protocolOf(option));
} catch (error) {
  process.stderr.write(
    `blastguard could not judge this call, so it is denied: ${error instanceof Error ? error.message : String(error)}.\nThe guard failed, not the command; install blastguard again.\n`,
  );
  process.exitCode = 2;
}
