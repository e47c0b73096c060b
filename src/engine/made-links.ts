import type { Facts } from '../model/facts.ts';

const mostLinks = 40; // Linux: more is ELOOP

/** The facts as they are once links are made: paths through them are resolved to what they lead to. */
export function withLinks(facts: Facts, links: ReadonlyMap<string, string>): Facts {
  const realPath = (path: string): string => {
    let real = path;
    for (let followed = 0; followed < mostLinks; followed++) {
      const link = [...links.keys()].find((from) => real === from || real.startsWith(`${from}/`));
      if (link === undefined) break;
      real = `${links.get(link) ?? ''}${real.slice(link.length)}`;
    }
    return facts.realPath(real.replace(/^\/\/+/, '/'));
  };
  return Object.assign(Object.create(facts), { realPath });
}
