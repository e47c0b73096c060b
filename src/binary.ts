/** The standalone binary: the hook and the commands in one file. What a call does not need is not loaded. */
if (process.argv[2] === 'hook' && process.argv.length === 3) {
  const { runHook }: typeof import('./hook.ts') = require('./hook.ts');
  runHook();
} else require('./cli.ts');
