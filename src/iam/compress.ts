import { actionsFitting } from './action-pattern.ts';
import { type Catalogue, onlyReads, serviceOf } from './catalogue.ts';

/**
 * Patterns for policy statements that fit the wanted actions and, of all that AWS has, no action outside `tolerated`.
 * Fewest characters first: greedy, then what has become superfluous is dropped. A pattern is a full name, or whole
 * words of a name with `*` behind them: `Delete*` may stand for what a service adds tomorrow. With `tight` the verb may
 * be cut too, as long as no action of any service that only reads begins so: `Del*`, never `De*`.
 */
export function compressActions(
  catalogue: Catalogue,
  wanted: readonly string[],
  tolerated: ReadonlySet<string>,
  tight = false,
): readonly string[] {
  const beginnings = tight ? cutBeginnings(catalogue) : beginningsOf;
  const byService = new Map<string, string[]>();
  for (const id of new Set(wanted)) {
    const service = serviceOf(id);
    byService.set(service, [...(byService.get(service) ?? []), id]);
  }
  return [...byService.keys()].sort().flatMap((service) => {
    const ids = byService.get(service) ?? [];
    return smallestCover(ids, candidatesFor(catalogue, ids, new Set([...tolerated, ...ids]), beginnings));
  });
}

type Candidate = { readonly pattern: string; readonly covers: readonly string[] };

function candidatesFor(
  catalogue: Catalogue,
  ids: readonly string[],
  tolerated: ReadonlySet<string>,
  beginnings: (id: string) => readonly string[],
): readonly Candidate[] {
  const wanted = new Set(ids);
  const patterns = new Set(ids.flatMap((id) => [id, ...beginnings(id)]));
  return [...patterns].flatMap((pattern): readonly Candidate[] => {
    if (!pattern.endsWith('*')) return [{ pattern, covers: [pattern] }];
    const fitting = actionsFitting(catalogue, pattern).map(({ id }) => id);
    if (!fitting.every((id) => tolerated.has(id))) return [];
    return [{ pattern, covers: fitting.filter((id) => wanted.has(id)) }];
  });
}

/** Words that begin the names of actions of every kind. */
const indifferent = /^(?:Batch|Admin|Bulk|Start|Put|Update|Set|Modify|Create)$/;

function beginningsOf(id: string): readonly string[] {
  const [service = '', name = ''] = id.split(':');
  const words = name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+/g) ?? [name];
  const beginnings = words.map((_, index) => words.slice(0, index + 1).join(''));
  return beginnings.filter((text) => !indifferent.test(text)).map((text) => `${service}:${text}*`);
}

/** As `beginningsOf`, with the shortest form of the verb that is no beginning of anything that only reads. */
function cutBeginnings(catalogue: Catalogue): (id: string) => readonly string[] {
  const reads = [...catalogue.services.values()]
    .flatMap(({ actions }) => [...actions.values()])
    .filter(onlyReads)
    .map(({ id }) => id.slice(id.indexOf(':') + 1).toLowerCase());
  const shortest = new Map<string, string>();
  const cut = (verb: string): string => {
    for (let length = 3; length < verb.length; length += 1) {
      const start = verb.slice(0, length).toLowerCase();
      if (!reads.some((name) => name.startsWith(start))) return verb.slice(0, length);
    }
    return verb;
  };
  return (id) => {
    const all = beginningsOf(id);
    const [first] = all;
    if (first === undefined) return all;
    const [service = '', verb = ''] = first.slice(0, -1).split(':');
    const short = shortest.get(verb) ?? cut(verb);
    shortest.set(verb, short);
    return [`${service}:${short}*`, ...all];
  };
}

/** A quote at each end and a comma come with every pattern. */
const cost = (pattern: string): number => pattern.length + 3;

function smallestCover(ids: readonly string[], candidates: readonly Candidate[]): readonly string[] {
  const open = new Set(ids);
  const chosen: Candidate[] = [];
  while (open.size > 0) {
    const rate = ({ pattern, covers }: Candidate) =>
      covers.filter((id) => open.has(id)).length / cost(pattern);
    const best = candidates.reduce((a, b) => (rate(b) > rate(a) ? b : a));
    chosen.push(best);
    for (const id of best.covers) open.delete(id);
  }
  for (const candidate of [...chosen]) {
    const others = chosen.filter((other) => other !== candidate);
    if (candidate.covers.every((id) => others.some(({ covers }) => covers.includes(id))))
      chosen.splice(chosen.indexOf(candidate), 1);
  }
  return chosen.map(({ pattern }) => pattern).sort();
}
