import { changed, created, deleted, type TouchTable } from './touch.ts';

const TOPIC = 'AWS::SNS::Topic';
const TOPIC_POLICY = 'AWS::SNS::TopicInlinePolicy';
const SUBSCRIPTION = 'AWS::SNS::Subscription';
const topic = 'request.topicArn';
const ofTopic = { partOf: [TOPIC, topic] as const };
const isPolicy = { at: 'request.attributeName', is: ['Policy'] };

/** Source: Amazon SNS Developer Guide, "Logging AWS SNS API calls using AWS CloudTrail". */
export const SNS: TouchTable = {
  source: 'sns.amazonaws.com',
  calls: {
    CreateTopic: [created(TOPIC, 'response.topicArn')],
    DeleteTopic: [deleted(TOPIC, topic)],
    SetTopicAttributes: [
      changed(TOPIC_POLICY, topic, ['PolicyDocument'], { ...ofTopic, when: isPolicy }),
      changed(TOPIC, topic, [], { when: { ...isPolicy, not: true } }),
    ],
    AddPermission: [changed(TOPIC_POLICY, topic, ['PolicyDocument'], ofTopic)],
    RemovePermission: [changed(TOPIC_POLICY, topic, ['PolicyDocument'], ofTopic)],
    TagResource: [changed(TOPIC, 'request.resourceArn', ['Tags'])],
    UntagResource: [changed(TOPIC, 'request.resourceArn', ['Tags'])],
    Subscribe: [created(SUBSCRIPTION, '{response.subscriptionArn:only-arn}', ofTopic)],
    SetSubscriptionAttributes: [changed(SUBSCRIPTION, 'request.subscriptionArn')],
    Unsubscribe: [deleted(SUBSCRIPTION, 'request.subscriptionArn')],
  },
};

const QUEUE = 'AWS::SQS::Queue';
const QUEUE_POLICY = 'AWS::SQS::QueueInlinePolicy';
const queue = 'request.queueUrl';
const ofQueue = { partOf: [QUEUE, queue] as const };

/** Attributes of a queue that are properties of the same name. */
export const QUEUE_ATTRIBUTES = [
  'DelaySeconds',
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
  'VisibilityTimeout',
] as const;

/** Source: Amazon SQS Developer Guide, "Logging Amazon SQS API calls using AWS CloudTrail". */
export const SQS: TouchTable = {
  source: 'sqs.amazonaws.com',
  calls: {
    CreateQueue: [created(QUEUE, 'response.queueUrl')],
    DeleteQueue: [deleted(QUEUE, queue)],
    SetQueueAttributes: [
      changed(QUEUE_POLICY, queue, ['PolicyDocument'], {
        ...ofQueue,
        when: { at: 'request.attributes.Policy' },
      }),
      changed(QUEUE, queue, {
        of: 'request.attributes',
        names: Object.fromEntries(QUEUE_ATTRIBUTES.map((name) => [name, name])),
        only: true,
      }),
    ],
    AddPermission: [changed(QUEUE_POLICY, queue, ['PolicyDocument'], ofQueue)],
    RemovePermission: [changed(QUEUE_POLICY, queue, ['PolicyDocument'], ofQueue)],
    TagQueue: [changed(QUEUE, queue, ['Tags'])],
    UntagQueue: [changed(QUEUE, queue, ['Tags'])],
  },
};
