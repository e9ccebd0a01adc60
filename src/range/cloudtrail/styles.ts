/** How a service writes its records; what is not said is as with most of them. */
export interface RecordStyle {
  /** Before `.amazonaws.com` in `eventSource`; the service's name by default. */
  readonly source?: string;
  /** Of operations that are recorded under another name. */
  readonly eventNames?: Readonly<Record<string, string>>;
  /** Operations on what the resources hold: data events, which a trail has only when it is told to. */
  readonly data?: RegExp;
  /** Operations that are read-only although their names do not begin so. */
  readonly readOnly?: RegExp;
  /** What becomes of members, by their names in the API: what is written instead, or nothing at all. */
  readonly hidden?: Readonly<Record<string, unknown>>;
  /** The answer is the one structure that the output has, e.g. the instance of `ModifyDBInstance`. */
  readonly unwrapped?: true;
  /** Its records are of the region us-east-1, wherever the caller is. */
  readonly global?: true;
  /** How an error's code is written. */
  readonly errorCode?: (code: string, status: number) => string;
}

/** Left out of the record. */
export const REMOVED = Symbol('removed');
const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

/**
 * Sources: the pages on logging with CloudTrail in the guides of the services; AWS CloudTrail User Guide,
 * "CloudTrail record contents" and "Logging data events"; records that were published with detections.
 */
const STYLES: Readonly<Record<string, RecordStyle>> = {
  cloudcontrol: {
    source: 'cloudcontrolapi',
    hidden: { DesiredState: HIDDEN, PatchDocument: HIDDEN, ResourceModel: HIDDEN, Properties: HIDDEN },
  },
  cloudformation: { hidden: { ParameterValue: REMOVED } },
  cloudwatch: { source: 'monitoring' },
  dynamodb: { data: /^(Batch|Transact)?(Get|Put|Update|Delete|Write)Items?$|^(Query|Scan)$|PartiQL/ },
  ec2: {
    hidden: { UserData: '<sensitiveDataRemoved>' },
    errorCode: (code, status) => `${status < 500 ? 'Client' : 'Server'}.${code}`,
  },
  iam: {
    global: true,
    hidden: { Password: REMOVED, OldPassword: REMOVED, NewPassword: REMOVED, SecretAccessKey: REMOVED },
    // Its clients hear another name than its records have.
    errorCode: (code) =>
      /^(NoSuchEntity|EntityAlreadyExists|DeleteConflict|LimitExceeded|MalformedPolicyDocument|InvalidInput|UnmodifiableEntity|PasswordPolicyViolation|EntityTemporarilyUnmodifiable|ConcurrentModification)$/.test(
        code,
      )
        ? `${code}Exception`
        : code,
  },
  kinesis: { data: /^(Get|Put)Records?$|^GetShardIterator$|^SubscribeToShard$/ },
  kms: {
    readOnly: /^(Encrypt|Decrypt|ReEncrypt|Sign|Verify|GenerateDataKey|GenerateMac|VerifyMac)/,
    hidden: { Plaintext: REMOVED, CiphertextBlob: REMOVED, Message: REMOVED, Signature: REMOVED },
  },
  lambda: {
    eventNames: {
      AddLayerVersionPermission: 'AddLayerVersionPermission20181031',
      AddPermission: 'AddPermission20150331v2',
      CreateAlias: 'CreateAlias20150331',
      CreateEventSourceMapping: 'CreateEventSourceMapping20150331',
      CreateFunction: 'CreateFunction20150331',
      DeleteAlias: 'DeleteAlias20150331',
      DeleteEventSourceMapping: 'DeleteEventSourceMapping20150331',
      DeleteFunction: 'DeleteFunction20150331',
      DeleteFunctionConcurrency: 'DeleteFunctionConcurrency20171031',
      GetAccountSettings: 'GetAccountSettings20160819',
      GetFunction: 'GetFunction20150331v2',
      GetFunctionConfiguration: 'GetFunctionConfiguration20150331v2',
      GetPolicy: 'GetPolicy20150331v2',
      ListAliases: 'ListAliases20150331',
      ListEventSourceMappings: 'ListEventSourceMappings20150331',
      ListFunctions: 'ListFunctions20150331',
      ListTags: 'ListTags20170331',
      ListVersionsByFunction: 'ListVersionsByFunction20150331',
      PublishLayerVersion: 'PublishLayerVersion20181031',
      PublishVersion: 'PublishVersion20150331',
      PutFunctionConcurrency: 'PutFunctionConcurrency20171031',
      RemovePermission: 'RemovePermission20150331v2',
      TagResource: 'TagResource20170331v2',
      UntagResource: 'UntagResource20170331v2',
      UpdateAlias: 'UpdateAlias20150331',
      UpdateEventSourceMapping: 'UpdateEventSourceMapping20150331',
      UpdateFunctionCode: 'UpdateFunctionCode20150331v2',
      UpdateFunctionConfiguration: 'UpdateFunctionConfiguration20150331v2',
    },
    data: /^Invoke/,
    hidden: { Code: REMOVED, ZipFile: REMOVED, Environment: {} },
  },
  logs: { data: /^(PutLogEvents|FilterLogEvents|GetLogEvents)$/ },
  organizations: { global: true },
  rds: { unwrapped: true, hidden: { MasterUserPassword: '****' } },
  s3: {
    eventNames: {
      DeletePublicAccessBlock: 'DeleteBucketPublicAccessBlock',
      GetPublicAccessBlock: 'GetBucketPublicAccessBlock',
      GetBucketLifecycleConfiguration: 'GetBucketLifecycle',
      GetBucketNotificationConfiguration: 'GetBucketNotification',
      PutBucketLifecycleConfiguration: 'PutBucketLifecycle',
      PutBucketNotificationConfiguration: 'PutBucketNotification',
      PutObjectLockConfiguration: 'PutBucketObjectLockConfiguration',
      PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
    },
    data: /(Object|Objects|Upload|Uploads|Part|Parts|PartCopy|ObjectsV2|ObjectVersions|ObjectAcl|ObjectTagging|ObjectRetention|ObjectLegalHold|ObjectAttributes)$/,
  },
  s3control: {
    source: 's3',
    eventNames: {
      DeletePublicAccessBlock: 'DeleteAccountPublicAccessBlock',
      GetPublicAccessBlock: 'GetAccountPublicAccessBlock',
      PutPublicAccessBlock: 'PutAccountPublicAccessBlock',
    },
  },
  secretsmanager: { hidden: { SecretString: REMOVED, SecretBinary: REMOVED } },
  sns: { data: /^Publish/ },
  sqs: { data: /Message(Batch|Visibility|VisibilityBatch)?$/ },
  ssm: { hidden: { Parameters: HIDDEN } },
  sts: { readOnly: /^(Assume|Decode)/, hidden: { SecretAccessKey: REMOVED } },
};

const READS =
  /^(Get|List|Describe|Head|Lookup|Search|Select|Simulate|Validate|Estimate|Preview|BatchGet|Detect|Test|Filter|Query|Scan|Check)/;

export function styleOf(service: string): RecordStyle {
  return STYLES[service] ?? {};
}

export function isReadOnly({ readOnly }: RecordStyle, operation: string): boolean {
  return READS.test(operation) || readOnly?.test(operation) === true;
}
