import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { policiesDir } from '../../host/installation.ts';
import { compiler } from '../../lazy.ts';
import type { LoadedPack } from '../../policy/load.ts';
import type { CliCommand } from '../command.ts';
import {
  compileFile,
  countExamples,
  describeFailure,
  failuresOf,
  openedPolicy,
  ownFailures,
  type PlacedFailure,
} from '../examples.ts';
import { readOperand } from '../fault.ts';
import type { Terminal } from '../terminal.ts';

export const test: CliCommand = {
  name: 'test',
  summary: 'Run the examples of packs, or of the rules in a configuration.',
  usage: '[FILE…]',
  operands: true,
  options: { json: { help: 'print the failures as JSON' } },
  examples: [
    ['blastguard test', 'run the examples of every built-in pack'],
    ['blastguard test my-pack.yaml', 'run those of a pack of your own, together with the built-in rules'],
    ['blastguard test .blastguard.yaml', 'run those of the rules in a configuration file'],
  ],
  exits: [
    [0, 'every example came out as expected'],
    [1, 'one did not, or a file has a fault'],
  ],
  run(args, terminal) {
    const texts = args.operands.map((file) => ({ file, text: readOperand(file, terminal.cwd).toString() }));
    const isPack = ({ text }: { readonly text: string }) => /^pack\s*:/m.test(text);
    const packs = texts.filter(isPack).map(({ file, text }) => compiler().loadPack(file, text));
    const configs = texts.filter((one) => !isPack(one)).map(({ file }) => ownResults(file, terminal));
    const named = packs.length > 0 || configs.length === 0 ? packResults(packs) : { packs: [], failures: [] };
    const judged = [...named.packs, ...configs.flatMap((config) => config.packs)];
    const failures = [...named.failures, ...configs.flatMap((config) => config.failures)];
    const count = countExamples(judged);
    if (args.flag('json')) terminal.out(`${JSON.stringify({ examples: count, failures })}\n`);
    else {
      for (const failure of failures) terminal.err(`${describeFailure(failure, terminal)}\n`);
      const rules = judged.reduce((sum, { pack }) => sum + pack.rules.length, 0);
      terminal.out(
        `${count} examples of ${rules} rules in ${judged.length} packs: ${count - failures.length} as expected, ${failures.length} not\n`,
      );
    }
    return failures.length === 0 ? 0 : 1;
  },
};

type Results = { readonly packs: readonly LoadedPack[]; readonly failures: readonly PlacedFailure[] };

/** The named packs together with the built-in ones, or these alone. */
function packResults(named: readonly LoadedPack[]): Results {
  const { loadPack, compilePacks } = compiler();
  const builtIn = builtInFiles().map((file) => loadPack(file, readFileSync(file, 'utf8')));
  const names = new Set(named.map(({ pack }) => pack.pack));
  const all = [...builtIn.filter(({ pack }) => !names.has(pack.pack)), ...named];
  const policy = openedPolicy(compilePacks(all, 'test'));
  const packs = named.length > 0 ? named : builtIn;
  return { packs, failures: packs.flatMap((loaded) => failuresOf(loaded, policy)) };
}

/** The rules of a configuration file. Throws an Error with its fault when it has one. */
function ownResults(file: string, terminal: Terminal): Results {
  const compiled = compileFile(file, terminal);
  const fault = compiled.reports.find((report) => report.fault !== undefined)?.fault;
  if (fault !== undefined) throw new Error(fault);
  return { packs: compiled.ownPacks.map(({ pack }) => pack), failures: ownFailures(compiled) };
}

function builtInFiles(): string[] {
  const dir = policiesDir();
  if (!existsSync(dir))
    throw new Error(
      'this installation holds the built-in packs in compiled form alone, as the plugin of Claude Code does, and examples are in their sources: install blastguard from npm, as a binary or from its repository; `blastguard test .blastguard.yaml` runs those of a configuration here, too',
    );
  return readdirSync(dir)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => join(dir, name));
}
