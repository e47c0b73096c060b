import { resolve } from 'node:path';
import { decide } from '../engine/decide.ts';
import { examplePlan, type Failure, runExamples } from '../engine/run-examples.ts';
import { packText, readPackFile } from '../host/config.ts';
import { asText, readContent } from '../host/config-files.ts';
import { gatherFacts } from '../host/facts.ts';
import { openBuiltInPolicy } from '../host/policy-file.ts';
import { callReader, compiler, protectionReader } from '../lazy.ts';
import type { LevelName } from '../model/config.ts';
import type { CompiledConfig } from '../policy/compile-config.ts';
import type { LoadedPack } from '../policy/load.ts';
import { openPolicy, type PolicyLayer, type PolicyStore } from '../policy/store.ts';
import { UsageError } from './args.ts';
import type { Terminal } from './terminal.ts';

/** Examples are judged in a place that exists nowhere, so that what lies on this disk does not count. */
const place = { cwd: '/home/dev/project', home: '/home/dev' };

/** An example that came out otherwise than its pack says, and where it stands (`FILE:LINE:COLUMN`). */
export type PlacedFailure = Failure & { readonly where: string };

/** The failures among a pack's examples, judged by the built-in policy and the rules of the user's own. */
export function failuresOf(
  { pack, faultAt }: LoadedPack,
  policy: PolicyStore,
  own: readonly PolicyLayer[] = [],
): PlacedFailure[] {
  const failures = runExamples(pack.rules, place.cwd, (call) => {
    const facts = {
      ...gatherFacts(call, { HOME: place.home }),
      projectDir: place.cwd,
      home: place.home,
      inspectedPlan: examplePlan,
    };
    const read = callReader(facts, () => {});
    const unprotects = protectionReader(facts);
    return decide(call, { policy, own, facts, read, unprotects, onUncertain: 'ask', checkTime: () => {} });
  });
  return failures.map((failure) => {
    const rule = pack.rules.findIndex(({ id }) => id === failure.rule);
    const at = faultAt(['rules', rule, 'examples', failure.kind, failure.index], failure.problem);
    return { ...failure, where: `${at.file}:${at.line}:${at.column}` };
  });
}

/** How many examples packs have. */
export const countExamples = (packs: readonly LoadedPack[]): number =>
  packs
    .flatMap(({ pack }) => pack.rules)
    .reduce(
      (sum, { examples }) => sum + examples.deny.length + examples.ask.length + examples.pass.length,
      0,
    );

/** Compiles one configuration file, as if it were the only one. Throws UsageError when there is none. */
export function compileFile(name: string, { cwd }: Terminal, level: LevelName = 'user'): CompiledConfig {
  const file = resolve(cwd, name);
  const content = readContent(file);
  if (content.state === 'missing') throw new UsageError(`no such file: \`${name}\``);
  return compiler().compileConfig(
    [{ level, file, content: asText(content) }],
    openBuiltInPolicy(),
    (from, pack) => packText(readPackFile(from, pack), pack),
  );
}

/** The failures among the examples of a configuration file's own rules, judged with its own and the built-in rules. */
export function ownFailures({ ownPacks, policies }: CompiledConfig): PlacedFailure[] {
  const own = policies.map(({ level, text }): PolicyLayer => ({ level, store: openedPolicy(text) }));
  return ownPacks.flatMap(({ pack }) => failuresOf(pack, openBuiltInPolicy(), own));
}

/** A policy that was just compiled, read from memory. */
export function openedPolicy(text: string): PolicyStore {
  const bytes = Buffer.from(text);
  const head = text.slice(0, text.indexOf('\n'));
  return openPolicy(head, bytes.length, (offset, length) => bytes.toString('utf8', offset, offset + length));
}

/** A failure for people, in two lines. */
export const describeFailure = (
  { where, rule, kind, example, problem }: PlacedFailure,
  { colours }: Terminal,
): string =>
  `${where}: ${colours.red(`\`${rule}\` should ${kind}`)}: ${problem}\n    ${example.replaceAll('\n', '\n    ')}`;
