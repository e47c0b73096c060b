/** The standalone binary: the hook and the commands in one file. What a call does not need is not loaded. */
const isHook = process.argv[2] === 'hook' && process.argv.length === 3;

// The engine below reads these before any line of ours runs, and some make it print on standard output.
const meddled = Object.keys(process.env).find((name) => name.startsWith('BUN_JSC_'));
if (isHook && meddled !== undefined) {
  process.stderr.write(
    `blastguard could not judge this call, so it is denied: ${meddled} is set, which changes how it runs.\nThe guard failed, not the command; start Claude Code without this variable.\n`,
  );
  process.exit(2);
}

if (isHook) {
  const { runHook }: typeof import('./hook.ts') = require('./hook.ts');
  runHook();
} else if (process.argv[2] === 'refresher') {
  process.argv.splice(2, 1);
  require('./refresher.ts');
} else require('./cli.ts');
