import { type GetBucketAclCommandOutput, S3 } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Range, startRange } from '../range.ts';
import { accountBlockOf } from './public-access.ts';
import { isPublicPolicy } from './public-policy.ts';

const ALL_USERS = 'http://acs.amazonaws.com/groups/global/AllUsers';
const Bucket = 'shop-data';

let world: Range;
let s3: S3;

beforeEach(async () => {
  world = await startRange();
  s3 = new S3({
    endpoint: world.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    forcePathStyle: true,
    maxAttempts: 1,
  });
  await s3.createBucket({ Bucket });
});
afterEach(async () => {
  s3.destroy();
  await world.close();
});

const statement = (more: object = {}) => ({
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: `arn:aws:s3:::${Bucket}/*`,
  ...more,
});
const policy = (more?: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement(more)] });
const refused = (name: string, httpStatusCode: number, message?: string) => ({
  name,
  $metadata: { httpStatusCode },
  ...(message === undefined ? {} : { message }),
});

describe('a new bucket', () => {
  it('has the defaults of AWS: all public access blocked, no lists, encrypted, nothing else', async () => {
    expect((await s3.getPublicAccessBlock({ Bucket })).PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    });
    expect((await s3.getBucketOwnershipControls({ Bucket })).OwnershipControls?.Rules).toEqual([
      { ObjectOwnership: 'BucketOwnerEnforced' },
    ]);
    expect((await s3.getBucketEncryption({ Bucket })).ServerSideEncryptionConfiguration?.Rules).toEqual([
      { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false },
    ]);
    expect((await s3.getBucketVersioning({ Bucket })).Status).toBeUndefined();
    expect((await s3.getBucketLogging({ Bucket })).LoggingEnabled).toBeUndefined();
    await expect(s3.getBucketPolicy({ Bucket })).rejects.toMatchObject(refused('NoSuchBucketPolicy', 404));
    await expect(s3.getBucketTagging({ Bucket })).rejects.toMatchObject(refused('NoSuchTagSet', 404));
    expect((await s3.listBuckets()).Buckets).toMatchObject([{ Name: Bucket }]);
  });
});

describe('policies of buckets', () => {
  it('are kept as they were put, when they are not public', async () => {
    const text = `${policy({ Principal: { AWS: 'arn:aws:iam::210987654321:root' } })}\n`;
    await s3.putBucketPolicy({ Bucket, Policy: text });
    expect((await s3.getBucketPolicy({ Bucket })).Policy).toBe(text);
    expect((await s3.getBucketPolicyStatus({ Bucket })).PolicyStatus).toEqual({ IsPublic: false });
    await s3.deleteBucketPolicy({ Bucket });
    await s3.deleteBucketPolicy({ Bucket });
    await expect(s3.getBucketPolicyStatus({ Bucket })).rejects.toMatchObject(
      refused('NoSuchBucketPolicy', 404),
    );
  });

  it('are refused when they are public, by the bucket or by the account', async () => {
    const blocked = refused(
      'AccessDenied',
      403,
      'User: arn:aws:iam::123456789012:user/cordon is not authorized to perform: s3:PutBucketPolicy on ' +
        'resource: "arn:aws:s3:::shop-data" because public policies are prevented by the BlockPublicPolicy ' +
        'setting in S3 Block Public Access.',
    );
    await expect(s3.putBucketPolicy({ Bucket, Policy: policy() })).rejects.toMatchObject(blocked);
    await s3.deletePublicAccessBlock({ Bucket });
    await expect(s3.getPublicAccessBlock({ Bucket })).rejects.toMatchObject(
      refused('NoSuchPublicAccessBlockConfiguration', 404),
    );
    accountBlockOf(world.account).settings = { BlockPublicPolicy: true };
    await expect(s3.putBucketPolicy({ Bucket, Policy: policy() })).rejects.toMatchObject(blocked);
    accountBlockOf(world.account).settings = undefined;
    await s3.putBucketPolicy({ Bucket, Policy: policy() });
    expect((await s3.getBucketPolicyStatus({ Bucket })).PolicyStatus).toEqual({ IsPublic: true });
  });

  it('are refused when they are no policies', async () => {
    for (const Policy of ['', 'null', '[]', '{', '"a"'])
      await expect(s3.putBucketPolicy({ Bucket, Policy })).rejects.toMatchObject({ name: 'MalformedPolicy' });
    await expect(s3.putBucketPolicy({ Bucket, Policy: '{}' })).rejects.toMatchObject(
      refused('MalformedPolicy', 400, 'Missing required field Statement'),
    );
  });

  it.each([
    ['everybody', {}, true],
    ['everybody in a list', { Principal: { AWS: ['arn:aws:iam::210987654321:root', '*'] } }, true],
    ['everybody but one', { Principal: undefined, NotPrincipal: { AWS: 'arn:aws:iam::1:root' } }, true],
    ['nobody', { Effect: 'Deny' }, false],
    ['an account', { Principal: { AWS: '210987654321' } }, false],
    ['a service', { Principal: { Service: 'cloudfront.amazonaws.com' } }, false],
    ['an organisation', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }, false],
    ['any organisation', { Condition: { StringLike: { 'aws:PrincipalOrgID': 'o-*' } } }, true],
    ['a key that may be absent', { Condition: { StringEqualsIfExists: { 'aws:SourceVpc': 'vpc-1' } } }, true],
    ['a network', { Condition: { IpAddress: { 'aws:SourceIp': ['203.0.113.0/24'] } } }, false],
    ['the Internet', { Condition: { IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '0.0.0.0/1'] } } }, true],
    ['all but a network', { Condition: { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } }, true],
    [
      'resources of an account',
      { Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:sns:*:123456789012:*' } } },
      false,
    ],
    ['a browser', { Condition: { StringLike: { 'aws:UserAgent': 'x' } } }, true],
  ])('are public or not by whom they let in: %s', (_, more, expected) => {
    expect(isPublicPolicy([statement(more)])).toBe(expected);
  });
});

describe('access control lists', () => {
  const grants = (answer: GetBucketAclCommandOutput) =>
    answer.Grants?.map(({ Grantee, Permission }) => [
      Grantee?.Type,
      Grantee?.URI ?? Grantee?.ID?.length,
      Permission,
    ]);
  const OWN = ['CanonicalUser', 64, 'FULL_CONTROL'];

  it('are off in a new bucket', async () => {
    await expect(s3.putBucketAcl({ Bucket, ACL: 'public-read' })).rejects.toMatchObject(
      refused('AccessControlListNotSupported', 400, 'The bucket does not allow ACLs'),
    );
    await expect(s3.putObject({ Bucket, Key: 'a', Body: 'a', ACL: 'public-read' })).rejects.toMatchObject(
      refused('AccessControlListNotSupported', 400),
    );
    await s3.putBucketAcl({ Bucket, ACL: 'private' });
    expect(grants(await s3.getBucketAcl({ Bucket }))).toEqual([OWN]);
  });

  it('name grantees of every type, also when they are put as a document', async () => {
    await s3.putBucketOwnershipControls({
      Bucket,
      OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] },
    });
    await expect(s3.putBucketAcl({ Bucket, ACL: 'public-read' })).rejects.toMatchObject(
      refused('AccessDenied', 403),
    );
    await s3.deletePublicAccessBlock({ Bucket });
    await s3.putBucketAcl({ Bucket, ACL: 'public-read' });
    const publicly = await s3.getBucketAcl({ Bucket });
    expect(grants(publicly)).toEqual([OWN, ['Group', ALL_USERS, 'READ']]);
    await s3.putBucketAcl({ Bucket, ACL: 'private' });
    expect(grants(await s3.getBucketAcl({ Bucket }))).toEqual([OWN]);
    const other = { Type: 'CanonicalUser', ID: 'b'.repeat(64), DisplayName: 'a <"&\'> b' } as const;
    await s3.putBucketAcl({
      Bucket,
      AccessControlPolicy: {
        Owner: publicly.Owner,
        Grants: [...(publicly.Grants ?? []), { Grantee: other, Permission: 'WRITE_ACP' }],
      },
    });
    const after = await s3.getBucketAcl({ Bucket });
    expect(after.Grants).toEqual([...(publicly.Grants ?? []), { Grantee: other, Permission: 'WRITE_ACP' }]);
    await expect(
      s3.putBucketOwnershipControls({
        Bucket,
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      }),
    ).rejects.toMatchObject(refused('InvalidBucketAclWithObjectOwnership', 400));
  });

  it('can be there from the start only where they are allowed', async () => {
    await expect(s3.createBucket({ Bucket: 'open', ACL: 'public-read' })).rejects.toMatchObject(
      refused('InvalidBucketAclWithObjectOwnership', 400),
    );
    await s3.createBucket({ Bucket: 'logs', ACL: 'private', ObjectOwnership: 'ObjectWriter' });
    await s3.putBucketAcl({
      Bucket: 'logs',
      AccessControlPolicy: {
        Grants: [
          {
            Grantee: { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/s3/LogDelivery' },
            Permission: 'WRITE',
          },
        ],
      },
    });
    expect(grants(await s3.getBucketAcl({ Bucket: 'logs' }))).toHaveLength(2);
    await s3.deleteBucketOwnershipControls({ Bucket: 'logs' });
    await expect(s3.getBucketOwnershipControls({ Bucket: 'logs' })).rejects.toMatchObject(
      refused('OwnershipControlsNotFoundError', 404),
    );
  });
});

describe('what else a bucket is told', () => {
  it('encrypts as the bucket says, and a bucket that is told to stop goes back to the default', async () => {
    const KMSMasterKeyID = 'arn:aws:kms:us-east-1:123456789012:key/1';
    const rule = {
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID },
      BucketKeyEnabled: true,
    } as const;
    await s3.putBucketEncryption({ Bucket, ServerSideEncryptionConfiguration: { Rules: [rule] } });
    expect(await s3.putObject({ Bucket, Key: 'a', Body: 'a' })).toMatchObject({
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: KMSMasterKeyID,
    });
    await s3.deleteBucketEncryption({ Bucket });
    expect(await s3.getBucketEncryption({ Bucket })).toMatchObject({
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    });
    expect(await s3.putObject({ Bucket, Key: 'b', Body: 'b' })).toMatchObject({
      ServerSideEncryption: 'AES256',
    });
    expect(await s3.headObject({ Bucket, Key: 'a' })).toMatchObject({ ServerSideEncryption: 'aws:kms' });
  });

  it('keeps tags and logging, and gives them up', async () => {
    const TagSet = [{ Key: 'team', Value: 'shop <&>' }];
    await s3.putBucketTagging({ Bucket, Tagging: { TagSet } });
    expect((await s3.getBucketTagging({ Bucket })).TagSet).toEqual(TagSet);
    await s3.deleteBucketTagging({ Bucket });
    await expect(s3.getBucketTagging({ Bucket })).rejects.toMatchObject(refused('NoSuchTagSet', 404));
    const LoggingEnabled = { TargetBucket: Bucket, TargetPrefix: 'logs/' };
    await s3.putBucketLogging({ Bucket, BucketLoggingStatus: { LoggingEnabled } });
    expect((await s3.getBucketLogging({ Bucket })).LoggingEnabled).toEqual(LoggingEnabled);
    await s3.putBucketLogging({ Bucket, BucketLoggingStatus: {} });
    expect((await s3.getBucketLogging({ Bucket })).LoggingEnabled).toBeUndefined();
    await expect(
      s3.putBucketLogging({
        Bucket,
        BucketLoggingStatus: { LoggingEnabled: { TargetBucket: 'none-such', TargetPrefix: '' } },
      }),
    ).rejects.toMatchObject(refused('InvalidTargetBucketForLogging', 400));
  });

  it('overwrites the version without a name when versioning is suspended', async () => {
    await s3.putObject({ Bucket, Key: 'a', Body: '1' });
    await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Enabled' } });
    const { VersionId } = await s3.putObject({ Bucket, Key: 'a', Body: '2' });
    await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Suspended' } });
    await s3.putObject({ Bucket, Key: 'a', Body: '3' });
    const { Versions } = await s3.listObjectVersions({ Bucket });
    expect(Versions?.map((one) => [one.VersionId, one.IsLatest])).toEqual([
      ['null', true],
      [VersionId, false],
    ]);
    expect(await s3.deleteObject({ Bucket, Key: 'a' })).toMatchObject({
      DeleteMarker: true,
      VersionId: 'null',
    });
    const after = await s3.listObjectVersions({ Bucket });
    expect(after.Versions?.map((one) => one.VersionId)).toEqual([VersionId]);
    expect(after.DeleteMarkers?.map((one) => one.VersionId)).toEqual(['null']);
  });

  it('lists versions page by page', async () => {
    await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Enabled' } });
    for (const Key of ['a', 'a', 'b', 'a', 'c']) await s3.putObject({ Bucket, Key, Body: Key });
    const seen: string[] = [];
    let next: { KeyMarker?: string; VersionIdMarker?: string } = {};
    for (;;) {
      const page = await s3.listObjectVersions({ Bucket, MaxKeys: 2, ...next });
      seen.push(...(page.Versions ?? []).map(({ Key = '', IsLatest }) => `${Key}${IsLatest ? '!' : ''}`));
      if (!page.IsTruncated) break;
      next = { KeyMarker: page.NextKeyMarker ?? '', VersionIdMarker: page.NextVersionIdMarker ?? '' };
    }
    expect(seen).toEqual(['a!', 'a', 'a', 'b!', 'c!']);
  });
});
