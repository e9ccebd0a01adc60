import type { Account } from './account.ts';
import { flowLogsOf } from './operations/flow-logs.ts';

/** What a call needs beyond what its name says. */
interface Extra {
  readonly action: string;
  /** Where the input says that it is needed, or what the account has. */
  when(input: Readonly<Record<string, unknown>>, account: Account): boolean;
}

/** Services whose actions in IAM have another prefix. */
const PREFIXES: Readonly<Record<string, string>> = {
  cloudcontrol: 'cloudformation',
  cloudcontrolapi: 'cloudformation',
  elbv2: 'elasticloadbalancing',
  s3control: 's3',
};

/**
 * Operations whose action in IAM has another name; the others have their own.
 * Source: Service Authorization Reference, "Actions, resources, and condition keys for" each service;
 * Amazon S3 User Guide, "Required permissions for Amazon S3 API operations".
 */
const RENAMED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  lambda: {
    Invoke: 'InvokeFunction',
    InvokeAsync: 'InvokeFunction',
    InvokeWithResponseStream: 'InvokeFunction',
    GetLayerVersionByArn: 'GetLayerVersion',
  },
  s3: {
    CompleteMultipartUpload: 'PutObject',
    CopyObject: 'PutObject',
    CreateMultipartUpload: 'PutObject',
    DeleteBucketCors: 'PutBucketCORS',
    DeleteBucketEncryption: 'PutEncryptionConfiguration',
    DeleteBucketLifecycle: 'PutLifecycleConfiguration',
    DeleteBucketOwnershipControls: 'PutBucketOwnershipControls',
    DeleteBucketReplication: 'PutReplicationConfiguration',
    DeleteBucketTagging: 'PutBucketTagging',
    DeleteObjects: 'DeleteObject',
    DeletePublicAccessBlock: 'PutBucketPublicAccessBlock',
    GetBucketCors: 'GetBucketCORS',
    GetBucketEncryption: 'GetEncryptionConfiguration',
    GetBucketLifecycleConfiguration: 'GetLifecycleConfiguration',
    GetBucketNotificationConfiguration: 'GetBucketNotification',
    GetBucketReplication: 'GetReplicationConfiguration',
    GetObjectLockConfiguration: 'GetBucketObjectLockConfiguration',
    GetPublicAccessBlock: 'GetBucketPublicAccessBlock',
    HeadBucket: 'ListBucket',
    HeadObject: 'GetObject',
    ListBuckets: 'ListAllMyBuckets',
    ListMultipartUploads: 'ListBucketMultipartUploads',
    ListObjects: 'ListBucket',
    ListObjectsV2: 'ListBucket',
    ListObjectVersions: 'ListBucketVersions',
    ListParts: 'ListMultipartUploadParts',
    PutBucketCors: 'PutBucketCORS',
    PutBucketEncryption: 'PutEncryptionConfiguration',
    PutBucketLifecycleConfiguration: 'PutLifecycleConfiguration',
    PutBucketNotificationConfiguration: 'PutBucketNotification',
    PutBucketReplication: 'PutReplicationConfiguration',
    PutObjectLockConfiguration: 'PutBucketObjectLockConfiguration',
    PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
    UploadPart: 'PutObject',
  },
  s3control: {
    DeletePublicAccessBlock: 'PutAccountPublicAccessBlock',
    GetPublicAccessBlock: 'GetAccountPublicAccessBlock',
    PutPublicAccessBlock: 'PutAccountPublicAccessBlock',
  },
  sns: { PublishBatch: 'Publish' },
  sqs: {
    ChangeMessageVisibilityBatch: 'ChangeMessageVisibility',
    DeleteMessageBatch: 'DeleteMessage',
    SendMessageBatch: 'SendMessage',
  },
};

/** Operations on one version of an object have an action of their own. */
const OF_VERSION = new Set(['DeleteObject', 'GetObject', 'HeadObject']);

/** Anybody may ask who they are. */
const NEEDS_NOTHING = new Set(['sts:GetCallerIdentity']);

/** Only who may list a bucket is told that a key is not there; everybody else is refused. */
const LISTING: Extra = {
  action: 's3:ListBucket',
  when: ({ Bucket: bucket, Key: key }, { buckets }) =>
    buckets.get(String(bucket))?.objects.has(String(key)) === false,
};

/** Source: the same, "Dependent actions", and the API references. */
const EXTRAS: Readonly<Record<string, readonly Extra[]>> = {
  'cloudtrail:CreateTrail': [passRole('CloudWatchLogsRoleArn')],
  'cloudtrail:UpdateTrail': [passRole('CloudWatchLogsRoleArn')],
  'config:PutConfigurationRecorder': [{ action: 'iam:PassRole', when: () => true }],
  // Source: Amazon EBS User Guide, "Requirements for Amazon EBS encryption".
  'ec2:CopySnapshot': [
    'CreateGrant',
    'Decrypt',
    'DescribeKey',
    'GenerateDataKeyWithoutPlaintext',
    'ReEncryptFrom',
    'ReEncryptTo',
  ].map((name) => ({ action: `kms:${name}`, when: ({ KmsKeyId: key }) => key !== undefined })),
  'ec2:AssociateIamInstanceProfile': [{ action: 'iam:PassRole', when: () => true }],
  'ec2:ReplaceIamInstanceProfileAssociation': [{ action: 'iam:PassRole', when: () => true }],
  'ec2:RunInstances': [passRole('IamInstanceProfile')],
  'ec2:CreateFlowLogs': [
    passRole('DeliverLogsPermissionArn'),
    {
      action: 'logs:CreateLogDelivery',
      when: ({ LogDestinationType: type }) => isDelivered(type),
    },
  ],
  'ec2:DeleteFlowLogs': [
    {
      action: 'logs:DeleteLogDelivery',
      when: ({ FlowLogIds: ids }, account) =>
        [ids]
          .flat()
          .some((id) => isDelivered(flowLogsOf(account).get(String(id))?.settings.LogDestinationType)),
    },
  ],
  'guardduty:CreateDetector': [
    { action: 'iam:CreateServiceLinkedRole', when: () => true },
    { action: 'guardduty:TagResource', when: ({ Tags: tags }) => Object.keys(tags ?? {}).length > 0 },
  ],
  'iam:AddRoleToInstanceProfile': [{ action: 'iam:PassRole', when: () => true }],
  'iam:CreatePolicy': [tagging('iam:TagPolicy')],
  'iam:CreateRole': [tagging('iam:TagRole')],
  'iam:CreateUser': [tagging('iam:TagUser')],
  'kms:CreateKey': [tagging('kms:TagResource')],
  'lambda:CreateFunction': [passRole('Role')],
  'lambda:UpdateFunctionConfiguration': [passRole('Role')],
  's3:GetObject': [LISTING],
  's3:HeadObject': [LISTING],
  's3:PutObject': [
    { action: 's3:PutObjectRetention', when: ({ ObjectLockMode: mode }) => mode !== undefined },
    { action: 's3:PutObjectLegalHold', when: ({ ObjectLockLegalHoldStatus: held }) => held !== undefined },
  ],
  'secretsmanager:CreateSecret': [tagging('secretsmanager:TagResource')],
  'secretsmanager:RotateSecret': [{ action: 'lambda:InvokeFunction', when: () => true }],
};

/**
 * The IAM actions that a call needs, its own first; none when anybody may make it.
 * `service` is the range's name of the service.
 */
export function iamActionsOf(
  service: string,
  operation: string,
  input: Readonly<Record<string, unknown>>,
  account: Account,
): readonly string[] {
  const prefix = PREFIXES[service] ?? service;
  const renamed = RENAMED[service]?.[operation] ?? operation;
  const version = service === 's3' && OF_VERSION.has(operation) && input.VersionId !== undefined;
  const own = `${prefix}:${renamed}${version ? 'Version' : ''}`;
  if (NEEDS_NOTHING.has(own)) return [];
  const extras = EXTRAS[`${prefix}:${operation}`] ?? [];
  return [
    own,
    ...extras.filter(({ when }) => when(input, account)).map(({ action }) => action),
    // Who makes something with tags needs the right to tag. Source: Amazon EC2 User Guide, "Grant
    // permission to tag Amazon EC2 resources during creation".
    ...(prefix === 'ec2' && hasTags(input.TagSpecifications) ? ['ec2:CreateTags'] : []),
  ];
}

/** To S3 and Firehose, log delivery is arranged with CloudWatch Logs. */
function isDelivered(destinationType: unknown): boolean {
  return destinationType === 's3' || destinationType === 'kinesis-data-firehose';
}

function passRole(member: string): Extra {
  return { action: 'iam:PassRole', when: (input) => input[member] !== undefined };
}

function tagging(action: string): Extra {
  return { action, when: ({ Tags: tags }) => Array.isArray(tags) && tags.length > 0 };
}

function hasTags(specifications: unknown): boolean {
  return Array.isArray(specifications) && specifications.length > 0;
}
