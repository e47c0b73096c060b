// Writes what the Claude Code plugin holds of the build, so that it runs as it is cloned. `--check` only compares.
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const plugin = join(root, 'plugin');
const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const read = (path) => readFileSync(join(root, path));
const json = (value) => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
const built = readdirSync(join(root, 'dist')).filter((file) => /\.(cjs|dat|html|json|txt)$/.test(file));
const manifest = '.claude-plugin/plugin.json';

const wanted = new Map([
  ...built.map((file) => [`dist/${file}`, read(`dist/${file}`)]),
  ['hooks/blastguard-hook', read('hooks/blastguard-hook')],
  // Where the program looks for its root.
  ['package.json', json({ name, version, private: true })],
  // A client offers an update when the version changes.
  [
    manifest,
    Buffer.from(
      readFileSync(join(plugin, manifest), 'utf8').replace(/"version": "[^"]*"/, `"version": "${version}"`),
    ),
  ],
]);

const same = (path, bytes) =>
  existsSync(join(plugin, path)) && readFileSync(join(plugin, path)).equals(bytes);
const stale = [...wanted].filter(([path, bytes]) => !same(path, bytes)).map(([path]) => path);
const surplus = existsSync(join(plugin, 'dist'))
  ? readdirSync(join(plugin, 'dist')).filter((file) => !built.includes(file))
  : [];

if (process.argv.includes('--check')) {
  for (const path of [...stale, ...surplus.map((file) => `dist/${file}`)])
    console.error(`plugin/${path} is not what \`npm run plugin\` writes`);
  process.exitCode = stale.length + surplus.length > 0 ? 1 : 0;
} else {
  mkdirSync(join(plugin, 'dist'), { recursive: true });
  for (const path of stale) writeFileSync(join(plugin, path), wanted.get(path));
  for (const file of surplus) rmSync(join(plugin, 'dist', file));
  for (const path of ['hooks/blastguard-hook', 'dist/hook.cjs', 'dist/cli.cjs'])
    chmodSync(join(plugin, path), 0o755);
}
