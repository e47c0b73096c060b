import { braceExpand } from 'minimatch';
import type {
  ByClass,
  CodeOptions,
  Condition,
  FilePattern,
  FileRule,
  FlagPattern,
  GuardPlace,
  Lands,
  Pattern,
  Rule,
  Tool,
} from '../model/rule.ts';
import { styledFlag } from './flag-style.ts';
import { fitsText, isGlob } from './glob.ts';
import type { LoadedPack } from './load.ts';
import { parseFlag, parseMatchLine, parseReadsLine } from './pattern.ts';
import type { Pack } from './schema.ts';

/** A policy ready for matching: a tool by each of its programs' names, and the rules about files. */
export type Policy = { readonly tools: ReadonlyMap<string, Tool>; readonly files: readonly FileRule[] };

type PackRule = Pack['rules'][number];
type PackTool = Pack['tools'][number];
type Draft = { -readonly [K in keyof Tool]: Tool[K] extends readonly (infer T)[] ? T[] : Tool[K] };

const guardPlaces: readonly string[] = ['settings', 'program', 'state', 'switch'] satisfies GuardPlace[];

/** A tool as other packs declare it, by a program's name. */
type Declared = (program: string) => Tool | undefined;

/**
 * Compiles packs into one policy. What they do not declare of a tool is as `declared` has it. Throws PolicyError for a
 * line of `match` that cannot be read, or an id used twice.
 */
export function compilePolicy(packs: readonly LoadedPack[], declared: Declared = () => undefined): Policy {
  const drafts = new Map<string, Draft>();
  const programsOf = new Map<string, readonly string[]>();
  for (const { pack, faultAt } of packs) {
    for (const [t, tool] of pack.tools.entries()) {
      const names = tool.programs.map((program) => program.toLowerCase());
      const [name = ''] = names;
      programsOf.set(name, [...new Set([...(programsOf.get(name) ?? []), ...names])]);
      for (const program of names) {
        const draft = drafts.get(program) ?? draftOf(program, declared);
        drafts.set(program, draft);
        try {
          declare(draft, tool);
          if ((tool.scope ?? pack.scope) === 'environment') draft.remote = true;
        } catch (error) {
          throw faultAt(['tools', t, 'reads'], messageOf(error));
        }
      }
    }
  }
  const files: FileRule[] = [];
  const seen = new Set<string>();
  for (const { pack, faultAt } of packs) {
    for (const [r, rule] of pack.rules.entries()) {
      if (seen.has(rule.id)) throw faultAt(['rules', r, 'id'], `the id \`${rule.id}\` is used twice`);
      if (!rule.id.startsWith(`${pack.pack}/`)) {
        throw faultAt(['rules', r, 'id'], `the id \`${rule.id}\` does not start with \`${pack.pack}/\``);
      }
      seen.add(rule.id);
      for (const part of ['when', 'unless'] as const) {
        for (const [c, condition] of rule[part].entries()) {
          try {
            if (Array.isArray(condition.flags)) for (const flag of condition.flags) parseFlag(flag);
          } catch (error) {
            throw faultAt(['rules', r, part, c, 'flags'], `${messageOf(error)}, in rule \`${rule.id}\``);
          }
        }
      }
      const byProgram = new Map<string, Pattern[]>();
      for (const [m, line] of rule.match.entries()) {
        try {
          const { programs, patterns } = parseMatchLine(line);
          const named = (name: string) => programsOf.get(name) ?? declared(name)?.programs ?? [name];
          for (const program of programs.map((name) => name.toLowerCase()).flatMap(named)) {
            byProgram.set(program, [...(byProgram.get(program) ?? []), ...patterns]);
          }
        } catch (error) {
          throw faultAt(['rules', r, 'match', m], `${messageOf(error)}, in rule \`${rule.id}\``);
        }
      }
      for (const [program, patterns] of byProgram) {
        const draft = drafts.get(program) ?? draftOf(program, declared);
        drafts.set(program, draft);
        addRule(draft, rule, patterns);
      }
      if (rule.reads.length + rule.writes.length + rule.removes.length > 0)
        files.push(compileFileRule(rule, (key, i, why) => faultAt(['rules', r, key, i], why)));
    }
  }
  for (const [name, programs] of programsOf) {
    const draft = drafts.get(name);
    if (draft && programs.length > 1) draft.programs = programs;
  }
  // A program that has a name of its own here answers to the patterns that fit it, too.
  for (const [glob, { rules }] of drafts) {
    if (!isGlob(glob)) continue;
    for (const [name, draft] of drafts) if (!isGlob(name) && fitsText(glob, name)) draft.rules.push(...rules);
  }
  return { tools: drafts, files };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A draft without rules, which nothing that is declared elsewhere shares arrays with. */
function draftOf(name: string, declared: Declared): Draft {
  const tool = declared(name);
  if (tool === undefined) return emptyTool(name);
  const { values, switches, commandOptions, argumentVariables, reads, ...others } = tool;
  return {
    ...others,
    values: [...values],
    switches: [...switches],
    commandOptions: [...commandOptions],
    argumentVariables: [...argumentVariables],
    reads: [...reads],
    rules: [],
  };
}

function emptyTool(name: string): Draft {
  return {
    name,
    style: 'gnu',
    values: [],
    switches: [],
    commandOptions: [],
    abbreviates: false,
    argumentVariables: [],
    reads: [],
    rules: [],
  };
}

function declare(draft: Draft, tool: PackTool): void {
  const dashes = (option: string) => (tool.style === 'go' ? option.replace(/^--/, '-') : option);
  draft.style = tool.style;
  draft.abbreviates = tool.abbreviates;
  draft.values.push(...tool.values.map(dashes));
  draft.switches.push(...tool.switches.map(dashes));
  draft.commandOptions.push(...tool.commands.map(dashes));
  draft.argumentVariables.push(...tool['arguments-from']);
  if (tool.code) draft.code = compileCode(tool.code, dashes);
  if (tool.endpoints) {
    const { hosts, databases, ...others } = tool.endpoints;
    draft.endpoints = { ...others, hosts: hosts.map(dashes), databases: databases.map(dashes) };
  }
  if (tool.lands) draft.lands = compileLands(tool.lands, draft, dashes);
  if (tool.local.length > 0)
    draft.local = [
      ...(draft.local ?? []),
      ...tool.local.flatMap(parseReadsLine).map((pattern) => styled(draft, pattern)),
    ];
  draft.reads.push(...tool.reads.flatMap(parseReadsLine).map((pattern) => styled(draft, pattern)));
}

/** An option that says where a command lands takes a value, declared or not. */
function compileLands(
  lands: NonNullable<PackTool['lands']>,
  draft: Draft,
  dashes: (option: string) => string,
): Lands {
  const entries = Object.entries(lands).map(([dimension, names = []]) => {
    const spelt = names.map((name) => (name.startsWith('!') ? `!${dashes(name.slice(1))}` : dashes(name)));
    const options = spelt.filter((name) => name.startsWith('-') && !draft.switches.includes(name));
    draft.values.push(...options.filter((name) => !draft.values.includes(name)));
    return [dimension, spelt] as const;
  });
  return { ...draft.lands, ...Object.fromEntries(entries) };
}

function compileCode(code: NonNullable<PackTool['code']>, dashes: (option: string) => string): CodeOptions {
  const { operands, options, files, ...others } = code;
  return {
    ...others,
    options: options.map(dashes),
    files: files.map(dashes),
    ...(operands === undefined ? {} : { operands }),
  };
}

const styled = (tool: Draft, pattern: Pattern): Pattern => ({
  ...pattern,
  flags: pattern.flags.flatMap((flag) => styledFlag(tool, flag)),
});

function addRule(draft: Draft, rule: PackRule, patterns: readonly Pattern[]): void {
  const compiled: Rule = {
    ...described(rule),
    match: patterns.map((pattern) => styled(draft, pattern)),
    when: rule.when.map((condition) => compileCondition(draft, condition)),
    unless: rule.unless.map((condition) => compileCondition(draft, condition)),
  };
  draft.rules.push(compiled);
  // A flag that is matched by its value takes one, declared or not.
  for (const flag of compiled.match.flatMap((pattern) => pattern.flags)) {
    if (flag.value !== undefined)
      draft.values.push(...flag.names.filter((name) => !draft.values.includes(name)));
  }
}

const described = ({
  id,
  title,
  severity,
  decision,
  'on-uncertain': onUncertain,
  'by-class': byClass,
  reason,
  instead,
}: PackRule) => ({
  id,
  title,
  severity,
  decision,
  onUncertain,
  ...(byClass === undefined ? {} : { byClass: withoutGaps(byClass) }),
  reason,
  instead,
});

const withoutGaps = ({ sandbox, staging, unrecognised }: NonNullable<PackRule['by-class']>): ByClass => ({
  ...(sandbox === undefined ? {} : { sandbox }),
  ...(staging === undefined ? {} : { staging }),
  ...(unrecognised === undefined ? {} : { unrecognised }),
});

function compileCondition(tool: Draft, condition: globalThis.Record<string, unknown>): Condition {
  const [[name, value] = ['', undefined]] = Object.entries(condition);
  if (name === 'flags') {
    return { name, value: (value as string[]).flatMap(parseFlag).map((flag) => conditionFlag(tool, flag)) };
  }
  if (name === 'program') return { name, value: (value as string[]).flatMap((glob) => braceExpand(glob)) };
  return { name, value };
}

/** A condition asks for any of its flags, so that a bundle stays one. */
const conditionFlag = (tool: Draft, flag: FlagPattern): FlagPattern =>
  tool.style === 'go' ? (styledFlag(tool, flag)[0] ?? flag) : flag;

function compileFileRule(
  rule: PackRule,
  fault: (key: string, index: number, why: string) => Error,
): FileRule {
  const compileAll = (key: 'reads' | 'writes' | 'removes') =>
    rule[key].map((text, i) => {
      try {
        return compileFilePattern(text);
      } catch (error) {
        throw fault(key, i, messageOf(error));
      }
    });
  return {
    ...described(rule),
    reads: compileAll('reads'),
    writes: compileAll('writes'),
    removes: compileAll('removes'),
    ...(rule.change === undefined ? {} : { change: rule.change }),
  };
}

function compileFilePattern(text: string): FilePattern {
  if (text.startsWith('guard:')) {
    const place = text.slice('guard:'.length);
    if (!guardPlaces.includes(place))
      throw new Error(
        `unknown place \`${text}\` (there are ${guardPlaces.map((p) => `guard:${p}`).join(', ')})`,
      );
    return { guard: place as GuardPlace };
  }
  const not = text.startsWith('!');
  const globs = braceExpand(not ? text.slice(1) : text);
  const odd = globs.find((glob) => /[[\]()!]/.test(glob) || !/^(?:\/|\*\*\/)/.test(glob));
  if (odd !== undefined)
    throw new Error(
      `\`${odd}\` is not a glob of absolute paths: it starts with \`/\` or \`**/\`, and knows \`*\`, \`?\`, \`**\` and \`{a,b}\``,
    );
  return not ? { globs, not } : { globs };
}
