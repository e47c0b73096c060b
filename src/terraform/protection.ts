import type { Span } from '../model/command.ts';
import { givenAt, type MergedResource } from './configuration.ts';
import { asBoolean } from './hcl/constant.ts';
import type { Scalar } from './hcl/syntax.ts';
import type { Setting } from './stateful/setting.ts';

/**
 * How it stands with one protection of a resource: `safe`, `off` (given, and not safe), `missing` (left out, and that is
 * not safe), or `unknown` (it depends on something).
 */
export type Standing = {
  readonly state: 'safe' | 'off' | 'missing' | 'unknown';
  readonly value?: Scalar;
  /** Where it is given. */
  readonly at?: { readonly file: string; readonly span: Span };
};

/** Whether Terraform itself refuses to destroy the resource. It accepts constants alone here. */
export function preventDestroy(resource: MergedResource): Standing {
  const [given] = givenAt(resource, ['lifecycle', 'prevent_destroy']);
  if (given === undefined) return { state: 'missing' };
  const at = { file: given.file, span: given.expression.span };
  const value = asBoolean(given.value);
  if (value === undefined) return { state: 'unknown', at };
  return { state: value ? 'safe' : 'off', at };
}

export function settingOf(resource: MergedResource, setting: Setting): Standing {
  const given = givenAt(resource, setting.path);
  const [first] = given;
  if (first === undefined) return { state: setting.safeWhenUnset ? 'safe' : 'missing' };
  const bad = given.find(({ value }) => value !== undefined && !setting.isSafe(value));
  const found = bad ?? given.find(({ value }) => value === undefined) ?? first;
  const at = { file: found.file, span: found.expression.span };
  // `null` is as if it were left out.
  if (found.value === null) return { state: setting.safeWhenUnset ? 'safe' : 'missing', at };
  if (bad?.value !== undefined) return { state: 'off', at, value: bad.value };
  return { state: found.value === undefined ? 'unknown' : 'safe', at };
}
