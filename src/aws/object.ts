import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { S3Client } from '@aws-sdk/client-s3';

/** Which object; without a version the newest one. */
export interface ObjectName {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
}

export interface OpenObject {
  /** Tells one content under this name from another; without the quotes of the header. */
  readonly etag: string;
  readonly byteLength: number;
  /** The content from the first byte to the last. It must be read or destroyed. */
  readonly content: Readable;
}

/** Pieces of an object, for formats that are not read from front to end. */
export interface ObjectRanges {
  readonly byteLength: number;
  /** The bytes from `start` up to, but not including, `end`. */
  slice(start: number, end?: number): Promise<ArrayBuffer>;
}

export interface ReadSettings {
  readonly signal: AbortSignal;
  /** Milliseconds before a broken connection is opened again; doubled each time nothing came. */
  readonly resumeAfter?: number;
  /** Milliseconds without a byte until a connection counts as broken. */
  readonly stallAfter?: number;
}

const RESUMES = 6;
const RESUME_AFTER = 200;
const STALL_AFTER = 60_000;
/** Bytes that are read ahead of the consumer. */
const AHEAD = 256 * 1024;

/**
 * Opens an object. A connection that breaks is opened again where it broke, for the same content
 * only: an object that was replaced meanwhile fails with AWS's `PreconditionFailed`.
 */
export async function openObject(
  s3: S3Client,
  name: ObjectName,
  settings: ReadSettings,
): Promise<OpenObject> {
  const { GetObjectCommand } = await import('@aws-sdk/client-s3');
  const { signal, resumeAfter = RESUME_AFTER, stallAfter = STALL_AFTER } = settings;
  const get = async (from: number, etag: string | undefined) => {
    const condition = etag === undefined ? {} : { Range: `bytes=${from}-`, IfMatch: `"${etag}"` };
    const command = new GetObjectCommand({ ...inputOf(name), ...condition });
    const { ETag = '', ContentLength, Body } = await s3.send(command, { abortSignal: signal });
    // It may break before anybody reads it, and says so again when somebody does.
    const opened = (Body as Readable).on('error', () => {});
    return { opened, etag: ETag.replace(/^"|"$/g, ''), length: ContentLength };
  };
  const { opened, etag, length: byteLength } = await get(0, undefined);
  if (byteLength === undefined) throw new Error('S3 did not say how long the object is');

  let body = opened;
  const letGo = (): void => void body.destroy();

  async function* bytes(total: number): AsyncGenerator<Uint8Array> {
    let received = 0;
    for (let failures = 0; ; ) {
      try {
        const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
        for (;;) {
          const next = await unlessStalled(chunks.next(), body, stallAfter);
          if (next.done === true) break;
          signal.throwIfAborted();
          received += next.value.length;
          failures = 0;
          yield next.value;
        }
        if (received >= total) return;
        throw new Error(`the connection ended after ${received} of ${total} bytes`);
      } catch (error) {
        failures++;
        if (signal.aborted || failures > RESUMES) throw error;
      } finally {
        body.destroy();
      }
      await wait(resumeAfter * 2 ** (failures - 1), undefined, { signal });
      body = (await get(received, etag)).opened;
    }
  }
  const content = Readable.from(bytes(byteLength), { objectMode: false, highWaterMark: AHEAD });
  // The client's own signal ends with the headers; and what nobody begins to read holds a connection.
  signal.addEventListener('abort', letGo, { once: true });
  content.once('close', () => {
    letGo();
    signal.removeEventListener('abort', letGo);
  });
  return { etag, byteLength, content };
}

/** Reads pieces of one content of an object. */
export function objectRanges(
  s3: S3Client,
  name: ObjectName,
  { etag, byteLength }: Pick<OpenObject, 'etag' | 'byteLength'>,
  signal: AbortSignal,
): ObjectRanges {
  return {
    byteLength,
    async slice(start, end = byteLength) {
      if (end <= start) return new ArrayBuffer(0);
      const { GetObjectCommand } = await import('@aws-sdk/client-s3');
      const range = { Range: `bytes=${start}-${end - 1}`, IfMatch: `"${etag}"` };
      for (let failures = 0; ; failures++) {
        try {
          const { Body } = await s3.send(new GetObjectCommand({ ...inputOf(name), ...range }), {
            abortSignal: signal,
          });
          const bytes = await Body?.transformToByteArray();
          if (bytes?.length !== end - start) throw new Error('the connection ended in the middle of a range');
          return Uint8Array.from(bytes).buffer;
        } catch (error) {
          // What AWS has answered it has tried itself; only a body that broke is left to try again.
          const answered = (error as { $metadata?: unknown }).$metadata !== undefined;
          if (answered || signal.aborted || failures === RESUMES) throw error;
        }
        await wait(RESUME_AFTER * 2 ** failures, undefined, { signal });
      }
    },
  };
}

function inputOf({ bucket, key, versionId }: ObjectName) {
  return { Bucket: bucket, Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }) };
}

/** A server that says nothing more would keep its reader waiting for ever. */
async function unlessStalled<T>(next: Promise<T>, body: Readable, milliseconds: number): Promise<T> {
  const timer = setTimeout(() => {
    body.destroy(new Error(`no byte came for ${milliseconds / 1_000} s`));
  }, milliseconds);
  try {
    return await next;
  } finally {
    clearTimeout(timer);
  }
}
