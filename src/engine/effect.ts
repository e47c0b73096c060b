import type { Command } from '../model/command.ts';
import type { Pattern, Tool } from '../model/rule.ts';
import type { Effect } from '../model/stage.ts';
import { textsOf, type Word } from '../model/word.ts';
import type { Arguments } from '../policy/arguments.ts';
import { matchPattern } from '../policy/match.ts';

/**
 * What a command does in an environment: nothing (undefined) for a tool of this machine of which no rule speaks. An
 * unknown verb of a tool that acts in environments changes something; what stays on this machine counts as reading.
 */
export function effectOf(
  tool: Tool,
  command: Command,
  args: Arguments,
  matched: boolean,
): Effect | undefined {
  if (matched) return 'destroys';
  if (tool.remote !== true) return undefined;
  const fits = (patterns: readonly Pattern[] = []) =>
    patterns.some((pattern) => matchPattern(pattern, tool, args).certainty === 'yes');
  if (fits(tool.reads) || fits(tool.local)) return 'reads';
  if (args.words.length === 0 && args.flags.length === 0 && tool.code === undefined) return 'reads';
  if (args.flags.some(({ name }) => /^--?(?:help|version)$/.test(name))) return 'reads';
  return tool.code !== undefined && asksOnly(tool.code, command, args) ? 'reads' : 'changes';
}

/** Whether all the code that a client of a database is given asks and changes nothing. */
function asksOnly(code: NonNullable<Tool['code']>, command: Command, args: Arguments): boolean {
  if (code.input !== 'never' && command.input !== undefined) return false;
  if (args.flags.some(({ name }) => code.files.includes(name))) return false;
  const given: Word[] = args.flags.flatMap(({ name, value }) =>
    code.options.includes(name) && value !== undefined ? [value] : [],
  );
  const words = code.operands === undefined ? [] : args.words.slice(code.operands).map(({ word }) => word);
  const texts = [
    ...given.map((word) => textsOf(word)),
    ...(code.joined ? [] : words.map((word) => textsOf(word))),
  ];
  if (code.joined && words.length > 0) texts.push(joined(words));
  return texts.length > 0 && texts.every((text) => text?.every(isQuestion) === true);
}

function joined(words: readonly Word[]): readonly string[] | undefined {
  const texts = words.map((word) => (word.kind === 'known' ? word.text : undefined));
  return texts.every((text) => text !== undefined) ? [texts.join(' ')] : undefined;
}

/** Statements that ask. What they call may still change something, so names of functions that do are left out. */
function isQuestion(text: string): boolean {
  const bare = text.replaceAll(/'(?:[^']|'')*'/g, "''").replaceAll(/--[^\n]*|\/\*.*?\*\//gs, ' ');
  const statements = bare
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
  return (
    statements.length > 0 && statements.every((statement) => asks.test(statement) && !acts.test(statement))
  );
}

const asks =
  /^(?:select|show|explain|describe|desc|values|table|help|\\(?:d\S*|l\+?|conninfo|timing|x|q|pset.*)(?:\s|$)|\.(?:tables|schema|databases|indexes|mode|headers)|(?:get|mget|exists|ttl|pttl|type|scan|hget|hgetall|hlen|lrange|llen|smembers|scard|zrange|zcard|info|ping|dbsize|strlen|keys)\b|db(?:\.\w+)*\.(?:find|findOne|count\w*|distinct|aggregate|stats|getIndexes|getCollectionNames)\()/i;
const acts =
  /\$(?:out|merge)\b|\b(?:into|insert|update|delete|drop|create|alter|truncate|grant|revoke|analyze\s+(?:insert|update|delete)|for\s+(?:update|share)|set_config|setval|nextval|pg_(?:terminate|cancel|reload|switch|promote|drop|create|write)\w*|lo_\w+|dblink\w*|load_file|sys_\w+|sleep)\b/i;
