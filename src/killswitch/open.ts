import type { Source } from '../model/kill-switch.ts';
import type { Connection } from './connection.ts';
import { openHttp } from './sources/http.ts';
import { openOfrep } from './sources/ofrep.ts';
import { openPath } from './sources/path.ts';
import type { openRedis } from './sources/redis.ts';
import type { openS3 } from './sources/s3.ts';

/** The clients that are slow to load, each when it is first wanted. */
export type Clients = {
  redis(): { readonly openRedis: typeof openRedis };
  s3(): { readonly openS3: typeof openS3 };
};

/** A connection to a source; nothing is sent yet. Throws when the source's files cannot be read. */
export function openSource(
  source: Source,
  env: Readonly<Record<string, string | undefined>>,
  clients: Clients,
): Connection {
  switch (source.kind) {
    case 'redis':
      return clients.redis().openRedis(source, env);
    case 's3':
      return clients.s3().openS3(source, env);
    case 'http':
      return openHttp(source, env);
    case 'ofrep':
      return openOfrep(source, env);
    case 'path':
      return openPath(source);
  }
}
