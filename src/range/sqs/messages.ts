import { setTimeout } from 'node:timers/promises';
import type {
  ChangeMessageVisibilityCommandInput,
  DeleteMessageBatchCommandInput,
  DeleteMessageCommandInput,
  Message,
  ReceiveMessageCommandInput,
  SendMessageBatchCommandInput,
  SendMessageCommandInput,
} from '@aws-sdk/client-sqs';
import type { Account } from '../account.ts';
import { AwsError, badParameter } from '../aws-error.ts';
import { enqueue, md5, numberOf, type SimulatedMessage, type SimulatedQueue, takeVisible } from './queue.ts';
import { queueOf } from './queues.ts';

const SECOND = 1_000;
const LONGEST_VISIBILITY = 12 * 60 * 60;
const BATCH_LIMIT = 10;
/** How often a long poll looks, real milliseconds. */
const LOOK_EVERY = 5;

type Sent = { MessageId: string; MD5OfMessageBody: string };

export function sendMessage(account: Account, input: SendMessageCommandInput): Sent {
  return send(account, queueOf(account, input), input);
}

function send(
  account: Account,
  queue: SimulatedQueue,
  { MessageBody = '', DelaySeconds, MessageAttributes }: Omit<SendMessageCommandInput, 'QueueUrl'>,
): Sent {
  if (MessageBody === '')
    throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  if (Buffer.byteLength(MessageBody) > numberOf(queue, 'MaximumMessageSize'))
    throw badParameter('One or more parameters are invalid. Reason: Message must be shorter than the limit.');
  const { id } = enqueue(account, queue, MessageBody, {
    attributes: MessageAttributes,
    delaySeconds: DelaySeconds,
  });
  return { MessageId: id, MD5OfMessageBody: md5(MessageBody) };
}

export function sendMessageBatch(account: Account, input: SendMessageBatchCommandInput): object {
  const queue = queueOf(account, input);
  return batch(input.Entries, (entry) => send(account, queue, entry));
}

/** Waits for a message as long as it is asked to. Source: Amazon SQS API Reference, "ReceiveMessage". */
export async function receiveMessage(
  account: Account,
  input: ReceiveMessageCommandInput,
  gone: AbortSignal,
): Promise<{ Messages?: Message[] }> {
  const queue = queueOf(account, input);
  const { MaxNumberOfMessages: limit = 1 } = input;
  if (limit < 1 || limit > BATCH_LIMIT)
    throw badParameter(
      `Value ${limit} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.`,
    );
  const visibility = visibilityOf(input.VisibilityTimeout ?? numberOf(queue, 'VisibilityTimeout'));
  const wait = (input.WaitTimeSeconds ?? numberOf(queue, 'ReceiveMessageWaitTimeSeconds')) * SECOND;
  const until = account.clock.now() + wait;
  let taken = takeVisible(account, queue, limit, visibility);
  while (taken.length === 0 && account.clock.now() < until && !gone.aborted) {
    await setTimeout(LOOK_EVERY);
    // Nobody would hear of what is taken now.
    if (!gone.aborted) taken = takeVisible(account, queue, limit, visibility);
  }
  return taken.length === 0 ? {} : { Messages: taken.map((message) => received(account, message, input)) };
}

function received(
  account: Account,
  { id, body, receiptHandle, sentAt, receiveCount, firstReceivedAt, attributes, sourceArn }: SimulatedMessage,
  {
    MessageSystemAttributeNames = [],
    AttributeNames = [],
    MessageAttributeNames = [],
  }: ReceiveMessageCommandInput,
): Message {
  const all: Record<string, string> = {
    SenderId: account.id,
    SentTimestamp: String(sentAt),
    ApproximateReceiveCount: String(receiveCount),
    ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
    ...(sourceArn === undefined ? {} : { DeadLetterQueueSourceArn: sourceArn }),
  };
  const asked: readonly string[] = [...MessageSystemAttributeNames, ...AttributeNames];
  const wanted = Object.entries(all).filter(([name]) => asked.includes('All') || asked.includes(name));
  const own = Object.entries(attributes ?? {}).filter(
    ([name]) => MessageAttributeNames.includes('All') || MessageAttributeNames.includes(name),
  );
  return {
    MessageId: id,
    ReceiptHandle: receiptHandle,
    MD5OfBody: md5(body),
    Body: body,
    ...(wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted) }),
    ...(own.length === 0
      ? {}
      : { MessageAttributes: Object.fromEntries(own) as Message['MessageAttributes'] }),
  };
}

/** Deleting what is gone already succeeds, as in SQS. */
export function deleteMessage(account: Account, input: DeleteMessageCommandInput): object {
  const queue = queueOf(account, input);
  remove(queue, input.ReceiptHandle);
  return {};
}

export function deleteMessageBatch(account: Account, input: DeleteMessageBatchCommandInput): object {
  const queue = queueOf(account, input);
  return batch(input.Entries, ({ ReceiptHandle }) => {
    remove(queue, ReceiptHandle);
    return {};
  });
}

function remove(queue: SimulatedQueue, receiptHandle: string | undefined): void {
  if (!/^[\da-f-]{36}$/.test(receiptHandle ?? ''))
    throw new AwsError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${receiptHandle}" is not a valid receipt handle.`,
    );
  queue.messages = queue.messages.filter((message) => message.receiptHandle !== receiptHandle);
}

export function changeMessageVisibility(
  account: Account,
  input: ChangeMessageVisibilityCommandInput,
): object {
  const queue = queueOf(account, input);
  const seconds = visibilityOf(input.VisibilityTimeout ?? 0);
  const now = account.clock.now();
  const message = queue.messages.find(({ receiptHandle }) => receiptHandle === input.ReceiptHandle);
  if (message === undefined || message.visibleAt <= now) {
    const reason = `Value ${input.ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`;
    throw badParameter(reason);
  }
  message.visibleAt = now + seconds * SECOND;
  return {};
}

function visibilityOf(seconds: number): number {
  if (seconds < 0 || seconds > LONGEST_VISIBILITY)
    throw badParameter(
      `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200, if provided.`,
    );
  return seconds;
}

/** Runs every entry of a batch by itself. Source: Amazon SQS API Reference, "SendMessageBatch". */
function batch<Entry extends { Id: string | undefined }>(
  entries: readonly Entry[] | undefined,
  run: (entry: Entry) => object,
): { Successful: object[]; Failed: object[] } {
  if (entries === undefined || entries.length === 0)
    throw new AwsError(
      'EmptyBatchRequest',
      'There should be at least one entry in the request.',
      400,
      'AWS.SimpleQueueService.EmptyBatchRequest',
    );
  if (entries.length > BATCH_LIMIT)
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      'Maximum number of entries per request are 10.',
      400,
      'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
    );
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length)
    throw new AwsError(
      'BatchEntryIdsNotDistinct',
      'Id repeated.',
      400,
      'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
    );
  const result: { Successful: object[]; Failed: object[] } = { Successful: [], Failed: [] };
  for (const entry of entries) {
    try {
      result.Successful.push({ Id: entry.Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      result.Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return result;
}
