import { readFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';

/** The certificates of a source, read from its files. */
export function tlsOf({
  ca,
  cert,
  key,
}: {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}) {
  return {
    ...(ca === undefined ? {} : { ca: readFileSync(ca) }),
    ...(cert === undefined ? {} : { cert: readFileSync(cert) }),
    ...(key === undefined ? {} : { key: readFileSync(key) }),
  };
}

export type Reply = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string };

type Request = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole exchange, in ms. */
  readonly timeout: number;
  readonly tls: ReturnType<typeof tlsOf>;
};

const LARGEST = 256 * 1024;

/**
 * One exchange, to its end or to `timeout`. No redirect is followed: who redirects could say anything. `fetch` can
 * neither bound an answer nor take a certificate of one's own.
 */
export function exchange(url: URL, { method, headers, body, timeout, tls }: Request): Promise<Reply> {
  return new Promise((done, fail) => {
    const send = url.protocol === 'https:' ? requestTls : requestPlain;
    const sent = send(url, {
      method,
      ...tls,
      agent: false,
      rejectUnauthorized: true,
      headers: { accept: 'application/json', 'cache-control': 'no-cache', ...headers },
    });
    const clock = setTimeout(() => sent.destroy(new Error(`no answer within ${timeout} ms`)), timeout);
    const fault = (error: Error) => {
      clearTimeout(clock);
      sent.destroy();
      fail(error);
    };
    sent.on('error', fault);
    sent.on('response', (reply) => {
      const chunks: Buffer[] = [];
      let length = 0;
      reply.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > LARGEST) fault(new Error(`the answer is larger than ${LARGEST / 1024} KB`));
        else chunks.push(chunk);
      });
      reply.on('error', fault);
      reply.on('aborted', () => fault(new Error('the answer was cut short')));
      reply.on('end', () => {
        clearTimeout(clock);
        if (!reply.complete) return fault(new Error('the answer was cut short'));
        done({
          status: reply.statusCode ?? 0,
          headers: reply.headers,
          text: Buffer.concat(chunks).toString(),
        });
      });
    });
    sent.end(body);
  });
}

/** What an answer with this status means, as far as it is not the answer that was asked for. */
export function refusal({ status }: Reply): Error {
  const known: Readonly<Record<number, string>> = {
    401: 'the credentials are missing or wrong',
    403: 'the credentials do not allow it',
    404: 'there is nothing at this address',
    429: 'too many requests',
  };
  const meaning = status >= 300 && status < 400 ? 'a redirect, which is not followed' : known[status];
  return new Error(`status ${status}${meaning === undefined ? '' : `: ${meaning}`}`);
}

/** A JSON object. Throws when the text is anything else. */
export function objectIn(text: string): { readonly [key: string]: unknown } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('the answer is not JSON');
  }
  if (!isObject(value)) throw new Error('the answer is not a JSON object');
  return value;
}

export const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Throws when a cache on the way has kept the answer for longer than `freshness` ms. */
export function demandFresh({ headers: { age } }: Reply, freshness: number): void {
  if (age !== undefined && !(Number(age) * 1000 <= freshness))
    throw new Error(`a cache on the way has kept the answer for ${age} s`);
}
