import { Agent } from 'node:https';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { S3Source, Scope, Source, Thrown } from '../../model/kill-switch.ts';
import { type Connection, pathOf } from '../connection.ts';
import { readContent, thrownFor, written } from '../content.ts';
import { expandUrl } from '../secrets.ts';
import { tlsOf } from './web.ts';

type Variables = Readonly<Record<string, string | undefined>>;

const LARGEST = 64 * 1024;

/** An object for each scope, so that a policy can say who may throw which. Credentials: the SDK's own chain. */
export function openS3(source: S3Source & Source, env: Variables): Connection {
  const client = clientOf(source, env);
  const at = (scope: Scope) => ({
    Bucket: source.bucket,
    Key: source.prefix === '' ? pathOf(scope) : `${source.prefix}/${pathOf(scope)}`,
  });
  const within = () => ({ abortSignal: AbortSignal.timeout(source.timeout) });
  async function readOne(scope: Scope): Promise<readonly Thrown[]> {
    try {
      const { Body } = await client.send(
        new GetObjectCommand({ ...at(scope), Range: `bytes=0-${LARGEST}` }),
        within(),
      );
      return [thrownFor(scope, readContent((await Body?.transformToString()) ?? ''))];
    } catch (error) {
      const name = error instanceof Error ? error.name : '';
      if (name === 'NoSuchKey') return [];
      if (name === 'InvalidRange') return [thrownFor(scope, {})]; // an empty object
      throw explained(error, source);
    }
  }
  return {
    read: async (scopes) => (await Promise.all(scopes.map(readOne))).flat(),
    async put(thrown) {
      const body = { Body: written(thrown), ContentType: 'application/json' };
      await client.send(new PutObjectCommand({ ...at(thrown.scope), ...body }), within()).catch((error) => {
        throw explained(error, source);
      });
    },
    async remove(scope) {
      await client.send(new DeleteObjectCommand(at(scope)), within()).catch((error) => {
        throw explained(error, source);
      });
    },
    close: () => client.destroy(),
  };
}

function clientOf(source: S3Source & Source, env: Variables): S3Client {
  // Its advice on versions of node is for us, not for who asks for the state of a switch.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const tls = tlsOf(source);
  return new S3Client({
    region: source.region,
    // Always given: a variable or ~/.aws/config must not say where the switch lies.
    endpoint:
      source.endpoint === undefined ? awsEndpoint(source.region) : expandUrl(source.endpoint, env).href,
    forcePathStyle: source.pathStyle,
    ...(source.profile === undefined ? {} : { profile: source.profile }),
    maxAttempts: 1,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: source.timeout,
      requestTimeout: source.timeout,
      ...(Object.keys(tls).length === 0 ? {} : { httpsAgent: new Agent({ keepAlive: true, ...tls }) }),
    },
  });
}

const awsEndpoint = (region: string): string =>
  `https://s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;

/** The error in words that say what to do. */
function explained(error: unknown, { bucket }: S3Source): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  switch (error.name) {
    case 'AccessDenied':
      return new Error(
        'access denied: s3:GetObject is wanted, and s3:ListBucket, without which S3 tells a missing object from no other',
      );
    case 'NoSuchBucket':
      return new Error(`there is no bucket \`${bucket}\``);
    case 'PermanentRedirect':
      return new Error('the bucket lies in another region');
    case 'CredentialsProviderError':
      return new Error('no AWS credentials were found');
    case 'TimeoutError':
    case 'AbortError':
      return new Error('no answer in time');
    default:
      return new Error(error.message || error.name);
  }
}
