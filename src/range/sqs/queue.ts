import { createHash, randomUUID } from 'node:crypto';
import type { Account } from '../account.ts';

export interface SimulatedQueue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly attributes: Map<string, string>;
  readonly tags: Map<string, string>;
  messages: SimulatedMessage[];
}

export interface SimulatedMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, unknown>> | undefined;
  readonly sentAt: number;
  /** Of the queue that the message was first sent to, when it was moved. */
  readonly sourceArn?: string;
  receiveCount: number;
  firstReceivedAt: number | undefined;
  /** Simulated time from which on it is received again. */
  visibleAt: number;
  receiptHandle: string | undefined;
}

const SECOND = 1_000;
/** Source: Amazon SQS API Reference, "CreateQueue". */
const DEFAULTS: Readonly<Record<string, string>> = {
  DelaySeconds: '0',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  VisibilityTimeout: '30',
};

export function newQueue(
  account: Account,
  name: string,
  attributes: Readonly<Record<string, string>> = {},
  tags: Readonly<Record<string, string>> = {},
): SimulatedQueue {
  const queue: SimulatedQueue = {
    name,
    url: `https://sqs.${account.region}.amazonaws.com/${account.id}/${name}`,
    arn: `arn:aws:sqs:${account.region}:${account.id}:${name}`,
    attributes: new Map(Object.entries({ ...DEFAULTS, ...attributes })),
    tags: new Map(Object.entries(tags)),
    messages: [],
  };
  account.queues.set(name, queue);
  return queue;
}

export function numberOf({ attributes }: SimulatedQueue, name: string): number {
  return Number(attributes.get(name) ?? DEFAULTS[name]);
}

export function enqueue(
  account: Account,
  queue: SimulatedQueue,
  body: string,
  options: {
    attributes?: Readonly<Record<string, unknown>> | undefined;
    delaySeconds?: number | undefined;
  } = {},
): SimulatedMessage {
  const now = account.clock.now();
  const message: SimulatedMessage = {
    id: randomUUID(),
    body,
    attributes: options.attributes,
    sentAt: now,
    receiveCount: 0,
    firstReceivedAt: undefined,
    visibleAt: now + (options.delaySeconds ?? numberOf(queue, 'DelaySeconds')) * SECOND,
    receiptHandle: undefined,
  };
  queue.messages.push(message);
  return message;
}

/** Takes what is visible; a message that was received too often goes to the dead-letter queue instead. */
export function takeVisible(
  account: Account,
  queue: SimulatedQueue,
  limit: number,
  visibilitySeconds: number,
): SimulatedMessage[] {
  const now = account.clock.now();
  const retained = numberOf(queue, 'MessageRetentionPeriod') * SECOND;
  queue.messages = queue.messages.filter(({ sentAt }) => sentAt + retained > now);
  const redrive = redriveOf(account, queue);
  const taken: SimulatedMessage[] = [];
  for (const message of [...queue.messages]) {
    if (taken.length === limit) break;
    if (message.visibleAt > now) continue;
    if (redrive !== undefined && message.receiveCount >= redrive.maxReceiveCount) {
      queue.messages.splice(queue.messages.indexOf(message), 1);
      redrive.queue.messages.push({ ...message, sourceArn: queue.arn, receiptHandle: undefined });
      continue;
    }
    message.receiveCount++;
    message.firstReceivedAt ??= now;
    message.visibleAt = now + visibilitySeconds * SECOND;
    message.receiptHandle = randomUUID();
    taken.push(message);
  }
  return taken;
}

function redriveOf(
  account: Account,
  { attributes }: SimulatedQueue,
): { queue: SimulatedQueue; maxReceiveCount: number } | undefined {
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(attributes.get('RedrivePolicy') ?? '{}') as {
    deadLetterTargetArn?: string;
    maxReceiveCount?: number | string;
  };
  const queue = [...account.queues.values()].find(({ arn }) => arn === deadLetterTargetArn);
  return queue === undefined ? undefined : { queue, maxReceiveCount: Number(maxReceiveCount) };
}

/** How many messages somebody has in hand. */
export function inFlight(account: Account, { messages }: SimulatedQueue): number {
  const now = account.clock.now();
  return messages.filter(({ receiveCount, visibleAt }) => receiveCount > 0 && visibleAt > now).length;
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
