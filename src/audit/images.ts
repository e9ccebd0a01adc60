import type { Json } from '../model/json.ts';
import { type ApiCall, operationName } from './api-call.ts';
import { type GroupRule, rulesOfPermissions } from './inverses/group-rules.ts';
import { booleanOf, isObject, memberOf, present, textOf } from './members.ts';

type Image = (call: ApiCall) => Json | undefined;

/**
 * What a call itself says of the resource that it touched, in the schema of its type: enough for the
 * policies that speak of it, and nothing of the rest. Undefined for a call that says nothing of it.
 */
export function imageOf(call: ApiCall, type: string): Json | undefined {
  const image = IMAGES[`${type} ${operationName(call)}`];
  return image?.(call);
}

const groupRules =
  (property: string): Image =>
  ({ request }) => ({
    [property]: rulesOfPermissions(memberOf(request, 'ipPermissions')).map(schemaRule),
  });

function schemaRule({ protocol, from, to, peer, description }: GroupRule): Json {
  const { kind, value } = peer;
  const property =
    kind === 'GroupId' ? 'SourceSecurityGroupId' : kind === 'PrefixListId' ? 'SourcePrefixListId' : kind;
  return present({
    IpProtocol: protocol,
    FromPort: from,
    ToPort: to,
    [property]: value,
    Description: description,
  });
}

/** A policy document of a request, as text or as the console sends it. */
function documentAt(request: Json, path: string): Json | undefined {
  const found = memberOf(request, path);
  if (isObject(found)) return found;
  if (typeof found !== 'string') return undefined;
  try {
    return JSON.parse(found) as Json;
  } catch {
    return undefined;
  }
}

const document =
  (path: string, of: (document: Json) => Json): Image =>
  ({ request }) => {
    const found = documentAt(request, path);
    return found === undefined ? undefined : of(found);
  };

const inline = document('policyDocument', (PolicyDocument) => ({ Policies: [{ PolicyDocument }] }));
const managed: Image = ({ request }) => {
  const arn = textOf(request, 'policyArn');
  return arn === undefined ? undefined : { ManagedPolicyArns: [arn] };
};
const database: Image = ({ request }) =>
  present({
    PubliclyAccessible: booleanOf(request, 'publiclyAccessible'),
    DeletionProtection: booleanOf(request, 'deletionProtection'),
    BackupRetentionPeriod: memberOf(request, 'backupRetentionPeriod'),
  });
const block: Image = ({ request }) => {
  const set = memberOf(request, 'PublicAccessBlockConfiguration');
  return present({
    PublicAccessBlockConfiguration: present({
      BlockPublicAcls: booleanOf(set, 'BlockPublicAcls'),
      BlockPublicPolicy: booleanOf(set, 'BlockPublicPolicy'),
      IgnorePublicAcls: booleanOf(set, 'IgnorePublicAcls'),
      RestrictPublicBuckets: booleanOf(set, 'RestrictPublicBuckets'),
    }),
  });
};
const gone =
  (property: string, value: Json): Image =>
  () => ({ [property]: value });

const NO_BLOCK = {
  BlockPublicAcls: false,
  BlockPublicPolicy: false,
  IgnorePublicAcls: false,
  RestrictPublicBuckets: false,
};

/** By the type and the operation. */
export const IMAGES: Readonly<Record<string, Image>> = {
  'AWS::EC2::SecurityGroup AuthorizeSecurityGroupIngress': groupRules('SecurityGroupIngress'),
  'AWS::EC2::SecurityGroup AuthorizeSecurityGroupEgress': groupRules('SecurityGroupEgress'),
  'AWS::S3::BucketPolicy PutBucketPolicy': ({ request }) => {
    const PolicyDocument = documentAt(request, 'bucketPolicy') ?? documentAt(request, 'policy');
    return PolicyDocument === undefined ? undefined : { PolicyDocument };
  },
  'AWS::S3::Bucket PutBucketPublicAccessBlock': block,
  'AWS::S3::Bucket PutPublicAccessBlock': block,
  'AWS::S3::Bucket DeleteBucketPublicAccessBlock': gone('PublicAccessBlockConfiguration', NO_BLOCK),
  'AWS::S3::Bucket DeletePublicAccessBlock': gone('PublicAccessBlockConfiguration', NO_BLOCK),
  'AWS::IAM::User PutUserPolicy': inline,
  'AWS::IAM::Role PutRolePolicy': inline,
  'AWS::IAM::Group PutGroupPolicy': inline,
  'AWS::IAM::User AttachUserPolicy': managed,
  'AWS::IAM::Role AttachRolePolicy': managed,
  'AWS::IAM::Group AttachGroupPolicy': managed,
  'AWS::IAM::Role UpdateAssumeRolePolicy': document('policyDocument', (AssumeRolePolicyDocument) => ({
    AssumeRolePolicyDocument,
  })),
  'AWS::IAM::ManagedPolicy CreatePolicyVersion': document('policyDocument', (PolicyDocument) => ({
    PolicyDocument,
  })),
  'AWS::IAM::AccessKey CreateAccessKey': () => ({ Status: 'Active' }),
  'AWS::KMS::Key PutKeyPolicy': document('policy', (KeyPolicy) => ({ KeyPolicy })),
  'AWS::KMS::Key DisableKey': gone('Enabled', false),
  'AWS::KMS::Key DisableKeyRotation': gone('EnableKeyRotation', false),
  'AWS::RDS::DBInstance ModifyDBInstance': database,
  'AWS::CloudTrail::Trail StopLogging': gone('IsLogging', false),
  'AWS::GuardDuty::Detector UpdateDetector': ({ request }) => {
    const Enable = booleanOf(request, 'enable');
    return Enable === undefined ? undefined : { Enable };
  },
};
