import { proveTouches } from '../../../test/touches.ts';
import { SNS, SQS } from './messaging.ts';

const TOPIC_ARN = 'arn:aws:sns:eu-west-1:123456789012:alerts';
const TOPIC = `AWS::SNS::Topic ${TOPIC_ARN}`;
const TOPIC_POLICY = `AWS::SNS::TopicInlinePolicy ${TOPIC_ARN}`;
const SUBSCRIPTION_ARN = `${TOPIC_ARN}:8a21d249-4329-4871-acc6-7be709c6ea7f`;
const SUBSCRIPTION = `AWS::SNS::Subscription ${SUBSCRIPTION_ARN}`;
const topic = { topicArn: TOPIC_ARN };
const subscription = { subscriptionArn: SUBSCRIPTION_ARN };
const subscribe = { ...topic, protocol: 'https', endpoint: 'https://evil.example.com' };

proveTouches(SNS, [
  ['CreateTopic', { name: 'alerts' }, topic, `created ${TOPIC}`],
  ['DeleteTopic', topic, null, `deleted ${TOPIC}`],
  [
    'SetTopicAttributes',
    { ...topic, attributeName: 'Policy', attributeValue: '{"Version":"2012-10-17"}' },
    null,
    `changed ${TOPIC_POLICY} [PolicyDocument] (of ${TOPIC})`,
  ],
  [
    'SetTopicAttributes',
    { ...topic, attributeName: 'KmsMasterKeyId', attributeValue: '' },
    null,
    `changed ${TOPIC}`,
  ],
  [
    'AddPermission',
    { ...topic, label: 'x', aWSAccountId: ['9'] },
    null,
    `changed ${TOPIC_POLICY} [PolicyDocument] (of ${TOPIC})`,
  ],
  [
    'RemovePermission',
    { ...topic, label: 'x' },
    null,
    `changed ${TOPIC_POLICY} [PolicyDocument] (of ${TOPIC})`,
  ],
  ['TagResource', { resourceArn: TOPIC_ARN }, null, `changed ${TOPIC} [Tags]`],
  ['UntagResource', { resourceArn: TOPIC_ARN }, null, `changed ${TOPIC} [Tags]`],
  ['Subscribe', subscribe, subscription, `created ${SUBSCRIPTION} (of ${TOPIC})`],
  ['Subscribe', subscribe, { subscriptionArn: 'pending confirmation' }],
  [
    'SetSubscriptionAttributes',
    { ...subscription, attributeName: 'FilterPolicy' },
    null,
    `changed ${SUBSCRIPTION}`,
  ],
  ['Unsubscribe', subscription, null, `deleted ${SUBSCRIPTION}`],
]);

const QUEUE_URL = 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders';
const QUEUE = `AWS::SQS::Queue ${QUEUE_URL}`;
const QUEUE_POLICY = `AWS::SQS::QueueInlinePolicy ${QUEUE_URL}`;
const queue = { queueUrl: QUEUE_URL };
const Policy = '{"Version":"2012-10-17"}';

proveTouches(SQS, [
  ['CreateQueue', { queueName: 'orders' }, queue, `created ${QUEUE}`],
  ['DeleteQueue', queue, null, `deleted ${QUEUE}`],
  [
    'SetQueueAttributes',
    { ...queue, attributes: { Policy } },
    null,
    `changed ${QUEUE_POLICY} [PolicyDocument] (of ${QUEUE})`,
  ],
  [
    'SetQueueAttributes',
    { ...queue, attributes: { SqsManagedSseEnabled: 'false' } },
    null,
    `changed ${QUEUE} [SqsManagedSseEnabled]`,
  ],
  [
    'SetQueueAttributes',
    { ...queue, attributes: { Policy, KmsMasterKeyId: '', VisibilityTimeout: '30' } },
    null,
    `changed ${QUEUE_POLICY} [PolicyDocument] (of ${QUEUE})`,
    `changed ${QUEUE} [KmsMasterKeyId VisibilityTimeout]`,
  ],
  ['AddPermission', { ...queue, label: 'x' }, null, `changed ${QUEUE_POLICY} [PolicyDocument] (of ${QUEUE})`],
  [
    'RemovePermission',
    { ...queue, label: 'x' },
    null,
    `changed ${QUEUE_POLICY} [PolicyDocument] (of ${QUEUE})`,
  ],
  ['TagQueue', { ...queue, tags: { a: 'b' } }, null, `changed ${QUEUE} [Tags]`],
  ['UntagQueue', { ...queue, tagKeys: ['a'] }, null, `changed ${QUEUE} [Tags]`],
]);
