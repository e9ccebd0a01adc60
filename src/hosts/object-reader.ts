import { describeAwsError, readFault } from '../aws/errors.ts';
import { objectRanges, openObject } from '../aws/object.ts';
import type { SourceClients } from '../aws/source-clients.ts';
import type { QueueSource } from '../config/sources.ts';
import { contextOfKey } from '../formats/key.ts';
import type { ObjectReference } from '../sources/envelope.ts';
import { type gate, oneAtATime, TryLater } from './remote.ts';
import { InterruptedContent, type Pipeline, takeContent, UnreadableContent } from './take-content.ts';

export interface ObjectReaderWorld {
  readonly clients: SourceClients;
  readonly pipeline: Pipeline;
  readonly signal: AbortSignal;
  /** Places for objects that are open, and for those of them that are read. */
  readonly opening: ReturnType<typeof gate>;
  readonly reading: ReturnType<typeof gate>;
}

/** What went wrong with one object, and with which. */
export class ContentFault extends Error {
  override readonly name = 'ContentFault';
  readonly source: string;

  constructor(source: string, cause: unknown) {
    const known = cause instanceof UnreadableContent || cause instanceof InterruptedContent;
    super(`${source}: ${known ? cause.message : describeAwsError(cause)}`, { cause });
    this.source = source;
  }
}

/** Reads an announced object once, however often and at how many places it is announced. */
export function objectReader(
  { buckets, prefix, suffix, logFormat: flowLogFormat, cloudfrontFields }: QueueSource,
  { clients, pipeline, signal, opening, reading }: ObjectReaderWorld,
): (reference: ObjectReference) => Promise<void> {
  const exclusively = oneAtATime();
  /** An empty list of buckets means every bucket. */
  const isWanted = ({ bucket, key }: ObjectReference): boolean =>
    (buckets.length === 0 || buckets.includes(bucket)) &&
    key.startsWith(prefix) &&
    key.endsWith(suffix) &&
    // What the console shows as a folder.
    !key.endsWith('/');

  const read = async (name: string, reference: ObjectReference): Promise<void> => {
    const processedAs = (etag: string): string => `${name}#${etag}`;
    if (reference.etag !== undefined && (await pipeline.store.processed(processedAs(reference.etag)))) return;
    const s3 = await clients.s3();
    const { etag, byteLength, content } = await openObject(s3, reference, { signal }).catch(
      (error: unknown) => {
        throw new ContentFault(name, error);
      },
    );
    // It may break while it waits to be read, and says so again when it is.
    content.on('error', () => {});
    try {
      // What is there now may be newer than what was announced.
      if (byteLength === 0 || (await pipeline.store.processed(processedAs(etag)))) return;
      const options = {
        fingerprint: etag,
        flowLogFormat,
        cloudfrontFields,
        processedAs: processedAs(etag),
        // A version behind the key is no part of it.
        context: contextOfKey(reference.key),
      };
      const ranges = objectRanges(s3, reference, { etag, byteLength }, signal);
      await reading(() => takeContent(pipeline, { pieces: content, ranges }, name, options));
    } catch (error) {
      const ofContent = error instanceof UnreadableContent || error instanceof InterruptedContent;
      throw ofContent ? new ContentFault(name, error) : error;
    } finally {
      content.destroy();
    }
  };

  return async (reference) => {
    if (!isWanted(reference)) return;
    const { bucket, key, versionId } = reference;
    const name = `s3://${bucket}/${key}${versionId === undefined ? '' : `?versionId=${versionId}`}`;
    await opening(() => exclusively(name, () => read(name, reference)));
  };
}

/**
 * What becomes of a message after a fault. One that is wrong itself, or whose object is gone, will never
 * be right. An object that cannot or may not be read is tried as often as the message may be received;
 * what is temporary always. `ours` is a fault of Cordon or of its disk: going on would hide it.
 */
export function verdictOn(fault: unknown, receivesLeft: number): 'set-aside' | 'retry' | 'ours' {
  if (fault instanceof UnreadableContent) return 'set-aside';
  if (fault instanceof ContentFault) {
    const { cause } = fault;
    if (cause instanceof InterruptedContent) return 'retry';
    const kind = cause instanceof UnreadableContent ? 'refused' : readFault(cause);
    if (kind === 'temporary') return 'retry';
    return kind === 'gone' || receivesLeft <= 0 ? 'set-aside' : 'retry';
  }
  const byAws = (fault as { $metadata?: unknown } | undefined)?.$metadata !== undefined;
  return byAws || fault instanceof TryLater ? 'retry' : 'ours';
}
