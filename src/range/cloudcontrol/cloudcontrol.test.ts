import { CloudControl } from '@aws-sdk/client-cloudcontrol';
import { EC2 } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import { simulatedClock } from '../clock.ts';
import { createHoneypot } from '../honeypot.ts';
import { type Range, startRange } from '../range.ts';
import { newQueue } from '../sqs/queue.ts';

const open: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const GROUP = 'AWS::EC2::SecurityGroup';

async function account() {
  const clock = simulatedClock({ speed: 0 });
  const range = await startRange({ clock });
  const honeypot = createHoneypot(range.account);
  const config = {
    endpoint: range.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    maxAttempts: 1,
  };
  const cloudcontrol = new CloudControl(config);
  const ec2 = new EC2(config);
  open.push(range, { close: () => cloudcontrol.destroy() }, { close: () => ec2.destroy() });
  const read = async (TypeName: string, Identifier: string) => {
    const { ResourceDescription } = await cloudcontrol.getResource({ TypeName, Identifier });
    return JSON.parse(ResourceDescription?.Properties ?? '') as Record<string, unknown>;
  };
  const patch = (Identifier: string, operations: object[], more: object = {}) =>
    cloudcontrol.updateResource({
      TypeName: GROUP,
      Identifier,
      PatchDocument: JSON.stringify(operations),
      ...more,
    });
  /** The progress of a request when its time has come. */
  const finished = async (RequestToken: string | undefined) => {
    clock.advance(range.account.settings.stackStepDuration);
    return (await cloudcontrol.getResourceRequestStatus({ RequestToken })).ProgressEvent;
  };
  return { range, clock, cloudcontrol, ec2, groupId: honeypot.groupId, read, patch, finished };
}

/** Calls of a service that were made from inside. */
const groupsOf = (range: Range, id: string) => range.account.securityGroups.get(id);

describe('the Cloud Control API', () => {
  it('shows a resource in its CloudFormation schema', async () => {
    const { read, groupId, ec2 } = await account();
    await ec2.createTags({ Resources: [groupId], Tags: [{ Key: 'team', Value: 'web' }] });
    expect(await read(GROUP, groupId)).toMatchObject({
      Id: groupId,
      GroupId: groupId,
      GroupName: 'honeypot',
      GroupDescription: 'honeypot',
      SecurityGroupIngress: [
        { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' },
        { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, CidrIp: '0.0.0.0/0' },
      ],
      Tags: [{ Key: 'team', Value: 'web' }],
    });
  });

  it('lists the resources of a type, page by page', async () => {
    const { cloudcontrol, range } = await account();
    for (const name of ['a', 'b', 'c']) newQueue(range.account, name);
    const TypeName = 'AWS::SQS::Queue';
    const first = await cloudcontrol.listResources({ TypeName, MaxResults: 2 });
    const { NextToken } = first;
    const second = await cloudcontrol.listResources({ TypeName, MaxResults: 2, NextToken });
    const names = [first, second].flatMap(({ ResourceDescriptions }) =>
      ResourceDescriptions?.map(({ Properties }) => JSON.parse(Properties ?? '').QueueName as string),
    );
    expect(names).toEqual(['a', 'b', 'c']);
    expect(second.NextToken).toBeUndefined();
  });

  it('changes a resource some time after it was asked to, and only what differs', async () => {
    const { patch, finished, read, range, groupId, cloudcontrol } = await account();
    const before = groupsOf(range, groupId)?.egress;
    const operations = [
      { op: 'test', path: '/SecurityGroupIngress/0/CidrIp', value: '0.0.0.0/0' },
      { op: 'replace', path: '/SecurityGroupIngress/0/CidrIp', value: '10.0.0.0/8' },
    ];
    const { ProgressEvent } = await patch(groupId, operations);
    expect(ProgressEvent).toMatchObject({
      TypeName: GROUP,
      Identifier: groupId,
      Operation: 'UPDATE',
      OperationStatus: 'IN_PROGRESS',
    });
    const { RequestToken } = ProgressEvent ?? {};
    const early = await cloudcontrol.getResourceRequestStatus({ RequestToken });
    expect(early.ProgressEvent?.OperationStatus).toBe('IN_PROGRESS');
    expect((await read(GROUP, groupId)).SecurityGroupIngress).toMatchObject([{ CidrIp: '0.0.0.0/0' }, {}]);
    expect(await finished(RequestToken)).toMatchObject({ OperationStatus: 'SUCCESS', Identifier: groupId });
    const { SecurityGroupIngress } = await read(GROUP, groupId);
    expect(SecurityGroupIngress).toEqual(
      expect.arrayContaining([{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '10.0.0.0/8' }]),
    );
    expect(SecurityGroupIngress).toHaveLength(2);
    expect(groupsOf(range, groupId)?.egress).toEqual(before);
  });

  it('does a request once for a client token, and refuses the token for another', async () => {
    const { patch, finished, range, groupId } = await account();
    const rule = { IpProtocol: 'tcp', FromPort: 8080, ToPort: 8080, CidrIp: '10.0.0.0/8' };
    const add = [{ op: 'add', path: '/SecurityGroupIngress/-', value: rule }];
    const ClientToken = 'once';
    const first = await patch(groupId, add, { ClientToken });
    await finished(first.ProgressEvent?.RequestToken);
    const second = await patch(groupId, add, { ClientToken });
    expect(second.ProgressEvent).toMatchObject({
      RequestToken: first.ProgressEvent?.RequestToken,
      OperationStatus: 'SUCCESS',
    });
    expect(groupsOf(range, groupId)?.ingress).toHaveLength(3);
    await expect(patch(groupId, [], { ClientToken })).rejects.toMatchObject({
      name: 'ClientTokenConflictException',
    });
  });

  it('lets one operation at a time have a resource', async () => {
    const { patch, groupId } = await account();
    const tag = [{ op: 'add', path: '/Tags', value: [{ Key: 'a', Value: 'b' }] }];
    await patch(groupId, tag);
    await expect(patch(groupId, tag)).rejects.toMatchObject({ name: 'ConcurrentOperationException' });
  });

  it('does not change what cannot change without a new resource, nor what AWS sets', async () => {
    const { patch, finished, groupId, read } = await account();
    for (const path of ['/GroupName', '/Id']) {
      const { ProgressEvent } = await patch(groupId, [{ op: 'replace', path, value: 'other' }]);
      expect(await finished(ProgressEvent?.RequestToken)).toMatchObject({
        OperationStatus: 'FAILED',
        ErrorCode: 'NotUpdatable',
      });
    }
    expect(await read(GROUP, groupId)).toMatchObject({ GroupName: 'honeypot', Id: groupId });
  });

  it('says with AWS’s codes what the service behind refused', async () => {
    const { cloudcontrol, finished, groupId } = await account();
    const { ProgressEvent } = await cloudcontrol.deleteResource({ TypeName: GROUP, Identifier: groupId });
    expect(await finished(ProgressEvent?.RequestToken)).toMatchObject({
      Operation: 'DELETE',
      OperationStatus: 'FAILED',
      ErrorCode: 'ResourceConflict',
      StatusMessage: `resource ${groupId} has a dependent object`,
    });
  });

  it('creates and deletes', async () => {
    const { cloudcontrol, finished, read, range } = await account();
    const TypeName = 'AWS::SQS::Queue';
    const state = { QueueName: 'jobs', VisibilityTimeout: 60, Tags: [{ Key: 'team', Value: 'web' }] };
    const created = await cloudcontrol.createResource({ TypeName, DesiredState: JSON.stringify(state) });
    const { Identifier = '' } = (await finished(created.ProgressEvent?.RequestToken)) ?? {};
    expect(Identifier).toBe('https://sqs.us-east-1.amazonaws.com/123456789012/jobs');
    expect(await read(TypeName, Identifier)).toMatchObject(state);
    const deleted = await cloudcontrol.deleteResource({ TypeName, Identifier });
    expect(await finished(deleted.ProgressEvent?.RequestToken)).toMatchObject({ OperationStatus: 'SUCCESS' });
    expect(range.account.queues.size).toBe(0);
  });

  it('answers errors as AWS does', async () => {
    const { cloudcontrol, groupId, patch } = await account();
    const get = (TypeName: string, Identifier: string) => cloudcontrol.getResource({ TypeName, Identifier });
    await expect(get('AWS::Foo::Bar', 'x')).rejects.toMatchObject({
      name: 'TypeNotFoundException',
      message: "The type 'AWS::Foo::Bar' cannot be found.",
    });
    await expect(get('AWS::SSM::Parameter', 'x')).rejects.toMatchObject({
      name: 'UnsupportedActionException',
      message: 'Resource type AWS::SSM::Parameter does not support READ action',
    });
    await expect(get(GROUP, 'sg-0123456789abcdef0')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(patch('sg-0123456789abcdef0', [])).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(patch(groupId, [{ op: 'remove', path: '/Nothing' }])).rejects.toMatchObject({
      name: 'InvalidRequestException',
    });
    await expect(cloudcontrol.getResourceRequestStatus({ RequestToken: 'x' })).rejects.toMatchObject({
      name: 'RequestTokenNotFoundException',
    });
    await expect(cloudcontrol.createResource({ TypeName: GROUP, DesiredState: '[]' })).rejects.toMatchObject({
      name: 'InvalidRequestException',
    });
  });
});
