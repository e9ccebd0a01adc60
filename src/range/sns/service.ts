import * as sns from '@aws-sdk/client-sns';
import { AwsError } from '../aws-error.ts';
import { AWS_QUERY, QUERY_FAULTS, servesVersion } from '../protocol/query.ts';
import { operation, type Service } from '../service.ts';
import * as subscriptions from './subscriptions.ts';
import * as topics from './topics.ts';

export const SNS: Service = {
  name: 'sns',
  protocol: AWS_QUERY,
  serves: servesVersion('2010-03-31'),
  faults: {
    ...QUERY_FAULTS,
    throttle: () => new AwsError('Throttled', 'Rate exceeded', 429),
    unauthorized: () =>
      new AwsError('AuthorizationError', 'User is not authorized to perform this operation', 403),
  },
  operations: {
    CreateTopic: operation(sns.CreateTopic$, topics.createTopic),
    DeleteTopic: operation(sns.DeleteTopic$, topics.deleteTopic),
    GetTopicAttributes: operation(sns.GetTopicAttributes$, topics.getTopicAttributes),
    ListSubscriptionsByTopic: operation(
      sns.ListSubscriptionsByTopic$,
      subscriptions.listSubscriptionsByTopic,
    ),
    ListTagsForResource: operation(sns.ListTagsForResource$, topics.listTagsForResource),
    ListTopics: operation(sns.ListTopics$, topics.listTopics),
    Publish: operation(sns.Publish$, subscriptions.publish),
    SetTopicAttributes: operation(sns.SetTopicAttributes$, topics.setTopicAttributes),
    Subscribe: operation(sns.Subscribe$, subscriptions.subscribe),
    TagResource: operation(sns.TagResource$, topics.tagResource),
    Unsubscribe: operation(sns.Unsubscribe$, subscriptions.unsubscribe),
    UntagResource: operation(sns.UntagResource$, topics.untagResource),
  },
};
