import type { Source } from '../model/kill-switch.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** The text with `${NAME}` replaced. Throws when a variable is not set: an empty password is not what was meant. */
export function expand(text: string, env: Variables, encode: (value: string) => string = String): string {
  return text.replaceAll(/\$\{([A-Za-z_]\w*)\}/g, (_, name: string) => {
    const value = env[name];
    if (value === undefined || value === '') throw new Error(`the variable ${name} is not set`);
    return encode(value);
  });
}

/** A URL, its variables encoded as a user or a password is. */
export const expandUrl = (url: string, env: Variables): URL => new URL(expand(url, env, encodeURIComponent));

/** A text of a client or a server, without anything that the source's configuration keeps to itself. */
export function withoutSecrets(text: string, source: Source, env: Variables): string {
  const hidden = new Set(secretsOf(source, env).filter((secret) => secret.length > 2));
  return [...hidden]
    .sort((a, b) => b.length - a.length)
    .reduce((shown, secret) => shown.replaceAll(secret, '[secret]'), text);
}

function secretsOf(source: Source, env: Variables): string[] {
  switch (source.kind) {
    case 'redis':
      return [...source.urls.flatMap((url) => ofUrl(url, env)), ...expanded(source.sentinel?.password, env)];
    case 's3':
      return source.endpoint === undefined ? [] : ofUrl(source.endpoint, env);
    case 'path':
      return [];
    default:
      return [
        ...ofUrl(source.url, env),
        ...Object.values(source.headers).flatMap((value) => ofHeader(value, env)),
      ];
  }
}

function ofUrl(url: string, env: Variables): string[] {
  return expanded(url, env, encodeURIComponent).flatMap((text) => {
    const { username, password, search, pathname } = new URL(text);
    const parts = [
      password,
      decodeURIComponent(password),
      search,
      search.slice(1),
      ...search.slice(1).split(/[&=]/),
    ];
    // A user without a password is a token, and so may the path be.
    return [
      text,
      ...parts,
      ...(password === '' ? [username] : []),
      ...(pathname.length > 8 ? [pathname] : []),
    ];
  });
}

const ofHeader = (value: string, env: Variables): string[] =>
  expanded(value, env).flatMap((text) => [text, ...text.split(' ').filter((word) => word.length > 7)]);

function expanded(text: string | undefined, env: Variables, encode?: (value: string) => string): string[] {
  if (text === undefined) return [];
  try {
    return [expand(text, env, encode)];
  } catch {
    return [];
  }
}
