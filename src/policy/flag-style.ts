import type { FlagPattern, OptionStyle } from '../model/rule.ts';

/** A flag's name as the matcher compares it: in Go's style `--name` and `-name` are one. */
export function normaliseFlag(style: OptionStyle, flag: FlagPattern): FlagPattern {
  if (style !== 'go') return flag;
  return { ...flag, names: flag.names.map((name) => name.replace(/^--/, '-')) };
}
