import { AwsError } from '../../aws-error.ts';
import { perform } from '../../perform.ts';
import { SQS } from '../../sqs/service.ts';
import { type Properties, type ResourceType, tagChanges, tagProperty } from '../resource-type.ts';

/** Attributes that its schema has under the same name. */
const NUMBERS = [
  'DelaySeconds',
  'KmsDataKeyReusePeriodSeconds',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'VisibilityTimeout',
];
const FLAGS = ['ContentBasedDeduplication', 'FifoQueue', 'SqsManagedSseEnabled'];
const TEXTS = ['DeduplicationScope', 'FifoThroughputLimit', 'KmsMasterKeyId'];
const DOCUMENTS = ['RedriveAllowPolicy', 'RedrivePolicy'];

/** Source: AWS CloudFormation Template Reference, "AWS::SQS::Queue". */
export const QUEUE: ResourceType = {
  replacement: ['QueueName', 'FifoQueue'],
  readOnly: ['Arn', 'QueueUrl'],
  name: 'QueueName',
  create(account, properties, newName) {
    const name = String(properties.QueueName ?? newName);
    if (account.queues.has(name)) throw new AwsError('AlreadyExists', `${name} already exists`, 409);
    const { QueueUrl } = perform<{ QueueUrl: string }>(account, SQS, 'CreateQueue', {
      QueueName: name,
      Attributes: attributesOf(properties),
      ...tagsIn(properties),
    });
    const Arn = `arn:aws:sqs:${account.region}:${account.id}:${name}`;
    return { physicalId: QueueUrl, attributes: { Arn, QueueName: name, QueueUrl } };
  },
  update(account, url, properties) {
    const before = this.read?.(account, url) ?? {};
    const wanted = attributesOf(properties);
    const now = attributesOf(before);
    const changed = Object.entries(wanted).filter(([name, value]) => now[name] !== value);
    const gone = DOCUMENTS.filter((name) => now[name] !== undefined && wanted[name] === undefined);
    const Attributes = Object.fromEntries([...changed, ...gone.map((name) => [name, ''])]);
    if (Object.keys(Attributes).length > 0)
      perform(account, SQS, 'SetQueueAttributes', { QueueUrl: url, Attributes });
    const { put, remove } = tagChanges((before.Tags ?? []) as [], properties.Tags);
    if (put.length > 0)
      perform(account, SQS, 'TagQueue', { QueueUrl: url, ...tagsIn({ Tags: put }, 'Tags') });
    if (remove.length > 0) perform(account, SQS, 'UntagQueue', { QueueUrl: url, TagKeys: remove });
  },
  delete(account, url) {
    perform(account, SQS, 'DeleteQueue', { QueueUrl: url });
  },
  read(account, url): Properties | undefined {
    const queue = account.queues.get(nameIn(url));
    if (queue === undefined) return undefined;
    const seen = (names: readonly string[], shape: (text: string) => unknown): [string, unknown][] =>
      names.flatMap((name) => {
        const value = queue.attributes.get(name);
        return value === undefined || value === '' ? [] : [[name, shape(value)] as [string, unknown]];
      });
    return {
      ...Object.fromEntries([
        ...seen(NUMBERS, Number),
        ...seen(FLAGS, (text) => text === 'true'),
        ...seen(TEXTS, String),
        ...seen(DOCUMENTS, (text) => JSON.parse(text) as unknown),
      ]),
      QueueName: queue.name,
      QueueUrl: queue.url,
      Arn: queue.arn,
      ...tagProperty([...queue.tags].map(([Key, Value]) => ({ Key, Value }))),
    };
  },
  list: (account) => [...account.queues.values()].map(({ url }) => url),
};

function attributesOf(properties: Properties): Record<string, string> {
  const known = [...NUMBERS, ...FLAGS, ...TEXTS, ...DOCUMENTS];
  const given = Object.entries(properties).filter(([name]) => known.includes(name));
  return Object.fromEntries(
    given.map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]),
  );
}

function tagsIn({ Tags }: Properties, member: 'tags' | 'Tags' = 'tags'): Record<string, unknown> {
  const tags = (Tags ?? []) as { Key: string; Value: string }[];
  if (tags.length === 0) return {};
  return { [member]: Object.fromEntries(tags.map(({ Key, Value }) => [Key, String(Value)])) };
}

function nameIn(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}
