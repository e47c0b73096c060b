// Reads random, mixed and mutated lines: nothing may throw, and each must end within 250 ms.
//   node scripts/fuzz.mjs [--count 1000000] [--seed N]
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runInThisContext } from 'node:vm';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(Date.now() % 1e9) },
  },
});
/** A bundle that the hook loads, which is a function of a module's variables. */
function load(name) {
  const file = join(root, 'dist', name);
  const module = { exports: {} };
  runInThisContext(readFileSync(file, 'latin1'))(
    module.exports,
    createRequire(file),
    module,
    file,
    dirname(file),
  );
  return module.exports;
}
const { readCommands } = load('grammar.cjs');
const [languages, formats] = ['languages.cjs', 'formats.cjs'].map(load);
const readers = { languages: () => languages, formats: () => formats };
const corpus = readFileSync(join(root, 'test/fixtures/parse-oneliners.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line).cmd);

const budget = 250;
/** What the grammar of a shell turns on, and what runs other things. */
const pieces = JSON.parse(readFileSync(join(root, 'test/properties/grammar-pieces.json'), 'utf8'));

/** A small generator of random numbers that the seed alone decides (mulberry32). */
function randomFrom(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const facts = {
  cwd: '/home/dev/project',
  projectDir: '/home/dev/project',
  home: '/home/dev',
  temporaryDirs: ['/tmp'],
  environment: {},
  guard: { settings: [], program: [], state: [], switchName: '.claude-stop' },
  realPath: (path) => path,
  readText: () => undefined,
  isDirectory: () => false,
  list: () => [],
};

const count = Number(values.count);
const seed = Number(values.seed);
const random = randomFrom(seed);
const pick = (list) => list[random(list.length)];
const kinds = [
  () =>
    Array.from({ length: random(60) }, () => String.fromCharCode(random(pick([128, 256, 65536])))).join(''),
  () => Array.from({ length: random(30) }, () => pick(pieces)).join(''),
  () => {
    const row = pick(corpus);
    const from = random(row.length + 1);
    const to = from + random(row.length - from + 1);
    return row.slice(0, from) + pick([pick(pieces), row.slice(from, to).repeat(2), '']) + row.slice(to);
  },
];

function timeOf(text) {
  const started = performance.now();
  readCommands(text, random(16) === 0 ? 'powershell' : 'shell', facts, () => {}, readers);
  return performance.now() - started;
}

let faults = 0;
let slowest = 0;
const started = performance.now();
const report = (text, problem) => {
  faults++;
  console.log(`${problem}\n    ${JSON.stringify(text)}`);
};
console.log(`fuzz: seed ${seed}, ${count} inputs`);
for (let i = 0; i < count; i++) {
  const text = pick(kinds)();
  try {
    let took = timeOf(text);
    // A pause of the machine is no fault of the reader: what is slow is slow again.
    if (took > budget) took = Math.min(took, timeOf(text));
    slowest = Math.max(slowest, took);
    if (took > budget) report(text, `took ${took.toFixed(0)} ms`);
  } catch (error) {
    report(text, `threw ${error instanceof Error ? error.message : error}`);
  }
  if (process.stdout.isTTY && i % 20_000 === 0) process.stdout.write(`\r${i} inputs`);
}
const seconds = (performance.now() - started) / 1000;
console.log(
  `fuzz: ${count} inputs in ${seconds.toFixed(0)} s, slowest ${slowest.toFixed(0)} ms, ${faults} faults`,
);
process.exitCode = faults === 0 ? 0 : 1;
