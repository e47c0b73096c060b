import type { Command } from '../../model/command.ts';
import type { Facts } from '../../model/facts.ts';
import { known, type Word } from '../../model/word.ts';
import { type Address, isLocalHost, readAddress, readHosts } from '../addresses.ts';
import { isPrefix } from '../arguments.ts';
import { isBelow } from '../paths.ts';
import { HOLE, isTestName } from '../statements/found.ts';
import { givenKinds } from '../statements/given-code.ts';
import type { Matched, Predicate } from './predicate.ts';

/** These run what they carry on another machine or in a container: `localhost` there is not this machine. */
const awayFromHere =
  /^(?:ssh|autossh|mosh|rsh|pdsh|docker|podman|nerdctl|docker-compose|podman-compose|kubectl|oc|kubectx|k|k3s|microk8s|minikube|lxc|incus|crictl|machinectl|nsenter|vagrant|heroku|fly|flyctl|railway|render|aws|gcloud|az|nomad|ansible|ansible-playbook|salt|wsl|multipass|limactl|colima)(?:\s|$)/;

/** Whether a command runs where this machine's environment, files and `localhost` are not its own. */
export const runsElsewhere = ({ via }: Command): boolean => via.some((carrier) => awayFromHere.test(carrier));

/** Answers `yes` only where nothing else is possible: it is made to excuse commands. */
export const endpoint: Predicate<'local'> = (_, matched, facts) => {
  if (runsElsewhere(matched.command)) return 'no';
  const named = readEndpoints(matched, facts);
  if (named === undefined) return 'no';
  const hosts = named.flatMap(({ hosts }) => hosts);
  const production = named.some(
    ({ database }) =>
      database !== undefined && /(?:^|[^a-z])(?:prod|production|live)(?:[^a-z]|$)/i.test(database),
  );
  const local =
    hosts.length > 0 && hosts.every(isLocalHost) && !production && !givenKinds(matched, facts).has('remote');
  return local ? 'yes' : 'no';
};

export const database: Predicate<'test'> = (_, matched, facts) => {
  const named = readEndpoints(matched, facts)?.flatMap(({ database: name }) =>
    name === undefined ? [] : [name],
  );
  if (named === undefined || named.length === 0) return 'no';
  const kinds = givenKinds(matched, facts);
  const stays = !kinds.has('elsewhere') && !kinds.has('remote');
  return stays && named.every((name) => isTestDatabase(name, matched.command.cwd, facts)) ? 'yes' : 'no';
};

/** A name, or the path of a file that holds the database. */
function isTestDatabase(name: string, cwd: string | undefined, facts: Facts): boolean {
  if (name === ':memory:') return true;
  if (!/[/.]/.test(name)) return isTestName(name);
  const base = name.slice(name.lastIndexOf('/') + 1).replace(/\.(?:db3?|sqlite3?|duckdb|ddb)$/i, '');
  if (isTestName(base)) return true;
  const path = name.startsWith('/') ? name : cwd === undefined ? undefined : `${cwd}/${name}`;
  if (path === undefined || !name.startsWith('/') || path.includes('..')) return false;
  const real = facts.realPath(path);
  return facts.temporaryDirs.some((dir) => isBelow(real, dir));
}

/** What the command names, on its line or else in its environment; undefined when some of it cannot be known. */
export function readEndpoints(
  { tool, args, operands, command }: Matched,
  facts: Facts,
): readonly Address[] | undefined {
  const options = tool.endpoints;
  if (options === undefined) return undefined;
  const valuesOf = (names: readonly string[]) =>
    args.flags.flatMap(({ name, value }) =>
      value !== undefined &&
      (names.includes(name) || (tool.abbreviates && names.some((full) => isPrefix(name, full))))
        ? [value]
        : [],
    );
  const addresses: Address[] = [];
  for (const word of valuesOf(options.hosts)) addresses.push({ hosts: readHosts(textOf(word)) });
  for (const word of valuesOf(options.databases)) addresses.push(readAddress(textOf(word)));
  if (options.operands === 'urls') {
    addresses.push(
      ...args.words.map(({ word }) => readAddress(textOf(word))).filter(({ hosts }) => hosts.length > 0),
    );
  } else {
    const given = operands.slice(0, options.operands);
    if (given.some(({ word, doubtful }) => doubtful || (word.kind === 'unknown' && word.many)))
      return undefined;
    addresses.push(...given.map(({ word }) => readAddress(textOf(word))));
  }
  const said = addresses.some(({ hosts }) => hosts.length > 0);
  const named = addresses.some(({ database }) => database !== undefined);
  for (const variable of options.variables) {
    const value = command.environment.get(variable) ?? inherited(variable, facts);
    if (value === undefined) continue;
    const address = /HOST|ADDR|SERVER/.test(variable)
      ? { hosts: readHosts(textOf(value)) }
      : readAddress(textOf(value));
    addresses.push({
      hosts: said ? [] : address.hosts,
      ...(named || address.database === undefined ? {} : { database: address.database }),
    });
  }
  return addresses;
}

function inherited(name: string, facts: Facts): Word | undefined {
  const value = facts.environment[name];
  return value === undefined || value === '' ? undefined : known(value);
}

/** A word's text with a hole where it cannot be known; all holes for one of several. */
function textOf(word: Word): string {
  if (word.kind === 'known') return word.text;
  if (word.kind === 'one-of') return HOLE;
  return word.pieces.map((piece) => piece ?? HOLE).join('');
}
