import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decide } from '../../engine/decide.ts';
import { runExamples } from '../../engine/run-examples.ts';
import { gatherFacts } from '../../host/facts.ts';
import { policiesDir } from '../../host/installation.ts';
import { callReader, compiler } from '../../lazy.ts';
import type { Call } from '../../model/call.ts';
import type { LoadedPack } from '../../policy/load.ts';
import { openPolicy, type PolicyStore } from '../../policy/store.ts';
import type { CliCommand } from '../command.ts';

/** Examples are judged in a place that exists nowhere, so that what lies on this disk does not count. */
const place = { cwd: '/home/dev/project', home: '/home/dev' };

export const test: CliCommand = {
  name: 'test',
  summary: 'run the examples of packs',
  usage: '[FILE…]',
  operands: true,
  options: { json: { help: 'print the failures as JSON' } },
  examples: [
    ['blastguard test', 'run the examples of every built-in pack'],
    ['blastguard test my-pack.yaml', 'run those of a pack of your own, together with the built-in rules'],
  ],
  run(args, terminal) {
    const { loadPack, compilePacks } = compiler();
    const load = (file: string) => loadPack(file, readFileSync(file, 'utf8'));
    const named = args.operands.map(load);
    const builtIn = builtInFiles().map(load);
    const names = new Set(named.map(({ pack }) => pack.pack));
    const all = [...builtIn.filter(({ pack }) => !names.has(pack.pack)), ...named];
    const policy = opened(compilePacks(all, 'test'));
    const judged = named.length > 0 ? named : builtIn;
    const failures = judged.flatMap((loaded) => failuresOf(loaded, policy));
    const count = judged
      .flatMap(({ pack }) => pack.rules)
      .reduce(
        (sum, { examples }) => sum + examples.deny.length + examples.ask.length + examples.pass.length,
        0,
      );
    if (args.flag('json')) terminal.out(`${JSON.stringify({ examples: count, failures })}\n`);
    else {
      for (const { where, rule, kind, example, problem } of failures) {
        terminal.err(
          `${where}: ${terminal.colours.red(`\`${rule}\` should ${kind}`)}: ${problem}\n    ${example.replaceAll('\n', '\n    ')}\n`,
        );
      }
      const rules = judged.reduce((sum, { pack }) => sum + pack.rules.length, 0);
      terminal.out(
        `${count} examples of ${rules} rules in ${judged.length} packs: ${count - failures.length} as expected, ${failures.length} not\n`,
      );
    }
    return failures.length === 0 ? 0 : 1;
  },
};

function builtInFiles(): string[] {
  const dir = policiesDir();
  return readdirSync(dir)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => join(dir, name));
}

function failuresOf({ pack, faultAt }: LoadedPack, policy: PolicyStore) {
  const judge = (call: Call) => {
    const facts = { ...gatherFacts(call, { HOME: place.home }), projectDir: place.cwd, home: place.home };
    return decide(call, {
      policy,
      facts,
      read: callReader(facts, () => {}),
      onUncertain: 'ask',
      checkTime: () => {},
    });
  };
  return runExamples(pack.rules, place.cwd, judge).map((failure) => {
    const rule = pack.rules.findIndex(({ id }) => id === failure.rule);
    const at = faultAt(['rules', rule, 'examples', failure.kind, failure.index], failure.problem);
    return { ...failure, where: `${at.file}:${at.line}:${at.column}` };
  });
}

/** A policy that was just compiled, read from memory. */
function opened(text: string): PolicyStore {
  const bytes = Buffer.from(text);
  const head = text.slice(0, text.indexOf('\n'));
  return openPolicy(head, bytes.length, (offset, length) => bytes.toString('utf8', offset, offset + length));
}
