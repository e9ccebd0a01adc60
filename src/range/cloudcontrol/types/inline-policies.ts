import type { Account } from '../../account.ts';
import { AwsError } from '../../aws-error.ts';
import { perform } from '../../perform.ts';
import { secretsOf } from '../../secretsmanager/secret.ts';
import { SECRETS_MANAGER } from '../../secretsmanager/service.ts';
import { SNS } from '../../sns/service.ts';
import { defaultPolicy, topicsOf } from '../../sns/topic.ts';
import { SQS } from '../../sqs/service.ts';
import { textOf, unless } from '../changes.ts';
import type { ResourceType } from '../resource-type.ts';

interface Inline {
  /** The properties that name what the policy is of, and hold it. */
  readonly owner: string;
  readonly document: string;
  put(account: Account, owner: string, policy: string): void;
  /** Back to what it has without one. */
  remove(account: Account, owner: string): void;
  /** Empty, or nothing, where it has none of its own. */
  get(account: Account, owner: string): string | undefined;
  owners(account: Account): readonly string[];
  /** The identifier of an owner that may have been named otherwise; itself by default. */
  identifier?(account: Account, owner: string): string;
  /** What an owner has that was given no policy. */
  byDefault?(account: Account, owner: string): string;
}

const GONE = /NotFound|DoesNotExist|NonExistent/;

/** The policy of one resource, named by it. */
function inlinePolicy({ owner, document, put, remove, get, owners, ...more }: Inline): ResourceType {
  const policyOf = (account: Account, id: string): string | undefined =>
    unless(GONE, () => get(account, id)) || undefined;
  return {
    replacement: [owner],
    create(account, properties) {
      const given = String(properties[owner]);
      const id = more.identifier?.(account, given) ?? given;
      const policy = policyOf(account, id);
      if (policy !== undefined && policy !== more.byDefault?.(account, id))
        throw new AwsError('AlreadyExists', `${id} has a policy already`, 409);
      put(account, id, textOf(properties[document]));
      return { physicalId: id, attributes: {} };
    },
    update(account, id, properties) {
      put(account, id, textOf(properties[document]));
    },
    delete(account, id) {
      remove(account, id);
    },
    read(account, id) {
      const policy = policyOf(account, id);
      return policy === undefined ? undefined : { [owner]: id, [document]: JSON.parse(policy) as unknown };
    },
    list: (account) => owners(account).filter((id) => policyOf(account, id) !== undefined),
  };
}

/** Source: AWS CloudFormation Template Reference, "AWS::SQS::QueueInlinePolicy". */
export const QUEUE_INLINE_POLICY = inlinePolicy({
  owner: 'Queue',
  document: 'PolicyDocument',
  put: setQueuePolicy,
  remove: (account, url) => setQueuePolicy(account, url, ''),
  get: (account, QueueUrl) =>
    perform<{ Attributes?: Record<string, string> }>(account, SQS, 'GetQueueAttributes', {
      QueueUrl,
      AttributeNames: ['Policy'],
    }).Attributes?.Policy,
  owners: ({ queues }) => [...queues.values()].map(({ url }) => url),
});

function setQueuePolicy(account: Account, QueueUrl: string, Policy: string): void {
  perform(account, SQS, 'SetQueueAttributes', { QueueUrl, Attributes: { Policy } });
}

/** A topic always has one. Source: AWS CloudFormation Template Reference, "AWS::SNS::TopicInlinePolicy". */
export const TOPIC_INLINE_POLICY = inlinePolicy({
  owner: 'TopicArn',
  document: 'PolicyDocument',
  put: setTopicPolicy,
  remove: (account, arn) => setTopicPolicy(account, arn, defaultPolicy(account, arn)),
  get: (account, TopicArn) => {
    const { Attributes } = perform<{ Attributes: Record<string, string> }>(
      account,
      SNS,
      'GetTopicAttributes',
      { TopicArn },
    );
    return Attributes.Policy;
  },
  owners: (account) => [...topicsOf(account).keys()],
  byDefault: defaultPolicy,
});

function setTopicPolicy(account: Account, TopicArn: string, AttributeValue: string): void {
  perform(account, SNS, 'SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue });
}

/** Source: AWS CloudFormation Template Reference, "AWS::SecretsManager::ResourcePolicy". */
export const SECRET_POLICY = inlinePolicy({
  owner: 'SecretId',
  document: 'ResourcePolicy',
  put: (account, SecretId, ResourcePolicy) => {
    perform(account, SECRETS_MANAGER, 'PutResourcePolicy', { SecretId, ResourcePolicy });
  },
  remove: (account, SecretId) => {
    perform(account, SECRETS_MANAGER, 'DeleteResourcePolicy', { SecretId });
  },
  get: (account, SecretId) =>
    perform<{ ResourcePolicy?: string }>(account, SECRETS_MANAGER, 'GetResourcePolicy', { SecretId })
      .ResourcePolicy,
  owners: (account) => [...secretsOf(account).values()].map(({ arn }) => arn),
  identifier: (account, SecretId) =>
    perform<{ ARN: string }>(account, SECRETS_MANAGER, 'DescribeSecret', { SecretId }).ARN,
});
