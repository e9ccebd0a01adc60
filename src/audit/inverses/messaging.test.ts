import { proveInverses } from '../../../test/inverses.ts';
import { SNS_INVERSES, SQS_INVERSES } from './messaging.ts';

const TopicArn = 'arn:aws:sns:eu-west-1:123456789012:alerts';
const topic = { topicArn: TopicArn };
const policy = { Version: '2012-10-17', Statement: [] };
const setPolicy = [
  ['sns SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue: JSON.stringify(policy) }],
] as const;
const key = { ...topic, attributeName: 'KmsMasterKeyId', attributeValue: '' };
const SubscriptionArn = `${TopicArn}:8a21d249-4329-4871-acc6-7be709c6ea7f`;

proveInverses(SNS_INVERSES, [
  [
    'SetTopicAttributes',
    { request: { ...topic, attributeName: 'Policy' }, before: { PolicyDocument: policy } },
    setPolicy,
  ],
  [
    'SetTopicAttributes',
    { request: { ...topic, attributeName: 'Policy' } },
    'unknown: the policy of the topic',
  ],
  [
    'SetTopicAttributes',
    { request: key, before: { KmsMasterKeyId: 'alias/sns' } },
    [['sns SetTopicAttributes', { TopicArn, AttributeName: 'KmsMasterKeyId', AttributeValue: 'alias/sns' }]],
  ],
  [
    'SetTopicAttributes',
    { request: key, before: {} },
    [['sns SetTopicAttributes', { TopicArn, AttributeName: 'KmsMasterKeyId', AttributeValue: '' }]],
  ],
  [
    'SetTopicAttributes',
    { request: { ...topic, attributeName: 'TracingConfig' }, before: {} },
    'unknown: TracingConfig',
  ],
  [
    'AddPermission',
    { request: { ...topic, label: 'evil' } },
    [['sns RemovePermission', { TopicArn, Label: 'evil' }]],
  ],
  ['RemovePermission', { request: { ...topic, label: 'x' }, before: { PolicyDocument: policy } }, setPolicy],
  [
    'Subscribe',
    { request: topic, response: { subscriptionArn: SubscriptionArn } },
    [['sns Unsubscribe', { SubscriptionArn }]],
  ],
  [
    'Subscribe',
    { request: topic, response: { subscriptionArn: 'pending confirmation' } },
    'unknown: the record',
  ],
]);

const QueueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders';
const queue = { queueUrl: QueueUrl };
const QUEUE = 'AWS::SQS::Queue';
const opened = { ...queue, attributes: { Policy: '{}', SqsManagedSseEnabled: 'false', KmsMasterKeyId: '' } };

proveInverses(SQS_INVERSES, [
  [
    'SetQueueAttributes',
    { request: opened, before: { PolicyDocument: policy } },
    [['sqs SetQueueAttributes', { QueueUrl, Attributes: { Policy: JSON.stringify(policy) } }]],
  ],
  [
    'SetQueueAttributes',
    { request: opened, before: null },
    [['sqs SetQueueAttributes', { QueueUrl, Attributes: { Policy: '' } }]],
  ],
  [
    'SetQueueAttributes',
    { request: opened, type: QUEUE, before: { SqsManagedSseEnabled: true, VisibilityTimeout: 30 } },
    [
      [
        'sqs SetQueueAttributes',
        { QueueUrl, Attributes: { KmsMasterKeyId: '', SqsManagedSseEnabled: 'true' } },
      ],
    ],
  ],
  ['SetQueueAttributes', { request: opened, type: QUEUE }, 'unknown: what the queue'],
  [
    'AddPermission',
    { request: { ...queue, label: 'evil' } },
    [['sqs RemovePermission', { QueueUrl, Label: 'evil' }]],
  ],
  [
    'RemovePermission',
    { request: { ...queue, label: 'x' }, before: { PolicyDocument: policy } },
    [['sqs SetQueueAttributes', { QueueUrl, Attributes: { Policy: JSON.stringify(policy) } }]],
  ],
  ['DeleteQueue', { request: queue }, 'none: the messages'],
]);
