import { CloudControl } from '@aws-sdk/client-cloudcontrol';
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { afterEach, describe, expect, it } from 'vitest';
import { simulatedClock } from '../clock.ts';
import { createHoneypot } from '../honeypot.ts';
import { iamOf } from '../iam/state.ts';
import { startRange } from '../range.ts';
import { newBucket } from '../s3/bucket.ts';
import { secretsOf } from '../secretsmanager/secret.ts';
import { topicsOf } from '../sns/topic.ts';
import { RESOURCE_TYPES } from './types.ts';

const open: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function account() {
  const clock = simulatedClock({ speed: 0 });
  const range = await startRange({ clock });
  newBucket(range.account, 'logs');
  newBucket(range.account, 'data');
  const config = {
    endpoint: range.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    maxAttempts: 1,
  };
  const cloudcontrol = new CloudControl(config);
  const cloudformation = new CloudFormation(config);
  const close = (): void => {
    cloudcontrol.destroy();
    cloudformation.destroy();
  };
  open.push(range, { close });
  const finished = async (RequestToken: string | undefined) => {
    clock.advance(range.account.settings.stackStepDuration);
    const { ProgressEvent } = await cloudcontrol.getResourceRequestStatus({ RequestToken });
    expect(ProgressEvent).toMatchObject({ OperationStatus: 'SUCCESS' });
    return ProgressEvent?.Identifier ?? '';
  };
  const read = async (TypeName: string, Identifier: string) => {
    const { ResourceDescription } = await cloudcontrol.getResource({ TypeName, Identifier });
    return JSON.parse(ResourceDescription?.Properties ?? '') as Record<string, unknown>;
  };
  return { range, clock, cloudcontrol, cloudformation, finished, read };
}

type Properties = Readonly<Record<string, unknown>>;

interface Case {
  readonly type: string;
  readonly state: Properties;
  /** Some properties otherwise; nothing takes one away. */
  readonly changes: Properties;
  /** Taken and not shown. */
  readonly secret?: readonly string[];
  /** What a property is once it was taken away. */
  readonly defaults?: Properties;
  /** It is never gone: deleting it brings back what AWS gives. */
  readonly remains?: true;
}

const Tags = [{ Key: 'team', Value: 'web' }];
const otherTags = [{ Key: 'owner', Value: 'ada' }];
const policy = (Action: string, more: object = {}) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*', ...more }],
});
const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const ADMIN = 'arn:aws:iam::aws:policy/AdministratorAccess';
const KEY_POLICY = policy('kms:*', { Principal: { AWS: 'arn:aws:iam::123456789012:root' } });
const ofBucket = (Action: string) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::123456789012:root' },
      Action,
      Resource: 'arn:aws:s3:::data/*',
    },
  ],
});

const CASES: readonly Case[] = [
  {
    type: 'AWS::CloudTrail::Trail',
    state: { TrailName: 'main', S3BucketName: 'logs', IsLogging: true, EnableLogFileValidation: true, Tags },
    changes: { IsLogging: false, EnableLogFileValidation: null, Tags: otherTags },
    defaults: { EnableLogFileValidation: false },
  },
  {
    type: 'AWS::CloudWatch::Alarm',
    state: {
      AlarmName: 'root',
      MetricName: 'RootAccountUsage',
      Namespace: 'Security',
      Statistic: 'Sum',
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    },
    changes: { Threshold: 5, ActionsEnabled: false },
  },
  {
    type: 'AWS::EC2::FlowLog',
    state: {
      ResourceType: 'VPC',
      TrafficType: 'ALL',
      LogDestinationType: 's3',
      LogDestination: 'arn:aws:s3:::logs',
      Tags,
    },
    changes: { Tags: otherTags },
  },
  {
    type: 'AWS::EC2::Instance',
    state: { ImageId: 'ami-0c101f26f147fa7fd', InstanceType: 't3.small', Tags },
    changes: { DisableApiTermination: true, Tags: otherTags },
  },
  {
    type: 'AWS::EC2::SecurityGroup',
    state: {
      GroupName: 'web',
      GroupDescription: 'web servers',
      SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' }],
      Tags,
    },
    changes: {
      SecurityGroupIngress: [
        { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/8', Description: 'inside' },
        { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, CidrIpv6: '::/0' },
      ],
      SecurityGroupEgress: [],
      Tags: otherTags,
    },
  },
  {
    type: 'AWS::GuardDuty::Detector',
    state: { Enable: true, FindingPublishingFrequency: 'ONE_HOUR', Tags },
    changes: { Enable: false, Tags: otherTags },
  },
  {
    type: 'AWS::IAM::Group',
    state: { GroupName: 'ops', ManagedPolicyArns: [ADMIN] },
    changes: {
      ManagedPolicyArns: null,
      Policies: [{ PolicyName: 'read', PolicyDocument: policy('s3:Get*') }],
    },
  },
  {
    type: 'AWS::IAM::InstanceProfile',
    state: { InstanceProfileName: 'web', Roles: ['web'] },
    changes: { Roles: [] },
  },
  {
    type: 'AWS::IAM::ManagedPolicy',
    state: { ManagedPolicyName: 'read', PolicyDocument: policy('s3:Get*'), Roles: ['web'] },
    changes: { PolicyDocument: policy('s3:List*'), Roles: null, Users: ['ada'] },
  },
  {
    type: 'AWS::IAM::Role',
    state: {
      RoleName: 'app',
      AssumeRolePolicyDocument: TRUST,
      Policies: [{ PolicyName: 'read', PolicyDocument: policy('s3:Get*') }],
      Tags,
    },
    changes: {
      AssumeRolePolicyDocument: { ...TRUST, Statement: [{ ...TRUST.Statement[0], Effect: 'Deny' }] },
      Policies: [{ PolicyName: 'write', PolicyDocument: policy('s3:Put*') }],
      ManagedPolicyArns: [ADMIN],
      PermissionsBoundary: ADMIN,
      MaxSessionDuration: 7_200,
      Tags: otherTags,
    },
  },
  {
    type: 'AWS::IAM::User',
    state: { UserName: 'bob', Groups: ['staff'], LoginProfile: { Password: 'correct horse battery' }, Tags },
    changes: { Groups: null, ManagedPolicyArns: [ADMIN], Tags: otherTags },
    secret: ['LoginProfile'],
  },
  {
    type: 'AWS::KMS::Key',
    state: { KeyPolicy: KEY_POLICY, EnableKeyRotation: true, Tags },
    changes: {
      Enabled: false,
      EnableKeyRotation: null,
      RotationPeriodInDays: null,
      KeyPolicy: policy('kms:*', { Principal: { AWS: 'arn:aws:iam::123456789012:root' }, Sid: 'other' }),
      Tags: otherTags,
    },
    defaults: { EnableKeyRotation: false },
  },
  {
    type: 'AWS::Lambda::Function',
    state: {
      FunctionName: 'job',
      Role: 'arn:aws:iam::123456789012:role/web',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: 'exports.handler = () => 1' },
      Environment: { Variables: { STAGE: 'test' } },
      Tags,
    },
    changes: { MemorySize: 512, Environment: null, ReservedConcurrentExecutions: 0 },
    secret: ['Code'],
    defaults: {},
  },
  {
    type: 'AWS::Lambda::Permission',
    state: {
      FunctionName: 'base',
      Action: 'lambda:InvokeFunction',
      Principal: 's3.amazonaws.com',
      SourceArn: 'arn:aws:s3:::data',
      SourceAccount: '123456789012',
    },
    changes: {},
  },
  {
    type: 'AWS::Lambda::Url',
    state: { TargetFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:base', AuthType: 'NONE' },
    changes: { AuthType: 'AWS_IAM' },
  },
  {
    type: 'AWS::Logs::LogGroup',
    state: { LogGroupName: '/app', RetentionInDays: 30, Tags },
    changes: { RetentionInDays: null, Tags: otherTags },
  },
  {
    type: 'AWS::RDS::DBInstance',
    state: {
      DBInstanceIdentifier: 'orders',
      Engine: 'postgres',
      DBInstanceClass: 'db.t4g.micro',
      AllocatedStorage: '20',
      MasterUsername: 'admin1',
      MasterUserPassword: 'secret-secret',
      StorageEncrypted: true,
      DeletionProtection: false,
      Tags,
    },
    changes: { PubliclyAccessible: true, BackupRetentionPeriod: 7 },
    secret: ['MasterUserPassword'],
  },
  {
    type: 'AWS::S3::Bucket',
    state: {
      BucketName: 'app-assets',
      VersioningConfiguration: { Status: 'Enabled' },
      LoggingConfiguration: { DestinationBucketName: 'logs', LogFilePrefix: 'assets/' },
      CorsConfiguration: { CorsRules: [] },
      Tags,
    },
    changes: {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/app' },
          },
        ],
      },
      PublicAccessBlockConfiguration: null,
      LoggingConfiguration: null,
      VersioningConfiguration: { Status: 'Suspended' },
      Tags: otherTags,
    },
  },
  {
    type: 'AWS::S3::BucketPolicy',
    state: { Bucket: 'data', PolicyDocument: ofBucket('s3:GetObject') },
    changes: { PolicyDocument: ofBucket('s3:PutObject') },
  },
  {
    type: 'AWS::SNS::Topic',
    state: { TopicName: 'alarms', DisplayName: 'Alarms', Tags },
    changes: {
      DisplayName: null,
      KmsMasterKeyId: 'alias/aws/sns',
      Subscription: [{ Protocol: 'sqs', Endpoint: 'arn:aws:sqs:us-east-1:123456789012:inbox' }],
      Tags: otherTags,
    },
  },
  {
    type: 'AWS::SQS::Queue',
    state: { QueueName: 'jobs', VisibilityTimeout: 60, KmsMasterKeyId: 'alias/aws/sqs', Tags },
    changes: {
      VisibilityTimeout: 90,
      KmsMasterKeyId: null,
      RedrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:us-east-1:123456789012:dead', maxReceiveCount: 3 },
      Tags: otherTags,
    },
  },
  {
    type: 'AWS::SecretsManager::Secret',
    state: { Name: 'app/password', Description: 'of the app', SecretString: 'hunter2', Tags },
    changes: { Description: 'of another', Tags: otherTags },
    secret: ['SecretString'],
  },
  {
    type: 'AWS::SNS::TopicInlinePolicy',
    state: {
      TopicArn: 'arn:aws:sns:us-east-1:123456789012:base',
      PolicyDocument: policy('sns:Publish', { Principal: '*' }),
    },
    changes: { PolicyDocument: policy('sns:Subscribe', { Principal: '*' }) },
    remains: true,
  },
  {
    type: 'AWS::SQS::QueueInlinePolicy',
    state: {
      Queue: 'https://sqs.us-east-1.amazonaws.com/123456789012/base',
      PolicyDocument: policy('sqs:SendMessage', { Principal: '*' }),
    },
    changes: { PolicyDocument: policy('sqs:ReceiveMessage', { Principal: '*' }) },
  },
  {
    type: 'AWS::SecretsManager::ResourcePolicy',
    state: {
      SecretId: 'base',
      ResourcePolicy: policy('secretsmanager:GetSecretValue', {
        Principal: { AWS: 'arn:aws:iam::123456789012:role/web' },
      }),
    },
    changes: {
      ResourcePolicy: policy('secretsmanager:DescribeSecret', {
        Principal: { AWS: 'arn:aws:iam::123456789012:role/web' },
      }),
    },
  },
];

/** What the cases stand on. */
async function prepared() {
  const world = await account();
  const { range, clock, cloudformation } = world;
  const { vpcId } = createHoneypot(range.account);
  const base = {
    Resources: {
      Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'web', AssumeRolePolicyDocument: TRUST } },
      Group: { Type: 'AWS::IAM::Group', Properties: { GroupName: 'staff' } },
      User: { Type: 'AWS::IAM::User', Properties: { UserName: 'ada' } },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'base' } },
      Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'base' } },
      Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'base', SecretString: 'x' } },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: 'base',
          Role: 'arn:aws:iam::123456789012:role/web',
          Runtime: 'nodejs22.x',
          Handler: 'index.handler',
          Code: { ZipFile: 'exports.handler = () => 1' },
        },
      },
    },
  };
  const Capabilities = ['CAPABILITY_NAMED_IAM' as const];
  await cloudformation.createStack({ StackName: 'base', TemplateBody: JSON.stringify(base), Capabilities });
  const pass = async (): Promise<void> => {
    clock.advance(600_000);
    await cloudformation.describeStacks({});
  };
  await pass();
  const [secret] = secretsOf(range.account).values();
  const stateOf = ({ type, state }: Case): Properties => {
    if (type === 'AWS::EC2::FlowLog') return { ResourceId: vpcId, ...state };
    return type === 'AWS::SecretsManager::ResourcePolicy' ? { ...state, SecretId: secret?.arn } : state;
  };
  return { ...world, vpcId, pass, stateOf };
}

const without = (properties: Properties, names: readonly string[] = []) =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)));

describe('a type of resources', () => {
  it.each(CASES)('$type is made, read, changed and deleted by Cloud Control', async (one) => {
    const { cloudcontrol, finished, read, stateOf } = await prepared();
    const { type: TypeName, secret = [] } = one;
    const state = stateOf(one);
    const made = await cloudcontrol.createResource({ TypeName, DesiredState: JSON.stringify(state) });
    const Identifier = await finished(made.ProgressEvent?.RequestToken);
    const shown = await read(TypeName, Identifier);
    expect(shown).toMatchObject(without(state, secret));
    for (const name of secret) expect(shown).not.toHaveProperty(name);
    const listed = await cloudcontrol.listResources({ TypeName });
    expect(listed.ResourceDescriptions?.map((found) => found.Identifier)).toContain(Identifier);

    const operations = Object.entries(one.changes).map(([name, value]) =>
      value === null ? { op: 'remove', path: `/${name}` } : { op: 'add', path: `/${name}`, value },
    );
    const changed = await cloudcontrol.updateResource({
      TypeName,
      Identifier,
      PatchDocument: JSON.stringify(operations),
    });
    await finished(changed.ProgressEvent?.RequestToken);
    const after = await read(TypeName, Identifier);
    for (const [name, value] of Object.entries(one.changes)) {
      const wanted = value ?? one.defaults?.[name];
      if (wanted === undefined) expect(after).not.toHaveProperty(name);
      else expect(after[name]).toEqual(wanted);
    }
    const same = Object.keys(shown).filter((name) => !Object.hasOwn(one.changes, name));
    for (const name of same.filter((name) => !/^(DefaultVersionId|AttachmentCount)$/.test(name)))
      expect([name, after[name]]).toEqual([name, shown[name]]);

    if (TypeName === 'AWS::EC2::Instance') {
      const PatchDocument = JSON.stringify([{ op: 'remove', path: '/DisableApiTermination' }]);
      const freed = await cloudcontrol.updateResource({ TypeName, Identifier, PatchDocument });
      await finished(freed.ProgressEvent?.RequestToken);
    }
    const deleted = await cloudcontrol.deleteResource({ TypeName, Identifier });
    await finished(deleted.ProgressEvent?.RequestToken);
    const gone = read(TypeName, Identifier);
    if (one.remains) expect(await gone).not.toEqual(after);
    else await expect(gone).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('is made, found without drift, and deleted by a stack', async () => {
    const { cloudformation, pass, stateOf } = await prepared();
    const Resources = Object.fromEntries(
      CASES.map((one, index) => [`R${index}`, { Type: one.type, Properties: stateOf(one) }]),
    );
    const StackName = 'everything';
    await cloudformation.createStack({
      StackName,
      TemplateBody: JSON.stringify({ Resources }),
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    });
    await pass();
    const status = async () =>
      (await cloudformation.describeStacks({ StackName })).Stacks?.[0]?.StackStatus ?? '';
    const { StackEvents } = await cloudformation.describeStackEvents({ StackName });
    expect(StackEvents?.filter(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED')).toEqual([]);
    expect(await status()).toBe('CREATE_COMPLETE');
    await cloudformation.detectStackDrift({ StackName });
    await pass();
    const { StackResourceDrifts } = await cloudformation.describeStackResourceDrifts({ StackName });
    // What is written and never shown cannot be compared.
    const drifted = StackResourceDrifts?.flatMap(({ ResourceType, PropertyDifferences = [] }) =>
      PropertyDifferences.map(({ PropertyPath = '' }) => `${ResourceType} ${PropertyPath}`),
    );
    const secret = CASES.flatMap(({ type, secret: names = [] }) => names.map((name) => `${type} /${name}`));
    expect(drifted?.filter((one) => !secret.includes(one))).toEqual([]);
    await cloudformation.deleteStack({ StackName });
    await pass();
    await expect(status()).rejects.toMatchObject({ message: expect.stringMatching(/does not exist/) });
  });

  it('may be a policy that several resources share', async () => {
    const { range, cloudformation, pass } = await prepared();
    const queue = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } };
    const topic = { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'alarms' } };
    const shared = (PolicyDocument: object) => ({
      Queue: queue,
      Topic: topic,
      Inline: {
        Type: 'AWS::IAM::Policy',
        Properties: { PolicyName: 'all', PolicyDocument: policy('s3:Get*'), Roles: ['web'], Users: ['ada'] },
      },
      OfQueue: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [{ Ref: 'Queue' }], PolicyDocument } },
      OfTopic: { Type: 'AWS::SNS::TopicPolicy', Properties: { Topics: [{ Ref: 'Topic' }], PolicyDocument } },
    });
    const StackName = 'shared';
    const Capabilities = ['CAPABILITY_NAMED_IAM' as const];
    const document = policy('sqs:SendMessage', { Principal: '*' });
    await cloudformation.createStack({
      StackName,
      TemplateBody: JSON.stringify({ Resources: shared(document) }),
      Capabilities,
    });
    await pass();
    expect(range.account.queues.get('jobs')?.attributes.get('Policy')).toBe(JSON.stringify(document));
    const arn = 'arn:aws:sns:us-east-1:123456789012:alarms';
    expect(topicsOf(range.account).get(arn)?.attributes.get('Policy')).toBe(JSON.stringify(document));
    expect(iamOf(range.account).roles.get('web')?.inline.has('all')).toBe(true);
    await cloudformation.updateStack({
      StackName,
      TemplateBody: JSON.stringify({ Resources: { Queue: queue, Topic: topic } }),
    });
    await pass();
    expect(range.account.queues.get('jobs')?.attributes.has('Policy')).toBe(false);
    expect(topicsOf(range.account).get(arn)?.attributes.get('Policy')).toContain('__default_policy_ID');
    expect(iamOf(range.account).users.get('ada')?.inline.size).toBe(0);
  });

  it('has a case here', () => {
    const listed = [...RESOURCE_TYPES].flatMap(([type, { list }]) => (list === undefined ? [] : [type]));
    expect(CASES.map(({ type }) => type).sort()).toEqual(listed.sort());
  });
});
