import type { AwsClients } from '../../aws/clients.ts';

/** What stands in the simulated account before anybody changes anything. */
export interface AuditScene {
  readonly vpcId: string;
  readonly groupId: string;
  readonly bucket: string;
  readonly trailBucket: string;
  readonly user: string;
  readonly admins: string;
  readonly role: string;
  readonly policyArn: string;
  readonly trail: string;
  readonly flowLogId: string;
  readonly detectorId: string;
  readonly recorder: string;
  readonly database: string;
  readonly keyId: string;
  readonly functionName: string;
  readonly queueUrl: string;
  readonly topicArn: string;
  readonly secret: string;
  readonly snapshotId: string;
  readonly stack: string;
}

const SERVICE_TRUST = policy({
  Effect: 'Allow',
  Principal: { Service: 'ec2.amazonaws.com' },
  Action: 'sts:AssumeRole',
});

/** One statement as a policy document. */
export function policy(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

/** The stack whose group may only be changed through CloudFormation. */
export function stackTemplate(vpcId: string, sources: readonly string[]): string {
  return JSON.stringify({
    Resources: {
      Web: {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: {
          GroupDescription: 'web servers',
          VpcId: vpcId,
          SecurityGroupIngress: sources.map((CidrIp) => ({
            IpProtocol: 'tcp',
            FromPort: 443,
            ToPort: 443,
            CidrIp,
            Description: 'from the offices',
          })),
        },
      },
    },
  });
}

/** Builds the account through its API, as whoever owns it would. `vpcId` and `volumeId` are there already. */
export async function stageAccount(
  aws: AwsClients,
  { vpcId, volumeId, account }: { vpcId: string; volumeId: string; account: string },
): Promise<AuditScene> {
  const [iam, s3, kms, rds] = await Promise.all([
    aws.use('iam'),
    aws.use('s3'),
    aws.use('kms'),
    aws.use('rds'),
  ]);
  const { GroupId: groupId = '' } = await aws.ec2.createSecurityGroup({
    GroupName: 'app',
    Description: 'application servers',
    VpcId: vpcId,
  });
  await aws.ec2.authorizeSecurityGroupIngress({
    GroupId: groupId,
    IpPermissions: [
      {
        IpProtocol: 'tcp',
        FromPort: 443,
        ToPort: 443,
        IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'inside' }],
      },
    ],
  });
  const bucket = 'customer-records';
  const trailBucket = 'audit-trail';
  for (const Bucket of [bucket, trailBucket]) await s3.createBucket({ Bucket });
  await s3.putBucketVersioning({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } });
  await iam.createUser({ UserName: 'bob' });
  await iam.createGroup({ GroupName: 'admins' });
  await iam.attachGroupPolicy({
    GroupName: 'admins',
    PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
  });
  await iam.createRole({ RoleName: 'app', AssumeRolePolicyDocument: SERVICE_TRUST });
  const created = await iam.createPolicy({
    PolicyName: 'app-reads',
    PolicyDocument: policy({ Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket}/*` }),
  });
  const { KeyMetadata } = await kms.createKey({ Description: 'customer records' });
  const keyId = KeyMetadata?.KeyId ?? '';
  await kms.enableKeyRotation({ KeyId: keyId });
  await rds.createDBInstance({
    DBInstanceIdentifier: 'orders',
    DBInstanceClass: 'db.t4g.small',
    Engine: 'postgres',
    AllocatedStorage: 20,
    MasterUsername: 'owner',
    MasterUserPassword: 'simulated-only',
    StorageEncrypted: true,
    PubliclyAccessible: false,
    DeletionProtection: true,
    BackupRetentionPeriod: 7,
  });
  const watching = await stageWatching(aws, { vpcId, trailBucket, account });
  const sqs = await aws.use('sqs');
  const sns = await aws.use('sns');
  const secrets = await aws.use('secretsmanager');
  const lambda = await aws.use('lambda');
  const cloudformation = await aws.use('cloudformation');
  const { QueueUrl: queueUrl = '' } = await sqs.createQueue({ QueueName: 'orders' });
  const { TopicArn: topicArn = '' } = await sns.createTopic({ Name: 'alerts' });
  const secret = await secrets.createSecret({ Name: 'orders-database', SecretString: 'simulated-only' });
  await lambda.createFunction({
    FunctionName: 'resize',
    Role: `arn:aws:iam::${account}:role/app`,
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Code: { ZipFile: Buffer.from('simulated') },
  });
  const { SnapshotId: snapshotId = '' } = await aws.ec2.createSnapshot({ VolumeId: volumeId });
  await cloudformation.createStack({
    StackName: 'web',
    TemplateBody: stackTemplate(vpcId, ['10.0.0.0/8']),
  });
  return {
    vpcId,
    groupId,
    bucket,
    trailBucket,
    user: 'bob',
    admins: 'admins',
    role: 'app',
    policyArn: created.Policy?.Arn ?? '',
    ...watching,
    database: 'orders',
    keyId,
    functionName: 'resize',
    queueUrl,
    topicArn,
    secret: secret.ARN ?? '',
    snapshotId,
    stack: 'web',
  };
}

/** What watches the account itself: trail, flow log, threat detection, configuration recorder. */
async function stageWatching(
  aws: AwsClients,
  { vpcId, trailBucket, account }: { vpcId: string; trailBucket: string; account: string },
): Promise<Pick<AuditScene, 'trail' | 'flowLogId' | 'detectorId' | 'recorder'>> {
  const [s3, cloudtrail, guardduty, config] = await Promise.all([
    aws.use('s3'),
    aws.use('cloudtrail'),
    aws.use('guardduty'),
    aws.use('config'),
  ]);
  await s3.putBucketPolicy({
    Bucket: trailBucket,
    Policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'cloudtrail.amazonaws.com' },
          Action: 's3:GetBucketAcl',
          Resource: `arn:aws:s3:::${trailBucket}`,
        },
        {
          Effect: 'Allow',
          Principal: { Service: 'cloudtrail.amazonaws.com' },
          Action: 's3:PutObject',
          Resource: `arn:aws:s3:::${trailBucket}/AWSLogs/${account}/*`,
          Condition: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
        },
      ],
    }),
  });
  await cloudtrail.createTrail({
    Name: 'all',
    S3BucketName: trailBucket,
    IsMultiRegionTrail: true,
    EnableLogFileValidation: true,
  });
  await cloudtrail.startLogging({ Name: 'all' });
  const { FlowLogIds } = await aws.ec2.createFlowLogs({
    ResourceIds: [vpcId],
    ResourceType: 'VPC',
    TrafficType: 'ALL',
    LogDestinationType: 's3',
    LogDestination: `arn:aws:s3:::${trailBucket}`,
  });
  const { DetectorId: detectorId = '' } = await guardduty.createDetector({ Enable: true });
  await config.putConfigurationRecorder({
    ConfigurationRecorder: {
      name: 'default',
      roleARN: `arn:aws:iam::${account}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`,
      recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
    },
  });
  await config.putDeliveryChannel({ DeliveryChannel: { name: 'default', s3BucketName: trailBucket } });
  await config.startConfigurationRecorder({ ConfigurationRecorderName: 'default' });
  return { trail: 'all', flowLogId: FlowLogIds?.[0] ?? '', detectorId, recorder: 'default' };
}
