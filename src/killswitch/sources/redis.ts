import { createClient, createCluster, createSentinel } from '@redis/client';
import type { RedisSource, Source } from '../../model/kill-switch.ts';
import type { Connection } from '../connection.ts';
import { isActive, readContent, thrownFor, written } from '../content.ts';
import { expand, expandUrl } from '../secrets.ts';
import { tlsOf } from './web.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** What the three kinds of client have in common. */
type Client = {
  connect(): Promise<unknown>;
  get(key: string): Promise<string | null>;
  set(key: string, value: string, options?: { PX: number }): Promise<unknown>;
  del(key: string): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  destroy(): void;
};

/** A key for each scope, so that an ACL can say who may throw which. */
export function openRedis(source: RedisSource & Source, env: Variables): Connection {
  let open: Promise<Client> | undefined;
  let broken: Error | undefined;
  const connected = (): Promise<Client> => {
    open ??= connect();
    return open;
  };
  async function connect(): Promise<Client> {
    const client = clientOf(source, env);
    client.on('error', (error) => {
      broken = error;
      drop(client);
    });
    try {
      await client.connect();
      return client;
    } catch (error) {
      drop(client);
      throw broken ?? error;
    }
  }
  function drop(client: Client): void {
    open = undefined;
    try {
      client.destroy();
    } catch {
      // It is closed already.
    }
  }
  const use = async <T>(work: (client: Client) => Promise<T>): Promise<T> => {
    broken = undefined;
    const client = await connected();
    try {
      return await work(client);
    } catch (error) {
      drop(client);
      throw broken ?? error;
    }
  };
  return {
    read: (scopes) =>
      use(async (client) => {
        // Not MGET: of a key that is no string it says nil, as of one that is not there.
        const values = await Promise.all(scopes.map((scope) => client.get(source.prefix + scope)));
        return values.flatMap((value, i) =>
          value === null ? [] : [thrownFor(scopes[i] ?? '', readContent(value))],
        );
      }),
    put: (thrown) =>
      use(async (client) => {
        const left = thrown.until === undefined ? undefined : Date.parse(thrown.until) - Date.now();
        const key = source.prefix + thrown.scope;
        if (left === undefined || !isActive(thrown, Date.now())) await client.set(key, written(thrown));
        else await client.set(key, written(thrown), { PX: Math.ceil(left) + 1000 });
      }),
    remove: (scope) => use(async (client) => void (await client.del(source.prefix + scope))),
    close() {
      open?.then(drop, () => {});
    },
  };
}

function clientOf(source: RedisSource & Source, env: Variables): Client {
  const urls = source.urls.map((url) => expandUrl(url, env));
  const [first] = urls;
  if (first === undefined) throw new Error('no URL');
  const secure = first.protocol === 'rediss:';
  const socket = {
    connectTimeout: source.timeout,
    // The refresher tries again; until then nobody may take a queue of commands for an answer.
    reconnectStrategy: false as const,
    ...(secure ? { tls: true as const, ...tlsOf(source), servername: nameOf(first) } : {}),
  };
  const user = {
    ...(first.username === '' ? {} : { username: decodeURIComponent(first.username) }),
    ...(first.password === '' ? {} : { password: decodeURIComponent(first.password) }),
  };
  const common = { ...user, disableOfflineQueue: true, RESP: 2 as const };
  const nodes = urls.map(({ hostname, port }) => ({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || 6379),
  }));
  if (source.cluster)
    return createCluster({
      RESP: 2,
      rootNodes: nodes.map((node) => ({ socket: { ...socket, ...node } as object })),
      defaults: { ...user, socket: socket as object },
    }) as unknown as Client;
  if (source.sentinel !== undefined) {
    const { master, username, password } = source.sentinel;
    return createSentinel({
      RESP: 2,
      name: master,
      sentinelRootNodes: nodes,
      nodeClientOptions: { ...user, socket: socket as object },
      sentinelClientOptions: {
        ...(username === undefined ? {} : { username: expand(username, env) }),
        ...(password === undefined ? {} : { password: expand(password, env) }),
        socket: socket as object,
      },
      maxCommandRediscovers: 1,
    }) as unknown as Client;
  }
  const database = /^\/(\d+)$/.exec(first.pathname)?.[1];
  return createClient({
    ...common,
    ...(database === undefined ? {} : { database: Number(database) }),
    socket: { ...socket, ...nodes[0] } as object,
  }) as unknown as Client;
}

/** The name that the certificate is held to; an address is compared without it. */
const nameOf = ({ hostname }: URL): string | undefined =>
  /^[\d.]+$|:/.test(hostname) ? undefined : hostname;
