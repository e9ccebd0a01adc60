import type { AwsClients } from '../../aws/clients.ts';
import { type AuditScene, policy, stackTemplate } from './scene.ts';

/** Who makes a change in the drill. */
export type Actor = 'mallory' | 'pipeline' | 'breakGlass';

/** One change of the drill. */
export interface DrillChange {
  readonly title: string;
  readonly by: Actor;
  /** It must stay; the others must be taken back. */
  readonly isGood?: true;
  make(aws: AwsClients, scene: AuditScene): Promise<unknown>;
  /** Whether the account shows the change. */
  isThere(aws: AwsClients, scene: AuditScene): Promise<boolean>;
}

const EVERYBODY = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' };

const ingress = (title: string, protocol: string, port: number | undefined, cidr: string): DrillChange => {
  const ports = port === undefined ? {} : { FromPort: port, ToPort: port };
  const range = cidr.includes(':') ? { Ipv6Ranges: [{ CidrIpv6: cidr }] } : { IpRanges: [{ CidrIp: cidr }] };
  return {
    title,
    by: 'mallory',
    make: (aws, { groupId }) =>
      aws.ec2.authorizeSecurityGroupIngress({
        GroupId: groupId,
        IpPermissions: [{ IpProtocol: protocol, ...ports, ...range }],
      }),
    isThere: async (aws, { groupId }) => {
      const { SecurityGroups } = await aws.ec2.describeSecurityGroups({ GroupIds: [groupId] });
      return (SecurityGroups?.[0]?.IpPermissions ?? []).some(
        (one) =>
          one.IpProtocol === protocol &&
          (port === undefined || one.FromPort === port) &&
          [
            ...(one.IpRanges ?? []).map(({ CidrIp }) => CidrIp),
            ...(one.Ipv6Ranges ?? []).map(({ CidrIpv6 }) => CidrIpv6),
          ].includes(cidr),
      );
    },
  };
};

const NETWORK: readonly DrillChange[] = [
  ingress('SSH open to the world', 'tcp', 22, '0.0.0.0/0'),
  ingress('remote desktop open to the world, over IPv6', 'tcp', 3389, '::/0'),
  {
    title: 'the flow log of the VPC deleted',
    by: 'mallory',
    make: (aws, { flowLogId }) => aws.ec2.deleteFlowLogs({ FlowLogIds: [flowLogId] }),
    isThere: async (aws, { vpcId }) => {
      const { FlowLogs = [] } = await aws.ec2.describeFlowLogs({
        Filter: [{ Name: 'resource-id', Values: [vpcId] }],
      });
      return FlowLogs.length === 0;
    },
  },
  {
    title: 'a snapshot shared with everybody',
    by: 'mallory',
    make: (aws, { snapshotId }) =>
      aws.ec2.modifySnapshotAttribute({
        SnapshotId: snapshotId,
        Attribute: 'createVolumePermission',
        OperationType: 'add',
        GroupNames: ['all'],
      }),
    isThere: async (aws, { snapshotId }) => {
      const { CreateVolumePermissions = [] } = await aws.ec2.describeSnapshotAttribute({
        SnapshotId: snapshotId,
        Attribute: 'createVolumePermission',
      });
      return CreateVolumePermissions.some(({ Group }) => Group === 'all');
    },
  },
];

const DATA: readonly DrillChange[] = [
  {
    title: 'the public access block of a bucket removed',
    by: 'mallory',
    make: async (aws, { bucket }) => (await aws.use('s3')).deletePublicAccessBlock({ Bucket: bucket }),
    isThere: async (aws, { bucket }) => {
      const s3 = await aws.use('s3');
      const block = await s3.getPublicAccessBlock({ Bucket: bucket }).catch(() => undefined);
      return block?.PublicAccessBlockConfiguration?.BlockPublicPolicy !== true;
    },
  },
  {
    title: 'a bucket policy for another account',
    by: 'mallory',
    make: async (aws, { bucket }) =>
      (await aws.use('s3')).putBucketPolicy({
        Bucket: bucket,
        Policy: policy({
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::999988887777:root' },
          Action: 's3:GetObject',
          Resource: `arn:aws:s3:::${bucket}/*`,
        }),
      }),
    isThere: async (aws, { bucket }) => {
      const s3 = await aws.use('s3');
      const answer = await s3.getBucketPolicy({ Bucket: bucket }).catch(() => undefined);
      return answer?.Policy?.includes('999988887777') === true;
    },
  },
  {
    title: 'a database made public',
    by: 'mallory',
    make: async (aws, { database }) =>
      (await aws.use('rds')).modifyDBInstance({
        DBInstanceIdentifier: database,
        PubliclyAccessible: true,
        ApplyImmediately: true,
      }),
    isThere: async (aws, { database }) => {
      const rds = await aws.use('rds');
      const { DBInstances } = await rds.describeDBInstances({ DBInstanceIdentifier: database });
      return DBInstances?.[0]?.PubliclyAccessible === true;
    },
  },
  {
    title: 'a key scheduled for deletion',
    by: 'mallory',
    make: async (aws, { keyId }) =>
      (await aws.use('kms')).scheduleKeyDeletion({ KeyId: keyId, PendingWindowInDays: 7 }),
    isThere: async (aws, { keyId }) => {
      const kms = await aws.use('kms');
      const { KeyMetadata } = await kms.describeKey({ KeyId: keyId });
      return KeyMetadata?.KeyState !== 'Enabled';
    },
  },
  {
    title: 'a queue open to everybody',
    by: 'mallory',
    make: async (aws, { queueUrl }) =>
      (await aws.use('sqs')).setQueueAttributes({
        QueueUrl: queueUrl,
        Attributes: { Policy: policy({ ...EVERYBODY, Action: 'sqs:*' }) },
      }),
    isThere: async (aws, { queueUrl }) => {
      const sqs = await aws.use('sqs');
      const { Attributes } = await sqs.getQueueAttributes({ QueueUrl: queueUrl, AttributeNames: ['All'] });
      return Attributes?.Policy?.includes('"*"') === true;
    },
  },
  {
    title: 'a topic open to everybody',
    by: 'mallory',
    make: async (aws, { topicArn }) =>
      (await aws.use('sns')).setTopicAttributes({
        TopicArn: topicArn,
        AttributeName: 'Policy',
        AttributeValue: policy({ ...EVERYBODY, Action: 'sns:Publish', Resource: topicArn }),
      }),
    isThere: async (aws, { topicArn }) => {
      const sns = await aws.use('sns');
      const { Attributes } = await sns.getTopicAttributes({ TopicArn: topicArn });
      return Attributes?.Policy?.includes('"Principal":"*"') === true && !Attributes.Policy.includes('Owner');
    },
  },
  {
    title: 'a secret opened to another account',
    by: 'mallory',
    make: async (aws, { secret }) =>
      (await aws.use('secretsmanager')).putResourcePolicy({
        SecretId: secret,
        ResourcePolicy: policy({
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::999988887777:root' },
          Action: 'secretsmanager:GetSecretValue',
          Resource: '*',
        }),
      }),
    isThere: async (aws, { secret }) => {
      const secrets = await aws.use('secretsmanager');
      const { ResourcePolicy } = await secrets.getResourcePolicy({ SecretId: secret });
      return ResourcePolicy?.includes('999988887777') === true;
    },
  },
  {
    title: 'a function that anybody may call',
    by: 'mallory',
    make: async (aws, { functionName }) =>
      (await aws.use('lambda')).addPermission({
        FunctionName: functionName,
        StatementId: 'everybody',
        Action: 'lambda:InvokeFunction',
        Principal: '*',
      }),
    isThere: async (aws, { functionName }) => {
      const lambda = await aws.use('lambda');
      const answer = await lambda.getPolicy({ FunctionName: functionName }).catch(() => undefined);
      return answer?.Policy?.includes('everybody') === true;
    },
  },
];

const IDENTITY: readonly DrillChange[] = [
  {
    title: 'an access key for another user',
    by: 'mallory',
    make: async (aws, { user }) => (await aws.use('iam')).createAccessKey({ UserName: user }),
    isThere: async (aws, { user }) => {
      const { AccessKeyMetadata = [] } = await (await aws.use('iam')).listAccessKeys({ UserName: user });
      return AccessKeyMetadata.some(({ Status }) => Status === 'Active');
    },
  },
  {
    title: 'a console password for another user',
    by: 'mallory',
    make: async (aws, { user }) =>
      (await aws.use('iam')).createLoginProfile({ UserName: user, Password: 'Simulated-0nly!' }),
    isThere: async (aws, { user }) => {
      const iam = await aws.use('iam');
      return (await iam.getLoginProfile({ UserName: user }).catch(() => undefined)) !== undefined;
    },
  },
  {
    title: 'a user made an administrator',
    by: 'mallory',
    make: async (aws, { user }) =>
      (await aws.use('iam')).attachUserPolicy({
        UserName: user,
        PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
      }),
    isThere: async (aws, { user }) => {
      const iam = await aws.use('iam');
      const { AttachedPolicies = [] } = await iam.listAttachedUserPolicies({ UserName: user });
      return AttachedPolicies.length > 0;
    },
  },
  {
    title: 'a user put into the group of administrators',
    by: 'mallory',
    make: async (aws, { user, admins }) =>
      (await aws.use('iam')).addUserToGroup({ UserName: user, GroupName: admins }),
    isThere: async (aws, { user }) => {
      const { Groups = [] } = await (await aws.use('iam')).listGroupsForUser({ UserName: user });
      return Groups.length > 0;
    },
  },
  {
    title: 'a role that may do everything',
    by: 'mallory',
    make: async (aws, { role }) =>
      (await aws.use('iam')).putRolePolicy({
        RoleName: role,
        PolicyName: 'debug',
        PolicyDocument: policy({ Effect: 'Allow', Action: '*', Resource: '*' }),
      }),
    isThere: async (aws, { role }) => {
      const { PolicyNames = [] } = await (await aws.use('iam')).listRolePolicies({ RoleName: role });
      return PolicyNames.includes('debug');
    },
  },
  {
    title: 'a role that another account may assume',
    by: 'mallory',
    make: async (aws, { role }) =>
      (await aws.use('iam')).updateAssumeRolePolicy({
        RoleName: role,
        PolicyDocument: policy({
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::999988887777:root' },
          Action: 'sts:AssumeRole',
        }),
      }),
    isThere: async (aws, { role }) => {
      const { Role } = await (await aws.use('iam')).getRole({ RoleName: role });
      return decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '').includes('999988887777');
    },
  },
  {
    title: 'a managed policy widened by a new version',
    by: 'mallory',
    make: async (aws, { policyArn }) =>
      (await aws.use('iam')).createPolicyVersion({
        PolicyArn: policyArn,
        SetAsDefault: true,
        PolicyDocument: policy({ Effect: 'Allow', Action: '*', Resource: '*' }),
      }),
    isThere: async (aws, { policyArn }) => {
      const { Policy } = await (await aws.use('iam')).getPolicy({ PolicyArn: policyArn });
      return Policy?.DefaultVersionId !== 'v1';
    },
  },
];

const WATCHING: readonly DrillChange[] = [
  {
    title: 'the trail stopped',
    by: 'mallory',
    make: async (aws, { trail }) => (await aws.use('cloudtrail')).stopLogging({ Name: trail }),
    isThere: async (aws, { trail }) =>
      (await (await aws.use('cloudtrail')).getTrailStatus({ Name: trail })).IsLogging !== true,
  },
  {
    title: 'threat detection switched off',
    by: 'mallory',
    make: async (aws, { detectorId }) =>
      (await aws.use('guardduty')).updateDetector({ DetectorId: detectorId, Enable: false }),
    isThere: async (aws, { detectorId }) =>
      (await (await aws.use('guardduty')).getDetector({ DetectorId: detectorId })).Status !== 'ENABLED',
  },
  {
    title: 'the configuration recorder stopped',
    by: 'mallory',
    make: async (aws, { recorder }) =>
      (await aws.use('config')).stopConfigurationRecorder({ ConfigurationRecorderName: recorder }),
    isThere: async (aws, { recorder }) => {
      const { ConfigurationRecordersStatus } = await (
        await aws.use('config')
      ).describeConfigurationRecorderStatus({ ConfigurationRecorderNames: [recorder] });
      return ConfigurationRecordersStatus?.[0]?.recording !== true;
    },
  },
];

const GOOD: readonly DrillChange[] = [
  {
    title: 'an office added to a group, through CloudFormation',
    by: 'mallory',
    isGood: true,
    make: async (aws, { stack, vpcId }) =>
      (await aws.use('cloudformation')).updateStack({
        StackName: stack,
        TemplateBody: stackTemplate(vpcId, ['10.0.0.0/8', '172.16.0.0/12']),
      }),
    isThere: async (aws, { vpcId }) => {
      const { SecurityGroups = [] } = await aws.ec2.describeSecurityGroups({
        Filters: [{ Name: 'vpc-id', Values: [vpcId] }],
      });
      return SecurityGroups.some(({ IpPermissions = [] }) =>
        IpPermissions.some(({ IpRanges = [] }) => IpRanges.some(({ CidrIp }) => CidrIp === '172.16.0.0/12')),
      );
    },
  },
  {
    title: 'a longer timeout of a queue, by the listed pipeline',
    by: 'pipeline',
    isGood: true,
    make: async (aws, { queueUrl }) =>
      (await aws.use('sqs')).setQueueAttributes({
        QueueUrl: queueUrl,
        Attributes: { VisibilityTimeout: '120' },
      }),
    isThere: async (aws, { queueUrl }) => {
      const sqs = await aws.use('sqs');
      const { Attributes } = await sqs.getQueueAttributes({ QueueUrl: queueUrl, AttributeNames: ['All'] });
      return Attributes?.VisibilityTimeout === '120';
    },
  },
  {
    title: 'a rule for an internal network, by the emergency role: allowed, and told',
    by: 'breakGlass',
    isGood: true,
    make: (aws, { groupId }) =>
      aws.ec2.authorizeSecurityGroupIngress({
        GroupId: groupId,
        IpPermissions: [
          {
            IpProtocol: 'tcp',
            FromPort: 8443,
            ToPort: 8443,
            IpRanges: [{ CidrIp: '10.9.0.0/16', Description: 'outage 4711' }],
          },
        ],
      }),
    isThere: async (aws, { groupId }) => {
      const { SecurityGroups } = await aws.ec2.describeSecurityGroups({ GroupIds: [groupId] });
      return (SecurityGroups?.[0]?.IpPermissions ?? []).some(({ FromPort }) => FromPort === 8443);
    },
  },
];

/** Twenty and more that must be taken back, and three that must stay between them. */
export const DRILL_CHANGES: readonly DrillChange[] = [
  ...NETWORK,
  ...GOOD.slice(0, 1),
  ...DATA,
  ...GOOD.slice(1, 2),
  ...IDENTITY,
  ...GOOD.slice(2),
  ...WATCHING,
];
