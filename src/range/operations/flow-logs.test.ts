import { EC2 } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import { createHoneypot } from '../honeypot.ts';
import { startRange } from '../range.ts';
import { newBucket } from '../s3/bucket.ts';

const open: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function account() {
  const range = await startRange();
  const { vpcId } = createHoneypot(range.account);
  newBucket(range.account, 'flow-logs');
  const ec2 = new EC2({
    endpoint: range.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
  open.push(range, { close: () => ec2.destroy() });
  const request = {
    ResourceIds: [vpcId],
    ResourceType: 'VPC' as const,
    TrafficType: 'ALL' as const,
    LogDestinationType: 's3' as const,
    LogDestination: 'arn:aws:s3:::flow-logs',
    TagSpecifications: [{ ResourceType: 'vpc-flow-log' as const, Tags: [{ Key: 'team', Value: 'net' }] }],
  };
  return { ec2, vpcId, request };
}

describe('flow logs in the range', () => {
  it('are made once for a client token, described and deleted', async () => {
    const { ec2, vpcId, request } = await account();
    const first = await ec2.createFlowLogs({ ...request, ClientToken: 'once' });
    const second = await ec2.createFlowLogs({ ...request, ClientToken: 'once' });
    expect(second.FlowLogIds).toEqual(first.FlowLogIds);
    expect(first.FlowLogIds).toEqual([expect.stringMatching(/^fl-0[0-9a-f]{16}$/)]);
    const Filter = [{ Name: 'resource-id', Values: [vpcId] }];
    expect((await ec2.describeFlowLogs({ Filter })).FlowLogs).toMatchObject([
      {
        FlowLogId: first.FlowLogIds?.[0],
        FlowLogStatus: 'ACTIVE',
        ResourceId: vpcId,
        TrafficType: 'ALL',
        LogDestination: 'arn:aws:s3:::flow-logs',
        MaxAggregationInterval: 600,
        LogFormat: expect.stringMatching(/^\$\{version\} \$\{account-id\} /),
        Tags: [{ Key: 'team', Value: 'net' }],
      },
    ]);
    const FlowLogIds = first.FlowLogIds ?? [];
    expect((await ec2.deleteFlowLogs({ FlowLogIds })).Unsuccessful).toEqual([]);
    expect((await ec2.describeFlowLogs({})).FlowLogs).toEqual([]);
    expect((await ec2.deleteFlowLogs({ FlowLogIds })).Unsuccessful).toMatchObject([
      { Error: { Code: 'InvalidFlowLogId.NotFound' } },
    ]);
  });

  it('are refused as EC2 does', async () => {
    const { ec2, request } = await account();
    await ec2.createFlowLogs(request);
    await expect(ec2.createFlowLogs(request)).rejects.toMatchObject({ name: 'FlowLogAlreadyExists' });
    await expect(
      ec2.createFlowLogs({ ...request, LogDestination: 'arn:aws:s3:::none' }),
    ).rejects.toMatchObject({ name: 'InvalidParameter' });
    const { LogDestination: _, LogDestinationType: __, ...toGroup } = request;
    await expect(ec2.createFlowLogs({ ...toGroup, LogGroupName: '/flow' })).rejects.toMatchObject({
      name: 'InvalidParameter',
    });
    const none = await ec2.createFlowLogs({ ...request, ResourceIds: ['vpc-0123456789abcdef0'] });
    expect(none).toMatchObject({
      FlowLogIds: [],
      Unsuccessful: [{ ResourceId: 'vpc-0123456789abcdef0', Error: { Code: 'InvalidVpcId.NotFound' } }],
    });
  });
});
