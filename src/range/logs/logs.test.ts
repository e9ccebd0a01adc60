import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, describe, expect, it } from 'vitest';
import { startRange } from '../range.ts';

const open: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function account(): Promise<CloudWatchLogs> {
  const range = await startRange();
  const logs = new CloudWatchLogs({
    endpoint: range.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
  open.push(range, { close: () => logs.destroy() });
  return logs;
}

const ARN = 'arn:aws:logs:us-east-1:123456789012:log-group:/flow/vpc';

describe('the log groups of the simulated CloudWatch Logs', () => {
  it('are made, kept for so long, described and deleted', async () => {
    const logs = await account();
    await logs.createLogGroup({ logGroupName: '/flow/vpc', tags: { team: 'net' } });
    await logs.createLogGroup({ logGroupName: '/other' });
    await logs.putRetentionPolicy({ logGroupName: '/flow/vpc', retentionInDays: 90 });
    const described = async (logGroupNamePrefix: string) =>
      (await logs.describeLogGroups({ logGroupNamePrefix })).logGroups;
    expect(await described('/flow')).toMatchObject([
      { logGroupName: '/flow/vpc', arn: `${ARN}:*`, logGroupArn: ARN, retentionInDays: 90 },
    ]);
    await logs.tagResource({ resourceArn: ARN, tags: { a: 'b' } });
    await logs.untagResource({ resourceArn: ARN, tagKeys: ['team'] });
    expect((await logs.listTagsForResource({ resourceArn: ARN })).tags).toEqual({ a: 'b' });
    await logs.deleteRetentionPolicy({ logGroupName: '/flow/vpc' });
    expect((await described('/flow'))?.[0]).not.toHaveProperty('retentionInDays');
    await logs.deleteLogGroup({ logGroupName: '/flow/vpc' });
    expect(await described('/flow')).toEqual([]);
  });

  it('are refused as CloudWatch Logs does', async () => {
    const logs = await account();
    await logs.createLogGroup({ logGroupName: 'a' });
    await expect(logs.createLogGroup({ logGroupName: 'a' })).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
    });
    await expect(logs.createLogGroup({ logGroupName: 'a b' })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    await expect(logs.putRetentionPolicy({ logGroupName: 'a', retentionInDays: 2 })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    await expect(logs.deleteLogGroup({ logGroupName: 'none' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The specified log group does not exist.',
    });
  });
});
