import type { Process } from '../host/processes.ts';

/** A client that was seen: its process id, and when it was at work, in ms since 1970. */
export type Client = { readonly pid: number; readonly seen: number };

/**
 * The processes of tools that clients of Claude Code are running: what a client started in a group of its own, whatever
 * that started, and what says itself that a client started it, though it was detached. Servers that a client speaks to
 * are in the client's group (measured, 2.1.329), and stay; so do clients, the guard, and the process `self` with all
 * that it runs in. `left` are processes that were found before and are there still.
 */
export function toolProcesses(
  all: readonly Process[],
  clients: readonly Client[],
  self: number,
  left: readonly Process[] = [],
): readonly Process[] {
  const byId = new Map(all.map((one) => [one.pid, one]));
  const alive = new Set(
    [
      ...clients,
      ...all.flatMap(({ client, started }) => (client === undefined ? [] : [{ pid: client, seen: started }])),
    ]
      // A process that started after the client was seen has only got its number.
      .filter(({ pid, seen }) => (byId.get(pid)?.started ?? Number.POSITIVE_INFINITY) <= seen + 2000)
      .map(({ pid }) => pid),
  );
  const spared = new Set([...alive, ...ancestors(byId, self)]);
  const found = new Set<number>();
  const add = (one: Process) => {
    if (found.has(one.pid) || spared.has(one.pid) || isGuard(one)) return;
    found.add(one.pid);
    for (const child of all) if (child.parent === one.pid) add(child);
  };
  for (const one of all) {
    const ofClient = alive.has(one.parent) && one.group !== byId.get(one.parent)?.group;
    const says = one.client !== undefined && alive.has(one.client);
    if (ofClient || says || left.some(({ pid }) => pid === one.pid)) add(one);
  }
  return all.filter(({ pid }) => found.has(pid));
}

function ancestors(byId: ReadonlyMap<number, Process>, pid: number): ReadonlySet<number> {
  const found = new Set<number>();
  for (let at: number | undefined = pid; at !== undefined && at > 0 && !found.has(at); ) {
    found.add(at);
    at = byId.get(at)?.parent;
  }
  return found;
}

/** Hooks that judge now, which must not die undecided, and what refreshes the switch. */
const isGuard = ({ command }: Process): boolean =>
  /blastguard-hook\b|\/(?:hook|refresher|cli)\.cjs(?:\s|$)/.test(command);
