/** What is read of a host's payload. Every fault is an Error that says what is wrong, and so a denial. */

export type Data = Record<string, unknown>;

export const isObject = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The JSON object that a host sent. Throws an Error. */
export function parsePayload(text: string): Data {
  const payload: unknown = JSON.parse(text);
  if (!isObject(payload)) throw new Error('the input is not a JSON object');
  return payload;
}

/** A text that must be there. Throws an Error. */
export function stringAt(payload: Data, key: string): string {
  const value = payload[key];
  if (typeof value !== 'string' || value === '') throw new Error(`\`${key}\` is not a string`);
  return value;
}

/** An object that must be there. Throws an Error. */
export function objectAt(payload: Data, key: string): Data {
  const value = payload[key];
  if (!isObject(value)) throw new Error(`\`${key}\` is not an object`);
  return value;
}

/** A text where there is one, else nothing. */
export const textAt = (payload: Data, key: string): string =>
  typeof payload[key] === 'string' ? payload[key] : '';

export const isAbsolutePath = (path: string): boolean => /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(path);

/** A directory that must be absolute. Throws an Error. */
export const absoluteAt = (payload: Data, key: string): string => absolute(stringAt(payload, key), key);

/** The path, which stands at `key`. Throws an Error when it is not absolute. */
export function absolute(path: string, key: string): string {
  if (!isAbsolutePath(path)) throw new Error(`\`${key}\` is not an absolute path`);
  return path;
}
