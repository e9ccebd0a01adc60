import { AwsError } from '../../aws-error.ts';
import { perform } from '../../perform.ts';
import { SNS } from '../../sns/service.ts';
import { topicArn, topicsOf } from '../../sns/topic.ts';
import { applyChanges, missingFrom, pick, type Setter } from '../changes.ts';
import {
  type CfnTag,
  type Properties,
  type ResourceType,
  tagChanges,
  tagProperty,
} from '../resource-type.ts';

interface Subscription {
  readonly Endpoint: string;
  readonly Protocol: string;
}

const ATTRIBUTES = [
  'ContentBasedDeduplication',
  'DisplayName',
  'FifoTopic',
  'KmsMasterKeyId',
  'SignatureVersion',
  'TracingConfig',
];

const attribute =
  (AttributeName: string): Setter =>
  (account, TopicArn, after) =>
    perform(account, SNS, 'SetTopicAttributes', {
      TopicArn,
      AttributeName,
      AttributeValue: String(after ?? ''),
    });

const SETTERS: Readonly<Record<string, Setter>> = {
  ...Object.fromEntries(ATTRIBUTES.map((name) => [name, attribute(name)])),
  Subscription(account, TopicArn, after, before) {
    for (const { Endpoint, Protocol } of missingFrom(before, after) as Subscription[])
      perform(account, SNS, 'Subscribe', { TopicArn, Protocol, Endpoint });
    const gone = missingFrom(after, before) as Subscription[];
    const { Subscriptions } = perform<{ Subscriptions: { SubscriptionArn: string; Endpoint: string }[] }>(
      account,
      SNS,
      'ListSubscriptionsByTopic',
      { TopicArn },
    );
    for (const { SubscriptionArn, Endpoint } of Subscriptions)
      if (gone.some((one) => one.Endpoint === Endpoint))
        perform(account, SNS, 'Unsubscribe', { SubscriptionArn });
  },
  Tags(account, ResourceArn, after, before) {
    const { put, remove } = tagChanges((before ?? []) as CfnTag[], after);
    if (put.length > 0) perform(account, SNS, 'TagResource', { ResourceArn, Tags: put });
    if (remove.length > 0) perform(account, SNS, 'UntagResource', { ResourceArn, TagKeys: remove });
  },
};

/** Source: AWS CloudFormation Template Reference, "AWS::SNS::Topic". */
export const TOPIC: ResourceType = {
  replacement: ['TopicName', 'FifoTopic'],
  readOnly: ['TopicArn'],
  name: 'TopicName',
  create(account, properties, newName) {
    const TopicName = String(properties.TopicName ?? newName);
    if (topicsOf(account).has(topicArn(account, TopicName)))
      throw new AwsError('AlreadyExists', `${TopicName} already exists`, 409);
    const given = pick(properties, ATTRIBUTES);
    const Attributes = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, String(value)]),
    );
    const { TopicArn } = perform<{ TopicArn: string }>(account, SNS, 'CreateTopic', {
      Name: TopicName,
      Attributes,
      Tags: (properties.Tags ?? []) as CfnTag[],
    });
    this.update(account, TopicArn, properties, { ...given, Tags: properties.Tags });
    return { physicalId: TopicArn, attributes: { TopicArn, TopicName } };
  },
  update(account, arn, after, before) {
    applyChanges(SETTERS, account, arn, { before, after });
  },
  delete(account, TopicArn) {
    perform(account, SNS, 'DeleteTopic', { TopicArn });
  },
  read(account, TopicArn): Properties | undefined {
    const topic = topicsOf(account).get(TopicArn);
    if (topic === undefined) return undefined;
    const { Attributes } = perform<{ Attributes: Record<string, string> }>(
      account,
      SNS,
      'GetTopicAttributes',
      {
        TopicArn,
      },
    );
    const { Tags } = perform<{ Tags: CfnTag[] }>(account, SNS, 'ListTagsForResource', {
      ResourceArn: TopicArn,
    });
    const { Subscriptions } = perform<{ Subscriptions: Subscription[] }>(
      account,
      SNS,
      'ListSubscriptionsByTopic',
      { TopicArn },
    );
    const shown = Object.entries(pick(Attributes, ATTRIBUTES)).filter(([, value]) => value !== '');
    return {
      ...Object.fromEntries(
        shown.map(([name, value]) => [name, /^(true|false)$/.test(String(value)) ? value === 'true' : value]),
      ),
      TopicName: topic.name,
      TopicArn,
      ...(Subscriptions.length === 0
        ? {}
        : { Subscription: Subscriptions.map(({ Endpoint, Protocol }) => ({ Endpoint, Protocol })) }),
      ...tagProperty(Tags),
    };
  },
  list: (account) => [...topicsOf(account).keys()],
};
