import { fitsText } from '../policy/glob.ts';
import type { Condition } from './document.ts';

/** What a request carries: the values of each condition key. Names of keys are compared in any case. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

type Test = (found: string, wanted: string) => boolean;

const number = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));
/** Seconds since 1970 as they are; `2026-11-20T00:00:00Z` compares as text when both are of that form. */
const moments = (found: string, wanted: string, test: (order: number) => boolean): boolean => {
  if (/^\d+$/.test(found) && /^\d+$/.test(wanted)) return test(Number(found) - Number(wanted));
  const [a, b] = [whole(found), whole(wanted)];
  return a !== undefined && b !== undefined && test(a < b ? -1 : a > b ? 1 : 0);
};

/** A date in UTC with every part; undefined when it is written otherwise. */
function whole(text: string): string | undefined {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return `${text}T00:00:00Z`;
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? text : undefined;
}

/** ARNs are compared part by part; a `*` at the end of a part reaches over colons. */
const fitsArn: Test = (found, wanted) => fitsText(wanted, found);

const tests: Readonly<Record<string, Test>> = {
  stringequals: (found, wanted) => found === wanted,
  stringequalsignorecase: (found, wanted) => found.toLowerCase() === wanted.toLowerCase(),
  stringlike: (found, wanted) => fitsText(wanted, found),
  arnequals: fitsArn,
  arnlike: fitsArn,
  numericequals: (found, wanted) => number(found) === number(wanted),
  numericlessthan: (found, wanted) => number(found) < number(wanted),
  numericlessthanequals: (found, wanted) => number(found) <= number(wanted),
  numericgreaterthan: (found, wanted) => number(found) > number(wanted),
  numericgreaterthanequals: (found, wanted) => number(found) >= number(wanted),
  dateequals: (found, wanted) => moments(found, wanted, (order) => order === 0),
  datelessthan: (found, wanted) => moments(found, wanted, (order) => order < 0),
  datelessthanequals: (found, wanted) => moments(found, wanted, (order) => order <= 0),
  dategreaterthan: (found, wanted) => moments(found, wanted, (order) => order > 0),
  dategreaterthanequals: (found, wanted) => moments(found, wanted, (order) => order >= 0),
  bool: (found, wanted) => found.toLowerCase() === wanted.toLowerCase(),
  binaryequals: (found, wanted) => found === wanted,
  ipaddress: (found, wanted) => inRange(found, wanted),
};

const negations: Readonly<Record<string, string>> = {
  stringnotequals: 'stringequals',
  stringnotequalsignorecase: 'stringequalsignorecase',
  stringnotlike: 'stringlike',
  arnnotequals: 'arnequals',
  arnnotlike: 'arnlike',
  numericnotequals: 'numericequals',
  datenotequals: 'dateequals',
  notipaddress: 'ipaddress',
};

/** Whether AWS knows the operator. */
export function knowsOperator(operator: string): boolean {
  const { base } = partsOf(operator);
  return base === 'null' || base in tests || base in negations;
}

/**
 * Whether a condition holds for a request, as AWS documents it: any of the values; a negated operator holds for a
 * missing key; `…IfExists` holds for a missing key; `ForAllValues:` holds for no value at all, `ForAnyValue:` does not.
 * Of an IPv6 range or an unknown operator it never holds.
 */
export function holds({ operator, key, values }: Condition, context: Context): boolean {
  const { quantifier, base, ifExists } = partsOf(operator);
  const found = valuesOf(key, context);
  if (base === 'null')
    return values.some((value) => (value.toLowerCase() === 'true') === (found === undefined));
  const negated = base in negations;
  const test = tests[negations[base] ?? base];
  if (test === undefined) return false;
  const wanted = values.map((value) => replaceVariables(value, context));
  const one = (value: string): boolean =>
    wanted.some((pattern) => pattern !== undefined && test(value, pattern)) !== negated;
  if (found === undefined || found.length === 0)
    return quantifier === 'all' || (quantifier === undefined && negated) || ifExists;
  return quantifier === 'all'
    ? found.every(one)
    : quantifier === 'any'
      ? found.some(one)
      : negated
        ? found.every(one)
        : found.some(one);
}

function partsOf(operator: string) {
  const text = operator.toLowerCase();
  const quantifier = text.startsWith('forallvalues:')
    ? 'all'
    : text.startsWith('foranyvalue:')
      ? 'any'
      : undefined;
  const bare = text.slice(text.indexOf(':') + 1);
  const ifExists = bare.endsWith('ifexists');
  return { quantifier, base: ifExists ? bare.slice(0, -'ifexists'.length) : bare, ifExists } as const;
}

function valuesOf(key: string, context: Context): readonly string[] | undefined {
  const name = Object.keys(context).find((each) => each.toLowerCase() === key.toLowerCase());
  const value = name === undefined ? undefined : context[name];
  return typeof value === 'string' ? [value] : value;
}

/** `${aws:username}` and `${key, 'default'}`; undefined when the request has no such key. */
export function replaceVariables(text: string, context: Context): string | undefined {
  let missing = false;
  const replaced = text.replaceAll(/\$\{([^}]*)\}/g, (_, inner: string) => {
    if (['*', '?', '$'].includes(inner)) return inner;
    const [, key = inner, fallback] = /^([^,]*?)\s*(?:,\s*'([^']*)')?$/.exec(inner) ?? [];
    const value = valuesOf(key.trim(), context)?.[0] ?? fallback;
    if (value === undefined) missing = true;
    return value ?? '';
  });
  return missing ? undefined : replaced;
}

function inRange(found: string, range: string): boolean {
  const [network = '', bits = '32'] = range.split('/');
  const [address, base] = [ipv4(found), ipv4(network)];
  if (address === undefined || base === undefined) return false;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(address / size) === Math.floor(base / size);
}

function ipv4(text: string): number | undefined {
  const parts = text.split('.').map(number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}
