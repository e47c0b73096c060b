import type { Scope, Source } from '../model/kill-switch.ts';
import { type Known, unknown } from './cache.ts';
import type { Connection } from './connection.ts';
import { type Clients, openSource } from './open.ts';
import { inWords } from './remote.ts';
import { withoutSecrets } from './secrets.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** A source that is asked again and again over one connection, as long as that holds. */
export type Reader = {
  /** What is known after asking once more, in place of what was known before. Never rejected. */
  read(scopes: readonly Scope[], before?: Known): Promise<Known>;
  /** Works with the connection. Rejected with an error without secrets. */
  use<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  close(): void;
};

export function readerOf(source: Source, env: Variables, clients: Clients): Reader {
  let connection: Connection | undefined;
  const close = () => {
    connection?.close();
    connection = undefined;
  };
  async function use<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    try {
      connection ??= openSource(source, env, clients);
      return await withinTime(work(connection), source.timeout);
    } catch (error) {
      close();
      throw new Error(withoutSecrets(messageOf(error), source, env));
    }
  }
  return {
    use,
    close,
    async read(scopes, before = unknown) {
      const tried = Date.now();
      const took = () => Date.now() - tried;
      try {
        const thrown = await use((open) => open.read(scopes));
        return { at: tried, thrown, tried, latency: took() };
      } catch (error) {
        return { at: before.at, thrown: before.thrown, tried, latency: took(), fault: messageOf(error) };
      }
    },
  };
}

function withinTime<T>(work: Promise<T>, timeout: number): Promise<T> {
  return new Promise((done, fail) => {
    const clock = setTimeout(() => fail(new Error(`no answer within ${inWords(timeout)}`)), timeout);
    work.then(done, fail).finally(() => clearTimeout(clock));
  });
}

/** Of an error in a bundle of causes, as `net` makes them, the first that says something. One line, not long. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return messageOf(error.errors[0]);
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 300);
}
