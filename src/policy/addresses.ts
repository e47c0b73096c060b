/** What a URL, a connection string or a name says of where a database is. `hosts` is empty when it does not say. */
export type Address = { readonly hosts: readonly string[]; readonly database?: string };

/** Whether a host is certainly this machine: loopback addresses in any notation, `localhost`, a Unix socket. */
export function isLocalHost(host: string): boolean {
  if (host.startsWith('/') || host === '.' || /^\(local(?:db)?\)/i.test(host)) return true;
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (!/^[\w.:-]+$/.test(bare)) return false;
  const name = normalHost(bare.includes(':') ? `[${bare}]` : bare);
  if (name === undefined) return false;
  return (
    /^(?:.+\.)?localhost\.?$/.test(name) ||
    /^127\.\d+\.\d+\.\d+$/.test(name) ||
    name === '[::1]' ||
    name === 'host.docker.internal'
  );
}

/** The host as URLs write it, so that `127.1` and `0x7f000001` are `127.0.0.1`. */
function normalHost(host: string): string | undefined {
  try {
    return new URL(`http://${host}/`).hostname;
  } catch {
    return undefined;
  }
}

/** The hosts that a value of `--host` names: one, a list, with ports, or a URL. */
export function readHosts(text: string): readonly string[] {
  if (text === '') return [];
  if (/^[\w+.-]+:\/\//.test(text)) return readAddress(text).hosts;
  if (text.startsWith('/')) return [text];
  return splitHosts(text.replace(/^(?:tcp|np|lpc|admin):/i, ''));
}

/** Reads a URL, `jdbc:…`, `host=… dbname=…`, a DSN of Go's MySQL driver, `host:port/name`, a file or a name. */
export function readAddress(text: string): Address {
  if (text === '') return { hosts: [] };
  if (/(?:^|\s)(?:host|hostaddr|dbname|service|user|port|password|sslmode)\s*=/.test(text))
    return readPairs(text);
  const value = text.replace(/^jdbc:/i, '');
  if (/^(?:sqlite3?|file|duckdb|libsql):(?!\/\/[^/])/i.test(value)) return localFile(value);
  const url = /^([\w+.-]+):(?:\/\/|thin:@\/*)(.*)$/s.exec(value);
  if (url) return readUrl(url[2] ?? '');
  const dsn = /^(?:[^@/]*@)?(tcp|unix)\(([^)]*)\)\/([^?]*)/.exec(value);
  if (dsn)
    return { hosts: dsn[1] === 'unix' ? [dsn[2] ?? ''] : splitHosts(dsn[2] ?? ''), ...databaseOf(dsn[3]) };
  const remote = /^([\w.-]+:\d+|localhost|[\d.]+)\/([\w-]+)$/.exec(value);
  if (remote) return { hosts: splitHosts(remote[1] ?? ''), ...databaseOf(remote[2]) };
  return { hosts: [], database: value };
}

const databaseOf = (name: string | undefined): { database?: string } =>
  name === undefined || name === '' ? {} : { database: name };

/** A file is on this machine, whoever else uses it. */
function localFile(value: string): Address {
  const path = value.replace(/^\w+:/, '').replace(/^\/\//, '').replace(/\?.*$/s, '');
  return { hosts: ['localhost'], database: path === '' || path === ':memory:' ? ':memory:' : path };
}

/** The part of a URL after `://`: `user:password@host:port,host/name?host=…;databaseName=…`. */
function readUrl(rest: string): Address {
  const authorityEnd = rest.search(/[/?#;\\]/);
  const authority = authorityEnd < 0 ? rest : rest.slice(0, authorityEnd);
  const tail = authorityEnd < 0 ? '' : rest.slice(authorityEnd);
  const hosts = splitHosts(decode(authority.slice(authority.lastIndexOf('@') + 1)));
  const [path = '', query = ''] = tail.replace(/#.*$/s, '').split(/[?;](.*)/s);
  const pairs = query.split(/[&;]/).map((pair) => pair.split('='));
  const valuesOf = (names: RegExp) =>
    pairs.flatMap(([name = '', ...value]) => (names.test(name) ? [decode(value.join('='))] : []));
  const named = valuesOf(/^(?:databaseName|database|dbname)$/i)[0] ?? decode(path.replace(/^[/\\]+/, ''));
  return {
    hosts: [...hosts, ...valuesOf(/^(?:host|hostaddr|service|serverName)$/i).flatMap(readHosts)],
    ...databaseOf(named),
  };
}

function readPairs(text: string): Address {
  const pairs = [...text.matchAll(/(\w+)\s*=\s*('(?:[^'\\]|\\.)*'|\S*)/g)].map(
    ([, name = '', value = '']) => [name, value.replace(/^'|'$/g, '')] as const,
  );
  const hosts = pairs.flatMap(([name, value]) =>
    /^(?:host|hostaddr)$/.test(name) ? readHosts(value) : name === 'service' ? [`${value}?`] : [],
  );
  return { hosts, ...databaseOf(pairs.find(([name]) => name === 'dbname')?.[1]) };
}

/** The hosts of a comma list, without ports and instances. */
function splitHosts(list: string): readonly string[] {
  if (list.startsWith('/')) return [list];
  return list
    .split(',')
    .filter((part) => part !== '' && !/^\s*\d+$/.test(part))
    .map((part) => {
      const host = part.trim().replace(/\\.*$/s, '');
      const bracketed = /^\[([^\]]*)\](?::\d*)?$/.exec(host)?.[1];
      if (bracketed !== undefined) return bracketed;
      return host.split(':').length === 2 ? host.replace(/:\d*$/, '') : host;
    });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
