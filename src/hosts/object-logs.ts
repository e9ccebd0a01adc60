import type { AwsSettings } from '../aws/clients.ts';
import { objectRanges, openObject } from '../aws/object.ts';
import { sourceClients } from '../aws/source-clients.ts';
import type { DecodeOptions } from '../formats/detected.ts';
import { InputError } from '../model/problem.ts';
import type { Chunk } from '../sources/files.ts';
import { type ContentFaults, remoteChunks } from './take-content.ts';

const OBJECT_URL = /^s3:\/\/([^/]+)(?:\/(.*))?$/s;

/**
 * The objects whose keys begin with a prefix, in the order of their keys. Those that were written
 * before a time hold nothing later, and are left out. Needs `s3:ListBucket`.
 */
export async function objectsUnder(
  url: string,
  settings: AwsSettings,
  writtenSince = Number.NEGATIVE_INFINITY,
): Promise<string[]> {
  const { bucket, key } = partsOf(url);
  const { paginateListObjectsV2 } = await import('@aws-sdk/client-s3');
  const clients = sourceClients(settings);
  try {
    const client = await clients.s3();
    const found: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2(
      { client },
      { Bucket: bucket, Prefix: key },
    )) {
      for (const { Key = '', LastModified } of Contents) {
        // What the console shows as a folder ends with a slash.
        if (Key.endsWith('/') || (LastModified?.getTime() ?? Number.POSITIVE_INFINITY) < writtenSince)
          continue;
        found.push(`s3://${bucket}/${Key}`);
      }
    }
    return found;
  } finally {
    clients.close();
  }
}

/** Reads an object once, to its end. Needs `s3:GetObject`. Throws when the connection cannot be kept. */
export async function* readObject(
  url: string,
  settings: AwsSettings,
  options: DecodeOptions = {},
): AsyncGenerator<Chunk> {
  const name = partsOf(url);
  const clients = sourceClients(settings);
  const ended = new AbortController();
  try {
    const s3 = await clients.s3();
    const { etag, byteLength, content } = await openObject(s3, name, { signal: ended.signal });
    const ranges = objectRanges(s3, name, { etag, byteLength }, ended.signal);
    const faults: ContentFaults = { interrupted: undefined, damage: undefined };
    yield* remoteChunks(
      { pieces: content, ranges },
      url,
      { ...options, fingerprint: etag, position: undefined },
      faults,
    );
    if (faults.interrupted !== undefined) throw faults.interrupted;
  } finally {
    ended.abort();
    clients.close();
  }
}

function partsOf(url: string): { readonly bucket: string; readonly key: string } {
  const [, bucket, key = ''] = OBJECT_URL.exec(url) ?? [];
  if (bucket === undefined) throw new InputError(`${url}: not s3://BUCKET/PREFIX`);
  return { bucket, key };
}
