// Makes the standalone binaries: the program, the policy and bun's runtime in one file. In artifacts/, beside them their
// checksums, a bill of materials and licences.
//   node scripts/binary.mjs [--all | --target NAME …] [--out DIR]
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { billOfMaterials, bunComponent, bunLicences } from './third-party.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const version = '1.4.5';
const licences = 'THIRD-PARTY-LICENSES.txt';
/** What bun calls each target, and the package of its runtime. */
const targets = {
  'linux-x64': ['bun-linux-x64', '@oven/bun-linux-x64'],
  'linux-x64-musl': ['bun-linux-x64-musl', '@oven/bun-linux-x64-musl'],
  'linux-arm64': ['bun-linux-arm64', '@oven/bun-linux-aarch64'],
  'linux-arm64-musl': ['bun-linux-arm64-musl', '@oven/bun-linux-aarch64-musl'],
  'darwin-x64': ['bun-darwin-x64', '@oven/bun-darwin-x64'],
  'darwin-arm64': ['bun-darwin-arm64', '@oven/bun-darwin-aarch64'],
  'windows-x64.exe': ['bun-windows-x64', '@oven/bun-windows-x64'],
};
const musl = !process.report.getReport().header.glibcVersionRuntime;
const here =
  process.platform === 'win32'
    ? 'windows-x64.exe'
    : `${process.platform}-${process.arch}${process.platform === 'linux' && musl ? '-musl' : ''}`;

const { values } = parseArgs({
  options: {
    all: { type: 'boolean' },
    target: { type: 'string', multiple: true },
    out: { type: 'string', default: join(root, 'artifacts') },
  },
});
const out = resolve(values.out);
const chosen = values.all ? Object.keys(targets) : (values.target ?? [here]);
const work = mkdtempSync(join(tmpdir(), 'blastguard-binary-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

function fail(text) {
  process.stderr.write(`binary: ${text}\n`);
  process.exit(1);
}

function run(program, args, options = {}) {
  const ran = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 26, ...options });
  if (ran.status === 0) return ran.stdout;
  return fail(`\`${program} ${args[0]}\` ended with ${ran.status ?? ran.error}\n${ran.stdout}${ran.stderr}`);
}

/** Bun's runtime for a target, from its package; npm checks what it fetches against the registry's digest. */
function runtime(target) {
  const [, name] =
    targets[target] ?? fail(`no target \`${target}\`; there are ${Object.keys(targets).join(', ')}`);
  const file = target.startsWith('windows') ? 'bun.exe' : 'bun';
  const kept = join(root, '.cache', `bun-${version}`, target, file);
  if (existsSync(kept)) return kept;
  process.stderr.write(`binary: fetching ${name}@${version}\n`);
  const into = mkdtempSync(join(work, 'package-'));
  const [{ filename }] = JSON.parse(
    run('npm', ['pack', '--json', '--pack-destination', into, `${name}@${version}`], { cwd: into }),
  );
  run('tar', ['-xzf', join(into, filename), '-C', into]);
  mkdirSync(dirname(kept), { recursive: true });
  copyFileSync(join(into, 'package/bin', file), `${kept}.part`);
  chmodSync(`${kept}.part`, 0o755);
  renameSync(`${kept}.part`, kept);
  return kept;
}

/** Variables by which whoever starts a program made with bun has it run other code, write files or be another program. */
const doors = [
  'BUN_OPTIONS',
  'BUN_BE_BUN',
  'BUN_INSPECT_PRELOAD',
  'BUN_INSPECT_CONNECT_TO',
  'BUN_INSPECT',
  'BUN_BYTECODE_ORDER_OUT',
  'BUN_BYTECODE_ORDER_NAMES_OUT',
  'BUN_BYTECODE_DIGEST_OUT',
  'BUN_JSC_',
];

/**
 * A copy of the runtime that does not know the variables: where a name stands, whole, its first byte becomes one that no
 * name in an environment can have. Bun has no switch for this.
 */
function hardened(target) {
  const bytes = readFileSync(runtime(target));
  for (const door of doors) {
    let count = 0;
    for (let at = bytes.indexOf(door); at >= 0; at = bytes.indexOf(door, at + door.length)) {
      bytes[at] = 0x01;
      count += 1;
    }
    if (count === 0) fail(`the runtime for ${target} does not mention ${door}: how is it read there?`);
  }
  const file = join(work, `bun-${target}`);
  writeFileSync(file, bytes, { mode: 0o755 });
  return file;
}

/** The policy in pieces, as src/host/policy-file.ts reads them. */
function policyPieces() {
  const piece = 32 * 1024;
  const bytes = readFileSync(join(root, 'dist/policy.dat'));
  mkdirSync(join(work, 'policy'));
  for (let at = 0; at < bytes.length; at += piece)
    writeFileSync(join(work, 'policy', String(at / piece)), bytes.subarray(at, at + piece));
  return { dir: '/$bunfs/root/policy', size: bytes.length, piece };
}

const cli = join(root, 'dist/cli.cjs');
const versionText = run(process.execPath, [cli, '--version']);
const define = {
  BINARY: true,
  BUILD: /build (\w+)/.exec(versionText)[1],
  POLICY: policyPieces(),
  LAUNCHER: readFileSync(join(root, 'hooks/blastguard-hook'), 'utf8'),
};

function compile(target) {
  const outfile = join(work, `blastguard-${target}`);
  const args = [
    'build',
    join(root, 'src/binary.ts'),
    '--compile',
    `--target=${targets[target][0]}`,
    `--compile-executable-path=${hardened(target)}`,
    '--bytecode',
    '--minify',
    // Chunks that are loaded when they are asked for, and machine code only for what runs long: a call is over soon.
    '--format=esm',
    '--splitting',
    '--compile-jit-policy=10',
    '--no-compile-autoload-dotenv',
    '--no-compile-autoload-bunfig',
    ...Object.entries(define).flatMap(([name, value]) => ['--define', `${name}=${JSON.stringify(value)}`]),
    '--asset=policy',
    '--asset=policies',
    '--asset=report.html',
    '--asset=iam-catalogue.json',
    `--asset=${licences}`,
    `--outfile=${outfile}`,
  ];
  // Assets keep their path below the directory of the build.
  run(runtime(here), args, { cwd: work });
  rmSync(join(out, `blastguard-${target}`), { force: true });
  copyFileSync(outfile, join(out, `blastguard-${target}`));
  chmodSync(join(out, `blastguard-${target}`), 0o755);
}

mkdirSync(out, { recursive: true });
for (const part of ['policies', 'dist/report.html', 'dist/iam-catalogue.json'])
  run('cp', ['-r', join(root, part), work]);
writeFileSync(
  join(work, licences),
  readFileSync(join(root, 'dist', licences), 'utf8') + bunLicences(version),
);
for (const target of chosen) {
  compile(target);
  process.stderr.write(`binary: ${join(out, `blastguard-${target}`)}\n`);
}
const own = join(out, `blastguard-${here}`);
if (chosen.includes(here) && run(own, ['--version']) !== versionText)
  fail(`${own} does not say \`${versionText.trim()}\` of itself`);

const bom = await billOfMaterials(['src/binary.ts'], {
  BINARY: 'true',
  POLICY: 'undefined',
  LAUNCHER: 'undefined',
});
const bun = bunComponent(version);
bom.components.push(bun);
bom.dependencies.find(({ ref }) => ref === bom.metadata.component['bom-ref']).dependsOn.push(bun['bom-ref']);
bom.dependencies.push({ ref: bun['bom-ref'] });
// The texts that are the evidence for a licence lie beside it.
const withoutTexts = (key, value) => (key === 'evidence' ? undefined : value);
writeFileSync(join(out, 'blastguard.cdx.json'), `${JSON.stringify(bom, withoutTexts, 2)}\n`);
copyFileSync(join(work, licences), join(out, licences));
const sums = readdirSync(out)
  .filter((name) => name.startsWith('blastguard') || name === licences)
  .map(
    (name) =>
      `${createHash('sha256')
        .update(readFileSync(join(out, name)))
        .digest('hex')}  ${name}\n`,
  );
writeFileSync(join(out, 'SHA256SUMS'), sums.join(''));
