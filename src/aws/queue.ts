import type { Message, SQSClient } from '@aws-sdk/client-sqs';

/** A message that was received and is hidden from others for the time being. */
export interface QueueMessage {
  readonly id: string;
  readonly body: string;
  /** How often it has been received, this time included. */
  readonly receiveCount: number;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
  readonly receiptHandle: string;
}

/** One SQS queue. */
export interface Queue {
  readonly url: string;
  /** Waits up to some seconds for up to ten messages. */
  receive(limit: number, waitSeconds: number, signal: AbortSignal): Promise<QueueMessage[]>;
  /** Keeps a message hidden until the returned function is called. */
  hold(message: QueueMessage): () => void;
  /** Lets a message be received again after some seconds. */
  release(message: QueueMessage, afterSeconds: number): Promise<void>;
  /** Deletes a message: it is dealt with. */
  acknowledge(message: QueueMessage): Promise<void>;
  send(body: string, attributes: Readonly<Record<string, string>>): Promise<void>;
}

export interface QueueSettings {
  readonly url: string;
  /** Seconds that a message is hidden; extended for as long as it is held. */
  readonly visibility: number;
  /** Hears of a message whose hiding could not be extended: somebody else may receive it as well. */
  readonly onHoldFailed: (error: unknown) => void;
}

const SECOND = 1_000;
/** A message is hidden again when half of its time has gone. */
const HOLD_SHARE = 0.5;
/** Source: Amazon SQS Developer Guide, "Amazon SQS visibility timeout": 12 hours in all. */
const LONGEST_DELAY = 43_200;
/** Characters of an attribute; it counts towards the size of the message. */
const ATTRIBUTE_LIMIT = 1_000;

/** The region in a queue's URL; nothing when the URL says none. */
export function regionOfQueue(url: string): string | undefined {
  const { hostname } = new URL(url);
  return (
    /^sqs(?:-fips)?\.([a-z]{2}(?:-[a-z]+)+-\d)\./.exec(hostname)?.[1] ??
    /^([a-z]{2}(?:-[a-z]+)+-\d)\.queue\./.exec(hostname)?.[1]
  );
}

export async function openQueue(
  sqs: SQSClient,
  { url, visibility, onHoldFailed }: QueueSettings,
): Promise<Queue> {
  const { ChangeMessageVisibilityCommand, DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand } =
    await import('@aws-sdk/client-sqs');
  const QueueUrl = url;
  const hide = async ({ receiptHandle }: QueueMessage, seconds: number): Promise<void> => {
    const VisibilityTimeout = Math.min(Math.max(0, Math.round(seconds)), LONGEST_DELAY);
    await sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout }),
    );
  };
  return {
    url,
    async receive(limit, waitSeconds, signal) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: limit,
          WaitTimeSeconds: waitSeconds,
          VisibilityTimeout: visibility,
          MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
        }),
        { abortSignal: signal },
      );
      return Messages.map(received);
    },
    hold(message) {
      const timer = setInterval(
        () => hide(message, visibility).catch(onHoldFailed),
        visibility * SECOND * HOLD_SHARE,
      );
      return () => clearInterval(timer);
    },
    release: hide,
    async acknowledge({ receiptHandle }) {
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receiptHandle }));
    },
    async send(body, attributes) {
      const MessageAttributes = Object.fromEntries(
        Object.entries(attributes).map(([name, text]) => [
          name,
          { DataType: 'String', StringValue: text.slice(0, ATTRIBUTE_LIMIT) },
        ]),
      );
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body, MessageAttributes }));
    },
  };
}

function received({ MessageId = '', Body = '', ReceiptHandle = '', Attributes = {} }: Message): QueueMessage {
  return {
    id: MessageId,
    body: Body,
    receiveCount: Number(Attributes.ApproximateReceiveCount ?? 1),
    sentAt: Number(Attributes.SentTimestamp ?? 0),
    receiptHandle: ReceiptHandle,
  };
}
