import type { FlagPattern, Tool } from '../model/rule.ts';

/**
 * A flag's pattern as the matcher compares it: in Go's style `--name` and `-name` are one, in GNU's `-rf` is `-r` and
 * `-f`, unless the tool has an option of that name.
 */
export function styledFlag(
  tool: Pick<Tool, 'style' | 'values' | 'switches'>,
  flag: FlagPattern,
): FlagPattern[] {
  if (tool.style === 'go') return [{ ...flag, names: flag.names.map((name) => name.replace(/^--/, '-')) }];
  const [only = '', ...others] = flag.names;
  const isBundle = tool.style === 'gnu' && others.length === 0 && /^-[A-Za-z]{2,}$/.test(only);
  if (!isBundle || flag.value !== undefined || tool.values.includes(only) || tool.switches.includes(only))
    return [flag];
  return [...only.slice(1)].map((letter) => ({ names: [`-${letter}`] }));
}
