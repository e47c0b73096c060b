import type { Facts } from '../model/facts.ts';
import { known, textsOf, type UnknownWord, type Word } from '../model/word.ts';
import type { Flag } from './arguments.ts';
import type { Matched } from './predicates/predicate.ts';

/** An HTTP request as far as the command that makes it says. */
export type Request = {
  readonly method: Word;
  readonly host: Word;
  readonly path: Word;
  readonly bodies: readonly Word[];
};

/** How a program spells a request: names of options in lower case, and what its words are. */
type Dialect = {
  readonly method: readonly string[];
  /** Options with a body; they turn GET into POST. */
  readonly body: readonly string[];
  /** Options that settle the method themselves. */
  readonly settle?: Readonly<Record<string, string>>;
  readonly url?: readonly string[];
  readonly words: 'urls' | 'method-url-items' | 'endpoint';
  readonly base?: string;
  readonly ignoreCase?: true;
};

const curl: Dialect = {
  method: ['-X', '--request'],
  body: [
    '-d',
    '--data',
    '--data-raw',
    '--data-binary',
    '--data-ascii',
    '--data-urlencode',
    '--json',
    '-F',
    '--form',
    '--form-string',
  ],
  settle: {
    '-G': 'GET',
    '--get': 'GET',
    '-I': 'HEAD',
    '--head': 'HEAD',
    '-T': 'PUT',
    '--upload-file': 'PUT',
  },
  url: ['--url'],
  words: 'urls',
};
const wget: Dialect = {
  method: ['--method'],
  body: ['--post-data', '--post-file', '--body-data', '--body-file'],
  words: 'urls',
};
const httpie: Dialect = { method: [], body: ['--raw'], words: 'method-url-items' };
const forge = {
  method: ['-X', '--method'],
  body: ['-f', '-F', '--field', '--raw-field', '--input'],
  words: 'endpoint',
} as const;
const powershell: Dialect = {
  method: ['-method', '-custommethod'],
  body: ['-body', '-form', '-infile'],
  url: ['-uri'],
  words: 'urls',
  ignoreCase: true,
};

/** A tool that fetches a page: its fields are options. */
const fetcher: Dialect = {
  method: ['--method'],
  body: ['--body', '--data', '--payload', '--json'],
  url: ['--url', '--urls', '--uri', '--endpoint', '--href'],
  words: 'urls',
};

const dialects: ReadonlyMap<string, Dialect> = new Map<string, Dialect>([
  ['curl', curl],
  ['wget', wget],
  ['wget2', wget],
  ...['http', 'https', 'xh', 'xhs', 'ht'].map((name): [string, Dialect] => [name, httpie]),
  ['curlie', { ...curl, words: 'method-url-items' }],
  ['gh', { ...forge, base: 'https://api.github.com/' }],
  ['glab', { ...forge, base: 'https://gitlab.com/api/v4/' }],
  ...['invoke-restmethod', 'invoke-webrequest', 'irm', 'iwr'].map((name): [string, Dialect] => [
    name,
    powershell,
  ]),
]);

/** The requests that a matched command makes. Throws for a program whose way of spelling requests is not known. */
export function readRequests(matched: Matched, facts: Facts): Request[] {
  const { name } = matched.tool;
  const dialect = dialects.get(name) ?? (/^(?:webfetch$|mcp__)/.test(name) ? fetcher : undefined);
  if (dialect === undefined)
    throw new Error(`the condition \`request\` does not know how \`${name}\` spells requests`);
  const flags = dialect.ignoreCase
    ? matched.args.flags.map((flag) => ({ ...flag, name: flag.name.toLowerCase() }))
    : matched.args.flags;
  const given = (names: readonly string[]) => flags.filter((flag) => names.includes(flag.name));
  const bodies = given(dialect.body).flatMap(({ value }) =>
    value === undefined ? [] : [contentOf(value, matched, facts)],
  );
  const words = matched.operands.map(({ word }) => word);
  const methods = given(dialect.method).flatMap(({ value }) => value ?? []);
  let urls = [...words, ...given(dialect.url ?? []).flatMap(({ value }) => value ?? [])];
  if (dialect.words === 'method-url-items') {
    if (words.length > 1 && isMethod(words)) methods.push(...words.splice(0, 1));
    urls = words.slice(0, 1);
    bodies.push(...words.slice(1).filter((item) => /^[^=:@]+(?:=(?!=)|:=|@)/.test(headOf(item))));
  }
  if (dialect.words === 'endpoint') urls = words.slice(0, 1);
  // Many servers take the method from this header, where a proxy lets only GET and POST through.
  for (const { value } of given(['-H', '--header'])) {
    const method = /^x-http-method(?:-override)?\s*:\s*(\w+)/i.exec(
      value === undefined ? '' : headOf(value),
    )?.[1];
    if (method !== undefined) methods.push(known(method));
  }
  // curl's `--next` starts another request: then any of the methods may be that of any address.
  const several = flags.some(({ name }) => name === '--next' || name === '-:');
  const chosen =
    methods.length === 0
      ? [known(impliedMethod(dialect, flags, bodies))]
      : several
        ? methods
        : methods.slice(-1);
  const local =
    dialect === curl &&
    flags.some(({ name }) => name === '--unix-socket' || name === '--abstract-unix-socket');
  return urls.flatMap((url) =>
    addressesOf(url, dialect.base).flatMap((address) =>
      chosen.map(
        (method): Request => ({ method, ...address, ...(local ? { host: known('localhost') } : {}), bodies }),
      ),
    ),
  );
}

function impliedMethod({ settle = {} }: Dialect, flags: readonly Flag[], bodies: readonly Word[]): string {
  const settled = flags
    .map(({ name }) => (Object.hasOwn(settle, name) ? settle[name] : undefined))
    .find((method) => method !== undefined);
  return settled ?? (bodies.length > 0 ? 'POST' : 'GET');
}

/** HTTPie's first word is a method when it has only letters, or when what follows it is the address. */
function isMethod([first, second]: readonly Word[]): boolean {
  if (first?.kind === 'known') return /^[A-Za-z]+$/.test(first.text);
  return second !== undefined && /^(?:\w+:\/\/|:)/.test(headOf(second));
}

const headOf = (word: Word): string =>
  word.kind === 'known' ? word.text : word.kind === 'unknown' ? (word.pieces[0] ?? '') : '';

/** The text of a body: `@file` and `@-` stand for what is in the file or on standard input. */
function contentOf(value: Word, { command }: Matched, facts: Facts): Word {
  if (value.kind !== 'known') return value;
  const file = /^(?:query=)?@(.+)$/s.exec(value.text)?.[1];
  if (file === undefined) return value;
  if (file === '-') return command.input ?? hole;
  const text =
    command.cwd === undefined && !file.startsWith('/')
      ? undefined
      : facts.readText(file.startsWith('/') ? file : `${command.cwd}/${file}`, 1 << 18);
  return text === undefined ? hole : known(text);
}

const hole: UnknownWord = {
  kind: 'unknown',
  pieces: [null],
  many: false,
  options: false,
  why: 'the body of a request',
};

type Address = { readonly host: Word; readonly path: Word };

/** Host and path of an address; an address of several possible texts has several. */
function addressesOf(url: Word, base: string | undefined): Address[] {
  const texts = textsOf(url);
  if (texts !== undefined) return texts.flatMap((text) => addressOf([text], base));
  return url.kind === 'unknown' ? addressOf(url.pieces, base) : [];
}

const mark = 'zq0hole0qz';
const anywhere: Address[] = [{ host: hole, path: hole }];

function addressOf(pieces: readonly (string | null)[], base: string | undefined): Address[] {
  // Right after a whole IPv4 address a hole is taken for the path.
  const text = pieces
    .map((piece) => piece ?? mark)
    .join('')
    .replace(new RegExp(`^((?:https?://)?\\d+(?:\\.\\d+){3})(?=${mark})`), '$1/');
  if (text === '') return [];
  const schemed = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  if (!schemed && base === undefined && text.startsWith(mark)) {
    // `$URL/path`: nothing is known of the host, and the path may have more in front.
    return [{ host: hole, path: withHoles(text) }];
  }
  const full = schemed
    ? text
    : base !== undefined
      ? base + text.replace(/^\/+/, '')
      : text.startsWith(':')
        ? `http://localhost${text}`
        : `http://${text}`;
  const url = parseUrl(full.replace(new RegExp(`^([^/]*//[^/?#]*):${mark}(?=[/?#]|$)`), '$1'));
  if (url === undefined) return anywhere;
  return [{ host: withHoles(plainHost(url.hostname)), path: withHoles(decoded(url.pathname)) }];
}

/** A host without the dot of the root; an IPv4 address that IPv6 carries is that address. */
function plainHost(host: string): string {
  const mapped = /^\[(?:::(?:ffff:(?:0:)?)?|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(host);
  if (mapped === null) return host.replace(/\.$/, '');
  const [high, low] = [mapped[1], mapped[2]].map((part) => Number.parseInt(part ?? '', 16));
  return [high, low].flatMap((part = 0) => [part >> 8, part & 255]).join('.');
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function withHoles(text: string): Word {
  const parts = text.split(mark);
  if (parts.length === 1) return known(text);
  return {
    ...hole,
    pieces: parts.flatMap((part, i) => (i === 0 ? [part] : [null, part])).filter((piece) => piece !== ''),
  };
}
