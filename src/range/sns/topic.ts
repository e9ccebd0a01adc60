import type { Account } from '../account.ts';
import { accountState } from '../account-state.ts';
import { AwsError } from '../aws-error.ts';

export interface SimulatedTopic {
  readonly name: string;
  readonly arn: string;
  readonly attributes: Map<string, string>;
  readonly tags: Map<string, string>;
}

export const topicsOf = accountState(() => new Map<string, SimulatedTopic>());

export function topicArn({ region, id }: Account, name: string): string {
  return `arn:aws:sns:${region}:${id}:${name}`;
}

export function newTopic(
  account: Account,
  name: string,
  attributes: Readonly<Record<string, string>> = {},
): SimulatedTopic {
  const arn = topicArn(account, name);
  const all = { Policy: defaultPolicy(account, arn), DisplayName: '', ...attributes };
  const topic = { name, arn, attributes: new Map(Object.entries(all)), tags: new Map<string, string>() };
  topicsOf(account).set(arn, topic);
  return topic;
}

/** By ARN; AWS's error when there is none. */
export function topicOf(account: Account, arn = ''): SimulatedTopic {
  const topic = topicsOf(account).get(arn);
  if (topic === undefined) throw new AwsError('NotFound', 'Topic does not exist', 404);
  return topic;
}

/** What a topic has that nobody gave a policy. Source: Amazon SNS API Reference, "GetTopicAttributes". */
export function defaultPolicy({ id }: Account, arn: string): string {
  const actions = [
    'GetTopicAttributes',
    'SetTopicAttributes',
    'AddPermission',
    'RemovePermission',
    'DeleteTopic',
    'Subscribe',
    'ListSubscriptionsByTopic',
    'Publish',
  ];
  return JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: actions.map((action) => `SNS:${action}`),
        Resource: arn,
        Condition: { StringEquals: { 'AWS:SourceOwner': id } },
      },
    ],
  });
}
