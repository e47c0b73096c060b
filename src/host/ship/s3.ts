import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type Receiver, ShipError, withHead } from './batch.ts';

/**
 * Puts each batch as an object of its own: `s3://bucket/prefix?region=…&endpoint=…`. Its name says host, day and place
 * in the file, so a batch that is sent twice is there once. Credentials: the SDK's own chain.
 */
export function s3Receiver(url: URL): Receiver {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const endpoint = url.searchParams.get('endpoint');
  const region = url.searchParams.get('region');
  const client = new S3Client({
    ...(region === null ? {} : { region }),
    ...(endpoint === null
      ? {}
      : { endpoint, forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' as const }),
    maxAttempts: 1,
  });
  const prefix = url.pathname.replace(/^\/+|\/+$/g, '');
  return {
    lines: 20_000,
    bytes: 4 * 1024 * 1024,
    async send(batch) {
      const range = `${String(batch.from).padStart(12, '0')}-${String(batch.end).padStart(12, '0')}.jsonl`;
      const day = batch.file.replace(/\.jsonl$/, '');
      const key = [prefix, batch.host, day, range].filter((part) => part !== '').join('/');
      try {
        await client.send(
          new PutObjectCommand({
            Bucket: url.hostname,
            Key: key,
            Body: `${withHead(batch).join('\n')}\n`,
            ContentType: 'application/x-ndjson',
          }),
          { abortSignal: AbortSignal.timeout(30_000) },
        );
      } catch (error) {
        const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
        const hopeless =
          /NoSuchBucket|AccessDenied|InvalidAccessKeyId|SignatureDoesNotMatch|CredentialsProviderError/;
        throw new ShipError(`${name}: ${message}`, !hopeless.test(name));
      }
    },
    close: async () => client.destroy(),
  };
}
