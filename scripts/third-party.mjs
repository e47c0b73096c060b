// What of others is in the program: the bill of materials, and the licences that ask to be passed on with it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cyclonedxEsbuildPlugin } from '@cyclonedx/cyclonedx-esbuild';
import { build } from 'esbuild';
import standardTexts from 'spdx-license-list/full.js';
import { bunParts } from './bun-parts.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What may be bundled: licences that ask for no more than to be passed on. */
const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
]);

/** Those of them whose text names nobody. */
const impersonal = new Set(['Apache-2.0', 'BlueOak-1.0.0']);

/** Packages that leave the text of their licence in their repository: what it says there of the copyright. */
const copyrights = { '@redis/client': 'Copyright (c) 2022-2025, Redis, inc.' };

/** CycloneDX, with the packages that the bundler finds in use and the texts of their licences. */
export async function billOfMaterials(entryPoints, define) {
  const dir = mkdtempSync(join(tmpdir(), 'blastguard-bill-'));
  try {
    const outputFile = join(dir, 'bom.json');
    await build({
      absWorkingDir: root,
      // The data of this one is shipped, made into iam-catalogue.json.
      entryPoints: [...entryPoints, 'scripts/iam-catalogue.mjs'],
      bundle: true,
      write: false,
      outdir: dir,
      platform: 'node',
      format: 'cjs',
      mainFields: ['module', 'main'],
      external: ['./compiler.cjs', './aws.cjs', './ship-s3.cjs'],
      define,
      logLevel: 'error',
      plugins: [
        cyclonedxEsbuildPlugin({
          outputFile,
          outputReproducible: true,
          gatherLicenseTexts: true,
          logLevel: 'silent',
        }),
      ],
    });
    return JSON.parse(readFileSync(outputFile, 'utf8'));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const nameOf = ({ group, name }) => (group === undefined ? name : `${group}/${name}`);

function standardText(name, id) {
  const text = standardTexts[id].licenseText;
  if (impersonal.has(id)) return text;
  if (copyrights[name] === undefined) throw new Error(`\`${name}\` ships no text of its licence`);
  return text.replace(/^Copyright .*$/m, copyrights[name]);
}

/** The texts that a package comes with, or the one that its licence has everywhere. Throws where there is none. */
function textOf(component) {
  const name = nameOf(component);
  const ids = component.licenses?.map(
    ({ license, expression }) => license?.id ?? license?.name ?? expression,
  );
  const id = ids?.join(', ') ?? 'none';
  if (!allowed.has(id))
    throw new Error(`the licence of \`${name}\`, ${id}, is not among ${[...allowed].join(', ')}`);
  const texts = component.evidence?.licenses?.map(({ license: { text } }) =>
    Buffer.from(text.content, text.encoding ?? 'utf8').toString(),
  );
  return {
    title: `${name} ${component.version} (${id})`,
    text: (texts ?? [standardText(name, id)]).join('\n\n'),
  };
}

const rule = `${'-'.repeat(78)}\n`;

/** The licences of what is in a bill of materials, each text once. Throws when one is missing or not allowed. */
export function licencesOf({ components }) {
  const texts = new Map();
  for (const { title, text } of components.map(textOf)) {
    const key = text.replaceAll(/\s+/g, ' ').trim();
    texts.set(key, { titles: [...(texts.get(key)?.titles ?? []), title], text: text.trim() });
  }
  return [
    'Parts of others in this program, and their licences. blastguard itself is under the MIT licence.\n',
    ...[...texts.values()].map(({ titles, text }) => `${titles.join('\n')}\n\n${text}\n`),
  ].join(`\n${rule}\n`);
}

/** Bun as a component of a bill of materials, with its parts. */
export const bunComponent = (version) => ({
  type: 'platform',
  name: 'bun',
  version,
  'bom-ref': `pkg:npm/bun@${version}`,
  description: 'The runtime in the binaries',
  licenses: [{ license: { id: 'MIT' } }],
  purl: `pkg:npm/bun@${version}`,
  components: Object.entries(bunParts).flatMap(([licence, names]) =>
    names.map((name) => ({ type: 'library', name, licenses: [{ license: { name: licence } }] })),
  ),
});

/** What has to be said with a binary of the runtime in it. */
export const bunLicences = (version) =>
  [
    `
The standalone binaries also hold bun ${version} (MIT), with the names of some environment variables taken out. It has
these parts, as its own licence file says, which leads to the texts of their licences:
https://github.com/oven-sh/bun/blob/bun-v${version}/LICENSE.md

${Object.entries(bunParts)
  .map(([licence, names]) => `${licence}: ${names.join(', ')}`)
  .join('\n')}

You may change the parts under the LGPL and put them in place: build bun from its source, as that file says, then
blastguard with it in .cache/bun-${version}/TARGET/ in place of the one from npm (\`npm run build:binary\`).
`,
    ...['LGPL-2.0-only', 'LGPL-2.1-only'].map((id) => `\n${standardTexts[id].licenseText.trim()}\n`),
  ].join(`\n${rule}`);
