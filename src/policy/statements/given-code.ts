import { both, type Certainty, either } from '../../model/certainty.ts';
import type { Command } from '../../model/command.ts';
import type { Facts } from '../../model/facts.ts';
import type { CodeOptions, Tool } from '../../model/rule.ts';
import { textsOf, type Word } from '../../model/word.ts';
import { type Arguments, isPrefix } from '../arguments.ts';
import { absolute, isBelow } from '../paths.ts';
import type { Matched } from '../predicates/predicate.ts';
import { HOLE, type Language, perhaps, type StatementKind } from './found.ts';
import { type LanguageName, languageOf } from './languages.ts';
import { quoteWords } from './redis.ts';

/** What the code that a command gives its client does, each kind with its certainty. */
export type Kinds = ReadonlyMap<StatementKind, Certainty>;

const longestText = 1 << 18;
const mostFiles = 20;

const known = new WeakMap<Arguments, Map<number, Kinds>>();

/** The kinds of statements in the code that a matched command gives its client, by whatever way. */
export function givenKinds(matched: Matched, facts: Facts): Kinds {
  const byOperands = known.get(matched.args) ?? new Map<number, Kinds>();
  known.set(matched.args, byOperands);
  const before = byOperands.get(matched.operands.length);
  if (before !== undefined) return before;
  const kinds = matched.tool.code === undefined ? new Map() : readCode(matched.tool.code, matched, facts);
  byOperands.set(matched.operands.length, kinds);
  return kinds;
}

function readCode(options: CodeOptions, matched: Matched, facts: Facts): Kinds {
  const { tool, args, command, operands } = matched;
  const reader = new CodeReader(languageOf(options.language as LanguageName), command, facts);
  const words = operands.slice(options.operands ?? operands.length).map(({ word }) => word);
  const texts = optionValues(options.options, tool, args);
  const files = [...optionValues(options.files, tool, args), ...words.filter(isFile)];
  const operandTexts = words.filter((word) => !isFile(word));
  for (const text of texts) reader.readWord(text);
  if (!options.joined) for (const text of operandTexts) reader.readWord(text);
  else if (operandTexts.length > 0) reader.readText(quoteWords(operandTexts.map(textWithHoles)), 'yes');
  for (const file of files) {
    if (file.kind === 'known' && /^(?:-|\/dev\/(?:stdin|fd\/0))$/.test(file.text)) readInput(reader, matched);
    else reader.readFile(file);
  }
  const given = texts.length + files.length + operandTexts.length > 0;
  if (options.input === 'always' || (options.input === 'alone' && !given)) readInput(reader, matched);
  return reader.kinds;
}

function readInput(reader: CodeReader, { command }: Matched): void {
  const { input } = command;
  if (input === undefined) return;
  const from = command.redirections.findLast(({ operator }) => operator === '<');
  if (input.kind === 'unknown' && input.pieces.every((piece) => piece === null) && from)
    reader.readFile(from.target);
  else reader.readWord(input);
}

/** A word that names a file of code rather than being code. */
const isFile = (word: Word): boolean =>
  textsOf(word)?.every((text) => /^[^\s;(@][^\s;(]*\.(?:sql|js|mjs|cql|cypher|cyp)$/.test(text)) ?? false;

/** The values of options, also where a value with spaces is glued to its letter (`-c"DROP TABLE x"`). */
function optionValues(names: readonly string[], tool: Tool, { flags }: Arguments): Word[] {
  return flags.flatMap(({ name, value }): Word[] => {
    if (names.includes(name) || (tool.abbreviates && names.some((full) => isPrefix(name, full))))
      return value === undefined ? [] : [value];
    const glued = gluedValue(name, names, tool);
    if (glued === undefined) return [];
    if (value === undefined) return [{ kind: 'known', text: glued }];
    const tail: readonly (string | null)[] =
      value.kind === 'unknown' ? value.pieces : [textsOf(value)?.[0] ?? ''];
    return [
      {
        kind: 'unknown',
        pieces: [`${glued}=`, ...tail],
        many: false,
        options: false,
        why: 'the value of an option',
      },
    ];
  });
}

function gluedValue(name: string, names: readonly string[], tool: Tool): string | undefined {
  if (tool.style !== 'gnu' || !/^-[^-]/.test(name)) return undefined;
  for (let i = 1; i < name.length; i++) {
    const letter = `-${name[i]}`;
    if (names.includes(letter)) return name.slice(i + 1) || undefined;
    if (!tool.switches.includes(letter)) return undefined;
  }
  return undefined;
}

/** A hole that may be several words is two holes. */
const holeOf = (word: Word): string => (word.kind === 'unknown' && word.many ? HOLE + HOLE : HOLE);

function textWithHoles(word: Word): string {
  if (word.kind === 'known') return word.text;
  if (word.kind === 'one-of') return word.texts[0] ?? '';
  return word.pieces.map((piece) => piece ?? holeOf(word)).join('');
}

const isBlank = (word: Word): boolean =>
  word.kind === 'unknown' && word.pieces.every((piece) => piece === null);

class CodeReader {
  readonly kinds = new Map<StatementKind, Certainty>();
  private files = 0;

  constructor(
    private readonly language: Language,
    private readonly command: Command,
    private readonly facts: Facts,
  ) {}

  readWord(word: Word): void {
    const texts = word.kind === 'one-of' ? word.texts : [textWithHoles(word)];
    for (const text of texts) this.readText(text, texts.length > 1 ? 'maybe' : 'yes');
  }

  readText(text: string, limit: Certainty): void {
    const { kinds, includes } = text.length > longestText ? perhaps('unknown') : this.language(text);
    for (const { kind, certainty } of kinds) this.add(kind, both(certainty, limit));
    for (const file of includes) this.readPath(file);
  }

  readFile(word: Word): void {
    const texts = textsOf(word);
    if (texts === undefined) this.add('unknown', 'maybe');
    for (const text of texts ?? []) this.readPath(text);
  }

  private readPath(file: string): void {
    const { cwd, files } = this.command;
    const path = absolute(file, cwd, this.facts);
    const written = files?.get(path ?? `/…/${file.slice(file.lastIndexOf('/') + 1)}`);
    const text = path === undefined ? undefined : this.facts.readText(path, longestText);
    if (++this.files > mostFiles) this.add('unknown', 'maybe');
    else if (written !== undefined && !isBlank(written)) this.readWord(written);
    else if (text !== undefined && written === undefined) this.readText(text, 'yes');
    else if (!isHarmlessName(path ?? `/${file}`, this.facts)) this.add('unknown', 'maybe');
  }

  private add(kind: StatementKind, certainty: Certainty): void {
    this.kinds.set(kind, either(this.kinds.get(kind) ?? 'no', certainty));
  }
}

/**
 * Whether a file that cannot be read is, by its name, one that builds a database: a schema, a migration, a query. Files
 * for a moment (`/tmp/x.sql`) have no name to go by.
 */
function isHarmlessName(path: string, facts: Facts): boolean {
  if (path === '/dev/null') return true;
  if (
    /drop|wipe|reset|truncate|delete|purge|destroy|nuke|clean|teardown|remove|rollback|revert|undo|(?:^|[._-])down(?:[._-]|$)/i.test(
      path,
    )
  )
    return false;
  if (facts.temporaryDirs.some((dir) => isBelow(path, dir) && !isBelow(facts.cwd, dir))) return false;
  return /(?:^|\/)(?:migrations?|schemas?|seeds?|fixtures|initdb\.d|docker-entrypoint-initdb\.d|queries|reports|views)\/|\/(?:[\w-]*[_-])?(?:schema|structure|seeds?|init|create|fixtures?|setup|query|queries|report|select|views?|functions?|migrations?|migrate|insert)[\w-]*\.\w+$|\/V?\d+[\w.-]*\.\w+$/i.test(
    path,
  );
}
