import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { observeCalls } from './calls.ts';
import { type AwsSettings, connectionOf, REQUEST_HANDLER } from './clients.ts';

/** Clients of the services that logs come from; each is loaded when it is first asked for. */
export interface SourceClients {
  s3(): Promise<S3Client>;
  /** SQS of the region that the queue's URL or the settings name. */
  sqs(region?: string): Promise<SQSClient>;
  kinesis(region?: string): Promise<KinesisClient>;
  close(): void;
}

/** Few: what still fails is tried again here, when nothing else waits for it. */
const ATTEMPTS = 3;

export function sourceClients(settings: AwsSettings): SourceClients {
  const open = new Map<string, Promise<{ destroy(): void }>>();
  const client = <T extends { destroy(): void }>(name: string, make: () => Promise<T>): Promise<T> => {
    const known = (open.get(name) as Promise<T> | undefined) ?? make();
    open.set(name, known);
    return known;
  };
  const regional = (region = settings.region) => ({
    ...connectionOf({ ...settings, region }),
    maxAttempts: ATTEMPTS,
  });
  return {
    s3: () =>
      client('s3', async () => {
        const { S3Client } = await import('@aws-sdk/client-s3');
        const s3 = new S3Client({
          ...regional(),
          forcePathStyle: settings.endpoint !== undefined,
          // Buckets of one queue may be in several regions.
          followRegionRedirects: true,
          // Lengths are checked here, gzip has a checksum of its own, and a range has none.
          responseChecksumValidation: 'WHEN_REQUIRED',
        });
        observeCalls(s3, 's3');
        return s3;
      }),
    sqs: (region) =>
      client(`sqs ${region}`, async () => {
        const { SQSClient } = await import('@aws-sdk/client-sqs');
        const sqs = new SQSClient(regional(region));
        observeCalls(sqs, 'sqs');
        return sqs;
      }),
    kinesis: (region) =>
      client(`kinesis ${region}`, async () => {
        const { KinesisClient } = await import('@aws-sdk/client-kinesis');
        const { NodeHttpHandler } = await import('@smithy/node-http-handler');
        const kinesis = new KinesisClient({
          ...regional(region),
          // The client's own handler speaks HTTP/2, for subscriptions that push; these calls need none.
          requestHandler: new NodeHttpHandler(REQUEST_HANDLER),
        });
        observeCalls(kinesis, 'kinesis');
        return kinesis;
      }),
    close() {
      for (const opened of open.values()) opened.then((one) => one.destroy()).catch(() => {});
    },
  };
}
