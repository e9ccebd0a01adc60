import { FETCH_LIMITS, type Fetched, type Fetcher, FetchFailed, uncompressed } from '../intel/fetch.ts';
import type { AwsSettings } from './clients.ts';

export interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
  /** Of the bucket, where it is not the region of the configuration. */
  readonly region?: string | undefined;
}

/** A list that is an object of S3; asked only whether it is newer. Needs `s3:GetObject`. */
export function objectFetcher(
  { bucket, key, region }: ObjectPlace,
  settings: AwsSettings,
  limits = FETCH_LIMITS,
): Fetcher {
  return async ({ etag }, signal) => {
    // Loaded only where it is used: most configurations have no such list.
    const { GetObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
    const client = new S3Client({
      region: region ?? settings.region,
      maxAttempts: 3,
      requestHandler: {
        connectionTimeout: 5_000,
        requestTimeout: limits.timeout,
        throwOnRequestTimeout: true,
      },
      ...(settings.endpoint === undefined
        ? {}
        : {
            endpoint: settings.endpoint,
            forcePathStyle: true,
            credentials: { accessKeyId: 'AKIASIMULATED0000000', secretAccessKey: 'simulated' },
          }),
    });
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(limits.timeout)]);
    try {
      const command = new GetObjectCommand({
        Bucket: bucket,
        Key: key,
        ...(etag === undefined ? {} : { IfNoneMatch: etag }),
      });
      const {
        Body: body,
        ContentLength: length = 0,
        ETag: newTag,
      } = await client.send(command, { abortSignal: inTime });
      const tooLarge = new FetchFailed(`it is larger than ${Math.round(limits.bytes / 2 ** 20)} MiB`);
      if (length > limits.bytes) throw tooLarge;
      const chunks: Uint8Array[] = [];
      let size = 0;
      for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
        inTime.throwIfAborted();
        size += chunk.length;
        if (size > limits.bytes) throw tooLarge;
        chunks.push(chunk);
      }
      if (size < length) throw new FetchFailed(`it ends after ${size} of ${length} bytes`);
      return { status: 'content', bytes: uncompressed(Buffer.concat(chunks), limits.bytes), etag: newTag };
    } catch (error) {
      return unchangedOrFailed(error, `s3://${bucket}/${key}`, inTime, limits.timeout);
    } finally {
      client.destroy();
    }
  };
}

function unchangedOrFailed(error: unknown, place: string, signal: AbortSignal, timeout: number): Fetched {
  if (error instanceof FetchFailed) throw error;
  const { $metadata, name, message } = error as Error & { $metadata?: { httpStatusCode?: number } };
  if ($metadata?.httpStatusCode === 304) return { status: 'unchanged' };
  if (signal.aborted && (signal.reason as Error | undefined)?.name === 'TimeoutError')
    throw new FetchFailed(`${place} did not answer within ${timeout / 1_000} s`);
  throw new FetchFailed(`${place}: ${name}: ${message}`);
}
