import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Examination, examine } from '../src/engine/decide.ts';
import { exampleCall, examplePlan, runExamples } from '../src/engine/run-examples.ts';
import { gatherFacts } from '../src/host/facts.ts';
import type { Call } from '../src/model/call.ts';
import type { Reading } from '../src/model/command.ts';
import type { Facts } from '../src/model/facts.ts';
import type { Tool } from '../src/model/rule.ts';
import { known } from '../src/model/word.ts';
import { parseArguments } from '../src/policy/arguments.ts';
import { compilePolicy } from '../src/policy/compile.ts';
import type { LoadedPack } from '../src/policy/load.ts';
import { matchPattern } from '../src/policy/match.ts';
import type { PolicyStore } from '../src/policy/store.ts';
import { readPlain } from '../src/shell/plain.ts';
import { readCommands } from '../src/shell/read.ts';
import { unprotects } from '../src/terraform/unprotects.ts';
import { answerOf, direct, makePlace, payloadFor, play, root } from './golden/play.ts';
import { builtInPacks, openedPolicy, policyOf } from './policies-in-force.ts';
import { readers } from './shell/readers.ts';

/** Examples are judged in a place that exists nowhere, as `blastguard test` does. */
const home = '/home/dev';
const cwd = '/home/dev/project';
const placeless: Call = {
  event: 'PreToolUse',
  tool: 'Bash',
  input: {},
  cwd,
  permissionMode: 'auto',
  sessionId: 't',
};
const facts: Facts = {
  ...gatherFacts(placeless, { HOME: home }),
  projectDir: cwd,
  home,
  inspectedPlan: examplePlan,
};

const readings = new Map<string, Reading>();
function read(text: string, language: 'shell' | 'powershell'): Reading {
  const key = `${language}\n${text}`;
  const reading =
    readings.get(key) ?? readPlain(text, facts) ?? readCommands(text, language, facts, () => {}, readers);
  readings.set(key, reading);
  return reading;
}

const judge = (call: Call, policy: PolicyStore): Examination =>
  examine(call, {
    policy,
    facts,
    read: ({ text, language }) => read(text, language),
    unprotects: (touch) => unprotects(touch, facts),
    onUncertain: 'ask',
    checkTime: () => {},
  });

const whole = policyOf(builtInPacks);
type Rule = LoadedPack['pack']['rules'][number];

const place = ({ faultAt }: LoadedPack, path: readonly PropertyKey[]): string => {
  const { file, line } = faultAt(path, '');
  return `${file}:${line}`;
};

describe('every example comes out as its pack says', () => {
  test.each(builtInPacks.map((loaded) => ({ name: loaded.pack.pack, loaded })))('$name', ({ loaded }) => {
    const failures = runExamples(loaded.pack.rules, cwd, (call) => judge(call, whole).decision);
    const shown = failures.map(({ rule, kind, index, example, problem }) => {
      const at = loaded.pack.rules.findIndex(({ id }) => id === rule);
      return `${place(loaded, ['rules', at, 'examples', kind, index])}: \`${rule}\` should ${kind}: ${problem}: ${example}`;
    });
    expect(shown).toEqual([]);
  });
});

/** A policy of one rule, which has been changed, and of the tools as its pack declares them. */
function policyWith(loaded: LoadedPack, changed: Rule): PolicyStore {
  const { match, reads, writes, removes } = changed;
  const rules = match.length + reads.length + writes.length + removes.length > 0 ? [changed] : [];
  const changedPack = { ...loaded, pack: { ...loaded.pack, rules } };
  const store = openedPolicy(compilePolicy([changedPack], (program) => whole.tool(program)));
  return { ...whole, tool: store.tool, files: store.files };
}

const without = <T>(list: readonly T[], at: number): T[] => list.filter((_, i) => i !== at);

/** Whether a rule of the pack speaks of an example. */
function fires(policy: PolicyStore, example: string, id: string, kind?: 'deny' | 'ask'): boolean {
  return judge(exampleCall(example, cwd), policy).decision.findings.some(
    (finding) => finding.rule === id && (kind === undefined || finding.verdict === kind),
  );
}

/** Parts of a rule that no example of the pack would miss. */
function unnoticed(loaded: LoadedPack): string[] {
  const passing = loaded.pack.rules.flatMap(({ examples }) => examples.pass);
  return loaded.pack.rules.flatMap((rule, at) => {
    const stopped = (['deny', 'ask'] as const).flatMap((kind) =>
      rule.examples[kind].map((example) => ({ kind, example })),
    );
    const missed = (mutant: Rule) => {
      const policy = policyWith(loaded, mutant);
      return stopped.some(({ kind, example }) => !fires(policy, example, rule.id, kind));
    };
    const excusesNothing = (mutant: Rule) => {
      const policy = policyWith(loaded, mutant);
      return passing.some((example) => fires(policy, example, rule.id));
    };
    const faults: string[] = [];
    const report = (part: 'match' | 'when' | 'unless', i: number) =>
      faults.push(
        `${place(loaded, ['rules', at, part, i])}: no example notices when this line of \`${part}\` is gone`,
      );
    for (const i of rule.match.keys())
      if (!missed({ ...rule, match: without(rule.match, i) })) report('match', i);
    for (const part of ['when', 'unless'] as const) {
      for (const i of rule[part].keys())
        if (!excusesNothing({ ...rule, [part]: without(rule[part], i) })) report(part, i);
    }
    return faults;
  });
}

describe('every line of a rule is needed by an example', () => {
  test.each(builtInPacks.map((loaded) => ({ name: loaded.pack.pack, loaded })))('$name', ({ loaded }) => {
    expect(unnoticed(loaded)).toEqual([]);
  });
});

/** A word that fits a glob. */
const sample = (glob: string): string => glob.replaceAll('*', 'x').replaceAll('?', 'x');

describe('what a tool lists as reading is stopped by no rule without conditions', () => {
  const names = [
    ...new Set(builtInPacks.flatMap(({ pack }) => pack.tools.flatMap(({ programs }) => programs))),
  ];
  const tools = names
    .map((name) => whole.tool(name))
    .filter((tool): tool is Tool => tool !== undefined && tool.reads.length > 0);

  test.each(tools.map((tool) => ({ name: tool.name, tool })))('$name', ({ tool }) => {
    const stopped = tool.reads.flatMap((shape) => {
      const flags = shape.flags.flatMap(({ names: [name = ''], value }) =>
        value === undefined ? [name] : [`${name}=${sample(value)}`],
      );
      const words = shape.words.filter((word) => word !== '**').map(sample);
      const args = parseArguments(tool, [...words, ...flags].map(known));
      return tool.rules
        .filter(({ when, unless }) => when.length + unless.length === 0)
        .filter(({ match }) => match.some((pattern) => matchPattern(pattern, tool, args).certainty === 'yes'))
        .map(({ id }) => `\`${[tool.name, ...words, ...flags].join(' ')}\` reads, and \`${id}\` stops it`);
    });
    expect(stopped).toEqual([]);
  });
});

type Denied = { readonly rule: string; readonly example: string };
const denied: readonly Denied[] = builtInPacks.flatMap(({ pack }) =>
  pack.rules.flatMap(({ id, examples }) => examples.deny.map((example) => ({ rule: id, example }))),
);

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
const forms: Readonly<Record<string, (example: string) => string>> = {
  bare: (example) => example,
  'in sudo': (example) => `sudo bash -c ${quoted(example)}`,
  'in bash -c': (example) => `bash -c ${quoted(example)}`,
  'in a compound': (example) => `cd . && ls; ${example}`,
};

describe('every denied example is denied by what is built', () => {
  const there = makePlace();
  afterAll(there.remove);
  const environment = { PATH: there.environment.PATH ?? '', HOME: home };

  test('there are examples', () => {
    expect(denied.length).toBeGreaterThan(500);
  });

  test.each(Object.keys(forms))('%s, in one process', { timeout: 60_000 }, (form) => {
    const write = forms[form] as (example: string) => string;
    const asked = denied.flatMap((one) => {
      const call = exampleCall(one.example, cwd);
      if (form === 'bare') return [{ ...one, call }];
      return call.tool === 'Bash'
        ? [{ ...one, call: { ...call, input: { command: write(one.example) } } }]
        : [];
    });
    const lines = asked.map(({ call }, i) =>
      JSON.stringify({
        hook_event_name: 'PreToolUse',
        tool_name: call.tool,
        tool_input: call.input,
        cwd,
        permission_mode: 'auto',
        tool_use_id: String(i),
      }),
    );
    const { stdout, status } = spawnSync(process.execPath, [join(root, 'dist/cli.cjs'), 'check', '--jsonl'], {
      input: `${lines.join('\n')}\n`,
      env: { ...environment, CLAUDE_PROJECT_DIR: cwd },
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    expect(status).toBe(0);
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers).toHaveLength(asked.length);
    const slipped = asked.filter(({ rule }, i) => {
      const { verdict, findings } = answers[i];
      return verdict !== 'deny' || !findings.some((finding: { rule: string }) => finding.rule === rule);
    });
    expect(slipped.map(({ rule, call }) => `${rule}: ${JSON.stringify(call.input)}`)).toEqual([]);
  });

  test('by the hook itself, a sample of them', { timeout: 60_000 }, async () => {
    const commands = denied.filter(({ example }) => exampleCall(example, cwd).tool === 'Bash');
    const step = Math.max(1, Math.floor(commands.length / 50));
    for (const { rule, example } of commands.filter((_, i) => i % step === 0)) {
      const payload = JSON.parse(payloadFor(there, 'Bash', { command: example }, 'auto'));
      const played = await play(direct, {
        environment: { ...environment, CLAUDE_PROJECT_DIR: cwd },
        cwd: '/',
        input: JSON.stringify({ ...payload, cwd }),
      });
      expect([rule, example, answerOf(played).verdict]).toEqual([rule, example, 'deny']);
    }
  });
});
