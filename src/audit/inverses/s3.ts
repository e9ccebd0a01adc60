import type { Json } from '../../model/json.ts';
import { shellWord } from '../../model/shell-word.ts';
import type { ApiCall } from '../api-call.ts';
import { isObject, type JsonObject, listOf, memberOf, present, textOf } from '../members.ts';
import type { Inverse, States, WayBack } from '../way-back.ts';
import {
  backCall,
  calls,
  documentOf,
  linesOf,
  noBefore,
  none,
  notInRecord,
  stateBefore,
  unknown,
} from './inverse.ts';

const row = linesOf('s3.amazonaws.com');
const BUCKET = 'AWS::S3::Bucket';
const POLICY = 'AWS::S3::BucketPolicy';
const ACCOUNT = 'AWS::S3::AccountPublicAccessBlock';
const BLOCK = 'PublicAccessBlockConfiguration';

/** Canned ACLs by the names of CloudFormation. Source: Amazon S3 User Guide, "Access control list (ACL) overview". */
const CANNED: Readonly<Record<string, string>> = {
  AuthenticatedRead: 'authenticated-read',
  Private: 'private',
  PublicRead: 'public-read',
  PublicReadWrite: 'public-read-write',
};

function policyBack(call: ApiCall, states: States): WayBack {
  const Bucket = textOf(call.request, 'bucketName');
  if (Bucket === undefined) return notInRecord(call);
  const Policy = documentOf(stateBefore(states), 'PolicyDocument');
  if (Policy !== undefined)
    return calls(
      `put the policy of the bucket ${Bucket} back as it was`,
      backCall('s3', 'PutBucketPolicy', { Bucket, Policy }),
    );
  if (states.before !== null) return noBefore(`the policy of the bucket ${Bucket}`);
  return calls(
    `delete the policy of the bucket ${Bucket}, which had none`,
    backCall('s3', 'DeleteBucketPolicy', { Bucket }),
  );
}

/** Sets a property of a bucket back: what puts it, and what removes it where the bucket had none. */
function settingBack(
  names: readonly string[],
  property: string,
  permissions: readonly string[],
  put: readonly [operation: string, input: (value: JsonObject) => JsonObject | undefined],
  remove: readonly [operation: string, input: JsonObject] | undefined,
): Inverse[] {
  const plan = (call: ApiCall, states: States): WayBack => {
    const Bucket = textOf(call.request, 'bucketName');
    if (Bucket === undefined) return notInRecord(call);
    const before = stateBefore(states);
    if (before === undefined) return noBefore(`${property} of the bucket ${Bucket}`);
    const value = memberOf(before, property);
    if (!isObject(value)) {
      if (remove === undefined)
        return unknown(`the bucket ${Bucket} had no ${property}, and it cannot be removed`);
      return calls(
        `remove ${property} of the bucket ${Bucket}, which had none`,
        backCall('s3', remove[0], { Bucket, ...remove[1] }),
      );
    }
    const input = put[1](value);
    if (input === undefined)
      return unknown(`${property} of the bucket ${Bucket} is set back as a whole only`);
    return calls(
      `put ${property} of the bucket ${Bucket} back as it was`,
      backCall('s3', put[0], { Bucket, ...input }),
    );
  };
  return names.map((name) => row(name, BUCKET, permissions, plan));
}

function encryption(value: JsonObject): JsonObject {
  const Rules = listOf(value, 'ServerSideEncryptionConfiguration').map((rule) =>
    present({
      ApplyServerSideEncryptionByDefault: memberOf(rule, 'ServerSideEncryptionByDefault'),
      BucketKeyEnabled: memberOf(rule, 'BucketKeyEnabled'),
      BlockedEncryptionTypes: memberOf(rule, 'BlockedEncryptionTypes'),
    }),
  );
  return { ServerSideEncryptionConfiguration: { Rules } };
}

function logging(value: JsonObject): JsonObject {
  const target = {
    TargetBucket: textOf(value, 'DestinationBucketName'),
    TargetPrefix: textOf(value, 'LogFilePrefix') ?? '',
    TargetObjectKeyFormat: memberOf(value, 'TargetObjectKeyFormat'),
  };
  return {
    BucketLoggingStatus: target.TargetBucket === undefined ? {} : { LoggingEnabled: present(target) },
  };
}

function website(value: JsonObject): JsonObject {
  const index = textOf(value, 'IndexDocument');
  const error = textOf(value, 'ErrorDocument');
  const rules = listOf(value, 'RoutingRules').map((rule) =>
    present({ Condition: memberOf(rule, 'RoutingRuleCondition'), Redirect: memberOf(rule, 'RedirectRule') }),
  );
  return {
    WebsiteConfiguration: present({
      IndexDocument: index === undefined ? undefined : { Suffix: index },
      ErrorDocument: error === undefined ? undefined : { Key: error },
      RedirectAllRequestsTo: memberOf(value, 'RedirectAllRequestsTo'),
      RoutingRules: rules.length === 0 ? undefined : rules,
    }),
  };
}

/** Only removed again: what was there before is set back as a whole by another way. */
const asAWhole = (): undefined => undefined;

function accountBlock(call: ApiCall, states: States): WayBack {
  const { account: AccountId } = call;
  const before = stateBefore(states);
  if (before === undefined && states.before !== null)
    return noBefore(`the block of public access of the account ${AccountId}`);
  const value: Json | undefined = memberOf(before, BLOCK);
  return isObject(value)
    ? calls(
        `block public access to S3 in the account ${AccountId} as before`,
        backCall('s3control', 'PutPublicAccessBlock', { AccountId, [BLOCK]: value }),
      )
    : calls(
        `remove the block of public access of the account ${AccountId}, which had none`,
        backCall('s3control', 'DeletePublicAccessBlock', { AccountId }),
      );
}

function aclBack(call: ApiCall, states: States): WayBack {
  const Bucket = textOf(call.request, 'bucketName');
  if (Bucket === undefined) return notInRecord(call);
  const ACL = CANNED[textOf(stateBefore(states), 'AccessControl') ?? ''];
  if (ACL === undefined) return noBefore(`the ACL of the bucket ${Bucket}`);
  return calls(
    `give the bucket ${Bucket} the ACL ${ACL} again`,
    backCall('s3', 'PutBucketAcl', { Bucket, ACL }),
  );
}

const blockPermissions = ['s3:PutBucketPublicAccessBlock'];
const block = (names: readonly string[]) =>
  settingBack(
    names,
    BLOCK,
    blockPermissions,
    ['PutPublicAccessBlock', (value) => ({ [BLOCK]: value })],
    ['DeletePublicAccessBlock', {}],
  );
const accountPermissions = ['s3:PutAccountPublicAccessBlock'];
const ownership = ['s3:PutBucketOwnershipControls'];
const replication = ['s3:PutReplicationConfiguration'];

export const S3_INVERSES: readonly Inverse[] = [
  row('PutBucketPolicy', POLICY, ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'], policyBack),
  row('DeleteBucketPolicy', POLICY, ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'], policyBack),
  row('PutBucketAcl', BUCKET, ['s3:PutBucketAcl'], aclBack),
  ...block([
    'PutBucketPublicAccessBlock',
    'DeleteBucketPublicAccessBlock',
    'PutPublicAccessBlock',
    'DeletePublicAccessBlock',
  ]),
  row('PutPublicAccessBlock', ACCOUNT, accountPermissions, accountBlock),
  row('DeletePublicAccessBlock', ACCOUNT, accountPermissions, accountBlock),
  row('PutAccountPublicAccessBlock', ACCOUNT, accountPermissions, accountBlock),
  row('DeleteAccountPublicAccessBlock', ACCOUNT, accountPermissions, accountBlock),
  ...settingBack(
    ['PutBucketEncryption', 'DeleteBucketEncryption'],
    'BucketEncryption',
    ['s3:PutEncryptionConfiguration'],
    ['PutBucketEncryption', encryption],
    ['DeleteBucketEncryption', {}],
  ),
  ...settingBack(
    ['PutBucketVersioning'],
    'VersioningConfiguration',
    ['s3:PutBucketVersioning'],
    [
      'PutBucketVersioning',
      ({ Status }) => (Status === undefined ? undefined : { VersioningConfiguration: { Status } }),
    ],
    undefined,
  ),
  ...settingBack(
    ['PutBucketLogging'],
    'LoggingConfiguration',
    ['s3:PutBucketLogging'],
    ['PutBucketLogging', logging],
    ['PutBucketLogging', { BucketLoggingStatus: {} }],
  ),
  ...settingBack(
    ['PutBucketOwnershipControls', 'DeleteBucketOwnershipControls'],
    'OwnershipControls',
    ownership,
    ['PutBucketOwnershipControls', (value) => ({ OwnershipControls: value })],
    ['DeleteBucketOwnershipControls', {}],
  ),
  ...settingBack(
    ['PutBucketWebsite', 'DeleteBucketWebsite'],
    'WebsiteConfiguration',
    ['s3:PutBucketWebsite', 's3:DeleteBucketWebsite'],
    ['PutBucketWebsite', website],
    ['DeleteBucketWebsite', {}],
  ),
  ...settingBack(
    ['PutBucketReplication'],
    'ReplicationConfiguration',
    replication,
    ['PutBucketReplication', asAWhole],
    ['DeleteBucketReplication', {}],
  ),
  ...settingBack(
    ['PutBucketLifecycle'],
    'LifecycleConfiguration',
    ['s3:PutLifecycleConfiguration'],
    ['PutBucketLifecycleConfiguration', asAWhole],
    ['DeleteBucketLifecycle', {}],
  ),
  row('DeleteBucket', BUCKET, [], (call) =>
    none(
      'the bucket was empty, and somebody else may have its name by now',
      `aws s3api create-bucket --bucket ${shellWord(textOf(call.request, 'bucketName') ?? 'NAME')}`,
    ),
  ),
];
