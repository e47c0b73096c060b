import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { CliCommand, Option } from './command.ts';

/** The command line was wrong; the message says how. */
export class UsageError extends Error {}

export type Arguments = {
  readonly operands: readonly string[];
  /** The value of an option that takes one. */
  text(name: string): string | undefined;
  /** Whether a switch is there. */
  flag(name: string): boolean;
};

/** Reads what follows `blastguard NAME`. Throws UsageError. */
export function readArguments(command: CliCommand, words: readonly string[]): Arguments {
  const config = { args: [...words], options: configOf(command.options), allowPositionals: true } as const;
  const names = Object.keys(command.options);
  for (const token of parseArgs({ ...config, strict: false, tokens: true }).tokens) {
    if (token.kind === 'option' && !names.includes(token.name)) throw unknownOption(token.rawName, names);
  }
  const { values, positionals } = parseStrictly(config);
  const surplus = positionals[0];
  if (surplus !== undefined && !command.operands) throw new UsageError(`unexpected argument \`${surplus}\``);
  return {
    operands: positionals,
    text(name) {
      const value = values[name];
      return typeof value === 'string' ? value : undefined;
    },
    flag: (name) => values[name] === true,
  };
}

type ParserOptions = NonNullable<ParseArgsConfig['options']>;

function configOf(options: Readonly<Record<string, Option>>): ParserOptions {
  const entries = Object.entries(options).map(([name, { value, short }]): [string, ParserOptions[string]] => {
    const type = value === undefined ? 'boolean' : 'string';
    return [name, short === undefined ? { type } : { type, short }];
  });
  return Object.fromEntries(entries);
}

type Parsed = {
  readonly values: { readonly [name: string]: unknown };
  readonly positionals: readonly string[];
};

function parseStrictly(config: ParseArgsConfig): Parsed {
  try {
    return parseArgs({ ...config, strict: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [first = message] = message.split('\n');
    throw new UsageError(
      first.charAt(0).toLowerCase() + first.slice(1).replaceAll("'", '`').replace(/\.$/, ''),
    );
  }
}

const unknownOption = (raw: string, names: readonly string[]): UsageError =>
  new UsageError(`unknown option \`${raw}\`${suggestion(raw.replace(/^-+/, ''), names, '--')}`);

/** ` (did you mean …?)` when one of the names is near, else nothing. */
export function suggestion(typed: string, names: readonly string[], prefix = ''): string {
  const near = names
    .map((name) => ({ name, distance: editDistance(typed, name) }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.floor(name.length / 3)))
    .sort((a, b) => a.distance - b.distance)[0];
  return near === undefined ? '' : ` (did you mean \`${prefix}${near.name}\`?)`;
}

/** Insertions, deletions and substitutions that lead from one word to the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, a] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, b] of [...to].entries()) {
      const change = (row[j] ?? 0) + (a === b ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
