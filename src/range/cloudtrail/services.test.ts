import { afterEach, describe, expect, it } from 'vitest';
import { type AwsClients, awsClients } from '../../aws/clients.ts';
import { simulatedClock } from '../clock.ts';
import { createHoneypot } from '../honeypot.ts';
import { type Range, startRange } from '../range.ts';
import { newBucket } from '../s3/bucket.ts';
import { listenToRecords } from './delivery.ts';
import type { CloudTrailRecord } from './record.ts';

const open: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function account() {
  const clock = simulatedClock({ start: Date.parse('2026-11-24T16:05:06Z'), speed: 0 });
  const range = await startRange({ clock, settings: { trailDelay: 0 } });
  const honeypot = createHoneypot(range.account);
  newBucket(range.account, 'data');
  const heard: CloudTrailRecord[] = [];
  listenToRecords(range.account, (records) => heard.push(...records));
  const aws = awsClients({ region: 'us-east-1', endpoint: range.endpoint });
  open.push(range, { close: () => aws.close() });
  return { aws, range, clock, honeypot, heard };
}

interface World {
  readonly aws: AwsClients;
  readonly range: Range;
  readonly honeypot: ReturnType<typeof createHoneypot>;
  pass(): void;
}

type Shown = Readonly<Record<string, unknown>>;
/** The calls that are made, the newest last; the event's name; its source; what else is in the record. */
type Case = readonly [
  what: string,
  make: (world: World) => Promise<unknown>,
  eventName: string,
  eventSource: string,
  record: (world: World) => Shown,
];

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::123456789012:root' }, Action: 'sts:AssumeRole' },
  ],
});
const ALLOW = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});
const BUCKET_POLICY = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::123456789012:root' },
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::data/*',
    },
  ],
};
const XMLNS = 'http://s3.amazonaws.com/doc/2006-03-01/';
const toUser = async ({ aws }: World) => {
  const iam = await aws.use('iam');
  await iam.createUser({ UserName: 'ada' });
  return iam;
};
const toFunction = async ({ aws, pass }: World) => {
  const lambda = await aws.use('lambda');
  await lambda.createFunction({
    FunctionName: 'job',
    Role: 'arn:aws:iam::123456789012:role/job',
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Code: { ZipFile: Buffer.from('code') },
    Environment: { Variables: { PASSWORD: 'hunter2' } },
  });
  pass();
  return lambda;
};
const snapshotOf = async ({ aws, honeypot }: World) =>
  (await aws.ec2.createSnapshot({ VolumeId: honeypot.volumeIds[0] })).SnapshotId;

const CASES: readonly Case[] = [
  [
    'IAM keeps the secret of a new key to itself',
    async (world) => (await toUser(world)).createAccessKey({ UserName: 'ada' }),
    'CreateAccessKey',
    'iam.amazonaws.com',
    () => ({
      requestParameters: { userName: 'ada' },
      responseElements: {
        accessKey: {
          accessKeyId: expect.stringMatching(/^AKIA/),
          status: 'Active',
          userName: 'ada',
          createDate: 'Nov 24, 2026 4:05:06 PM',
        },
      },
    }),
  ],
  [
    'IAM keeps passwords to itself',
    async (world) =>
      (await toUser(world)).createLoginProfile({ UserName: 'ada', Password: 'correct horse battery' }),
    'CreateLoginProfile',
    'iam.amazonaws.com',
    () => ({ requestParameters: { userName: 'ada' } }),
  ],
  [
    'IAM writes documents as texts',
    async (world) =>
      (await toUser(world)).putUserPolicy({ UserName: 'ada', PolicyName: 'all', PolicyDocument: ALLOW }),
    'PutUserPolicy',
    'iam.amazonaws.com',
    () => ({
      requestParameters: { userName: 'ada', policyName: 'all', policyDocument: ALLOW },
      responseElements: null,
    }),
  ],
  [
    'IAM’s errors have names of their own',
    async ({ aws }) => (await aws.use('iam')).deleteUser({ UserName: 'nobody' }).catch(() => {}),
    'DeleteUser',
    'iam.amazonaws.com',
    () => ({ errorCode: 'NoSuchEntityException', requestParameters: { userName: 'nobody' } }),
  ],
  [
    'STS only reads, and says who was assumed',
    async (world) => {
      await (await toUser(world)).createRole({ RoleName: 'web', AssumeRolePolicyDocument: TRUST });
      await (await world.aws.use('sts')).assumeRole({
        RoleArn: 'arn:aws:iam::123456789012:role/web',
        RoleSessionName: 'session',
      });
    },
    'AssumeRole',
    'sts.amazonaws.com',
    () => ({
      readOnly: true,
      requestParameters: { roleArn: 'arn:aws:iam::123456789012:role/web', roleSessionName: 'session' },
      responseElements: {
        credentials: { accessKeyId: expect.stringMatching(/^ASIA/) },
        assumedRoleUser: { arn: 'arn:aws:sts::123456789012:assumed-role/web/session' },
      },
    }),
  ],
  [
    'Lambda has versions in its names, and no environment',
    async (world) =>
      (await toFunction(world)).updateFunctionConfiguration({
        FunctionName: 'job',
        Environment: { Variables: { PASSWORD: 'hunter3' } },
        Timeout: 9,
      }),
    'UpdateFunctionConfiguration20150331v2',
    'lambda.amazonaws.com',
    () => ({
      requestParameters: { functionName: 'job', timeout: 9, environment: {} },
      responseElements: { functionName: 'job', environment: {} },
    }),
  ],
  [
    'Lambda shows the statement that was added',
    async (world) =>
      (await toFunction(world)).addPermission({
        FunctionName: 'job',
        StatementId: 'all',
        Action: 'lambda:InvokeFunction',
        Principal: '*',
      }),
    'AddPermission20150331v2',
    'lambda.amazonaws.com',
    () => ({
      requestParameters: {
        functionName: 'job',
        statementId: 'all',
        action: 'lambda:InvokeFunction',
        principal: '*',
      },
      responseElements: { statement: expect.stringContaining('"Sid":"all"') },
    }),
  ],
  [
    'RDS makes only the first letter small, and answers the instance itself',
    async ({ aws, pass }) => {
      const rds = await aws.use('rds');
      await rds.createDBInstance({
        DBInstanceIdentifier: 'orders',
        Engine: 'postgres',
        DBInstanceClass: 'db.t4g.micro',
      });
      pass();
      await rds.modifyDBInstance({
        DBInstanceIdentifier: 'orders',
        PubliclyAccessible: true,
        MasterUserPassword: 'secret-secret',
        ApplyImmediately: true,
      });
    },
    'ModifyDBInstance',
    'rds.amazonaws.com',
    () => ({
      requestParameters: {
        dBInstanceIdentifier: 'orders',
        publiclyAccessible: true,
        masterUserPassword: '****',
        applyImmediately: true,
      },
      responseElements: { dBInstanceIdentifier: 'orders', publiclyAccessible: true },
    }),
  ],
  [
    'KMS names the key',
    async ({ aws }) => {
      const kms = await aws.use('kms');
      const { KeyMetadata } = await kms.createKey({});
      await kms.scheduleKeyDeletion({ KeyId: KeyMetadata?.KeyId ?? '', PendingWindowInDays: 7 });
    },
    'ScheduleKeyDeletion',
    'kms.amazonaws.com',
    () => ({
      requestParameters: { keyId: expect.stringMatching(/^[0-9a-f-]{36}$/), pendingWindowInDays: 7 },
      responseElements: { deletionDate: 'Dec 1, 2026 4:05:06 PM' },
      resources: [
        {
          accountId: '123456789012',
          type: 'AWS::KMS::Key',
          ARN: expect.stringMatching(/^arn:aws:kms:us-east-1:123456789012:key\//),
        },
      ],
    }),
  ],
  [
    'S3 shows a bucket’s policy as what it says',
    async ({ aws }) =>
      (await aws.use('s3')).putBucketPolicy({ Bucket: 'data', Policy: JSON.stringify(BUCKET_POLICY) }),
    'PutBucketPolicy',
    's3.amazonaws.com',
    () => ({
      requestParameters: {
        bucketName: 'data',
        Host: 'data.s3.amazonaws.com',
        policy: '',
        bucketPolicy: BUCKET_POLICY,
      },
    }),
  ],
  [
    'S3 has another name for the block of public access',
    async ({ aws }) =>
      (await aws.use('s3')).putPublicAccessBlock({
        Bucket: 'data',
        PublicAccessBlockConfiguration: { BlockPublicAcls: false },
      }),
    'PutBucketPublicAccessBlock',
    's3.amazonaws.com',
    () => ({
      requestParameters: {
        publicAccessBlock: '',
        PublicAccessBlockConfiguration: { xmlns: XMLNS, BlockPublicAcls: false },
      },
    }),
  ],
  [
    'S3 writes one element as itself',
    async ({ aws }) =>
      (await aws.use('s3')).putBucketEncryption({
        Bucket: 'data',
        ServerSideEncryptionConfiguration: {
          Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
      }),
    'PutBucketEncryption',
    's3.amazonaws.com',
    () => ({
      requestParameters: {
        encryption: '',
        ServerSideEncryptionConfiguration: {
          xmlns: XMLNS,
          Rule: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
        },
      },
    }),
  ],
  [
    'S3 Control is S3',
    async ({ aws }) => {
      const control = await aws.use('s3control');
      await control.putPublicAccessBlock({
        AccountId: '123456789012',
        PublicAccessBlockConfiguration: { BlockPublicAcls: true },
      });
    },
    'PutAccountPublicAccessBlock',
    's3.amazonaws.com',
    () => ({
      requestParameters: {
        Host: '123456789012.s3-control.us-east-1.amazonaws.com',
        PublicAccessBlockConfiguration: { BlockPublicAcls: true },
      },
    }),
  ],
  [
    'EC2 shares a snapshot in one way, whichever way it was asked',
    async (world) => {
      const SnapshotId = await snapshotOf(world);
      await world.aws.ec2.modifySnapshotAttribute({
        SnapshotId,
        Attribute: 'createVolumePermission',
        OperationType: 'add',
        UserIds: ['210987654321'],
      });
    },
    'ModifySnapshotAttribute',
    'ec2.amazonaws.com',
    () => ({
      requestParameters: {
        snapshotId: expect.stringMatching(/^snap-/),
        createVolumePermission: { add: { items: [{ userId: '210987654321' }] } },
        attributeType: 'CREATE_VOLUME_PERMISSION',
      },
      responseElements: { _return: true },
    }),
  ],
  [
    'EC2 shares an image with everybody',
    async ({ aws, honeypot }) => {
      const { ImageId } = await aws.ec2.createImage({ InstanceId: honeypot.instanceId, Name: 'gold' });
      await aws.ec2.modifyImageAttribute({ ImageId, LaunchPermission: { Add: [{ Group: 'all' }] } });
    },
    'ModifyImageAttribute',
    'ec2.amazonaws.com',
    () => ({
      requestParameters: {
        imageId: expect.stringMatching(/^ami-/),
        launchPermission: { add: { items: [{ group: 'all' }] } },
        attributeType: 'launchPermission',
      },
    }),
  ],
  [
    'EC2 has its own name for the protocol of a network ACL',
    async ({ aws, honeypot }) => {
      const { NetworkAcl } = await aws.ec2.createNetworkAcl({ VpcId: honeypot.vpcId });
      await aws.ec2.createNetworkAclEntry({
        NetworkAclId: NetworkAcl?.NetworkAclId,
        RuleNumber: 50,
        Protocol: '6',
        RuleAction: 'allow',
        Egress: false,
        CidrBlock: '0.0.0.0/0',
        PortRange: { From: 22, To: 22 },
      });
    },
    'CreateNetworkAclEntry',
    'ec2.amazonaws.com',
    () => ({
      requestParameters: {
        networkAclId: expect.stringMatching(/^acl-/),
        ruleNumber: 50,
        aclProtocol: '6',
        ruleAction: 'allow',
        egress: false,
        cidrBlock: '0.0.0.0/0',
        portRange: { from: 22, to: 22 },
      },
    }),
  ],
  [
    'EC2 wraps the requests of newer operations',
    async ({ aws, honeypot }) => {
      const { FlowLogIds = [] } = await aws.ec2.createFlowLogs({
        ResourceIds: [honeypot.vpcId],
        ResourceType: 'VPC',
        TrafficType: 'ALL',
        LogDestinationType: 's3',
        LogDestination: 'arn:aws:s3:::data',
      });
      await aws.ec2.deleteFlowLogs({ FlowLogIds });
    },
    'DeleteFlowLogs',
    'ec2.amazonaws.com',
    () => ({
      requestParameters: {
        DeleteFlowLogsRequest: { FlowLogId: { tag: 1, content: expect.stringMatching(/^fl-/) } },
      },
      responseElements: {
        DeleteFlowLogsResponse: { xmlns: 'http://ec2.amazonaws.com/doc/2016-11-15/', unsuccessful: '' },
      },
    }),
  ],
  [
    'CloudTrail',
    async ({ aws }) => {
      const cloudtrail = await aws.use('cloudtrail');
      await cloudtrail.createTrail({ Name: 'main', S3BucketName: 'data' });
      await cloudtrail.updateTrail({ Name: 'main', EnableLogFileValidation: false });
    },
    'UpdateTrail',
    'cloudtrail.amazonaws.com',
    () => ({
      requestParameters: { name: 'main', enableLogFileValidation: false },
      responseElements: { s3BucketName: 'data', trailARN: expect.stringContaining(':trail/main') },
    }),
  ],
  [
    'GuardDuty',
    async ({ aws }) => {
      const guardduty = await aws.use('guardduty');
      const { DetectorId } = await guardduty.createDetector({ Enable: true });
      await guardduty.updateDetector({ DetectorId, Enable: false });
    },
    'UpdateDetector',
    'guardduty.amazonaws.com',
    () => ({ requestParameters: { detectorId: expect.stringMatching(/^[0-9a-f]{32}$/), enable: false } }),
  ],
  [
    'AWS Config',
    async ({ aws }) => {
      const config = await aws.use('config');
      await config.putConfigurationRecorder({
        ConfigurationRecorder: { name: 'default', roleARN: 'arn:aws:iam::123456789012:role/config' },
      });
      await config.stopConfigurationRecorder({ ConfigurationRecorderName: 'default' });
    },
    'StopConfigurationRecorder',
    'config.amazonaws.com',
    () => ({ requestParameters: { configurationRecorderName: 'default' }, responseElements: null }),
  ],
  [
    'SNS',
    async ({ aws }) => {
      const sns = await aws.use('sns');
      const { TopicArn } = await sns.createTopic({ Name: 'alarms' });
      await sns.setTopicAttributes({ TopicArn, AttributeName: 'DisplayName', AttributeValue: 'x' });
    },
    'SetTopicAttributes',
    'sns.amazonaws.com',
    () => ({
      requestParameters: {
        topicArn: 'arn:aws:sns:us-east-1:123456789012:alarms',
        attributeName: 'DisplayName',
        attributeValue: 'x',
      },
    }),
  ],
  [
    'CloudWatch is monitoring',
    async ({ aws }) => {
      const cloudwatch = await aws.use('cloudwatch');
      await cloudwatch.deleteAlarms({ AlarmNames: ['root'] }).catch(() => {});
    },
    'DeleteAlarms',
    'monitoring.amazonaws.com',
    () => ({ requestParameters: { alarmNames: ['root'] }, errorCode: 'ResourceNotFound' }),
  ],
  [
    'Organizations has no parameters, and is global',
    async ({ aws }) => (await aws.use('organizations')).leaveOrganization().catch(() => {}),
    'LeaveOrganization',
    'organizations.amazonaws.com',
    () => ({ requestParameters: null, errorCode: 'AWSOrganizationsNotInUseException' }),
  ],
  [
    'Secrets Manager keeps secrets to itself',
    async ({ aws }) =>
      (await aws.use('secretsmanager')).createSecret({ Name: 'db', SecretString: 'hunter2' }),
    'CreateSecret',
    'secretsmanager.amazonaws.com',
    () => ({
      requestParameters: { name: 'db' },
      responseElements: { aRN: expect.stringContaining(':secret:db-') },
    }),
  ],
  [
    'Cloud Control hides what it was asked for',
    async ({ aws, honeypot }) => {
      const cloudcontrol = await aws.use('cloudcontrol');
      await cloudcontrol.updateResource({
        TypeName: 'AWS::EC2::SecurityGroup',
        Identifier: honeypot.groupId,
        PatchDocument: '[]',
      });
    },
    'UpdateResource',
    'cloudcontrolapi.amazonaws.com',
    ({ honeypot }) => ({
      requestParameters: {
        typeName: 'AWS::EC2::SecurityGroup',
        identifier: honeypot.groupId,
        patchDocument: 'HIDDEN_DUE_TO_SECURITY_REASONS',
      },
      responseElements: {
        progressEvent: { operation: 'UPDATE', resourceModel: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
      },
    }),
  ],
];

const SECRETS = /secretAccessKey|hunter\d|correct horse|secret-secret|simulated"/;

describe('the record of a call to', () => {
  it.each(CASES)('%s', async (_, make, eventName, eventSource, wanted) => {
    const { heard, clock, ...rest } = await account();
    const world = { ...rest, pass: () => clock.advance(rest.range.account.settings.stateChangeDuration) };
    await make(world);
    await world.aws.ec2.describeVolumes({});
    const record = heard.findLast((one) => one.eventName === eventName);
    expect(record).toMatchObject({ eventSource, ...wanted(world) });
    expect(JSON.stringify(heard)).not.toMatch(SECRETS);
  });
});
