import { type Certainty, either } from '../model/certainty.ts';
import type { Command } from '../model/command.ts';
import type { Facts } from '../model/facts.ts';
import { programNames } from '../model/program.ts';
import { showWord, textsOf, type Word } from '../model/word.ts';
import { fitsText } from '../policy/glob.ts';
import { type MergedResource, mergeModule, readSource } from './configuration.ts';
import { asBoolean } from './hcl/constant.ts';
import { preventDestroy, type Standing, settingOf } from './protection.ts';
import { sedEdit } from './sed-edit.ts';
import { looseProtections } from './stateful/names.ts';
import { statefulTypes } from './stateful/types.ts';

/** What a call does to a file, as far as it is known. */
export type Touch = {
  readonly kind: 'write' | 'remove';
  /** Absolute, perhaps with globs; undefined where it cannot be known. */
  readonly path: string | undefined;
  readonly input: Readonly<Record<string, unknown>>;
  /** The command that does it; without one it is a tool for editing, and `input` is what it was given. */
  readonly command?: Command;
  /** What the text of the call is known to put there. */
  readonly written?: readonly Word[];
};

const LARGEST = 4 << 20;
const isTerraform = (path: string): boolean => /\.(?:tf|tofu)(?:\.json)?$/i.test(path);

/**
 * Whether the call takes protection away from something in a Terraform file: what Terraform itself and the provider
 * refuse before and would do after. Compared on the file's real text where that is known, else on the words of the call.
 */
export function unprotects(touch: Touch, facts: Facts): Certainty {
  if (touch.path === undefined) return mentions(touch.command);
  return filesOf(touch.path, facts)
    .map((path) => inFile(path, touch, facts))
    .reduce(either, 'no');
}

function filesOf(path: string, facts: Facts): readonly string[] {
  if (!/[*?[{]/.test(path)) return [path];
  const cut = path.lastIndexOf('/');
  const [dir, glob] = [path.slice(0, cut), path.slice(cut + 1).replace(/\[[^\]]*\]/g, '?')];
  const found = facts.list(dir).filter((name) => isTerraform(name) && fitsText(glob, name));
  return found.length === 0 ? [path] : found.map((name) => `${dir}/${name}`);
}

function inFile(path: string, touch: Touch, facts: Facts): Certainty {
  const before = facts.readText(path, LARGEST);
  if (touch.command === undefined) return edited(path, before, touch.input, facts);
  if (touch.kind === 'remove')
    return isRenamed(path, touch.command, facts) ? 'no' : lost(path, before, '', facts);
  const after = commandResult(before, touch.command, touch, facts);
  if (after !== undefined) return lost(path, before, after, facts);
  const said = mentions(touch.command);
  const isOpen = before !== undefined && replacesText(touch.command);
  return said === 'no' && isOpen && assignmentsIn(before).some((one) => one.isSafe) ? 'maybe' : said;
}

/** Whether a command puts text into the file that cannot be known; others change its mode, or restore what was committed. */
function replacesText({ words: [program], redirections }: Command): boolean {
  if (redirections.some(({ operator }) => operator.includes('>'))) return true;
  const name = program === undefined ? undefined : programNames(program)?.[0];
  return name === undefined || /^(?:g?sed|tee|cp|mv|install|curl|wget|dd|sponge|truncate|patch)$/.test(name);
}

/** What the tools for editing leave behind: https://code.claude.com/docs/en/tools */
function edited(
  path: string,
  before: string | undefined,
  input: Readonly<Record<string, unknown>>,
  facts: Facts,
): Certainty {
  if (typeof input.content === 'string') return lost(path, before, input.content, facts);
  const edits = (Array.isArray(input.edits) ? input.edits : [input]).flatMap((one: unknown) => {
    if (typeof one !== 'object' || one === null) return [];
    const { old_string: from, new_string: to, replace_all: all } = one as Readonly<Record<string, unknown>>;
    return typeof from === 'string' && typeof to === 'string' ? [{ from, to, all: all === true }] : [];
  });
  let after = before;
  for (const { from, to, all } of edits) {
    if (after === undefined || (from !== '' && !after.includes(from)))
      return edits.map((edit) => fragmentLost(edit.from, edit.to)).reduce(either, 'no');
    if (from === '') after = to;
    else after = all ? after.replaceAll(from, () => to) : after.replace(from, () => to);
  }
  return after === undefined ? 'no' : lost(path, before, after, facts);
}

/** Compares a file before and after. One that was not there before can only say that it does not protect. */
function lost(path: string, before: string | undefined, after: string, facts: Facts): Certainty {
  if (before === undefined) {
    const resources = resourcesIn(path, after);
    return resources.some((resource) => preventDestroy(resource).state === 'off') ? 'yes' : 'no';
  }
  if (before === after) return 'no';
  const had = resourcesIn(path, before);
  const fresh = readSource({ file: path, text: after });
  const has = new Map(
    mergeModule([asBase(fresh)])
      .resources.concat(mergeModule([asBase(fresh)]).calls)
      .map((one) => [one.address, one]),
  );
  const released = new Set(fresh.released);
  let answer: Certainty = 'no';
  for (const resource of had) {
    const now = has.get(resource.address);
    if (now !== undefined) answer = either(answer, weakened(resource, now));
    else if (preventDestroy(resource).state === 'safe' && !released.has(resource.address))
      answer = either(answer, standsElsewhere(resource, path, facts) ? 'no' : 'yes');
    if (answer === 'yes') return 'yes';
  }
  // What is left of a file that is not valid any more is compared by its words.
  return fresh.faults.length > 0 ? either(answer, fragmentLost(before, after)) : answer;
}

/** An override file alone is read like any other: what it says is what counts. */
const asBase = <T extends { readonly file: string }>(file: T): T => ({ ...file, file: 'main.tf' });

function resourcesIn(path: string, text: string): readonly MergedResource[] {
  const { resources, calls } = mergeModule([asBase(readSource({ file: path, text }))]);
  return [...resources, ...calls];
}

function weakened(before: MergedResource, now: MergedResource): Certainty {
  const lifecycle = compare(preventDestroy(before), preventDestroy(now));
  const known = statefulTypes.get(before.type)?.settings ?? [];
  const named = looseProtections
    .filter(({ name }) => !known.some(({ path }) => path.length === 1 && path[0] === name))
    .map(({ name, isOff }) => ({
      path: [name],
      isSafe: (value: Parameters<typeof isOff>[0]) => !isOff(value),
      safeWhenUnset: true,
    }));
  return [...known, ...named]
    .map((setting) => {
      const full = { weight: 'high', risk: '', ...setting } as const;
      return compare(settingOf(before, full), settingOf(now, full));
    })
    .reduce(either, lifecycle);
}

function compare(before: Standing, now: Standing): Certainty {
  if (before.state === 'safe') return now.state === 'safe' ? 'no' : now.state === 'unknown' ? 'maybe' : 'yes';
  return before.state === 'unknown' && now.state === 'off' ? 'yes' : 'no';
}

/** Whether another file of the directory has the resource, protected: then it was only moved. */
function standsElsewhere({ address }: MergedResource, path: string, facts: Facts): boolean {
  const dir = path.slice(0, path.lastIndexOf('/'));
  return facts.list(dir).some((name) => {
    const file = `${dir}/${name}`;
    if (!isTerraform(name) || file === path) return false;
    const text = facts.readText(file, LARGEST);
    return (
      text !== undefined &&
      resourcesIn(file, text).some((one) => one.address === address && preventDestroy(one).state === 'safe')
    );
  });
}

/** `mv main.tf db.tf` keeps what stands in it in the same directory. */
function isRenamed(path: string, { words, cwd }: Command, facts: Facts): boolean {
  const program = words[0];
  if (program === undefined || programNames(program)?.includes('mv') !== true) return false;
  const to = textsOf(words.at(-1) as Word)?.[0];
  if (to === undefined || !isTerraform(to)) return false;
  const target = to.startsWith('/') ? to : `${cwd ?? facts.cwd}/${to}`;
  const dirOf = (file: string) => facts.realPath(file.slice(0, file.lastIndexOf('/')) || '/');
  return dirOf(target) === dirOf(path);
}

/** The text that a command leaves in a file; undefined where that cannot be known. */
function commandResult(
  before: string | undefined,
  command: Command,
  { written }: Touch,
  facts: Facts,
): string | undefined {
  const [program, ...args] = command.words;
  const name = program === undefined ? '' : (programNames(program)?.[0] ?? '');
  const texts = args.map((arg) => (arg.kind === 'known' ? arg.text : undefined));
  if ((name === 'sed' || name === 'gsed') && before !== undefined && !texts.includes(undefined))
    return sedResult(texts as string[], before);
  if (/^(?:cp|mv|install)$/.test(name)) {
    const from = texts.filter((text) => text !== undefined && !text.startsWith('-'))[0];
    if (from === undefined) return undefined;
    const cwd = command.cwd ?? facts.cwd;
    return facts.readText(from.startsWith('/') ? from : `${cwd}/${from}`, LARGEST);
  }
  const last = written?.at(-1);
  return last?.kind === 'known' ? last.text : undefined;
}

function sedResult(args: readonly string[], before: string): string | undefined {
  const extended = args.some((arg) => /^-[a-z]*[Er]/.test(arg) || arg === '--regexp-extended');
  const scripts = args.flatMap((arg, i) => (/^(?:-e|--expression)$/.test(arg) ? [args[i + 1] ?? ''] : []));
  const operands = args.filter(
    (arg, i) => !/^-./.test(arg) && !/^(?:-e|--expression)$/.test(args[i - 1] ?? ''),
  );
  if (args.some((arg) => /^(?:-n|-f|--quiet|--file|-[a-z]*[nfsz])/.test(arg))) return undefined;
  // BSD's -i takes a suffix as a word of its own, often an empty one.
  const own = scripts.length > 0 ? scripts : operands.filter((text) => text !== '').slice(0, 1);
  let text: string | undefined = before;
  for (const script of own) text = text === undefined ? undefined : sedEdit(script, extended, text);
  return text;
}

const names = ['prevent_destroy', ...looseProtections.map(({ name }) => name)];
const assignment = new RegExp(
  `\\b(${names.join('|')})\\\\?"?(?:\\\\s[*+]?|[ \\t*])*[=:](?:\\\\s[*+]?|[ \\t*])*\\\\?"?([\\w-]+)`,
  'g',
);

/** What a text says of protections by their names alone, comments left out. */
function assignmentsIn(text: string): readonly { readonly name: string; readonly isSafe: boolean }[] {
  const bare = text.replace(/\/\*[\s\S]*?\*\/|(?:#|\/\/)[^\n]*/g, '');
  return [...bare.matchAll(assignment)].map(([, name = '', value = '']) => ({
    name,
    isSafe: isSafe(name, value),
  }));
}

function isSafe(name: string, value: string): boolean {
  if (name === 'prevent_destroy') return asBoolean(value) === true;
  return looseProtections.find((one) => one.name === name)?.isOff(value) === false;
}

/** Whether a part of a file protects less after than before. */
function fragmentLost(from: string, to: string): Certainty {
  const [before, after] = [assignmentsIn(from), assignmentsIn(to)];
  const count = (list: typeof before, name: string, safe: boolean) =>
    list.filter((one) => one.name === name && one.isSafe === safe).length;
  const worse = names.some(
    (name) =>
      count(after, name, true) < count(before, name, true) ||
      (count(before, name, false) < count(after, name, false) && from !== ''),
  );
  return worse ? 'yes' : 'no';
}

/** For commands whose effect cannot be worked out: whether their words speak of a protection other than to set it. */
function mentions(command: Command | undefined): Certainty {
  if (command === undefined) return 'no';
  let text = command.words.map(showWord).join('\n');
  const named = (part: string) => names.filter((name) => part.includes(name));
  if (named(text).length === 0) return 'no';
  const substitution = /\bs([/|,#@:!])((?:\\.|(?!\1)[^\n])*)\1((?:\\.|(?!\1)[^\n])*)\1/g;
  for (const [whole, , from = '', to = ''] of text.matchAll(substitution)) {
    const set = assignmentsIn(to);
    const about = new Set([...named(from), ...named(to)]);
    // A replacement of the value alone: what comes in its place decides.
    const values = asBoolean(to.replace(/.*[^\w]/, ''));
    for (const name of about) {
      const ends = set.filter((one) => one.name === name);
      const isKept =
        ends.length > 0
          ? ends.every((one) => one.isSafe)
          : values !== undefined && isSafe(name, String(values));
      if (!isKept) return 'yes';
    }
    text = text.replace(whole, '');
  }
  return named(text).length > 0 ? 'yes' : 'no';
}
