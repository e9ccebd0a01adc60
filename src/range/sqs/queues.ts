import type {
  CreateQueueCommandInput,
  GetQueueAttributesCommandInput,
  GetQueueUrlCommandInput,
  SetQueueAttributesCommandInput,
  TagQueueCommandInput,
  UntagQueueCommandInput,
} from '@aws-sdk/client-sqs';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { inFlight, newQueue, type SimulatedQueue } from './queue.ts';

export function createQueue(
  account: Account,
  { QueueName = '', Attributes = {}, tags = {} }: CreateQueueCommandInput,
): { QueueUrl: string } {
  if (!/^[\w-]{1,80}(\.fifo)?$/.test(QueueName))
    throw new AwsError(
      'InvalidParameterValue',
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    );
  const known = account.queues.get(QueueName);
  if (known === undefined) return { QueueUrl: newQueue(account, QueueName, Attributes, tags).url };
  const differs = Object.entries(Attributes).some(([name, value]) => known.attributes.get(name) !== value);
  if (differs) {
    const message = 'A queue already exists with the same name and a different value for an attribute';
    throw new AwsError('QueueNameExists', message, 400, 'QueueAlreadyExists');
  }
  return { QueueUrl: known.url };
}

export function deleteQueue(account: Account, input: { QueueUrl?: string | undefined }): object {
  account.queues.delete(queueOf(account, input).name);
  return {};
}

export function getQueueUrl(account: Account, { QueueName }: GetQueueUrlCommandInput): { QueueUrl: string } {
  return { QueueUrl: queueOf(account, { QueueUrl: QueueName }).url };
}

export function getQueueAttributes(
  account: Account,
  { QueueUrl, AttributeNames = [] }: GetQueueAttributesCommandInput,
): { Attributes: Record<string, string> } {
  const queue = queueOf(account, { QueueUrl });
  const now = account.clock.now();
  const hidden = inFlight(account, queue);
  const delayed = queue.messages.filter((one) => one.receiveCount === 0 && one.visibleAt > now).length;
  const all: Record<string, string> = {
    ...Object.fromEntries(queue.attributes),
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(queue.messages.length - hidden - delayed),
    ApproximateNumberOfMessagesNotVisible: String(hidden),
    ApproximateNumberOfMessagesDelayed: String(delayed),
  };
  const names: readonly string[] = AttributeNames;
  const wanted = Object.entries(all).filter(([name]) => names.includes('All') || names.includes(name));
  return { Attributes: Object.fromEntries(wanted) };
}

/** Source: Amazon SQS API Reference, "SetQueueAttributes": an empty document takes the attribute away. */
const DOCUMENTS = ['Policy', 'RedriveAllowPolicy', 'RedrivePolicy'];
const ATTRIBUTES = [
  ...DOCUMENTS,
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'DelaySeconds',
  'FifoThroughputLimit',
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'SqsManagedSseEnabled',
  'VisibilityTimeout',
];

export function setQueueAttributes(
  account: Account,
  { QueueUrl, Attributes = {} }: SetQueueAttributesCommandInput,
): object {
  const { attributes } = queueOf(account, { QueueUrl });
  for (const [name, value] of Object.entries(Attributes)) {
    if (!ATTRIBUTES.includes(name))
      throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`, 400, 'InvalidAttributeName');
    if (DOCUMENTS.includes(name) && value !== '' && !isObject(value))
      throw new AwsError(
        'InvalidAttributeValue',
        `Invalid value for the parameter ${name}.`,
        400,
        'InvalidAttributeValue',
      );
  }
  for (const [name, value] of Object.entries(Attributes)) {
    if (DOCUMENTS.includes(name) && value === '') attributes.delete(name);
    else attributes.set(name, value);
  }
  return {};
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

export function tagQueue(account: Account, { QueueUrl, Tags = {} }: TagQueueCommandInput): object {
  const { tags } = queueOf(account, { QueueUrl });
  for (const [key, value] of Object.entries(Tags)) tags.set(key, value);
  return {};
}

export function untagQueue(account: Account, { QueueUrl, TagKeys = [] }: UntagQueueCommandInput): object {
  const { tags } = queueOf(account, { QueueUrl });
  for (const key of TagKeys) tags.delete(key);
  return {};
}

export function listQueueTags(
  account: Account,
  input: { QueueUrl?: string | undefined },
): { Tags: Record<string, string> } {
  return { Tags: Object.fromEntries(queueOf(account, input).tags) };
}

/** The queue that a URL names, by its last part; AWS's error when there is none. */
export function queueOf(
  account: Account,
  { QueueUrl = '' }: { QueueUrl?: string | undefined },
): SimulatedQueue {
  const queue = account.queues.get(QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1));
  if (queue === undefined) {
    const message = 'The specified queue does not exist.';
    throw new AwsError('QueueDoesNotExist', message, 400, 'AWS.SimpleQueueService.NonExistentQueue');
  }
  return queue;
}
