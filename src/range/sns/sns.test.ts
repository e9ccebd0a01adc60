import { SNS } from '@aws-sdk/client-sns';
import { afterEach, describe, expect, it } from 'vitest';
import { startRange } from '../range.ts';
import { newQueue } from '../sqs/queue.ts';

const open: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function account() {
  const range = await startRange();
  const sns = new SNS({
    endpoint: range.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
  open.push(range, { close: () => sns.destroy() });
  return { range, sns };
}

const ARN = 'arn:aws:sns:us-east-1:123456789012:alarms';

describe('the simulated SNS', () => {
  it('makes a topic once, with the policy that AWS gives it', async () => {
    const { sns } = await account();
    const Attributes = { DisplayName: 'Alarms' };
    expect((await sns.createTopic({ Name: 'alarms', Attributes })).TopicArn).toBe(ARN);
    expect((await sns.createTopic({ Name: 'alarms', Attributes })).TopicArn).toBe(ARN);
    expect((await sns.listTopics()).Topics).toEqual([{ TopicArn: ARN }]);
    const { Attributes: now } = await sns.getTopicAttributes({ TopicArn: ARN });
    expect(now).toMatchObject({ ...Attributes, Owner: '123456789012', TopicArn: ARN });
    expect(JSON.parse(now?.Policy ?? '')).toMatchObject({
      Statement: [
        { Principal: { AWS: '*' }, Condition: { StringEquals: { 'AWS:SourceOwner': '123456789012' } } },
      ],
    });
    await expect(
      sns.createTopic({ Name: 'alarms', Attributes: { DisplayName: 'other' } }),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('changes attributes and tags', async () => {
    const { sns } = await account();
    await sns.createTopic({ Name: 'alarms', Tags: [{ Key: 'team', Value: 'web' }] });
    const Policy = '{"Version":"2012-10-17","Statement":[]}';
    await sns.setTopicAttributes({ TopicArn: ARN, AttributeName: 'Policy', AttributeValue: Policy });
    expect((await sns.getTopicAttributes({ TopicArn: ARN })).Attributes?.Policy).toBe(Policy);
    await sns.tagResource({ ResourceArn: ARN, Tags: [{ Key: 'a', Value: 'b' }] });
    await sns.untagResource({ ResourceArn: ARN, TagKeys: ['team'] });
    expect((await sns.listTagsForResource({ ResourceArn: ARN })).Tags).toEqual([{ Key: 'a', Value: 'b' }]);
  });

  it('hands what is published to the queues that subscribed', async () => {
    const { sns, range } = await account();
    const queue = newQueue(range.account, 'inbox');
    await sns.createTopic({ Name: 'alarms' });
    const { SubscriptionArn } = await sns.subscribe({ TopicArn: ARN, Protocol: 'sqs', Endpoint: queue.arn });
    await sns.publish({ TopicArn: ARN, Message: 'fire', Subject: 'Alarm' });
    expect(queue.messages.map(({ body }) => JSON.parse(body))).toMatchObject([
      { Type: 'Notification', TopicArn: ARN, Message: 'fire', Subject: 'Alarm' },
    ]);
    expect((await sns.listSubscriptionsByTopic({ TopicArn: ARN })).Subscriptions).toMatchObject([
      { Endpoint: queue.arn, Protocol: 'sqs' },
    ]);
    await sns.unsubscribe({ SubscriptionArn });
    await sns.publish({ TopicArn: ARN, Message: 'again' });
    expect(queue.messages).toHaveLength(1);
  });

  it('refuses as SNS does', async () => {
    const { sns } = await account();
    await expect(sns.getTopicAttributes({ TopicArn: ARN })).rejects.toMatchObject({
      name: 'NotFoundException',
      message: 'Topic does not exist',
    });
    await expect(sns.createTopic({ Name: 'a b' })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    await sns.createTopic({ Name: 'alarms' });
    const set = (AttributeName: string, AttributeValue: string) =>
      sns.setTopicAttributes({ TopicArn: ARN, AttributeName, AttributeValue });
    await expect(set('Colour', 'red')).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(set('Policy', '{')).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await sns.deleteTopic({ TopicArn: ARN });
    await sns.deleteTopic({ TopicArn: ARN });
    expect((await sns.listTopics()).Topics).toEqual([]);
  });
});
