import { describe, expect, it } from 'vitest';
import { brokenByCall } from '../src/audit/blame.ts';
import { IMAGES, imageOf } from '../src/audit/images.ts';
import { touchesOf } from '../src/audit/touches/touches-of.ts';
import { configOf } from '../src/config/config.ts';
import { setUpAudit } from '../src/hosts/auditing.ts';
import type { Json } from '../src/model/json.ts';
import { ACCOUNT, callOf, REGION, trailRecord } from './touches.ts';

const setup = setUpAudit(configOf({}, process.cwd()));
if (!setup.ok) throw new Error('the policies in the box are broken');
const { judge } = setup.value;

const document = (statement: object): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
const EVERYTHING = document({ Effect: 'Allow', Action: '*', Resource: '*' });
const TO_EVERYBODY = {
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::records/*',
};
const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';
const KEY_ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const NO_BLOCK = {
  BlockPublicAcls: false,
  BlockPublicPolicy: false,
  IgnorePublicAcls: false,
  RestrictPublicBuckets: false,
};

const ingress = (fromPort: number, peer: { readonly [name: string]: Json }): Json => ({
  groupId: 'sg-0a1b2c3d4e5f60718',
  ipPermissions: {
    items: [
      { ipProtocol: 'tcp', fromPort, toPort: fromPort, groups: {}, ipRanges: {}, prefixListIds: {}, ...peer },
    ],
  },
});

interface Case {
  readonly source: string;
  readonly name: string;
  readonly type: string;
  readonly request: Json;
  readonly response?: Json;
  /** A policy that what the call says fails; none where none in the box speaks of it. */
  readonly fails?: string;
}

const CASES: readonly Case[] = [
  {
    source: 'ec2.amazonaws.com',
    name: 'AuthorizeSecurityGroupIngress',
    type: 'AWS::EC2::SecurityGroup',
    request: ingress(22, { ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } }),
    fails: 'ec2-security-group-no-ssh-from-world',
  },
  {
    source: 'ec2.amazonaws.com',
    name: 'AuthorizeSecurityGroupIngress',
    type: 'AWS::EC2::SecurityGroup',
    request: ingress(3389, { ipv6Ranges: { items: [{ cidrIpv6: '::/0' }] } }),
    fails: 'ec2-security-group-no-rdp-from-world',
  },
  {
    source: 'ec2.amazonaws.com',
    name: 'AuthorizeSecurityGroupEgress',
    type: 'AWS::EC2::SecurityGroup',
    request: ingress(443, { ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } }),
  },
  {
    source: 's3.amazonaws.com',
    name: 'PutBucketPolicy',
    type: 'AWS::S3::BucketPolicy',
    request: {
      bucketName: 'records',
      Host: 'records.s3.eu-west-1.amazonaws.com',
      policy: '',
      bucketPolicy: { Version: '2012-10-17', Statement: [TO_EVERYBODY] },
    },
    fails: 's3-bucket-policy-not-public',
  },
  ...['PutBucketPublicAccessBlock', 'PutPublicAccessBlock'].map((name) => ({
    source: 's3.amazonaws.com',
    name,
    type: 'AWS::S3::Bucket',
    request: { bucketName: 'records', publicAccessBlock: '', PublicAccessBlockConfiguration: NO_BLOCK },
    fails: 's3-bucket-blocks-public-access',
  })),
  ...['DeleteBucketPublicAccessBlock', 'DeletePublicAccessBlock'].map((name) => ({
    source: 's3.amazonaws.com',
    name,
    type: 'AWS::S3::Bucket',
    request: { bucketName: 'records', publicAccessBlock: '' },
    fails: 's3-bucket-blocks-public-access',
  })),
  ...(['User', 'Role', 'Group'] as const).flatMap((kind) => [
    {
      source: 'iam.amazonaws.com',
      name: `Put${kind}Policy`,
      type: `AWS::IAM::${kind}`,
      request: { [`${kind.toLowerCase()}Name`]: 'app', policyName: 'all', policyDocument: EVERYTHING },
      fails: 'iam-policy-no-full-administration',
    },
    {
      source: 'iam.amazonaws.com',
      name: `Attach${kind}Policy`,
      type: `AWS::IAM::${kind}`,
      request: { [`${kind.toLowerCase()}Name`]: 'app', policyArn: ADMINISTRATOR },
      fails: 'iam-no-administrator-access',
    },
  ]),
  {
    source: 'iam.amazonaws.com',
    name: 'UpdateAssumeRolePolicy',
    type: 'AWS::IAM::Role',
    request: {
      roleName: 'app',
      policyDocument: document({ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }),
    },
    fails: 'iam-role-trust-not-public',
  },
  {
    source: 'iam.amazonaws.com',
    name: 'CreatePolicyVersion',
    type: 'AWS::IAM::ManagedPolicy',
    request: {
      policyArn: `arn:aws:iam::${ACCOUNT}:policy/app`,
      policyDocument: EVERYTHING,
      setAsDefault: true,
    },
    fails: 'iam-policy-no-full-administration',
  },
  {
    source: 'iam.amazonaws.com',
    name: 'CreateAccessKey',
    type: 'AWS::IAM::AccessKey',
    request: { userName: 'bob' },
    response: {
      accessKey: { userName: 'bob', accessKeyId: 'AKIAIOSFODNN7EXAMPLE', status: 'Active' },
    },
    fails: 'iam-no-access-key',
  },
  {
    source: 'kms.amazonaws.com',
    name: 'PutKeyPolicy',
    type: 'AWS::KMS::Key',
    request: {
      keyId: KEY_ID,
      policyName: 'default',
      policy: document({ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:*', Resource: '*' }),
      bypassPolicyLockoutSafetyCheck: false,
    },
    fails: 'kms-key-policy-not-public',
  },
  { source: 'kms.amazonaws.com', name: 'DisableKey', type: 'AWS::KMS::Key', request: { keyId: KEY_ID } },
  {
    source: 'kms.amazonaws.com',
    name: 'DisableKeyRotation',
    type: 'AWS::KMS::Key',
    request: { keyId: KEY_ID },
    fails: 'kms-key-rotation-enabled',
  },
  {
    source: 'rds.amazonaws.com',
    name: 'ModifyDBInstance',
    type: 'AWS::RDS::DBInstance',
    request: { dBInstanceIdentifier: 'orders', publiclyAccessible: true, applyImmediately: true },
    fails: 'rds-instance-not-public',
  },
  {
    source: 'cloudtrail.amazonaws.com',
    name: 'StopLogging',
    type: 'AWS::CloudTrail::Trail',
    request: { name: `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/all` },
    fails: 'cloudtrail-is-logging',
  },
  {
    source: 'guardduty.amazonaws.com',
    name: 'UpdateDetector',
    type: 'AWS::GuardDuty::Detector',
    request: { detectorId: '12abc34d567e8fa901bc2d34e56789f0', enable: false },
    fails: 'guardduty-detector-enabled',
  },
];

describe('what a call says of the resource that it touched', () => {
  it.each(CASES)('$type $name', ({ source, name, type, request, response = null, fails }) => {
    const call = callOf(trailRecord(source, name, request, response));
    const subject = touchesOf(call).find((one) => one.subject.type === type)?.subject;
    if (subject === undefined) throw new Error('it touches no such resource');
    const failed = brokenByCall(call, subject, judge).map(({ policy }) => policy.id);
    if (fails !== undefined) expect(failed).toContain(fails);
    else expect(failed).toEqual([]);
  });

  it('has a case for every line', () => {
    const lines = Object.keys(IMAGES).filter(
      (line) => !CASES.some(({ type, name }) => line === `${type} ${name}`),
    );
    expect(lines).toEqual([]);
  });

  it('is nothing of what it does not speak of: encryption is not missing because a port is opened', () => {
    const call = callOf(
      trailRecord('rds.amazonaws.com', 'ModifyDBInstance', {
        dBInstanceIdentifier: 'orders',
        deletionProtection: true,
      }),
    );
    const [touched] = touchesOf(call);
    if (touched === undefined) throw new Error('it touches nothing');
    expect(brokenByCall(call, touched.subject, judge)).toEqual([]);
  });

  it.each(Object.keys(IMAGES))('of %s is never a throw, whatever stands in the record', (line) => {
    const [type = '', name = ''] = line.split(' ');
    const service = { KMS: 'kms', IAM: 'iam', S3: 's3', RDS: 'rds' }[type.split('::')[1] ?? ''] ?? 'ec2';
    for (const request of [
      null,
      [],
      'x',
      { policyDocument: '{', policy: 'null', ipPermissions: { items: [1] } },
    ])
      expect(() =>
        imageOf(callOf(trailRecord(`${service}.amazonaws.com`, name, request as Json)), type),
      ).not.toThrow();
  });
});
