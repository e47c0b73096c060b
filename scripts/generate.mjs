// Writes what is generated and committed: the references of rules and commands, the manual page, the README's pictures,
// and the JSON Schemas for editors. `--check` only compares.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { commandsPage, manualPage } from './manual.mjs';
import { picture } from './pictures.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const { loadPack, packJsonSchema, configJsonSchema } = require('../dist/compiler.cjs');

const packs = readdirSync(join(root, 'policies'))
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .map((name) => loadPack(`policies/${name}`, readFileSync(join(root, 'policies', name), 'utf8')).pack);

const rules = packs.flatMap((pack) => pack.rules);
const code = (text) => (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``);
const oneLine = (text) => text.replaceAll(/\s+/g, ' ').trim();

const elsewhere = ({ 'by-class': byClass = {} }) =>
  Object.entries(byClass)
    .map(
      ([kind, verdict]) =>
        `; in ${{ sandbox: 'a sandbox', unrecognised: 'what is not recognised' }[kind] ?? kind}: ${verdict}`,
    )
    .join('');

function describeRule(rule) {
  const speaksOf = [
    ...rule.match.map(code),
    ...rule.reads.map((path) => `reading ${code(path)}`),
    ...rule.writes.map((path) => `writing ${code(path)}`),
    ...rule.removes.map((path) => `removing ${code(path)}`),
  ];
  return [
    `### ${rule.id}`,
    '',
    `${rule.title}. **${rule.decision}**, ${rule.severity}${elsewhere(rule)}.`,
    '',
    `${oneLine(rule.reason)} *Instead:* ${oneLine(rule.instead)}`,
    '',
    `Speaks of: ${speaksOf.join(' · ')}`,
    ...(rule.unless.length > 0
      ? ['', `Unless: ${rule.unless.map((condition) => code(JSON.stringify(condition))).join(' or ')}`]
      : []),
    ...(rule.when.length > 0
      ? ['', `When: ${rule.when.map((condition) => code(JSON.stringify(condition))).join(' and ')}`]
      : []),
    '',
  ];
}

const page = [
  '# Rules',
  '',
  `Generated from \`policies/\` by \`npm run generate\`: ${rules.length} rules in ${packs.length} packs. How a rule is written: [writing-rules.md](writing-rules.md).`,
  '',
  '| pack | rules | what it is about |',
  '|---|---:|---|',
  ...packs.map((pack) => `| [${pack.pack}](#${pack.pack}) | ${pack.rules.length} | ${pack.title} |`),
  '',
  ...packs.flatMap((pack) => [
    `## ${pack.pack}`,
    '',
    `${pack.title}. ${pack.sources.length > 0 ? `Sources: ${pack.sources.map((source) => `<${source}>`).join(', ')}` : ''}`.trim(),
    '',
    ...pack.rules.flatMap(describeRule),
  ]),
].join('\n');

/** The commands by job, as src/ has them. */
function commandTable() {
  const outfile = join(root, '.cache/commands.cjs');
  mkdirSync(dirname(outfile), { recursive: true });
  buildSync({
    entryPoints: [join(root, 'src/cli/commands/index.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: ['*.cjs'],
    define: { BINARY: 'false' },
  });
  return require(outfile).jobs;
}

const jobs = commandTable();
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const date = /^## \S+ \((\d{4}-\d\d-\d\d)\)$/m.exec(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'))?.[1];

const files = {
  'docs/pictures/check.svg': picture(
    `blastguard check 'T=terraform; sudo "$T" -chdir=prod destroy'`,
    ['check', 'T=terraform; sudo "$T" -chdir=prod destroy'],
    2,
  ),
  'docs/pictures/help.svg': picture('blastguard', [], 0),
  'docs/commands.md': commandsPage(jobs),
  'docs/blastguard.1': manualPage(jobs, { version, date }),
  'docs/rules.md': `${page.trimEnd()}\n`,
  'docs/pack.schema.json': `${JSON.stringify(packJsonSchema(), null, 2)}\n`,
  'docs/config.schema.json': `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
};

let stale = 0;
for (const [name, text] of Object.entries(files)) {
  const file = join(root, name);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  if (process.argv.includes('--check')) {
    console.error(`${name} is not what \`npm run generate\` writes`);
    stale++;
  } else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
process.exitCode = stale > 0 ? 1 : 0;
