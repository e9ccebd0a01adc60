import { randomUUID } from 'node:crypto';
import type {
  ListSubscriptionsByTopicInput,
  PublishInput,
  SubscribeInput,
  UnsubscribeInput,
} from '@aws-sdk/client-sns';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { type Delivery, deliver } from '../delivery.ts';
import { topicOf } from './topic.ts';
import { invalid } from './topics.ts';

/** Only queues hear of topics here; others wait for a confirmation that nobody gives. */
export function subscribe(
  account: Account,
  { TopicArn, Protocol, Endpoint = '', Attributes = {} }: SubscribeInput,
): { SubscriptionArn: string } {
  const { arn } = topicOf(account, TopicArn);
  if (Protocol !== 'sqs') return { SubscriptionArn: 'pending confirmation' };
  if (!Endpoint.startsWith('arn:aws:sqs:')) throw invalid('SQS endpoint ARN');
  const known = account.deliveries.find(({ from, to }) => from === arn && to === Endpoint);
  const raw = Attributes.RawMessageDelivery === 'true';
  const delivery = known ?? { from: arn, to: Endpoint, raw };
  if (known === undefined) account.deliveries.push(delivery);
  return { SubscriptionArn: subscriptionArn(delivery) };
}

export function unsubscribe(account: Account, { SubscriptionArn }: UnsubscribeInput): object {
  const index = account.deliveries.findIndex((one) => subscriptionArn(one) === SubscriptionArn);
  if (index < 0) throw new AwsError('NotFound', 'Subscription does not exist', 404);
  account.deliveries.splice(index, 1);
  return {};
}

export function listSubscriptionsByTopic(
  account: Account,
  { TopicArn }: ListSubscriptionsByTopicInput,
): object {
  const { arn } = topicOf(account, TopicArn);
  return {
    Subscriptions: account.deliveries
      .filter(({ from }) => from === arn)
      .map((delivery) => ({
        SubscriptionArn: subscriptionArn(delivery),
        Owner: account.id,
        Protocol: 'sqs',
        Endpoint: delivery.to,
        TopicArn: arn,
      })),
  };
}

export function publish(
  account: Account,
  { TopicArn, TargetArn, Message = '', Subject }: PublishInput,
): { MessageId: string } {
  const { arn } = topicOf(account, TopicArn ?? TargetArn);
  if (Message === '') throw invalid('Empty message');
  deliver(account, arn, Message, Subject);
  return { MessageId: randomUUID() };
}

function subscriptionArn({ from, to }: Delivery): string {
  return `${from}:${to.split(':').at(-1)}`;
}
