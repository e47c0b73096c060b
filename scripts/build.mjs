// Builds dist/: the hook, the grammar that it loads only when a line needs it, the refresher of the kill switch with its
// clients, the CLI, and the compiled policy.
//   node scripts/build.mjs [--out DIR] [--policies DIR]
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build, transform } from 'esbuild';
import { iamCatalogue } from './iam-catalogue.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({ options: { out: { type: 'string' }, policies: { type: 'string' } } });
const out = resolve(values.out ?? join(root, 'dist'));
const policies = resolve(values.policies ?? join(root, 'policies'));
mkdirSync(out, { recursive: true });

const digestOf = (parts) => createHash('sha256').update(parts.join('\0')).digest('hex');

/** A file appears whole or not at all: a hook may start in the middle of a build. */
function put(name, contents, mode = 0o644) {
  const temporary = join(out, `.${name}.${process.pid}`);
  writeFileSync(temporary, contents, { mode });
  renameSync(temporary, join(out, name));
}

async function bundle(entry, options = {}) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    external: ['./compiler.cjs', './aws.cjs', './ship-s3.cjs'],
    logLevel: 'warning',
    ...options,
  });
  return outputFiles[0].contents;
}

// Compiled code is kept under the name of the build, which therefore covers every source that a hook runs.
const sources = readdirSync(join(root, 'src'), { recursive: true })
  .filter((name) => name.endsWith('.ts'))
  .sort()
  .map((name) => readFileSync(join(root, 'src', name), 'utf8'));
const define = { BUILD: JSON.stringify(digestOf(sources).slice(0, 16)), BINARY: 'false' };
const program = { banner: { js: '#!/usr/bin/env node' }, define };
// What is loaded with its machine code kept cannot import anything later.
const loaded = { supported: { 'dynamic-import': false } };
const [
  core,
  agents,
  grammar,
  languages,
  formats,
  scan,
  terraform,
  compiler,
  aws,
  shipS3,
  refresher,
  redis,
  s3,
  hook,
  cli,
] = await Promise.all([
  bundle('src/hook.ts', { define }),
  bundle('src/protocol/agents.ts'),
  bundle('src/shell/read.ts'),
  bundle('src/shell/languages/read-code.ts'),
  bundle('src/shell/tasks/formats.ts'),
  bundle('src/scan/scanner.ts'),
  bundle('src/terraform/unprotects.ts'),
  bundle('src/policy/compiler.ts'),
  bundle('src/host/aws-identity.ts'),
  bundle('src/host/ship/s3.ts'),
  bundle('src/refresher.ts', { define }),
  bundle('src/killswitch/sources/redis.ts', loaded),
  bundle('src/killswitch/sources/s3.ts', loaded),
  bundle('src/hook-entry.ts', program),
  bundle('src/cli.ts', program),
]);
put('core.cjs', core);
put('agents.cjs', agents);
put('grammar.cjs', grammar);
put('languages.cjs', languages);
put('formats.cjs', formats);
put('scan.cjs', scan);
put('terraform.cjs', terraform);
put('compiler.cjs', compiler);
put('refresher.cjs', refresher);
put('redis.cjs', redis);
put('s3.cjs', s3);
put('aws.cjs', aws);
put('ship-s3.cjs', shipS3);
put('hook.cjs', hook, 0o755);
put('cli.cjs', cli, 0o755);

/** The page of a report: one file, with a policy that lets nothing run or load but what stands in it. */
async function reportPage() {
  const page = join(root, 'src/report/page');
  const read = (name) => readFileSync(join(page, name), 'utf8');
  const [{ code: css }, { code: js }] = await Promise.all([
    transform(read('page.css'), { loader: 'css', minify: true }),
    transform(read('page.js'), { loader: 'js', minify: true, target: 'es2022' }),
  ]);
  const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return read('page.html')
    .replace('/*CSS*/', () => css)
    .replace('/*JS*/', () => js)
    .replace('/*STYLE-HASH*/', () => hash(css))
    .replace('/*SCRIPT-HASH*/', () => hash(js));
}
put('report.html', await reportPage());

const { compileSources, loadPack } = (await import(pathToFileURL(join(out, 'compiler.cjs')).href)).default;
const packs = readdirSync(policies)
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .map((name) => ({
    file: relative(process.cwd(), join(policies, name)),
    source: readFileSync(join(policies, name), 'utf8'),
  }));
try {
  put('policy.dat', compileSources(packs, digestOf(packs.map(({ source }) => source))));
  const loaded = packs.map(({ file, source }) => loadPack(file, source).pack);
  put('iam-catalogue.json', await iamCatalogue(loaded));
} catch (error) {
  console.error(error.name === 'PolicyError' ? error.message : error);
  process.exitCode = 1;
}
