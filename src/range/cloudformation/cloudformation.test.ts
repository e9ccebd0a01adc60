import { CloudFormation, type StackEvent } from '@aws-sdk/client-cloudformation';
import { EC2 } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SimulatedClock, simulatedClock } from '../clock.ts';
import { type Range, startRange } from '../range.ts';
import { newBucket } from '../s3/bucket.ts';
import { KNOWN_LATER } from './evaluate.ts';

let clock: SimulatedClock;
let range: Range;
let cfn: CloudFormation;
let ec2: EC2;

beforeEach(async () => {
  clock = simulatedClock({ start: Date.parse('2026-01-01T00:00:00Z') });
  range = await startRange({ clock });
  range.account.vpcs.set('vpc-1', { id: 'vpc-1', cidr: '10.0.0.0/16' });
  const config = {
    region: 'us-east-1',
    endpoint: range.endpoint,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' },
  };
  cfn = new CloudFormation(config);
  ec2 = new EC2(config);
});
afterEach(async () => {
  cfn.destroy();
  ec2.destroy();
  await range.close();
});

const TEMPLATE = `
Parameters:
  Network: {Type: String, Default: 10.0.0.0/8}
  Logs: {Type: String, Default: 'no', AllowedValues: ['yes', 'no']}
Conditions:
  WithLogs: !Equals [!Ref Logs, 'yes']
Resources:
  Queue: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 60}}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: !Sub 'for \${Queue.QueueName}'
      VpcId: vpc-1
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: !Ref Network}
  Log: {Type: AWS::Logs::LogGroup, Condition: WithLogs}
Outputs:
  QueueArn: {Value: !GetAtt Queue.Arn, Export: {Name: !Sub '\${AWS::StackName}-queue'}}
`;

async function create(name: string, TemplateBody: string, more: object = {}): Promise<string> {
  const { StackId = '' } = await cfn.createStack({ StackName: name, TemplateBody, ...more });
  return StackId;
}

async function stackNow(name: string) {
  const { Stacks } = await cfn.describeStacks({ StackName: name });
  return Stacks?.[0];
}

async function events(name: string): Promise<StackEvent[]> {
  const found: StackEvent[] = [];
  let NextToken: string | undefined;
  do {
    const page = await cfn.describeStackEvents({ StackName: name, NextToken });
    found.push(...(page.StackEvents ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found.toReversed();
}

const lines = (list: readonly StackEvent[]): string[] =>
  list.map(({ LogicalResourceId, ResourceStatus }) => `${LogicalResourceId} ${ResourceStatus}`);

async function changeSet(name: string, TemplateBody: string, more: object = {}) {
  await cfn.createChangeSet({ StackName: name, ChangeSetName: 'change', TemplateBody, ...more });
  clock.advance(10_000);
  return cfn.describeChangeSet({ StackName: name, ChangeSetName: 'change', IncludePropertyValues: true });
}

describe('a stack is created', () => {
  it('resource by resource, as time passes, in the order of their needs', async () => {
    const id = await create('shop', TEMPLATE);
    expect(id).toMatch(/^arn:aws:cloudformation:us-east-1:123456789012:stack\/shop\/[0-9a-f-]{36}$/);
    expect((await stackNow('shop'))?.StackStatus).toBe('CREATE_IN_PROGRESS');
    expect(range.account.queues.size).toBe(0);
    clock.advance(60_000);
    expect(await stackNow('shop')).toMatchObject({
      StackStatus: 'CREATE_COMPLETE',
      Outputs: [
        {
          OutputKey: 'QueueArn',
          ExportName: 'shop-queue',
          OutputValue: expect.stringMatching(/^arn:aws:sqs:/),
        },
      ],
    });
    expect(lines(await events('shop'))).toEqual([
      'shop CREATE_IN_PROGRESS',
      'Queue CREATE_IN_PROGRESS',
      'Queue CREATE_COMPLETE',
      'Group CREATE_IN_PROGRESS',
      'Group CREATE_COMPLETE',
      'shop CREATE_COMPLETE',
    ]);
    const { SecurityGroups } = await ec2.describeSecurityGroups({});
    expect(SecurityGroups?.[0]).toMatchObject({
      Description: expect.stringMatching(/^for shop-Queue-/),
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 443, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }],
    });
    expect([...range.account.queues.values()][0]?.attributes.get('VisibilityTimeout')).toBe('60');
  });

  it('and taken back when a resource fails; the reason stands in the event', async () => {
    newBucket(range.account, 'taken');
    await create(
      'shop',
      'Resources: {Topic: {Type: AWS::SNS::Topic}, Bucket: {Type: AWS::S3::Bucket, DependsOn: Topic, Properties: {BucketName: taken}}}',
      { ClientRequestToken: 'token-1' },
    );
    clock.advance(60_000);
    expect((await stackNow('shop'))?.StackStatus).toBe('ROLLBACK_COMPLETE');
    const all = await events('shop');
    expect(all.find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED')).toMatchObject({
      LogicalResourceId: 'Bucket',
      ResourceStatusReason:
        'Resource handler returned message: "taken already exists" (HandlerErrorCode: AlreadyExists)',
      ClientRequestToken: 'token-1',
    });
    expect(lines(all)).toContain('Topic DELETE_COMPLETE');
    expect(range.account.cloudformation.records.size).toBe(0);
    await expect(cfn.updateStack({ StackName: 'shop', TemplateBody: TEMPLATE })).rejects.toThrow(
      /is in ROLLBACK_COMPLETE state and can not be updated/,
    );
  });

  it.each([
    ['Resources: {}', 'At least one Resources member must be defined.'],
    ['- 1', 'Template format error: unsupported structure.'],
    ['{"Resources": ', 'Template format error: JSON not well-formed.'],
    ['Resources: {A: {Type: AWS::Nothing::Known}}', 'Unrecognized resource types: [AWS::Nothing::Known]'],
    [
      'Resources: {A: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref B}}}',
      'Unresolved resource dependencies [B]',
    ],
    [
      'Resources: {A: {Type: AWS::SNS::Topic, DependsOn: B}, B: {Type: AWS::SNS::Topic, DependsOn: A}}',
      'Circular dependency between resources: [A, B]',
    ],
    [
      'Parameters: {P: {Type: String}}\nResources: {A: {Type: AWS::SNS::Topic}}',
      'Parameters: [P] must have values',
    ],
    [
      'Transform: AWS::Serverless-2016-10-31\nResources: {A: {Type: AWS::SNS::Topic}}',
      'Transforms are not simulated',
    ],
  ])('not from %s', async (body, message) => {
    await expect(create('shop', body)).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining(message),
    });
    await expect(stackNow('shop')).rejects.toThrow('Stack with id shop does not exist');
  });

  it('with roles only when that is acknowledged', async () => {
    const body = 'Resources: {Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}}';
    await expect(create('shop', body)).rejects.toMatchObject({
      name: 'InsufficientCapabilitiesException',
      message: 'Requires capabilities : [CAPABILITY_IAM]',
    });
    await create('shop', body, { Capabilities: ['CAPABILITY_IAM'] });
  });

  it('only once under a name, until it is deleted', async () => {
    const id = await create('shop', TEMPLATE);
    await expect(create('shop', TEMPLATE)).rejects.toMatchObject({ name: 'AlreadyExistsException' });
    clock.advance(60_000);
    await cfn.deleteStack({ StackName: 'shop' });
    clock.advance(60_000);
    await expect(stackNow('shop')).rejects.toThrow('does not exist');
    expect((await stackNow(id))?.StackStatus).toBe('DELETE_COMPLETE');
    expect(range.account.queues.size).toBe(0);
    await create('shop', TEMPLATE);
  });
});

describe('a change set', () => {
  it('of a new stack shows what will be added, and what is known only later', async () => {
    const described = await changeSet('shop', TEMPLATE, { ChangeSetType: 'CREATE' });
    expect(described).toMatchObject({ Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE' });
    expect((await stackNow('shop'))?.StackStatus).toBe('REVIEW_IN_PROGRESS');
    const group = described.Changes?.find(
      ({ ResourceChange }) => ResourceChange?.LogicalResourceId === 'Group',
    );
    expect(group?.ResourceChange).toMatchObject({ Action: 'Add', ResourceType: 'AWS::EC2::SecurityGroup' });
    expect(JSON.parse(group?.ResourceChange?.AfterContext ?? '')).toEqual({
      Properties: {
        GroupDescription: KNOWN_LATER,
        VpcId: 'vpc-1',
        SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: '443', ToPort: '443', CidrIp: '10.0.0.0/8' }],
      },
    });
  });

  it('shows values only to who asks for them', async () => {
    await changeSet('shop', TEMPLATE, { ChangeSetType: 'CREATE' });
    const { Changes } = await cfn.describeChangeSet({ StackName: 'shop', ChangeSetName: 'change' });
    expect(Changes?.[0]?.ResourceChange).not.toHaveProperty('AfterContext');
  });

  it('is worked out in a while, is there once, and is the same for the same token', async () => {
    const input = {
      StackName: 'shop',
      ChangeSetName: 'change',
      TemplateBody: TEMPLATE,
      ChangeSetType: 'CREATE' as const,
    };
    const first = await cfn.createChangeSet({ ...input, ClientToken: 'one' });
    const { Status } = await cfn.describeChangeSet({ StackName: 'shop', ChangeSetName: 'change' });
    expect(Status).toBe('CREATE_IN_PROGRESS');
    expect((await cfn.createChangeSet({ ...input, ClientToken: 'one' })).Id).toBe(first.Id);
    await expect(cfn.createChangeSet({ ...input, ClientToken: 'two' })).rejects.toMatchObject({
      name: 'AlreadyExistsException',
    });
    await expect(cfn.executeChangeSet({ ChangeSetName: first.Id })).rejects.toMatchObject({
      name: 'InvalidChangeSetStatusException',
    });
    await expect(cfn.describeChangeSet({ StackName: 'shop', ChangeSetName: 'other' })).rejects.toMatchObject({
      name: 'ChangeSetNotFoundException',
    });
  });

  it('is executed', async () => {
    await changeSet('shop', TEMPLATE, { ChangeSetType: 'CREATE' });
    await cfn.executeChangeSet({ StackName: 'shop', ChangeSetName: 'change', ClientRequestToken: 'token-2' });
    clock.advance(60_000);
    expect((await stackNow('shop'))?.StackStatus).toBe('CREATE_COMPLETE');
    const described = await cfn.describeChangeSet({ StackName: 'shop', ChangeSetName: 'change' });
    expect(described.ExecutionStatus).toBe('EXECUTE_COMPLETE');
    expect((await events('shop')).at(-1)?.ClientRequestToken).toBe('token-2');
    await expect(cfn.executeChangeSet({ StackName: 'shop', ChangeSetName: 'change' })).rejects.toThrow(
      'cannot be executed in its current execution status of [EXECUTE_COMPLETE]',
    );
  });

  it('of an update says what is modified, replaced and removed, and what becomes of it', async () => {
    await create(
      'shop',
      'Resources: {Queue: {Type: AWS::SQS::Queue}, Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: one}}, Gone: {Type: AWS::SNS::Topic, DeletionPolicy: Retain}}',
    );
    clock.advance(60_000);
    const { Changes } = await changeSet(
      'shop',
      'Resources: {Queue: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 9}}, Table: {Type: AWS::DynamoDB::Table, UpdateReplacePolicy: Snapshot, Properties: {TableName: two}}}',
    );
    expect(Changes?.map(({ ResourceChange }) => ResourceChange)).toMatchObject([
      { Action: 'Modify', LogicalResourceId: 'Queue', Replacement: 'False' },
      {
        Action: 'Modify',
        LogicalResourceId: 'Table',
        Replacement: 'True',
        PolicyAction: 'ReplaceAndSnapshot',
      },
      { Action: 'Remove', LogicalResourceId: 'Gone', PolicyAction: 'Retain' },
    ]);
  });

  it('without changes fails', async () => {
    await create('shop', TEMPLATE);
    clock.advance(60_000);
    expect(await changeSet('shop', TEMPLATE)).toMatchObject({
      Status: 'FAILED',
      StatusReason: expect.stringContaining("didn't contain changes"),
      ExecutionStatus: 'UNAVAILABLE',
    });
    await expect(cfn.updateStack({ StackName: 'shop', TemplateBody: TEMPLATE })).rejects.toThrow(
      'No updates are to be performed.',
    );
  });

  it('with many changes comes in pages', async () => {
    const resources = Array.from({ length: 120 }, (_, index) => `T${index}: {Type: AWS::SNS::Topic}`);
    const first = await changeSet('shop', `Resources: {${resources.join(', ')}}`, {
      ChangeSetType: 'CREATE',
    });
    expect(first.Changes).toHaveLength(50);
    const second = await cfn.describeChangeSet({
      ChangeSetName: first.ChangeSetId,
      NextToken: first.NextToken,
    });
    expect(second.Changes?.[0]?.ResourceChange?.LogicalResourceId).toBe('T50');
  });
});

describe('an update', () => {
  it('changes, replaces and then removes', async () => {
    await create('shop', TEMPLATE);
    clock.advance(60_000);
    const replaced = TEMPLATE.replace('VisibilityTimeout: 60', 'VisibilityTimeout: 60, QueueName: orders');
    await cfn.updateStack({ StackName: 'shop', TemplateBody: replaced });
    clock.advance(60_000);
    expect((await stackNow('shop'))?.StackStatus).toBe('UPDATE_COMPLETE');
    expect([...range.account.queues.keys()]).toEqual(['orders']);
    const { StackResources } = await cfn.describeStackResources({ StackName: 'shop' });
    expect(StackResources?.map(({ LogicalResourceId }) => LogicalResourceId)).toEqual(['Queue', 'Group']);
    expect([...range.account.securityGroups.values()].map(({ description }) => description)).toEqual([
      'for orders',
    ]);
  });

  it('that fails is taken back', async () => {
    await create('shop', TEMPLATE);
    clock.advance(60_000);
    newBucket(range.account, 'taken');
    const failing = `${TEMPLATE.replace('VisibilityTimeout: 60', 'VisibilityTimeout: 10').split('Outputs:')[0]}
  Bucket: {Type: AWS::S3::Bucket, DependsOn: Group, Properties: {BucketName: taken}}`;
    await cfn.updateStack({ StackName: 'shop', TemplateBody: failing });
    clock.advance(60_000);
    expect((await stackNow('shop'))?.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect([...range.account.queues.values()][0]?.attributes.get('VisibilityTimeout')).toBe('60');
    const { TemplateBody } = await cfn.getTemplate({ StackName: 'shop' });
    expect(TemplateBody).toBe(TEMPLATE);
  });

  it('keeps the parameters that it is told to keep', async () => {
    await create('shop', TEMPLATE, {
      Parameters: [{ ParameterKey: 'Network', ParameterValue: '10.1.0.0/16' }],
    });
    clock.advance(60_000);
    await cfn.updateStack({
      StackName: 'shop',
      UsePreviousTemplate: true,
      Parameters: [
        { ParameterKey: 'Network', UsePreviousValue: true },
        { ParameterKey: 'Logs', ParameterValue: 'yes' },
      ],
    });
    clock.advance(60_000);
    expect((await stackNow('shop'))?.Parameters).toEqual([
      { ParameterKey: 'Network', ParameterValue: '10.1.0.0/16' },
      { ParameterKey: 'Logs', ParameterValue: 'yes' },
    ]);
  });
});

describe('a stack that is deleted', () => {
  it('keeps what is to be retained, and what cannot be deleted', async () => {
    await create(
      'shop',
      'Resources: {Kept: {Type: AWS::SQS::Queue, DeletionPolicy: Retain}, Full: {Type: AWS::S3::Bucket, Properties: {BucketName: full}}}',
    );
    clock.advance(60_000);
    await stackNow('shop');
    range.account.buckets.get('full')?.objects.set('key', []);
    await cfn.deleteStack({ StackName: 'shop' });
    clock.advance(60_000);
    expect((await stackNow('shop'))?.StackStatus).toBe('DELETE_FAILED');
    expect(range.account.queues.size).toBe(1);
    range.account.buckets.get('full')?.objects.clear();
    await cfn.deleteStack({ StackName: 'shop' });
    clock.advance(60_000);
    await expect(stackNow('shop')).rejects.toThrow('does not exist');
  });
});

describe('drift', () => {
  it('is what was changed beside the stack', async () => {
    await create('shop', TEMPLATE);
    clock.advance(60_000);
    await stackNow('shop');
    const [group] = range.account.securityGroups.keys();
    await ec2.authorizeSecurityGroupIngress({
      GroupId: group,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    });
    const { StackDriftDetectionId } = await cfn.detectStackDrift({ StackName: 'shop' });
    const now = () => cfn.describeStackDriftDetectionStatus({ StackDriftDetectionId });
    expect((await now()).DetectionStatus).toBe('DETECTION_IN_PROGRESS');
    clock.advance(60_000);
    expect(await now()).toMatchObject({
      DetectionStatus: 'DETECTION_COMPLETE',
      StackDriftStatus: 'DRIFTED',
      DriftedStackResourceCount: 1,
    });
    const { StackResourceDrifts } = await cfn.describeStackResourceDrifts({
      StackName: 'shop',
      StackResourceDriftStatusFilters: ['MODIFIED'],
    });
    expect(StackResourceDrifts).toMatchObject([
      {
        LogicalResourceId: 'Group',
        PropertyDifferences: [{ PropertyPath: '/SecurityGroupIngress/1', DifferenceType: 'ADD' }],
      },
    ]);
  });

  it('is not there when nothing was changed', async () => {
    await create('shop', TEMPLATE);
    clock.advance(60_000);
    const { StackDriftDetectionId } = await cfn.detectStackDrift({ StackName: 'shop' });
    clock.advance(60_000);
    expect(await cfn.describeStackDriftDetectionStatus({ StackDriftDetectionId })).toMatchObject({
      StackDriftStatus: 'IN_SYNC',
    });
  });
});
