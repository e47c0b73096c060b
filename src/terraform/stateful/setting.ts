import { asBoolean, asNumber } from '../hcl/constant.ts';
import type { Scalar } from '../hcl/syntax.ts';

/** An argument of a provider that decides whether data survives. */
export type Setting = {
  /** The argument, after the nested blocks it stands in. */
  readonly path: readonly string[];
  readonly isSafe: (value: Scalar) => boolean;
  /** Whether leaving it out is safe. */
  readonly safeWhenUnset: boolean;
  /** What makes it safe; undefined where that is for people to choose. */
  readonly mend?: Scalar;
  /** `high`: a destroy goes through, or takes the data. `medium`: what would bring it back is missing. */
  readonly weight: 'high' | 'medium';
  /** What is wrong when it is not safe. */
  readonly risk: string;
};

const pathOf = (dotted: string): readonly string[] => dotted.split('.');

/** Safe when true; the provider takes false where it is left out. */
export const on = (
  path: string,
  risk = 'nothing at the provider stops a deletion',
  weight: Setting['weight'] = 'high',
): Setting => ({
  path: pathOf(path),
  isSafe: (value) => asBoolean(value) === true,
  safeWhenUnset: false,
  mend: true,
  weight,
  risk,
});

/** Safe when true, as it is where it is left out. */
export const kept = (path: string, risk?: string, weight?: Setting['weight']): Setting => ({
  ...on(path, risk, weight),
  safeWhenUnset: true,
});

/** Safe when false, as it is where it is left out. */
export const off = (path: string, risk = 'a destroy deletes it together with what is in it'): Setting => ({
  path: pathOf(path),
  isSafe: (value) => asBoolean(value) === false || value === null,
  safeWhenUnset: true,
  mend: false,
  weight: 'high',
  risk,
});

/** Safe when false; the provider takes true where it is left out. */
export const notOff = (path: string, risk: string): Setting => ({
  ...off(path, risk),
  safeWhenUnset: false,
  weight: 'medium',
});

export const finalSnapshot = off('skip_final_snapshot', 'a destroy leaves no last snapshot behind');

/** Safe from this number on; `unset` is what the provider takes where it is left out. */
export const atLeast = (path: string, least: number, unset: number, mend: number, risk: string): Setting => ({
  path: pathOf(path),
  isSafe: (value) => (asNumber(value) ?? least) >= least,
  safeWhenUnset: unset >= least,
  mend,
  weight: 'medium',
  risk,
});

/** Safe with one of these texts; `unset` is what the provider takes where it is left out. */
export const oneOf = (
  path: string,
  [mend, ...others]: readonly [string, ...string[]],
  unset: string,
  risk = 'nothing at the provider stops a deletion',
): Setting => {
  const safe = [mend, ...others].map((text) => text.toLowerCase());
  return {
    path: pathOf(path),
    isSafe: (value) => safe.includes(String(value).toLowerCase()),
    safeWhenUnset: safe.includes(unset.toLowerCase()),
    mend,
    weight: 'high',
    risk,
  };
};

/** Must be given. */
export const given = (path: string, risk: string): Setting => ({
  path: pathOf(path),
  isSafe: (value) => value !== null && value !== '',
  safeWhenUnset: false,
  weight: 'medium',
  risk,
});

export const versioning = (path: string): Setting =>
  kept(path, 'what is overwritten or deleted in it is gone', 'medium');

/** Resource types of a provider that hold what cannot be made again. */
export type ProviderTable = {
  /** Where the provider documents a type; `{}` stands for its name without the prefix. */
  readonly source: string;
  readonly prefix: string;
  /** What a type holds, in a word, then the settings that protect it. */
  readonly types: Readonly<globalThis.Record<string, readonly [string, ...Setting[]]>>;
};

export const registry = (provider: string, section = 'resources'): string =>
  `https://registry.terraform.io/providers/${provider}/latest/docs/${section}/{}`;
