import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { CliCommand, Option } from './command.ts';

/** The command line was wrong; the message says how. */
export class UsageError extends Error {}

export type Arguments = {
  readonly operands: readonly string[];
  /** The value of an option that takes one. */
  text(name: string): string | undefined;
  /** The value of an option that takes a whole number, of `least` or more. Throws UsageError. */
  number(name: string, least?: number): number | undefined;
  /** Whether a switch is there. */
  flag(name: string): boolean;
  /** Throws UsageError when more than one of these options is there. */
  exclusive(...names: readonly string[]): void;
};

/** Reads what follows `blastguard NAME`. Throws UsageError. */
export function readArguments(command: CliCommand, words: readonly string[]): Arguments {
  const options = parserOptions(command.options);
  // Not strict: the messages of the parser are about its options, not about ours.
  const config = { args: [...words], options, allowPositionals: true, strict: false, tokens: true } as const;
  const { values, positionals, tokens } = parseArgs(config);
  for (const token of tokens) if (token.kind === 'option') checkOption(token, command.options);
  const surplus = positionals[0];
  if (surplus !== undefined && !command.operands) throw new UsageError(`unexpected argument \`${surplus}\``);
  const text = (name: string) => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    operands: positionals,
    text,
    number(name, least = 0) {
      const value = text(name);
      if (value === undefined) return undefined;
      if (/^\d{1,9}$/.test(value) && Number(value) >= least) return Number(value);
      const from = least === 0 ? '' : ` from ${least} on`;
      throw new UsageError(`\`--${name}\` takes a whole number${from}, not \`${value}\``);
    },
    flag: (name) => values[name] === true,
    exclusive(...names) {
      const [one, other] = names.filter((name) => values[name] !== undefined);
      if (other !== undefined) throw new UsageError(`\`--${one}\` and \`--${other}\` exclude each other`);
    },
  };
}

type ParserOptions = NonNullable<ParseArgsConfig['options']>;

function parserOptions(options: Readonly<Record<string, Option>>): ParserOptions {
  const entries = Object.entries(options).map(([name, { value, short }]): [string, ParserOptions[string]] => {
    const type = value === undefined ? 'boolean' : 'string';
    return [name, short === undefined ? { type } : { type, short }];
  });
  return Object.fromEntries(entries);
}

type OptionToken = {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
};

function checkOption(
  { name, rawName, value, inlineValue }: OptionToken,
  options: Readonly<Record<string, Option>>,
): void {
  if (!Object.hasOwn(options, name)) throw unknownOption(rawName, Object.keys(options));
  const wanted = options[name]?.value;
  if (wanted === undefined) {
    if (value !== undefined) throw new UsageError(`\`${rawName}\` takes no value`);
  } else if (value === undefined)
    throw new UsageError(`\`${rawName}\` needs a value: \`${rawName} ${wanted}\``);
  else if (inlineValue === false && /^-./.test(value))
    throw new UsageError(
      `\`${rawName}\` needs a value; one that begins with \`-\` is written \`--${name}=${value}\``,
    );
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
