#!/usr/bin/env node
// What a call costs: runs of the built hook, interleaved with runs of `node -e 0`, as medians and ratios to it.
// --runs N, --smoke (a few runs, generous limits, for machines that others use too), --json. Exits 1 past a limit.

import { spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse, stringify } from 'yaml';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values: options } = parseArgs({
  options: { runs: { type: 'string' }, smoke: { type: 'boolean' }, json: { type: 'boolean' } },
});
const runs = Number(options.runs ?? (options.smoke ? 7 : 60));
const copies = 10;

// One core for everything, so that no run is moved between cores and caches while it is timed.
if (process.env.BENCH_PINNED === undefined && spawnSync('taskset', ['-c', '0', 'true']).status === 0) {
  const core = String(cpus().length - 1);
  const env = { ...process.env, BENCH_PINNED: core };
  const again = spawnSync('taskset', ['-c', core, process.execPath, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env,
  });
  process.exit(again.status ?? 1);
}

const top = realpathSync(mkdtempSync(join(tmpdir(), 'blastguard-bench-')));
process.on('exit', () => rmSync(top, { recursive: true, force: true }));
const home = join(top, 'home');
const project = join(home, 'project');
mkdirSync(project, { recursive: true });

// Nothing of the caller's: NODE_EXTRA_CA_CERTS alone adds more to a start than the hook does.
const env = {
  PATH: process.env.PATH,
  HOME: home,
  XDG_STATE_HOME: join(top, 'state'),
  CLAUDE_PROJECT_DIR: project,
};

const calls = [
  {
    name: 'other tool (Read)',
    tool: 'Read',
    input: { file_path: join(project, 'a.txt') },
    limit: 1.3,
    binary: 0.6,
  },
  { name: 'plain words', tool: 'Bash', input: { command: 'ls -la' }, limit: 1.3, binary: 0.6 },
  {
    name: 'line with grammar',
    tool: 'Bash',
    input: { command: 'git log --oneline | head -3 && echo "done $HOME"' },
    limit: 1.6,
    binary: 0.8,
  },
  {
    name: 'denial',
    tool: 'Bash',
    input: { command: 'terraform destroy' },
    limit: 1.65,
    binary: 0.8,
    denies: true,
  },
];

function payloadFile({ name, tool, input }) {
  const payload = {
    session_id: '00000000-0000-4000-8000-000000000001',
    transcript_path: join(home, 't.jsonl'),
    cwd: project,
    permission_mode: 'auto',
    hook_event_name: 'PreToolUse',
    tool_name: tool,
    tool_input: input,
    tool_use_id: 'toolu_1',
  };
  const file = join(top, `${name.replace(/\W+/g, '-')}.json`);
  writeFileSync(file, `${JSON.stringify(payload)}\n`);
  return file;
}

function build(...args) {
  const run = spawnSync(process.execPath, [join(root, 'scripts/build.mjs'), ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  if (run.status === 0) return;
  process.stderr.write(`bench: build.mjs ${args.join(' ')} failed\n${run.stdout}${run.stderr}`);
  process.exit(1);
}

/** Every text of a pack with its programs renamed: `terraform destroy` becomes `terraform-x3 destroy`. */
function renamed(value, rename) {
  if (typeof value === 'string') return rename(value);
  if (Array.isArray(value)) return value.map((each) => renamed(each, rename));
  return Object.fromEntries(Object.entries(value ?? {}).map(([key, each]) => [key, renamed(each, rename)]));
}

/** Writes the packs, and nine more of each for programs that do not exist. Rules about blastguard's own files stay single. */
function multiplyPolicies(into) {
  mkdirSync(into);
  let rules = 0;
  for (const name of readdirSync(join(root, 'policies')).filter((each) => /\.ya?ml$/.test(each))) {
    const source = readFileSync(join(root, 'policies', name), 'utf8');
    writeFileSync(join(into, name), source);
    const pack = parse(source);
    const programs = (pack.tools ?? []).flatMap((tool) => tool.programs);
    const commandRules = pack.rules.filter((rule) => rule.match?.length > 0 && !rule.writes && !rule.removes);
    rules += pack.rules.length;
    if (programs.length === 0 || commandRules.length === 0) continue;
    for (let i = 1; i < copies; i += 1) {
      const words = new RegExp(
        `(?<![\\w./-])(${programs.map(RegExp.escape ?? escapeRegExp).join('|')})(?![\\w-])`,
        'g',
      );
      const rename = (text) => text.replace(words, `$1-x${i}`);
      const copy = {
        ...pack,
        pack: `${pack.pack}-x${i}`,
        tools: pack.tools.map((tool) => ({ ...tool, programs: tool.programs.map(rename) })),
        rules: commandRules.map((rule) => ({
          ...rule,
          id: rule.id.replace(pack.pack, `${pack.pack}-x${i}`),
          match: renamed(rule.match, rename),
          examples: renamed(rule.examples, rename),
        })),
      };
      rules += copy.rules.length;
      writeFileSync(join(into, `${copy.pack}.yaml`), stringify(copy));
    }
  }
  return rules;
}

function escapeRegExp(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function time({ argv: [program, ...args], payload, denies }) {
  const stdin = openSync(payload, 'r');
  const start = process.hrtime.bigint();
  const run = spawnSync(program, args, { cwd: project, env, stdio: [stdin, 'pipe', 'pipe'] });
  const took = Number(process.hrtime.bigint() - start) / 1e6;
  closeSync(stdin);
  const answered = run.stdout?.includes('"deny"') ?? false;
  if (run.status === 0 && answered === denies) return took;
  process.stderr.write(
    `bench: \`${program} ${args.join(' ')}\` gave status ${run.status}: ${run.stdout}${run.stderr}\n`,
  );
  process.exit(1);
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

function shuffle(list) {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i -= 1) {
    const j = Math.floor(Math.random() * (i + 1));
    [copy[i], copy[j]] = [copy[j], copy[i]];
  }
  return copy;
}

const many = join(top, 'policies');
const rules = multiplyPolicies(many);
build('--out', join(top, 'dist'), '--policies', many);

const baseline = {
  name: 'node -e 0',
  argv: [process.execPath, '-e', '0'],
  payload: payloadFile(calls[0]),
  denies: false,
  took: [],
};
// Built by `npm run build:binary`; one of another build would be measured in vain.
const [binary] = readdirSync(root).includes('artifacts')
  ? readdirSync(join(root, 'artifacts'))
      .map((name) => join(root, 'artifacts', name))
      .filter((file) => file.includes(`blastguard-${process.platform}-${process.arch}`) && isSameBuild(file))
  : [];

function isSameBuild(file) {
  const versions = [[file], [process.execPath, join(root, 'dist/cli.cjs')]].map(
    ([program, ...args]) => spawnSync(program, [...args, '--version'], { encoding: 'utf8' }).stdout,
  );
  return versions[0] !== '' && versions[0] === versions[1];
}

const cases = calls.flatMap((call) => {
  const shared = {
    call: call.name,
    limit: call.limit,
    payload: payloadFile(call),
    denies: call.denies === true,
  };
  return [
    { ...shared, way: 'direct', argv: [process.execPath, join(root, 'dist/hook.cjs')], took: [] },
    {
      ...shared,
      way: 'launcher',
      argv: [join(root, 'hooks/blastguard-hook'), process.execPath, join(root, 'dist/hook.cjs')],
      took: [],
    },
    ...(binary === undefined
      ? []
      : [
          { ...shared, way: 'binary', limit: call.binary, argv: [binary, 'hook'], took: [] },
          {
            ...shared,
            way: 'launcher, binary',
            limit: call.binary,
            argv: [join(root, 'hooks/blastguard-hook'), binary, 'hook'],
            took: [],
          },
        ]),
    { ...shared, way: 'ten times the rules', argv: [process.execPath, join(top, 'dist/hook.cjs')], took: [] },
  ];
});

for (const each of [baseline, ...cases]) time(each);
for (let i = 0; i < runs; i += 1) {
  for (const each of shuffle([baseline, ...cases])) each.took.push(time(each));
}

// With a handful of runs on a busy machine only a gross change can be told from noise.
const slack = options.smoke ? 1.6 : 1;
const growthLimit = options.smoke ? 0.4 : 0.03;
const base = median(baseline.took);
const rows = cases.map(({ call, way, limit, took }) => ({
  call,
  way,
  ms: median(took),
  ratio: median(took) / base,
  limit: limit * slack,
}));
for (const row of rows.filter(({ way }) => way === 'ten times the rules')) {
  const [few, many] = ['direct', row.way].map(
    (way) => cases.find((each) => each.call === row.call && each.way === way).took,
  );
  // Round by round, because a few percent are less than what the machine drifts by during a run.
  row.growth = median(many.map((took, round) => took / few[round])) - 1;
  row.limit = growthLimit;
}
for (const row of rows) row.met = (row.growth ?? row.ratio) <= row.limit;

function percent(share) {
  return `${share >= 0 ? '+' : ''}${(share * 100).toFixed(1)} %`;
}

function printTable() {
  const pinned =
    process.env.BENCH_PINNED === undefined ? 'not pinned' : `pinned to core ${process.env.BENCH_PINNED}`;
  const lines = [
    `node ${process.version}, ${runs} interleaved runs, medians, ${pinned}; node -e 0: ${base.toFixed(1)} ms`,
    '',
    `${'call'.padEnd(20)}${'way'.padEnd(22)}${'ms'.padStart(7)}${'result'.padStart(11)}${'limit'.padStart(11)}`,
    ...rows.map((row) => {
      const [result, limit] =
        row.growth === undefined
          ? [`${row.ratio.toFixed(2)} x`, `${row.limit.toFixed(2)} x`]
          : [percent(row.growth), percent(row.limit)];
      return `${row.call.padEnd(20)}${row.way.padEnd(22)}${row.ms.toFixed(1).padStart(7)}${result.padStart(11)}${limit.padStart(11)}${row.met ? '' : '  MISSED'}`;
    }),
    '',
    binary === undefined ? 'no binary of this build in artifacts/: `npm run build:binary`' : basename(binary),
    `ten times the rules: ${rules} rules in place of ${ruleCount()}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function ruleCount() {
  const packs = readdirSync(join(root, 'policies')).filter((each) => /\.ya?ml$/.test(each));
  return packs.reduce(
    (sum, name) => sum + parse(readFileSync(join(root, 'policies', basename(name)), 'utf8')).rules.length,
    0,
  );
}

if (options.json)
  process.stdout.write(
    `${JSON.stringify({ node: process.version, runs, baselineMs: base, rules, rows }, null, 2)}\n`,
  );
else printTable();
process.exitCode = rows.every((row) => row.met) ? 0 : 1;
