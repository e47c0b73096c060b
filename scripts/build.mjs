// Builds dist/: the hook, the grammar that it loads only when a line needs it, the refresher of the kill switch with its
// clients, the CLI, and the compiled policy.
//   node scripts/build.mjs [--out DIR] [--policies DIR]
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { runInThisContext } from 'node:vm';
import { build, transform } from 'esbuild';
import { iamCatalogue } from './iam-catalogue.mjs';
import { billOfMaterials, licencesOf } from './third-party.mjs';

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

// Compiled code is kept under the name of the build, which therefore covers whatever a hook's code is made from.
const sources = readdirSync(join(root, 'src'), { recursive: true })
  .filter((name) => name.endsWith('.ts'))
  .sort()
  .map((name) => join('src', name))
  .concat('scripts/build.mjs', 'package-lock.json')
  .map((name) => readFileSync(join(root, name), 'utf8'));
const define = { BUILD: JSON.stringify(digestOf(sources).slice(0, 16)), BINARY: 'false' };

/** Programs, and what they import in the ordinary way. */
const modules = {
  'hook.cjs': ['src/hook-entry.ts', { banner: { js: '#!/usr/bin/env node' } }],
  'cli.cjs': ['src/cli.ts', { banner: { js: '#!/usr/bin/env node' } }],
  'refresher.cjs': ['src/refresher.ts'],
  'compiler.cjs': ['src/policy/compiler.ts'],
  'aws.cjs': ['src/host/aws-identity.ts'],
  'ship-s3.cjs': ['src/host/ship/s3.ts'],
};
/** What is loaded by src/host/code-cache.ts, as the function of a module's variables that it expects. */
const loaded = {
  'agents.cjs': 'src/protocol/agents.ts',
  'plain.cjs': 'src/shell/plain.ts',
  'grammar.cjs': 'src/shell/read.ts',
  'languages.cjs': 'src/shell/languages/read-code.ts',
  'formats.cjs': 'src/shell/tasks/formats.ts',
  'scan.cjs': 'src/scan/scanner.ts',
  'terraform.cjs': 'src/terraform/unprotects.ts',
  'redis.cjs': 'src/killswitch/sources/redis.ts',
  's3.cjs': 'src/killswitch/sources/s3.ts',
};
/**
 * What few calls need is moved out of the hook's core, because loading is paid for by the byte: what comes once a rule
 * fits (its conditions, where it lands, what excuses it, what is said of it), or a skill is called or settings written.
 * These modules are a bundle of their own, loaded when one of their functions is first called.
 */
const findings = [
  'src/engine/adjust.ts',
  'src/engine/alone.ts',
  'src/engine/effect.ts',
  'src/engine/excepted-command.ts',
  'src/engine/settings-texts.ts',
  'src/engine/skill-texts.ts',
  'src/engine/stage.ts',
  'src/host/allow-once.ts',
  'src/policy/landing/recognise.ts',
  'src/policy/predicates/holds.ts',
  'src/policy/predicates/plan.ts',
  'src/report/config-notes.ts',
  'src/report/denial.ts',
  'src/report/event-record.ts',
];

/** The names that a module exports. */
async function exportsOf(entry) {
  const { metafile } = await build({
    ...{ absWorkingDir: root, entryPoints: [entry], outfile: 'x.js' },
    ...{ bundle: true, packages: 'external', platform: 'node', format: 'esm', write: false, metafile: true },
  });
  return Object.values(metafile.outputs)[0].exports;
}

const findingsLater = {
  name: 'findings-later',
  setup(build) {
    const files = new Set(findings.map((file) => join(root, file)));
    build.onResolve({ filter: /^findings:$/ }, () => ({ path: 'findings', namespace: 'findings' }));
    build.onLoad({ filter: /./, namespace: 'findings' }, () => ({
      contents: `import { join } from 'node:path';
        import { loadBundle } from './src/host/code-cache.ts';
        let loaded;
        export const findings = () => loaded ??= loadBundle(join(__dirname, 'findings.cjs'), process.env);`,
      resolveDir: root,
    }));
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      if (!files.has(path)) return undefined;
      const stubs = (await exportsOf(path)).map(
        (name) => `export const ${name} = (...args) => findings().${name}(...args);`,
      );
      return { contents: `import { findings } from 'findings:';\n${stubs.join('\n')}`, resolveDir: root };
    });
  },
};
const allFindings = {
  contents: findings.map((file) => `export * from './${file}';`).join('\n'),
  resolveDir: root,
};

const asFunction = {
  banner: { js: '(function(exports,require,module,__filename,__dirname){' },
  footer: { js: '})' },
  // What is loaded with its machine code kept cannot import anything later.
  supported: { 'dynamic-import': false },
};
const program = new Set(['hook.cjs', 'cli.cjs']);
const bundles = [
  ...Object.entries(modules),
  ...Object.entries(loaded).map(([name, entry]) => [name, [entry, asFunction]]),
  ['core.cjs', ['src/hook.ts', { ...asFunction, plugins: [findingsLater] }]],
  ['findings.cjs', [undefined, { ...asFunction, entryPoints: undefined, stdin: allFindings }]],
];
await Promise.all(
  bundles.map(async ([name, [entry, options]]) => {
    const contents = await bundle(entry, { define, ...options });
    if (options?.footer && contents.some((byte) => byte > 0x7f)) throw new Error(`${name} is not ASCII`);
    put(name, contents, program.has(name) ? 0o755 : 0o644);
  }),
);

const moved = { exports: {} };
const require = createRequire(import.meta.url);
runInThisContext(readFileSync(join(out, 'findings.cjs'), 'latin1'))(moved.exports, require, moved);
for (const [name, value] of Object.entries(moved.exports))
  if (typeof value !== 'function')
    throw new Error(`findings.cjs: \`${name}\` is no function to be called later`);

const entries = bundles.flatMap(([, [entry]]) => entry ?? []);
put('THIRD-PARTY-LICENSES.txt', licencesOf(await billOfMaterials(entries, define)));

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
