import { setTimeout as wait } from 'node:timers/promises';
import { describeAwsError, isHopeless } from '../aws/errors.ts';
import { openQueue, type Queue, type QueueMessage, regionOfQueue } from '../aws/queue.ts';
import type { SourceClients } from '../aws/source-clients.ts';
import type { QueueSource } from '../config/sources.ts';
import { type Delivery, readEnvelope } from '../sources/envelope.ts';
import { ContentFault, objectReader, verdictOn } from './object-reader.ts';
import { type PutAside, poisonQueue } from './poison.ts';
import { gate, oneAtATime, type RemoteSource, type SourceNotice, TryLater } from './remote.ts';
import { type Pipeline, takeContent, UnreadableContent } from './take-content.ts';

export interface QueueSourceWorld {
  readonly clients: SourceClients;
  readonly pipeline: Pipeline;
  readonly setAside: PutAside;
  readonly signal: AbortSignal;
  readonly notice: (notice: SourceNotice) => void;
  /** Milliseconds before something that failed is tried again; doubled each time. */
  readonly retryAfter: number;
}

/** Messages that are received and not yet acknowledged. */
export const IN_HAND = 8;
/** Contents that are read at the same time; the others are opened and wait. */
const READ_AT_ONCE = 2;
/** Source: Amazon SQS API Reference, "ReceiveMessage". */
const RECEIVE_LIMIT = 10;
const LONG_POLL = 20;
const SHORT_POLL = 1;
const LONGEST_RETRY = 15 * 60_000;
const SECOND = 1_000;
/** Our own last call for messages, which is just given up, must not take them again. */
const STOPPED_FOR = 1 * SECOND;
/** SQS keeps a message for 14 days at most: what is older is announced no more. */
const DAY = 24 * 3_600 * SECOND;
const REMEMBERED = 15 * DAY;
const FORGET_EVERY = DAY;

/**
 * Reads what the messages of a queue announce or hold. A message is deleted only when everything of
 * it is stored; until then nobody else receives it, and it comes again when this process dies.
 */
export function queueSource(source: QueueSource, world: QueueSourceWorld): RemoteSource {
  const { clients, pipeline, notice, retryAfter } = world;
  const { queue: url, logFormat: flowLogFormat, cloudfrontFields } = source;
  const reading = gate(READ_AT_ONCE);
  const exclusively = oneAtATime();
  const readObject = objectReader(source, { ...world, reading, opening: gate(IN_HAND) });
  const trouble = (error: unknown): void =>
    notice({ source: url, kind: 'trouble', reason: describeAwsError(error) });

  const readContent = async (
    { content, id }: Delivery & { kind: 'content' },
    messageId: string,
  ): Promise<void> => {
    const name = `${url}/${id ?? messageId}`;
    await exclusively(name, async () => {
      if (await pipeline.store.processed(name)) return;
      const pieces = [Buffer.from(content)];
      const options = { fingerprint: '', flowLogFormat, cloudfrontFields, processedAs: name };
      await reading(() => takeContent(pipeline, { pieces }, name, options));
    });
  };

  const deal = async ({ id, body, receiveCount }: QueueMessage): Promise<void> => {
    const delivery = readEnvelope(body);
    switch (delivery.kind) {
      case 'nothing':
        return;
      case 'unknown':
        throw new UnreadableContent(delivery.reason);
      case 'content':
        return readContent(delivery, id);
      case 'objects': {
        const results = await Promise.allSettled(delivery.objects.map(readObject));
        const faults = results.flatMap((result) =>
          result.status === 'rejected' ? [result.reason as unknown] : [],
        );
        // One that may go well later brings all of them back; what is stored is not read again.
        const first = faults.find(
          (fault) => verdictOn(fault, source.receives - receiveCount) !== 'set-aside',
        );
        if (first !== undefined) throw first;
        if (faults.length > 0) throw new UnreadableContent(faults.map(reasonOf).join('; '));
      }
    }
  };

  const handle = async (queue: Queue, message: QueueMessage, setAside: PutAside): Promise<void> => {
    const { id: messageId, sentAt, receiveCount } = message;
    const letGo = queue.hold(message);
    try {
      await deal(message).catch(async (fault: unknown) => {
        if (world.signal.aborted || verdictOn(fault, source.receives - receiveCount) !== 'set-aside')
          throw fault;
        const reason = reasonOf(fault);
        await setAside(
          { messageId, source: url, reason, at: Date.now(), sentAt, receiveCount },
          message.body,
        );
        notice({ source: `${url}/${messageId}`, kind: 'set-aside', reason });
      });
      letGo();
      // A message that stays is received again, and found to be dealt with.
      await queue.acknowledge(message).catch(trouble);
    } catch (fault) {
      letGo();
      const delay = world.signal.aborted
        ? STOPPED_FOR
        : Math.min(retryAfter * 2 ** (receiveCount - 1), LONGEST_RETRY);
      await queue.release(message, delay / SECOND).catch(trouble);
      if (world.signal.aborted) return;
      if (verdictOn(fault, 1) === 'ours') throw fault;
      notice({
        source: fault instanceof ContentFault ? fault.source : url,
        kind: 'trouble',
        reason: reasonOf(fault),
      });
    }
  };

  const run = async (once: boolean): Promise<void> => {
    const open = async (queueUrl: string): Promise<Queue> =>
      openQueue(await clients.sqs(regionOfQueue(queueUrl)), {
        url: queueUrl,
        visibility: source.visibility,
        onHoldFailed: trouble,
      });
    const queue = await open(url);
    const setAside =
      source.poison === undefined
        ? world.setAside
        : poisonQueue(await open(source.poison.queue), world.setAside);
    const failed = new AbortController();
    const signal = AbortSignal.any([world.signal, failed.signal]);
    const inHand = new Set<Promise<void>>();
    let failures = 0;
    let reached = false;
    let forgottenAt = Number.NEGATIVE_INFINITY;
    while (!signal.aborted) {
      if (Date.now() - forgottenAt > FORGET_EVERY) {
        forgottenAt = Date.now();
        await pipeline.store.commit([{ kind: 'processed-forgotten', before: forgottenAt - REMEMBERED }]);
      }
      const free = Math.min(IN_HAND - inHand.size, RECEIVE_LIMIT);
      if (free === 0) {
        await Promise.race(inHand);
        continue;
      }
      let messages: QueueMessage[] = [];
      try {
        messages = await queue.receive(free, once ? SHORT_POLL : LONG_POLL, signal);
        reached = true;
        failures = 0;
      } catch (error) {
        if (signal.aborted) break;
        if (once || (!reached && isHopeless(error)))
          failed.abort(new Error(`${url}: ${describeAwsError(error)}`));
        else trouble(error);
        const delay = Math.min(retryAfter * 2 ** failures++, LONGEST_RETRY);
        await wait(delay, undefined, { signal }).catch(() => {});
        continue;
      }
      if (once && messages.length === 0) {
        if (inHand.size === 0) break;
        await Promise.race(inHand);
      }
      for (const message of messages) {
        const task: Promise<void> = handle(queue, message, setAside)
          .catch((error: unknown) => failed.abort(error))
          .finally(() => inHand.delete(task));
        inHand.add(task);
      }
    }
    await Promise.all(inHand);
    if (failed.signal.aborted) throw failed.signal.reason;
  };

  return { run };
}

function reasonOf(fault: unknown): string {
  if (fault instanceof UnreadableContent || fault instanceof ContentFault || fault instanceof TryLater)
    return fault.message;
  return describeAwsError(fault);
}
