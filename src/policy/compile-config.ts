import { braceExpand } from 'minimatch';
import {
  type ChosenDecision,
  type Config,
  defaultConfig,
  type Exception,
  type Level,
  type LevelName,
} from '../model/config.ts';
import type { Environment, Mark } from '../model/environment.ts';
import type { KillSwitch } from '../model/kill-switch.ts';
import type { Rollout } from '../model/stage.ts';
import { compilePolicy } from './compile.ts';
import { type ConfigFile, type ConfigText, killSwitchAlone, readConfig } from './config.ts';
import { digest } from './digest.ts';
import { compileKillSwitch, countsUntrusted } from './kill-switch.ts';
import { type LoadedPack, loadPack } from './load.ts';
import { nearest } from './nearest.ts';
import { parseMatchLine } from './pattern.ts';
import { encodePolicy, type PolicyStore } from './store.ts';
import { readYaml } from './yaml-file.ts';

/** A configuration file that exists: its text, or why it cannot be read. */
export type ConfigSource = {
  readonly level: LevelName;
  readonly file: string;
  readonly content: { readonly text: string } | { readonly fault: string };
  /** For a project's file: whether its user trusted this very content. */
  readonly trust?: 'trusted' | 'changed' | 'never';
};

/** The text of a pack that a configuration file names. Throws an Error that says why it cannot be had. */
export type ReadPack = (source: ConfigSource, name: string) => string;

/** How a configuration file was taken, for people. */
export type LevelReport = {
  readonly level: LevelName;
  readonly file: string;
  readonly trust?: 'trusted' | 'changed' | 'never';
  /** Why nothing of it is in force. */
  readonly fault?: string;
  /** What is written in it and does nothing, and what only trust would put in force. */
  readonly warnings: readonly string[];
  readonly ignored: readonly string[];
  readonly rules: readonly string[];
  readonly environments: readonly Environment[];
  readonly decisions: readonly ChosenDecision[];
  readonly exceptions: readonly Exception[];
  /** Names of the kill switch's sources. */
  readonly sources: readonly string[];
};

export type CompiledConfig = {
  readonly config: Config;
  /** Rules of the files' own, each a policy file's text. */
  readonly policies: readonly { readonly level: LevelName; readonly text: string }[];
  readonly reports: readonly LevelReport[];
  /** The rules of the files' own with their examples, each pack with its level. */
  readonly ownPacks: readonly { readonly level: LevelName; readonly pack: LoadedPack }[];
};

type Settings = Partial<Pick<Config, 'onUncertain' | 'onLogFailure' | 'deadline' | 'rollout'>>;
type Compiled = {
  readonly settings: Settings;
  readonly level: Level;
  readonly report: LevelReport;
  readonly policy?: string;
  readonly killSwitch?: Omit<KillSwitch, 'id'>;
  readonly packs: readonly LoadedPack[];
};

/** A file that is left out, but for what it says of the kill switch. */
type Broken = Pick<Compiled, 'report' | 'killSwitch'>;

/**
 * Compiles configuration files, strongest first. A file with a fault is left out whole and reported; the others, and
 * the built-in rules, are not touched by it.
 */
export function compileConfig(
  sources: readonly ConfigSource[],
  builtIn: PolicyStore,
  readPack: ReadPack,
): CompiledConfig {
  const compiled = sources.map((source): Compiled | Broken => {
    try {
      return compileLevel(source, builtIn, readPack);
    } catch (error) {
      return brokenLevel(source, messageOf(error));
    }
  });
  const sound = compiled.filter((one): one is Compiled => 'level' in one);
  const switches = compiled.flatMap(({ killSwitch }) => killSwitch ?? []);
  return {
    config: {
      ...mergeSettings(sound),
      levels: sound.map(({ level }) => level),
      ...(switches.length === 0 ? {} : { killSwitch: mergeSwitches(switches) }),
    },
    policies: sound.flatMap(({ level, policy }) =>
      policy === undefined ? [] : [{ level: level.name, text: policy }],
    ),
    reports: compiled.map(({ report }) => report),
    ownPacks: sound.flatMap(({ level, packs }) => packs.map((pack) => ({ level: level.name, pack }))),
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const emptyReport = ({ level, file, trust }: ConfigSource): LevelReport => ({
  level,
  file,
  ...(trust === undefined ? {} : { trust }),
  warnings: [],
  ignored: [],
  rules: [],
  environments: [],
  decisions: [],
  exceptions: [],
  sources: [],
});

function brokenLevel(source: ConfigSource, fault: string): Broken {
  const report = { ...emptyReport(source), fault };
  if ('fault' in source.content) return { report };
  try {
    const { data } = readYaml(source.file, source.content.text, killSwitchAlone);
    const own = killSwitchOf(source, data['kill-switch']);
    if (own.killSwitch === undefined) return { report };
    return { ...own, report: { ...report, sources: own.killSwitch.sources.map(({ name }) => name) } };
  } catch {
    return { report }; // the fault is in it, or the text is no YAML
  }
}

const isTrusted = ({ trust }: ConfigSource): boolean => trust === undefined || trust === 'trusted';

function killSwitchOf(
  source: ConfigSource,
  given: ConfigText['kill-switch'],
): { readonly killSwitch?: Omit<KillSwitch, 'id'>; readonly ignored: readonly string[] } {
  if (given === undefined) return { ignored: [] };
  const { scopes, sources } = compileKillSwitch(given);
  const counting = isTrusted(source) ? sources : sources.filter(countsUntrusted);
  const left = sources.filter((one) => !counting.includes(one));
  return {
    killSwitch: { scopes, sources: counting },
    ignored: left.map(({ name }) => `kill-switch: ${name}`),
  };
}

/** Thrown if any is thrown, so every level adds to it and none takes away. */
function mergeSwitches(all: readonly Omit<KillSwitch, 'id'>[]): KillSwitch {
  const scopes = [...new Set(all.flatMap((one) => one.scopes))];
  const sources = all.flatMap((one) => one.sources);
  return { id: digest(JSON.stringify([scopes, sources])), scopes, sources };
}

function compileLevel(source: ConfigSource, builtIn: PolicyStore, readPack: ReadPack): Compiled {
  const { level: name, file, content } = source;
  if ('fault' in content) throw new Error(`${file} cannot be read: ${content.fault}`);
  const read = readConfig(file, content.text);
  const { data, faultAt } = read;
  const packs = ownPacks(source, read, builtIn, readPack);
  const declared = (program: string) => builtIn.tool(program);
  const policy = packs.length === 0 ? undefined : compilePolicy(packs, declared);
  const rules = packs.flatMap(({ pack }) => pack.rules.map(({ id }) => id));
  const environments = data.environments.map(compileEnvironment);
  const decisions = Object.entries(data.decisions).map(compileDecision);
  const exceptions = data.exceptions.map((one, i): Exception => {
    try {
      return compileException(one, builtIn);
    } catch (error) {
      throw faultAt(['exceptions', i, 'command'], messageOf(error));
    }
  });
  const trusted = isTrusted(source);
  const { killSwitch, ignored } = killSwitchOf(source, data['kill-switch']);
  return {
    settings: settingsOf(data, name),
    packs,
    level: { name, trusted, environments, decisions, exceptions },
    report: {
      ...emptyReport(source),
      warnings: warningsOf(read, [...builtIn.ids(), ...rules]),
      ignored: trusted ? [] : [...looseningOf(data), ...ignored],
      rules,
      environments,
      decisions,
      exceptions,
      sources: killSwitch?.sources.map(({ name }) => name) ?? [],
    },
    ...(killSwitch === undefined ? {} : { killSwitch }),
    ...(policy === undefined ? {} : { policy: encodePolicy(policy, '') }),
  };
}

/** The packs that a file names, and its own rules as one more. */
function ownPacks(
  source: ConfigSource,
  { data, faultAt }: ConfigFile,
  builtIn: PolicyStore,
  readPack: ReadPack,
): LoadedPack[] {
  const taken = new Set(builtIn.ids().map((id) => id.slice(0, id.indexOf('/'))));
  const packs = data.packs.map((name, i) => {
    let text: string;
    try {
      text = readPack(source, name);
    } catch (error) {
      throw faultAt(['packs', i], messageOf(error));
    }
    const loaded = loadPack(name, text);
    if (taken.has(loaded.pack.pack))
      throw loaded.faultAt(['pack'], `\`${loaded.pack.pack}\` is the name of a built-in pack`);
    return loaded;
  });
  if (data.rules.length === 0) return packs;
  const own = {
    pack: 'own',
    title: 'Own rules',
    scope: 'machine' as const,
    sources: [],
    tools: [],
    rules: data.rules,
  };
  return [...packs, { pack: own, file: source.file, faultAt }];
}

function settingsOf(data: ConfigText, name: LevelName): Settings {
  const { 'on-uncertain': onUncertain, 'on-log-failure': onLogFailure, 'deadline-ms': deadline } = data;
  return {
    ...(onUncertain === undefined ? {} : { onUncertain }),
    ...(onLogFailure === undefined ? {} : { onLogFailure }),
    ...(deadline === undefined ? {} : { deadline }),
    ...(data.rollout === undefined ? {} : { rollout: compileRollout(data.rollout, name) }),
  };
}

function compileRollout(
  { stage, closed, review, demands, 'expires-days': expiresDays }: NonNullable<ConfigText['rollout']>,
  name: LevelName,
): Rollout {
  return {
    stage,
    ceiling: name === 'managed',
    closed: closed.flatMap((glob) => braceExpand(glob)),
    demands: demands as Rollout['demands'],
    ...(review === undefined ? {} : { review }),
    ...(expiresDays === undefined ? {} : { expiresDays }),
  };
}

/** The managed file's settings stand; of the others the nearer one's do, and what nobody trusts only tightens. */
function mergeSettings(levels: readonly Compiled[]): Settings & typeof defaultConfig {
  let merged = defaultConfig;
  const fixed = new Set<string>();
  for (const { settings, level } of levels) {
    const { onUncertain, onLogFailure, deadline } = settings;
    const may = (key: string) => level.trusted && !fixed.has(key);
    if (onUncertain !== undefined && (onUncertain === 'deny' || may('onUncertain')))
      merged = { ...merged, onUncertain };
    if (onLogFailure !== undefined && (onLogFailure === 'deny' || may('onLogFailure')))
      merged = { ...merged, onLogFailure };
    if (deadline !== undefined && may('deadline')) merged = { ...merged, deadline };
    if (settings.rollout !== undefined)
      merged = { ...merged, rollout: mergeRollout(merged.rollout, settings.rollout, level.trusted) };
    if (level.name === 'managed') for (const key of Object.keys(settings)) fixed.add(key);
  }
  return merged;
}

/** The strongest file's rollout stands. Any other closes more programs, and one that nobody trusts does only that. */
function mergeRollout(above: Rollout | undefined, own: Rollout, trusted: boolean): Rollout {
  if (above !== undefined) return { ...above, closed: [...above.closed, ...own.closed] };
  if (trusted) return own;
  const closes = own.stage === 'staging' || own.stage === 'non-critical';
  return {
    stage: closes ? own.stage : 'open',
    ceiling: closes,
    closed: own.closed,
    demands: {},
    ...(own.review === true ? { review: true } : {}),
  };
}

/** What of a project's file is not in force until it is trusted. */
function looseningOf(data: ConfigText): string[] {
  const passes = Object.entries(data.decisions)
    .filter(([, chosen]) => (typeof chosen === 'string' ? [chosen] : Object.values(chosen)).includes('pass'))
    .map(([rule]) => `decisions: ${rule}`);
  const milder = data.environments
    .filter((environment) => environment.class !== 'production')
    .map(({ name }) => `environments: ${name}`);
  return [
    ...(data['on-uncertain'] === 'ask' ? ['on-uncertain: ask'] : []),
    ...(data['on-log-failure'] === 'pass' ? ['on-log-failure: pass'] : []),
    ...(data['deadline-ms'] === undefined ? [] : ['deadline-ms']),
    ...(data.rollout === undefined ? [] : ['rollout, but for what it closes']),
    ...milder,
    ...passes,
    ...data.exceptions.map(({ rule }) => `exceptions: ${rule}`),
  ];
}

const list = (globs: string | readonly string[]): readonly string[] =>
  (typeof globs === 'string' ? [globs] : globs).flatMap((glob) => braceExpand(glob));

function compileEnvironment({
  name,
  class: kind,
  critical,
  when,
}: ConfigText['environments'][number]): Environment {
  const marks = when.map(({ variable, ...others }): Mark[] => [
    ...Object.entries(others).map(
      ([dimension, globs]): Mark => ({ dimension: dimension as Mark['dimension'], globs: list(globs ?? []) }),
    ),
    ...Object.entries(variable ?? {}).map(
      ([variableName, globs]): Mark => ({ dimension: 'variable', name: variableName, globs: list(globs) }),
    ),
  ]);
  return { name, class: kind, when: marks, ...(critical === undefined ? {} : { critical }) };
}

function compileDecision([rule, chosen]: [string, ConfigText['decisions'][string]]): ChosenDecision {
  if (typeof chosen === 'string')
    return { rule, byClass: { sandbox: chosen, staging: chosen, production: chosen } };
  const entries = Object.entries(chosen).filter(([, choice]) => choice !== undefined);
  return { rule, byClass: Object.fromEntries(entries) };
}

function compileException(
  { rule, command, path, environment, until, reason }: ConfigText['exceptions'][number],
  builtIn: PolicyStore,
): Exception {
  return {
    rule,
    reason,
    ...(command === undefined ? {} : { command: compileCommand(command, builtIn) }),
    ...(path === undefined ? {} : { paths: list(path) }),
    ...(environment === undefined ? {} : { environment }),
    ...(until === undefined ? {} : { until }),
  };
}

function compileCommand(line: string, builtIn: PolicyStore): NonNullable<Exception['command']> {
  const { programs, patterns } = parseMatchLine(line);
  const names = programs.flatMap((name) => builtIn.tool(name)?.programs ?? [name]);
  return { text: line, programs: names.map((name) => name.toLowerCase()), patterns };
}

const isGlob = (id: string): boolean => /[*?]/.test(id);

/** What is written as it should be and yet does nothing. */
function warningsOf({ data, faultAt }: ConfigFile, ids: readonly string[]): string[] {
  const known = new Set(ids);
  const warnings: string[] = [];
  const checkRule = (id: string, path: readonly PropertyKey[]) => {
    // Rules of one's own may stand in the file of another level.
    if (isGlob(id) || known.has(id) || id === 'shell/unproven' || id.startsWith('own/')) return;
    const near = nearest(id, ids);
    warnings.push(
      faultAt(path, `there is no rule \`${id}\`${near ? ` (did you mean \`${near}\`?)` : ''}`).message,
    );
  };
  for (const id of Object.keys(data.decisions)) checkRule(id, ['decisions', id]);
  for (const [i, { rule }] of data.exceptions.entries()) {
    checkRule(rule, ['exceptions', i, 'rule']);
    if (rule.startsWith('blastguard/'))
      warnings.push(
        faultAt(['exceptions', i, 'rule'], `\`${rule}\` guards the guard: nothing is excepted from it`)
          .message,
      );
  }
  return warnings;
}
