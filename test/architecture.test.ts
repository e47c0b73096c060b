import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build, transformSync } from 'esbuild';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** The folders of src/ from the ground up. Imports point down, or stay within a folder. */
const layers: readonly (readonly string[])[] = [
  ['model'],
  ['shell', 'policy'],
  ['protocol', 'engine', 'terraform', 'iam', 'rollout', 'scan'],
  ['host', 'killswitch', 'report'],
  ['lazy'],
  ['judge'],
  ['hook', 'cli', 'refresher'],
  ['hook-entry', 'binary'],
];

/** Folders that may touch the machine. All others are given what they need as values. */
const rim = new Set([
  'host',
  'killswitch',
  'report',
  'lazy',
  'judge',
  'hook',
  'cli',
  'refresher',
  'hook-entry',
  'binary',
]);

/** `blastguard hook` is the hook. */
const allowed = new Set(['cli -> hook']);

const globals = ['process', 'Date', 'console', 'performance', 'globalThis', 'setTimeout', 'require'];

type Import = { readonly file: string; readonly layer: string; readonly target: string };

const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => `src/${file.replaceAll('\\', '/')}`)
  .sort();

const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** The folder of src/ a file belongs to; hook.ts and cli.ts are layers of their own. */
const layerOf = (file: string) => file.split('/')[1]?.replace(/\.ts$/, '') ?? '';

const heightOf = (layer: string) => layers.findIndex((names) => names.includes(layer));

function importsOf(file: string): readonly Import[] {
  const source = read(file);
  const statements = source.matchAll(/^(?:import\s*|(?:import|export)\b[^;'"]*?\bfrom\s*)['"]([^'"]+)['"]/gm);
  const code = transformSync(source, { loader: 'ts' }).code;
  const calls = code.matchAll(/\b(?:import|require)\(\s*["'`]([^"'`]+)["'`]/g);
  return [...statements, ...calls].map((match) => ({ file, layer: layerOf(file), target: match[1] ?? '' }));
}

const imports = files.flatMap(importsOf);
// A `.cjs` is a bundle beside the hook that is loaded when it is needed, not a file of src/.
const own = imports.filter(({ target }) => target.startsWith('.') && !target.endsWith('.cjs'));
const outside = imports.filter(({ target }) => !target.startsWith('.'));

function faultOf({ file, layer, target }: Import): string | undefined {
  const to = relative(root, resolve(root, dirname(file), target)).replaceAll('\\', '/');
  if (!to.startsWith('src/')) return undefined;
  const other = layerOf(to);
  if (other === layer || allowed.has(`${layer} -> ${other}`)) return undefined;
  if (heightOf(other) >= 0 && heightOf(other) < heightOf(layer)) return undefined;
  return `${file} imports ${to}: ${layer} may not depend on ${other}`;
}

/** Bare names a file uses that only the rim may use. A parser finds them, so comments and strings do not count. */
function globalsOf(file: string): readonly string[] {
  const define = Object.fromEntries(globals.map((name) => [name, `forbidden_${name}`]));
  const { code } = transformSync(read(file), { loader: 'ts', define });
  return globals.filter((name) => new RegExp(`\\bforbidden_${name}\\b`).test(code));
}

/** The packages that are loaded as soon as `entry` is: static imports, followed through every file. */
async function packagesLoadedBy(entry: string): Promise<ReadonlyMap<string, string>> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [`./${entry}`],
    bundle: true,
    write: false,
    metafile: true,
    packages: 'external',
    external: ['*.cjs'],
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
  });
  const seen = new Set<string>();
  const packages = new Map<string, string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const each of metafile.inputs[file]?.imports ?? []) {
      if (each.kind !== 'import-statement') continue;
      if (each.external) packages.set(each.path, file);
      else visit(each.path);
    }
  };
  visit(entry);
  return packages;
}

describe('dependencies point down', () => {
  test('every file lies in a folder that the table knows', () => {
    expect(files.filter((file) => heightOf(layerOf(file)) < 0)).toEqual([]);
    expect(files.length).toBeGreaterThan(20);
  });

  test('a folder imports only from the layers below it', () => {
    expect(own.length).toBeGreaterThan(20);
    expect(own.map(faultOf).filter((fault) => fault !== undefined)).toEqual([]);
  });

  test.each([
    ['src/shell/a.ts', '../policy/b.ts', 'shell may not depend on policy'],
    ['src/policy/a.ts', '../shell/b.ts', 'policy may not depend on shell'],
    ['src/engine/a.ts', '../host/b.ts', 'engine may not depend on host'],
    ['src/model/a.ts', '../engine/b.ts', 'model may not depend on engine'],
    ['src/host/a.ts', '../cli.ts', 'host may not depend on cli'],
  ])('the rule itself catches an import of %s from %s', (file, target, fault) => {
    expect(faultOf({ file, layer: layerOf(file), target })).toContain(fault);
  });
});

describe('only the rim touches the machine', () => {
  test('node: modules are imported by the rim alone', () => {
    const inner = outside.filter(({ layer, target }) => target.startsWith('node:') && !rim.has(layer));
    expect(inner.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  test('process, Date, console and the like are used by the rim alone', () => {
    const inner = files.filter((file) => !rim.has(layerOf(file)));
    const faults = inner.flatMap((file) => globalsOf(file).map((name) => `${file} uses ${name}`));
    expect(faults).toEqual([]);
  });

  test('built-in modules are imported with the node: prefix', () => {
    const bare = outside.filter(({ target }) =>
      /^(fs|path|os|child_process|crypto|url|util|stream|net)(\/|$)/.test(target),
    );
    expect(bare.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });
});

describe('packages stay where they earn their place', () => {
  test('unbash is imported by shell alone', () => {
    const importers = outside.filter(({ target }) => target === 'unbash' || target.startsWith('unbash/'));
    expect(importers.length).toBeGreaterThan(0);
    expect(importers.filter(({ layer }) => layer !== 'shell').map(({ file }) => file)).toEqual([]);
  });

  test.each([
    'zod',
    'yaml',
    'minimatch',
    'shell-quote',
    'jsonc-parser',
    'unbash',
    '@redis/client',
    '@aws-sdk/client-s3',
    'node:child_process',
  ])('the hook starts without loading %s', async (name) => {
    const loaded = [...(await packagesLoadedBy('src/hook.ts'))];
    const found = loaded.filter(([path]) => path === name || path.startsWith(`${name}/`));
    expect(found.map(([path, file]) => `${file} imports ${path}`)).toEqual([]);
  });
});
