import { randomUUID } from 'node:crypto';
import type { Account } from './account.ts';
import { enqueue } from './sqs/queue.ts';

/** A subscription of a topic, or a rule of the event bus that takes every event. */
export interface Delivery {
  /** The ARN of an SNS topic, or `events`. */
  readonly from: string;
  /** The ARN of a queue or a topic. */
  readonly to: string;
  /** SNS only: the message as it is, without SNS's envelope. */
  readonly raw?: boolean;
}

/** What EventBridge calls the default bus here. */
export const EVENT_BUS = 'events';

/** Hands a message to a queue or topic by its ARN; a destination that is not there gets nothing. */
export function deliver(account: Account, arn: string, message: string, subject?: string): void {
  if (arn.startsWith('arn:aws:sns:')) publish(account, arn, message, subject);
  const queue = [...account.queues.values()].find((one) => one.arn === arn);
  if (queue !== undefined) enqueue(account, queue, message);
}

/** Source: Amazon SNS Developer Guide, "Amazon SNS message and JSON formats" and "Raw message delivery". */
function publish(account: Account, topicArn: string, message: string, subject: string | undefined): void {
  const timestamp = new Date(account.clock.now()).toISOString();
  for (const { to, raw } of account.deliveries.filter(({ from }) => from === topicArn)) {
    const envelope = {
      Type: 'Notification',
      MessageId: randomUUID(),
      TopicArn: topicArn,
      ...(subject === undefined ? {} : { Subject: subject }),
      Message: message,
      Timestamp: timestamp,
      SignatureVersion: '1',
      Signature: 'c2ltdWxhdGVk',
      SigningCertURL: 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0.pem',
      UnsubscribeURL: `https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${topicArn}:0`,
    };
    deliver(account, to, raw === true ? message : JSON.stringify(envelope));
  }
}

/** Puts an event on the bus. Source: Amazon EventBridge User Guide, "Events". */
export function putEvent(
  account: Account,
  { source, detailType, detail }: { source: string; detailType: string; detail: unknown },
): void {
  const event = {
    version: '0',
    id: randomUUID(),
    'detail-type': detailType,
    source,
    account: account.id,
    time: new Date(account.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
    region: account.region,
    resources: [],
    detail,
  };
  for (const { to } of account.deliveries.filter(({ from }) => from === EVENT_BUS))
    deliver(account, to, JSON.stringify(event));
}
