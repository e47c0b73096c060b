import { isObject, type Settings } from './read.ts';

/**
 * What in the hooks makes Claude Code drop the whole settings file without a word (measured with 2.1.329), each as
 * `path: what is wrong`. An entry beside ours can disarm the guard in this way.
 */
export function faultsOf(settings: Settings): readonly string[] {
  const { hooks } = settings;
  if (hooks === undefined) return [];
  if (!isObject(hooks)) return ['hooks: not an object'];
  return Object.entries(hooks).flatMap(([event, groups]) => groupFaults(`hooks.${event}`, groups));
}

function groupFaults(path: string, groups: unknown): readonly string[] {
  if (!Array.isArray(groups)) return [`${path}: not an array`];
  return groups.flatMap((group: unknown, index) => {
    const here = `${path}[${index}]`;
    if (!isObject(group)) return [`${here}: not an object`];
    if (!Array.isArray(group.hooks)) return [`${here}.hooks: not an array`];
    return group.hooks.flatMap((hook: unknown, at) => hookFaults(`${here}.hooks[${at}]`, hook));
  });
}

const TYPES = ['command', 'http', 'mcp_tool', 'prompt', 'agent'];
const isText = (value: unknown): boolean => typeof value === 'string';

function hookFaults(path: string, hook: unknown): readonly string[] {
  if (!isObject(hook)) return [`${path}: not an object`];
  const { type, command, args, timeout, onFailure } = hook;
  const faults: string[] = [];
  if (!isText(type) || !TYPES.includes(String(type)))
    faults.push(`${path}.type: none of ${TYPES.join(', ')}`);
  if (type === 'command' && !isText(command)) faults.push(`${path}.command: not a text`);
  if (args !== undefined && !(Array.isArray(args) && args.every(isText)))
    faults.push(`${path}.args: not a list of texts`);
  if (timeout !== undefined && !(typeof timeout === 'number' && timeout > 0)) {
    faults.push(`${path}.timeout: not a number above 0`);
  }
  if (onFailure !== undefined && onFailure !== 'block' && onFailure !== 'continue') {
    faults.push(`${path}.onFailure: neither block nor continue`);
  }
  return faults;
}
