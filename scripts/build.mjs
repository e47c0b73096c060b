// Builds dist/: the hook, the grammar that it loads only when a line needs it, the CLI, and the compiled policy.
//   node scripts/build.mjs [--out DIR] [--policies DIR]
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({ options: { out: { type: 'string' }, policies: { type: 'string' } } });
const out = resolve(values.out ?? join(root, 'dist'));
const policies = resolve(values.policies ?? join(root, 'policies'));
mkdirSync(out, { recursive: true });

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: true,
  keepNames: false,
  legalComments: 'none',
  mainFields: ['module', 'main'],
  external: ['./grammar.cjs', './compiler.cjs'],
  logLevel: 'warning',
};

/** A bundle appears whole or not at all: a hook may start in the middle of a build. */
async function bundle(name, options) {
  const { outputFiles } = await build({ ...common, ...options, write: false, outfile: join(out, name) });
  const temporary = join(out, `.${name}.${process.pid}`);
  writeFileSync(temporary, outputFiles[0].contents, { mode: name === 'cli.cjs' ? 0o755 : 0o644 });
  renameSync(temporary, join(out, name));
}

const run = (source, file) => ({ stdin: { contents: source, resolveDir: join(root, 'src'), sourcefile: file, loader: 'ts' } });

await Promise.all([
  bundle('hook.cjs', { ...run(`import { runHook } from './hook.ts'; runHook();`, 'hook-entry.ts'), banner: { js: '#!/usr/bin/env node' } }),
  bundle('grammar.cjs', { entryPoints: ['src/shell/read.ts'] }),
  bundle('cli.cjs', { entryPoints: ['src/cli.ts'], banner: { js: '#!/usr/bin/env node' } }),
  bundle('compiler.cjs', { entryPoints: ['src/policy/compiler.ts'] }),
]);

const { compileSources } = await import(pathToFileURL(join(out, 'compiler.cjs')).href).then((module) => module.default);
const sources = readdirSync(policies)
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .map((name) => ({ file: relative(process.cwd(), join(policies, name)), source: readFileSync(join(policies, name), 'utf8') }));
const digest = createHash('sha256').update(sources.map(({ source }) => source).join('\0')).digest('hex');
try {
  const text = compileSources(sources, digest);
  const temporary = join(out, `.policy.${process.pid}`);
  writeFileSync(temporary, text);
  renameSync(temporary, join(out, 'policy.dat'));
} catch (error) {
  console.error(error.name === 'PolicyError' ? error.message : error);
  process.exitCode = 1;
}
