import type { Account } from '../../account.ts';
import { remember } from '../../cloudformation/recorded.ts';
import { perform } from '../../perform.ts';
import { SNS } from '../../sns/service.ts';
import { defaultPolicy } from '../../sns/topic.ts';
import { SQS } from '../../sqs/service.ts';
import { missingFrom, textOf, unless } from '../changes.ts';
import type { Properties, ResourceType } from '../resource-type.ts';

interface Attached {
  readonly type: string;
  /** The property that names what the policy is of. */
  readonly targets: string;
  put(account: Account, target: string, policy: string): void;
  /** Back to what it has without one. */
  remove(account: Account, target: string): void;
  get(account: Account, target: string): string | undefined;
}

/** The same policy of several resources: only the stack knows whose, so the Cloud Control API does not support it. */
function attachedPolicy({ type, targets, put, remove, get }: Attached): ResourceType {
  const gone = /NotFound|DoesNotExist/;
  const of = (properties: Properties): string[] => (properties[targets] ?? []) as string[];
  return {
    replacement: [],
    create(account, properties, newName) {
      this.update(account, newName, properties, {});
      return { physicalId: newName, attributes: { Id: newName } };
    },
    update(account, id, after, before) {
      for (const target of of(after)) put(account, target, textOf(after.PolicyDocument));
      for (const target of missingFrom(of(after), of(before)) as string[])
        unless(gone, () => remove(account, target));
      remember(account, type, id, after);
    },
    delete(account, id) {
      const known = account.cloudformation.records.get(id)?.properties ?? {};
      for (const target of of(known)) unless(gone, () => remove(account, target));
      account.cloudformation.records.delete(id);
    },
    /** As the first of them has it. */
    read(account, id) {
      const known = account.cloudformation.records.get(id)?.properties;
      const [target] = known === undefined ? [] : of(known);
      if (target === undefined) return known;
      const policy = unless(gone, () => get(account, target));
      return policy === undefined ? undefined : { ...known, PolicyDocument: JSON.parse(policy) as unknown };
    },
  };
}

const setQueuePolicy = (account: Account, QueueUrl: string, Policy: string): void => {
  perform(account, SQS, 'SetQueueAttributes', { QueueUrl, Attributes: { Policy } });
};

/** Source: AWS CloudFormation Template Reference, "AWS::SQS::QueuePolicy". */
export const QUEUE_POLICY = attachedPolicy({
  type: 'AWS::SQS::QueuePolicy',
  targets: 'Queues',
  put: setQueuePolicy,
  remove: (account, url) => setQueuePolicy(account, url, ''),
  get: (account, QueueUrl) =>
    perform<{ Attributes: Record<string, string> }>(account, SQS, 'GetQueueAttributes', {
      QueueUrl,
      AttributeNames: ['Policy'],
    }).Attributes.Policy,
});

const setTopicPolicy = (account: Account, TopicArn: string, AttributeValue: string): void => {
  perform(account, SNS, 'SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue });
};

/** Source: AWS CloudFormation Template Reference, "AWS::SNS::TopicPolicy". */
export const TOPIC_POLICY = attachedPolicy({
  type: 'AWS::SNS::TopicPolicy',
  targets: 'Topics',
  put: setTopicPolicy,
  remove: (account, arn) => setTopicPolicy(account, arn, defaultPolicy(account, arn)),
  get: (account, TopicArn) =>
    perform<{ Attributes: Record<string, string> }>(account, SNS, 'GetTopicAttributes', { TopicArn })
      .Attributes.Policy,
});
