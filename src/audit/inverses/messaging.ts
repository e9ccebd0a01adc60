import type { Json } from '../../model/json.ts';
import { shellWord } from '../../model/shell-word.ts';
import type { ApiCall } from '../api-call.ts';
import { isObject, memberOf, textOf } from '../members.ts';
import { QUEUE_ATTRIBUTES } from '../touches/messaging.ts';
import type { Inverse, States, WayBack } from '../way-back.ts';
import { backCall, calls, documentOf, linesOf, noBefore, none, notInRecord, stateBefore } from './inverse.ts';

const sns = linesOf('sns.amazonaws.com');
const TOPIC = 'AWS::SNS::Topic';
const TOPIC_POLICY = 'AWS::SNS::TopicInlinePolicy';
/** Attributes of a topic by the property that holds them, as text. */
const TOPIC_ATTRIBUTES: Readonly<Record<string, string>> = {
  ArchivePolicy: 'ArchivePolicy',
  ContentBasedDeduplication: 'ContentBasedDeduplication',
  DisplayName: 'DisplayName',
  FifoThroughputScope: 'FifoThroughputScope',
  KmsMasterKeyId: 'KmsMasterKeyId',
  SignatureVersion: 'SignatureVersion',
  TracingConfig: 'TracingConfig',
};
/** An empty text removes these. */
const REMOVABLE = new Set(['DisplayName', 'KmsMasterKeyId']);

function text(value: Json): string {
  return isObject(value) || Array.isArray(value) ? JSON.stringify(value) : String(value);
}

function topicBack(call: ApiCall, states: States): WayBack {
  const TopicArn = textOf(call.request, 'topicArn');
  const AttributeName = textOf(call.request, 'attributeName');
  if (TopicArn === undefined || AttributeName === undefined) return notInRecord(call);
  const before = stateBefore(states);
  const property = TOPIC_ATTRIBUTES[AttributeName];
  const value = property === undefined ? undefined : memberOf(before, property);
  if (before === undefined || (value === undefined && !REMOVABLE.has(AttributeName)))
    return noBefore(`${AttributeName} of the topic ${TopicArn}`);
  return calls(
    `set ${AttributeName} of the topic ${TopicArn} as before`,
    backCall('sns', 'SetTopicAttributes', {
      TopicArn,
      AttributeName,
      AttributeValue: value === undefined ? '' : text(value),
    }),
  );
}

function topicPolicyBack(call: ApiCall, states: States): WayBack {
  const TopicArn = textOf(call.request, 'topicArn');
  if (TopicArn === undefined) return notInRecord(call);
  const AttributeValue = documentOf(stateBefore(states), 'PolicyDocument');
  if (AttributeValue === undefined) return noBefore(`the policy of the topic ${TopicArn}`);
  return calls(
    `put the policy of the topic ${TopicArn} back as it was`,
    backCall('sns', 'SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue }),
  );
}

export const SNS_INVERSES: readonly Inverse[] = [
  sns('SetTopicAttributes', TOPIC_POLICY, ['sns:SetTopicAttributes'], topicPolicyBack),
  sns('SetTopicAttributes', TOPIC, ['sns:SetTopicAttributes'], topicBack),
  sns('AddPermission', TOPIC_POLICY, ['sns:RemovePermission'], (call) => {
    const TopicArn = textOf(call.request, 'topicArn');
    const Label = textOf(call.request, 'label');
    if (TopicArn === undefined || Label === undefined) return notInRecord(call);
    return calls(
      `remove the statement ${Label} from the policy of ${TopicArn}`,
      backCall('sns', 'RemovePermission', { TopicArn, Label }),
    );
  }),
  sns('RemovePermission', TOPIC_POLICY, ['sns:SetTopicAttributes'], topicPolicyBack),
  sns('Subscribe', 'AWS::SNS::Subscription', ['sns:Unsubscribe'], (call) => {
    const SubscriptionArn = textOf(call.response, 'subscriptionArn');
    // Until it is confirmed nothing is sent, and it has no ARN.
    if (!SubscriptionArn?.startsWith('arn:')) return notInRecord(call);
    return calls(
      `end the subscription ${SubscriptionArn}`,
      backCall('sns', 'Unsubscribe', { SubscriptionArn }),
    );
  }),
];

const sqs = linesOf('sqs.amazonaws.com');
const QUEUE = 'AWS::SQS::Queue';
const QUEUE_POLICY = 'AWS::SQS::QueueInlinePolicy';

function queueBack(call: ApiCall, states: States): WayBack {
  const QueueUrl = textOf(call.request, 'queueUrl');
  if (QueueUrl === undefined) return notInRecord(call);
  const set = QUEUE_ATTRIBUTES.filter((name) => memberOf(call.request, `attributes.${name}`) !== undefined);
  const before = stateBefore(states);
  if (set.length === 0) return notInRecord(call);
  if (before === undefined) return noBefore(`what the queue ${QueueUrl} was`);
  const Attributes: Record<string, string> = {};
  for (const name of set) {
    const value = memberOf(before, name);
    const isText = name === 'KmsMasterKeyId' || name === 'RedrivePolicy' || name === 'RedriveAllowPolicy';
    if (value === undefined && !isText) return noBefore(`${name} of the queue ${QueueUrl}`);
    Attributes[name] = value === undefined ? '' : text(value);
  }
  return calls(
    `set ${set.join(', ')} of the queue ${QueueUrl} as before`,
    backCall('sqs', 'SetQueueAttributes', { QueueUrl, Attributes }),
  );
}

function queuePolicyBack(call: ApiCall, states: States): WayBack {
  const QueueUrl = textOf(call.request, 'queueUrl');
  if (QueueUrl === undefined) return notInRecord(call);
  const Policy = documentOf(stateBefore(states), 'PolicyDocument');
  if (Policy === undefined && states.before !== null) return noBefore(`the policy of the queue ${QueueUrl}`);
  return calls(
    Policy === undefined
      ? `remove the policy of the queue ${QueueUrl}, which had none`
      : `put the policy of the queue ${QueueUrl} back as it was`,
    backCall('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy: Policy ?? '' } }),
  );
}

export const SQS_INVERSES: readonly Inverse[] = [
  sqs('SetQueueAttributes', QUEUE_POLICY, ['sqs:SetQueueAttributes'], queuePolicyBack),
  sqs('SetQueueAttributes', QUEUE, ['sqs:SetQueueAttributes'], queueBack),
  sqs('AddPermission', QUEUE_POLICY, ['sqs:RemovePermission'], (call) => {
    const QueueUrl = textOf(call.request, 'queueUrl');
    const Label = textOf(call.request, 'label');
    if (QueueUrl === undefined || Label === undefined) return notInRecord(call);
    return calls(
      `remove the statement ${Label} from the policy of ${QueueUrl}`,
      backCall('sqs', 'RemovePermission', { QueueUrl, Label }),
    );
  }),
  sqs('RemovePermission', QUEUE_POLICY, ['sqs:SetQueueAttributes'], queuePolicyBack),
  sqs('DeleteQueue', QUEUE, [], (call) =>
    none(
      'the messages of a queue are gone with it',
      `aws sqs create-queue --queue-name ${shellWord(textOf(call.request, 'queueUrl')?.split('/').at(-1) ?? 'NAME')}`,
    ),
  ),
];
