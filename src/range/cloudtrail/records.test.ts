import { gunzipSync } from 'node:zlib';
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { CloudTrail } from '@aws-sdk/client-cloudtrail';
import { EC2 } from '@aws-sdk/client-ec2';
import { S3 } from '@aws-sdk/client-s3';
import { SQS } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import { jsonDecoder } from '../../formats/detected.ts';
import { contextOfKey } from '../../formats/key.ts';
import { simulatedClock } from '../clock.ts';
import { EVENT_BUS } from '../delivery.ts';
import { createHoneypot } from '../honeypot.ts';
import { startRange } from '../range.ts';
import { newBucket } from '../s3/bucket.ts';
import { newQueue } from '../sqs/queue.ts';
import { listenToRecords } from './delivery.ts';
import type { CloudTrailRecord } from './record.ts';
import { newTrail } from './trail.ts';

const open: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const START = Date.parse('2026-11-24T16:05:06Z');

async function account(region = 'us-east-1') {
  const clock = simulatedClock({ start: START, speed: 0 });
  const range = await startRange({ clock, region });
  const honeypot = createHoneypot(range.account);
  newBucket(range.account, 'trail-logs');
  const heard: CloudTrailRecord[] = [];
  listenToRecords(range.account, (records) => heard.push(...records));
  const config = {
    endpoint: range.endpoint,
    region,
    credentials: { accessKeyId: 'AKIASIMULATED0000000', secretAccessKey: 'x' },
    maxAttempts: 1,
    forcePathStyle: true,
  };
  const clients = {
    ec2: new EC2(config),
    s3: new S3(config),
    sqs: new SQS(config),
    cloudtrail: new CloudTrail(config),
    cloudformation: new CloudFormation(config),
  };
  open.push(range, {
    close: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  });
  /** Time passes until everything has arrived. */
  const later = async (): Promise<void> => {
    clock.advance(range.account.settings.trailDelay);
    await clients.sqs.listQueueTags({ QueueUrl: 'https://sqs/1/none' }).catch(() => {});
  };
  /** The newest record of an event. */
  const recorded = async (name: string): Promise<CloudTrailRecord> => {
    await later();
    const record = heard.findLast(({ eventName }) => eventName === name);
    if (record === undefined) throw new Error(`no record of ${name}`);
    return record;
  };
  /** The records in the files of the trail's bucket, file by file. */
  const files = () =>
    [...(range.account.buckets.get('trail-logs')?.objects.values() ?? [])].map(([file]) => ({
      key: file?.key ?? '',
      body: file?.body ?? Buffer.alloc(0),
      records: JSON.parse(gunzipSync(file?.body ?? '').toString()).Records as CloudTrailRecord[],
    }));
  return { ...clients, range, clock, honeypot, heard, recorded, later, files };
}

const ANYWHERE = [{ CidrIp: '0.0.0.0/0', Description: 'all' }];

describe('the record of a call', () => {
  it('says who, when, where from, and what', async () => {
    const { ec2, honeypot, recorded } = await account();
    await ec2.authorizeSecurityGroupIngress({
      GroupId: honeypot.groupId,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 3389, ToPort: 3389, IpRanges: ANYWHERE }],
    });
    const record = await recorded('AuthorizeSecurityGroupIngress');
    expect(record).toEqual({
      eventVersion: '1.11',
      userIdentity: {
        type: 'IAMUser',
        principalId: 'AIDASIMULATED0000000',
        arn: 'arn:aws:iam::123456789012:user/cordon',
        accountId: '123456789012',
        accessKeyId: 'AKIASIMULATED0000000',
        userName: 'cordon',
      },
      eventTime: '2026-11-24T16:05:06Z',
      eventSource: 'ec2.amazonaws.com',
      eventName: 'AuthorizeSecurityGroupIngress',
      awsRegion: 'us-east-1',
      sourceIPAddress: '127.0.0.1',
      userAgent: expect.stringContaining('aws-sdk-js'),
      requestParameters: {
        groupId: honeypot.groupId,
        ipPermissions: {
          items: [
            {
              ipProtocol: 'tcp',
              fromPort: 3389,
              toPort: 3389,
              groups: {},
              ipRanges: { items: [{ cidrIp: '0.0.0.0/0', description: 'all' }] },
              ipv6Ranges: {},
              prefixListIds: {},
            },
          ],
        },
      },
      responseElements: {
        requestId: record.requestID,
        _return: true,
        securityGroupRuleSet: {
          items: [
            {
              groupOwnerId: '123456789012',
              groupId: honeypot.groupId,
              securityGroupRuleId: expect.stringMatching(/^sgr-0[0-9a-f]{16}$/),
              securityGroupRuleArn: expect.stringContaining(':security-group-rule/sgr-'),
              tagSet: {},
              isEgress: false,
              ipProtocol: 'tcp',
              fromPort: 3389,
              toPort: 3389,
              cidrIpv4: '0.0.0.0/0',
              description: 'all',
            },
          ],
        },
      },
      requestID: expect.stringMatching(/^[0-9a-f-]{36}$/),
      eventID: expect.stringMatching(/^[0-9a-f-]{36}$/),
      readOnly: false,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: '123456789012',
      eventCategory: 'Management',
      tlsDetails: {
        tlsVersion: 'TLSv1.3',
        cipherSuite: 'TLS_AES_128_GCM_SHA256',
        clientProvidedHostHeader: 'ec2.us-east-1.amazonaws.com',
      },
    });
  });

  it('has no answer when the call only reads, or failed; then it has the error', async () => {
    const { ec2, honeypot, recorded } = await account();
    await ec2.describeInstances({ InstanceIds: [honeypot.instanceId] });
    expect(await recorded('DescribeInstances')).toMatchObject({
      readOnly: true,
      requestParameters: { instancesSet: { items: [{ instanceId: honeypot.instanceId }] } },
      responseElements: null,
    });
    await ec2.deleteSecurityGroup({ GroupId: honeypot.groupId }).catch(() => {});
    expect(await recorded('DeleteSecurityGroup')).toMatchObject({
      readOnly: false,
      errorCode: 'Client.DependencyViolation',
      errorMessage: `resource ${honeypot.groupId} has a dependent object`,
      requestParameters: { groupId: honeypot.groupId },
      responseElements: null,
    });
  });

  it('writes the lists of EC2 as EC2 does', async () => {
    const { ec2, honeypot, recorded, clock, range } = await account();
    const { instanceId, groupId } = honeypot;
    await ec2.createTags({ Resources: [instanceId], Tags: [{ Key: 'a', Value: 'b' }] });
    expect((await recorded('CreateTags')).requestParameters).toEqual({
      resourcesSet: { items: [{ resourceId: instanceId }] },
      tagSet: { items: [{ key: 'a', value: 'b' }] },
    });
    await ec2.modifyInstanceAttribute({ InstanceId: instanceId, Groups: [groupId] });
    expect(await recorded('ModifyInstanceAttribute')).toMatchObject({
      requestParameters: { instanceId, groupSet: { items: [{ groupId }] } },
      responseElements: { _return: true },
    });
    await ec2.runInstances({
      ImageId: 'ami-0c101f26f147fa7fd',
      MinCount: 1,
      MaxCount: 1,
      UserData: 'c2VjcmV0',
      SecurityGroupIds: [groupId],
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'x' }] }],
    });
    const { requestParameters, responseElements } = await recorded('RunInstances');
    expect(requestParameters).toEqual({
      instancesSet: { items: [{ imageId: 'ami-0c101f26f147fa7fd', minCount: 1, maxCount: 1 }] },
      groupSet: { items: [{ groupId }] },
      userData: '<sensitiveDataRemoved>',
      clientToken: expect.any(String),
      tagSpecificationSet: { items: [{ resourceType: 'instance', tags: [{ key: 'Name', value: 'x' }] }] },
    });
    expect(responseElements).toMatchObject({
      reservationId: expect.stringMatching(/^r-/),
      instancesSet: {
        items: [
          {
            instanceId: expect.stringMatching(/^i-/),
            launchTime: clock.now() - range.account.settings.trailDelay,
          },
        ],
      },
    });
    await ec2.describeSecurityGroups({ Filters: [{ Name: 'vpc-id', Values: [honeypot.vpcId] }] });
    expect((await recorded('DescribeSecurityGroups')).requestParameters).toEqual({
      filterSet: { items: [{ name: 'vpc-id', valueSet: { items: [{ value: honeypot.vpcId }] } }] },
    });
  });

  it('names the host, the sub-resource and the document of S3', async () => {
    const { s3, recorded } = await account('eu-west-1');
    await s3.putBucketVersioning({
      Bucket: 'trail-logs',
      VersioningConfiguration: { Status: 'Enabled' },
    });
    expect(await recorded('PutBucketVersioning')).toMatchObject({
      eventSource: 's3.amazonaws.com',
      awsRegion: 'eu-west-1',
      requestParameters: {
        bucketName: 'trail-logs',
        Host: 'trail-logs.s3.eu-west-1.amazonaws.com',
        versioning: '',
        VersioningConfiguration: { xmlns: 'http://s3.amazonaws.com/doc/2006-03-01/', Status: 'Enabled' },
      },
      responseElements: null,
      resources: [{ accountId: '123456789012', type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::trail-logs' }],
    });
    await s3.putBucketNotificationConfiguration({ Bucket: 'trail-logs', NotificationConfiguration: {} });
    expect((await recorded('PutBucketNotification')).requestParameters).toMatchObject({ notification: '' });
  });

  it('leaves the keys of maps as they are', async () => {
    const { sqs, range, recorded } = await account();
    const { url } = newQueue(range.account, 'jobs');
    const Policy = '{"Version":"2012-10-17","Statement":[]}';
    await sqs.setQueueAttributes({ QueueUrl: url, Attributes: { Policy } });
    expect(await recorded('SetQueueAttributes')).toMatchObject({
      eventSource: 'sqs.amazonaws.com',
      requestParameters: { queueUrl: url, attributes: { Policy } },
      responseElements: null,
    });
  });

  it('is not written of what objects and messages hold', async () => {
    const { s3, sqs, range, later, heard } = await account();
    const { url } = newQueue(range.account, 'jobs');
    await s3.putObject({ Bucket: 'trail-logs', Key: 'a', Body: 'x' });
    await s3.getObject({ Bucket: 'trail-logs', Key: 'a' });
    await sqs.sendMessage({ QueueUrl: url, MessageBody: 'x' });
    await sqs.receiveMessage({ QueueUrl: url });
    await later();
    expect(heard.filter(({ eventName }) => eventName !== 'ListQueueTags')).toEqual([]);
  });

  it('has the address that a load balancer would tell', async () => {
    const { range, recorded } = await account();
    await fetch(range.endpoint, {
      method: 'POST',
      headers: { 'x-forwarded-for': '198.51.100.7', 'user-agent': 'aws-cli/2.31.0' },
      body: new URLSearchParams({ Action: 'DescribeVolumes', Version: '2016-11-15' }),
    });
    expect(await recorded('DescribeVolumes')).toMatchObject({
      sourceIPAddress: '198.51.100.7',
      userAgent: 'aws-cli/2.31.0',
      requestParameters: null,
    });
  });

  it('says of what CloudFormation does that it did it for somebody', async () => {
    const { cloudformation, clock, range, recorded } = await account();
    const template = {
      Resources: {
        Group: {
          Type: 'AWS::EC2::SecurityGroup',
          Properties: {
            GroupDescription: 'web',
            SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/8' }],
          },
        },
      },
    };
    const create = (StackName: string, more: object) =>
      cloudformation.createStack({ StackName, TemplateBody: JSON.stringify(template), ...more });
    const settle = async (): Promise<void> => {
      clock.advance(range.account.settings.stackStepDuration);
      await cloudformation.describeStacks({});
    };
    await create('web', {});
    await settle();
    const byService = {
      sourceIPAddress: 'cloudformation.amazonaws.com',
      userAgent: 'cloudformation.amazonaws.com',
    };
    const record = await recorded('AuthorizeSecurityGroupIngress');
    expect(record).toMatchObject({
      ...byService,
      userIdentity: { type: 'IAMUser', userName: 'cordon', invokedBy: 'cloudformation.amazonaws.com' },
      requestParameters: { ipPermissions: { items: [{ fromPort: 443 }] } },
    });
    expect(record).not.toHaveProperty('tlsDetails');
    expect(await recorded('CreateStack')).toMatchObject({
      sourceIPAddress: '127.0.0.1',
      requestParameters: { stackName: 'web' },
      responseElements: { stackId: expect.stringContaining(':stack/web/') },
    });
    await create('other', { RoleARN: 'arn:aws:iam::123456789012:role/deploy' });
    await settle();
    expect(await recorded('CreateSecurityGroup')).toMatchObject({
      ...byService,
      userIdentity: {
        type: 'AssumedRole',
        arn: 'arn:aws:sts::123456789012:assumed-role/deploy/AWSCloudFormation',
        invokedBy: 'cloudformation.amazonaws.com',
        sessionContext: { sessionIssuer: { type: 'Role', userName: 'deploy' } },
      },
    });
  });

  it('is read by Cordon’s own format', async () => {
    const { ec2, honeypot, range, later, files } = await account();
    newTrail(range.account, 'main', 'trail-logs');
    await ec2.createTags({ Resources: [honeypot.instanceId], Tags: [{ Key: 'a', Value: 'b' }] });
    await later();
    const [file] = files();
    const text = gunzipSync(file?.body ?? '').toString();
    const decoded = [
      ...jsonDecoder(`s3://trail-logs/${file?.key}`)(text, { source: 'x', offset: 0, line: 1 }),
    ];
    expect(decoded).toMatchObject([
      { kind: 'event', event: { time: START, fields: { eventName: 'CreateTags' } } },
    ]);
    expect(contextOfKey(file?.key ?? '')).toMatchObject({ account: '123456789012', region: 'us-east-1' });
  });
});

describe('the delivery of records', () => {
  it('comes as a log file in the bucket of each trail, some minutes later', async () => {
    const { ec2, honeypot, range, clock, later, files } = await account();
    newTrail(range.account, 'main', 'trail-logs', { prefix: 'org' });
    await ec2.createTags({ Resources: [honeypot.instanceId], Tags: [{ Key: 'a', Value: 'b' }] });
    clock.advance(range.account.settings.trailDelay - 1);
    await ec2.describeVolumes({});
    expect(files()).toEqual([]);
    await later();
    expect(files().map(({ key }) => key)).toEqual([
      expect.stringMatching(
        /^org\/AWSLogs\/123456789012\/CloudTrail\/us-east-1\/2026\/11\/24\/123456789012_CloudTrail_us-east-1_20261124T1615Z_\w{16}\.json\.gz$/,
      ),
    ]);
    expect(files()[0]?.records.map(({ eventName }) => eventName)).toEqual(['CreateTags', 'DescribeVolumes']);
  });

  it('ends with the call that stops the trail, and begins with the one that starts it', async () => {
    const { ec2, cloudtrail, range, later, files } = await account();
    newTrail(range.account, 'main', 'trail-logs');
    await cloudtrail.stopLogging({ Name: 'main' });
    await ec2.describeVolumes({});
    await cloudtrail.startLogging({ Name: 'main' });
    await later();
    const names = files().flatMap(({ records }) => records.map(({ eventName }) => eventName));
    expect(names).toEqual(['StopLogging', 'StartLogging']);
  });

  it('is of what the selectors say', async () => {
    const { ec2, cloudtrail, honeypot, range, later, files } = await account();
    newTrail(range.account, 'main', 'trail-logs');
    await cloudtrail.putEventSelectors({
      TrailName: 'main',
      EventSelectors: [{ ReadWriteType: 'WriteOnly' }],
    });
    await ec2.describeVolumes({});
    await ec2.createTags({ Resources: [honeypot.instanceId], Tags: [{ Key: 'a', Value: 'b' }] });
    await cloudtrail.putEventSelectors({
      TrailName: 'main',
      AdvancedEventSelectors: [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Data'] }] }],
    });
    await ec2.createTags({ Resources: [honeypot.instanceId], Tags: [{ Key: 'c', Value: 'd' }] });
    await later();
    const names = files().flatMap(({ records }) => records.map(({ eventName }) => eventName));
    expect(names).toEqual(['PutEventSelectors', 'CreateTags', 'PutEventSelectors']);
  });

  it('puts the calls that change something on the event bus, while a trail records', async () => {
    const { ec2, honeypot, range, clock, later } = await account();
    const queue = newQueue(range.account, 'events');
    range.account.deliveries.push({ from: EVENT_BUS, to: queue.arn });
    const tag = (Key: string) =>
      ec2.createTags({ Resources: [honeypot.instanceId], Tags: [{ Key, Value: '' }] });
    await tag('before');
    newTrail(range.account, 'main', 'trail-logs');
    await tag('while');
    await ec2.describeVolumes({});
    clock.advance(range.account.settings.eventDelay);
    await ec2.describeVolumes({});
    const events = queue.messages.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    expect(events).toMatchObject([
      {
        'detail-type': 'AWS API Call via CloudTrail',
        source: 'aws.ec2',
        account: '123456789012',
        detail: {
          eventName: 'CreateTags',
          requestParameters: { tagSet: { items: [{ key: 'while', value: '' }] } },
        },
      },
    ]);
    await later();
    expect(queue.messages).toHaveLength(1);
  });

  it('comes without a call too', async () => {
    const { ec2, honeypot, range, clock, heard } = await account();
    await ec2.createTags({ Resources: [honeypot.instanceId], Tags: [{ Key: 'a', Value: 'b' }] });
    const arrived = new Promise<void>((resolve) => {
      listenToRecords(range.account, () => resolve());
    });
    clock.advance(range.account.settings.trailDelay);
    await arrived;
    expect(heard).toMatchObject([{ eventName: 'CreateTags' }]);
  });
});
