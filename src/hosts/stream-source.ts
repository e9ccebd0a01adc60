import { setTimeout as wait } from 'node:timers/promises';
import { awsErrorCode, describeAwsError, isHopeless } from '../aws/errors.ts';
import {
  openStream,
  readableShards,
  regionOfStream,
  type ShardStart,
  type Stream,
  streamNameOf,
} from '../aws/shards.ts';
import type { SourceClients } from '../aws/source-clients.ts';
import type { StreamSource } from '../config/sources.ts';
import type { Position } from '../store/store.ts';
import { gate, type RemoteSource, type SourceNotice } from './remote.ts';
import { takeRecords } from './stream-records.ts';
import type { Pipeline } from './take-content.ts';

export interface StreamSourceWorld {
  readonly clients: SourceClients;
  readonly pipeline: Pipeline;
  readonly signal: AbortSignal;
  readonly notice: (notice: SourceNotice) => void;
  /** Milliseconds before something that failed is tried again; doubled each time. */
  readonly retryAfter: number;
  /** Milliseconds between two looks at a shard that has nothing new. */
  readonly pollEvery: number;
}

/** Records that are asked for at once; AWS gives at most 10 MiB of them. */
const PAGE = 1_000;
const PAGES_AT_ONCE = 4;
/** Source: Kinesis Data Streams API Reference, "GetRecords": five calls a second for each shard. */
const PAGE_EVERY = 200;
/** How often AWS is asked for the shards, milliseconds; also whenever one ends. */
const LIST_EVERY = 60_000;
const LONGEST_RETRY = 60_000;
/** Failures in a row after which a source that is read once gives up; each is several attempts of the SDK. */
const FAILURES_AT_ONCE = 3;

/** Position tokens that are no sequence numbers. */
const ENDED = 'SHARD_END';
const FROM_TIME = '@';

/**
 * Reads every shard of a stream in its order, the parents before their children. How far each was read
 * is stored together with what was found in it.
 */
export function streamSource(source: StreamSource, world: StreamSourceWorld): RemoteSource {
  const { clients, pipeline, notice, retryAfter, pollEvery } = world;
  const { store } = pipeline;
  const base = `kinesis://${streamNameOf(source.kinesis)}`;
  const sourceOf = (shardId: string): string => `${base}/${shardId}`;
  const decode = { flowLogFormat: source.logFormat, cloudfrontFields: source.cloudfrontFields };
  const enter = gate(PAGES_AT_ONCE);

  const run = async (once: boolean, signal: AbortSignal, fail: (error: unknown) => void): Promise<void> => {
    const kinesis = await clients.kinesis(regionOfStream(source.kinesis));
    const stream = await openStream(kinesis, source.kinesis, signal);
    let listed = false;

    /** Does something until AWS lets it; answers nothing when it was told to stop. */
    const insist = async <T>(name: string, work: () => Promise<T>): Promise<T | undefined> => {
      for (let failures = 1; !signal.aborted; failures++) {
        try {
          return await work();
        } catch (error) {
          if (signal.aborted) return undefined;
          const byAws = (error as { $metadata?: unknown }).$metadata !== undefined;
          const hopeless = !listed && isHopeless(error);
          if (!byAws && !hopeless) throw error;
          if (hopeless || (once && failures === FAILURES_AT_ONCE))
            throw new Error(`${name}: ${describeAwsError(error)}`, { cause: error });
          notice({ source: name, kind: 'trouble', reason: describeAwsError(error) });
          const delay = Math.min(retryAfter * 2 ** (failures - 1), LONGEST_RETRY);
          await wait(delay, undefined, { signal }).catch(() => {});
        }
      }
      return undefined;
    };

    const createdAt = await insist(base, () => stream.createdAt());
    if (createdAt === undefined) return;

    /** The shards that may be read now. Those of the first look begin where the configuration says. */
    const readable = async (): Promise<string[]> => {
      const shards = await stream.shards();
      const stored = await store.positions(`${base}/`);
      listed = true;
      const sources = new Set(shards.map(({ id }) => sourceOf(id)));
      const gone = stored.filter((one) => !sources.has(one.source) || one.fingerprint !== createdAt);
      for (const { source: name, token } of gone) {
        const reason = 'the shard is gone; what was not read of it is lost';
        if (token !== ENDED) notice({ source: name, kind: 'trouble', reason });
      }
      const token = startToken(source.from);
      const firstLook = stored.length === 0 && token !== '' ? shards : [];
      await store.commit([
        ...gone.map(({ source: name }) => ({ kind: 'position-gone' as const, source: name })),
        ...firstLook.map(({ id }) => ({
          kind: 'position' as const,
          position: { ...newPosition(sourceOf(id), createdAt), token },
        })),
      ]);
      const endedSources = new Set(
        stored.filter((one) => one.token === ENDED && !gone.includes(one)).map((one) => one.source),
      );
      const ended = new Set(shards.map(({ id }) => id).filter((id) => endedSources.has(sourceOf(id))));
      return readableShards(shards, ended).map(({ id }) => id);
    };

    /** Reads a shard to its end, or to its newest record when it is read once. */
    const readShard = async (id: string): Promise<void> => {
      const name = sourceOf(id);
      let iterator: string | undefined;
      const page = async () => {
        const position = (await store.position(name)) ?? newPosition(name, createdAt);
        try {
          iterator ??= await iteratorOf(stream, id, position);
          const { records, next, behind } = await stream.records(iterator, PAGE);
          const ended = next === undefined ? ENDED : undefined;
          await takeRecords(pipeline, decode, records, position, ended);
          iterator = next;
          return { ended: next === undefined, behind: behind > 0 };
        } catch (error) {
          // The next try asks for a new one, behind what is stored.
          iterator = undefined;
          if (awsErrorCode(error) === 'ExpiredIteratorException') return { ended: false, behind: true };
          throw error;
        }
      };
      while (!signal.aborted) {
        const done = await insist(name, () => enter(page));
        if (done === undefined || done.ended || (once && !done.behind)) return;
        await wait(done.behind ? PAGE_EVERY : Math.max(pollEvery, PAGE_EVERY), undefined, { signal }).catch(
          () => {},
        );
      }
    };

    const reading = new Map<string, Promise<void>>();
    const finished = new Set<string>();
    while (!signal.aborted) {
      const ids = await insist(base, readable);
      const fresh = (ids ?? []).filter((id) => !reading.has(id) && !(once && finished.has(id)));
      for (const id of fresh) {
        const task = readShard(id)
          .catch(fail)
          .finally(() => {
            reading.delete(id);
            finished.add(id);
          });
        reading.set(id, task);
      }
      if (once && reading.size === 0) return;
      const pause = new AbortController();
      const again = wait(LIST_EVERY, undefined, { signal: AbortSignal.any([signal, pause.signal]) }).catch(
        () => {},
      );
      await Promise.race([again, ...reading.values()]);
      pause.abort();
    }
    await Promise.all(reading.values());
  };

  return {
    async run(once) {
      const failed = new AbortController();
      const signal = AbortSignal.any([world.signal, failed.signal]);
      await run(once, signal, (error) => failed.abort(error));
      if (failed.signal.aborted) throw failed.signal.reason;
    },
  };
}

/** A checkpoint that the stream knows no more is of records that it has forgotten. */
async function iteratorOf(stream: Stream, id: string, { token = '' }: Position): Promise<string> {
  const start = startOf(token);
  try {
    return await stream.iterator(id, start);
  } catch (error) {
    if (start.type !== 'after' || awsErrorCode(error) !== 'InvalidArgumentException') throw error;
    return stream.iterator(id, { type: 'oldest' });
  }
}

function startOf(token: string): ShardStart {
  if (token === '') return { type: 'oldest' };
  if (token.startsWith(FROM_TIME)) return { type: 'at', time: Number(token.slice(FROM_TIME.length)) };
  return { type: 'after', sequenceNumber: token };
}

/** `latest` becomes the time of the first look, so that a restart before the first record loses nothing. */
function startToken(from: StreamSource['from']): string {
  return from === 'oldest' ? '' : `${FROM_TIME}${from === 'latest' ? Date.now() : from}`;
}

function newPosition(source: string, fingerprint: string): Position {
  return { source, fingerprint, offset: 0, lines: 0 };
}
