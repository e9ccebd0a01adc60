import type {
  CreateTopicInput,
  GetTopicAttributesInput,
  ListTagsForResourceRequest,
  ListTopicsInput,
  SetTopicAttributesInput,
  Tag,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-sns';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { newTopic, topicArn, topicOf, topicsOf } from './topic.ts';

const PAGE = 100;
/** Source: Amazon SNS API Reference, "SetTopicAttributes". */
const ATTRIBUTES =
  /^(ArchivePolicy|ContentBasedDeduplication|DataProtectionPolicy|DeliveryPolicy|DisplayName|FifoThroughputScope|FifoTopic|KmsMasterKeyId|Policy|SignatureVersion|TracingConfig|(Application|Firehose|HTTP|Lambda|SQS)(Success|Failure)Feedback(RoleArn|SampleRate))$/;
const DOCUMENTS = ['ArchivePolicy', 'DeliveryPolicy', 'Policy'];

/** A topic that is there already, with the same attributes, is answered again. */
export function createTopic(account: Account, { Name = '', Attributes = {}, Tags = [] }: CreateTopicInput) {
  if (!/^[\w-]{1,256}(\.fifo)?$/.test(Name)) throw invalid('Topic Name');
  for (const [name, value] of Object.entries(Attributes)) check(name, value);
  const known = topicsOf(account).get(topicArn(account, Name));
  if (known === undefined) {
    const made = newTopic(account, Name, Attributes);
    for (const { Key = '', Value = '' } of Tags) made.tags.set(Key, Value);
    return { TopicArn: made.arn };
  }
  if (Object.entries(Attributes).some(([name, value]) => known.attributes.get(name) !== value))
    throw invalid('Attributes Reason: Topic already exists with different attributes');
  if (Tags.some(({ Key = '', Value }) => known.tags.get(Key) !== Value))
    throw invalid('Tags Reason: Topic already exists with different tags');
  return { TopicArn: known.arn };
}

/** A topic that is gone is no error. */
export function deleteTopic(account: Account, { TopicArn = '' }: { TopicArn?: string | undefined }): object {
  topicsOf(account).delete(TopicArn);
  const kept = account.deliveries.filter(({ from }) => from !== TopicArn);
  account.deliveries.splice(0, account.deliveries.length, ...kept);
  return {};
}

export function listTopics(account: Account, { NextToken }: ListTopicsInput): object {
  const all = [...topicsOf(account).keys()];
  const from = NextToken === undefined ? 0 : Number(Buffer.from(NextToken, 'base64url').toString());
  if (!Number.isInteger(from) || from < 0) throw invalid('NextToken');
  const to = from + PAGE;
  return {
    Topics: all.slice(from, to).map((TopicArn) => ({ TopicArn })),
    ...(to < all.length ? { NextToken: Buffer.from(String(to)).toString('base64url') } : {}),
  };
}

export function getTopicAttributes(
  account: Account,
  { TopicArn }: GetTopicAttributesInput,
): { Attributes: Record<string, string> } {
  const { arn, attributes } = topicOf(account, TopicArn);
  const subscriptions = account.deliveries.filter(({ from }) => from === arn).length;
  return {
    Attributes: {
      ...Object.fromEntries(attributes),
      TopicArn: arn,
      Owner: account.id,
      SubscriptionsConfirmed: String(subscriptions),
      SubscriptionsPending: '0',
      SubscriptionsDeleted: '0',
    },
  };
}

export function setTopicAttributes(
  account: Account,
  { TopicArn, AttributeName = '', AttributeValue = '' }: SetTopicAttributesInput,
): object {
  const { attributes } = topicOf(account, TopicArn);
  check(AttributeName, AttributeValue);
  if (AttributeValue === '' && AttributeName !== 'DisplayName') attributes.delete(AttributeName);
  else attributes.set(AttributeName, AttributeValue);
  return {};
}

export function tagResource(account: Account, { ResourceArn, Tags = [] }: TagResourceRequest): object {
  const { tags } = tagged(account, ResourceArn);
  for (const { Key = '', Value = '' } of Tags) tags.set(Key, Value);
  return {};
}

export function untagResource(account: Account, { ResourceArn, TagKeys = [] }: UntagResourceRequest): object {
  const { tags } = tagged(account, ResourceArn);
  for (const key of TagKeys) tags.delete(key);
  return {};
}

export function listTagsForResource(
  account: Account,
  { ResourceArn }: ListTagsForResourceRequest,
): { Tags: Tag[] } {
  return { Tags: [...tagged(account, ResourceArn).tags].map(([Key, Value]) => ({ Key, Value })) };
}

function tagged(account: Account, arn = '') {
  const topic = topicsOf(account).get(arn);
  if (topic === undefined) throw new AwsError('ResourceNotFound', 'Resource does not exist', 404);
  return topic;
}

function check(name: string, value: string): void {
  if (!ATTRIBUTES.test(name)) throw invalid('AttributeName');
  if (DOCUMENTS.includes(name) && value !== '' && !isDocument(value)) throw invalid(`${name} Error: null`);
  // A topic cannot be without a policy.
  if (name === 'Policy' && value === '') throw invalid('Policy is empty');
}

function isDocument(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

export function invalid(what: string): AwsError {
  return new AwsError('InvalidParameter', `Invalid parameter: ${what}`);
}
