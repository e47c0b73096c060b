// Runs generated scripts in a real bash and in blastguard's reading of them; prints what bash ran and the reading lacks.
//   node scripts/oracle.mjs [--count 20000] [--seed N] [--shrink 10] [--mutated]
// With --mutated the scripts are lines of the corpus with something changed in them; that takes bubblewrap.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Date.now() % 1e9) },
    shrink: { type: 'string', default: '10' },
    mutated: { type: 'boolean', default: false },
  },
});
process.chdir(root);
const outfile = join(root, '.cache/oracle.mjs');
mkdirSync(dirname(outfile), { recursive: true });
await build({
  absWorkingDir: root,
  entryPoints: ['test/oracle/run.ts'],
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  outfile,
  logLevel: 'warning',
});
const { runOracle } = await import(pathToFileURL(outfile).href);
const misses = runOracle({
  count: Number(values.count),
  seed: Number(values.seed),
  kind: values.mutated ? 'mutated' : 'generated',
  shrunk: Number(values.shrink),
  print: (line) => console.log(line),
});
process.exitCode = misses === 0 ? 0 : 1;
