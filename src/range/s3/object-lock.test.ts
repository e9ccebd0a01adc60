import { S3 } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Range, startRange } from '../range.ts';

const DAY = 86_400_000;

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
  await s3.createBucket({ Bucket: 'evidence', ObjectLockEnabledForBucket: true });
});
afterEach(async () => {
  s3.destroy();
  await world.close();
});

const inDays = (days: number) => new Date(world.account.clock.now() + days * DAY);
const put = (mode: 'GOVERNANCE' | 'COMPLIANCE', days = 30) =>
  s3.putObject({
    Bucket: 'evidence',
    Key: 'case-1/manifest.json',
    Body: '{}',
    ObjectLockMode: mode,
    ObjectLockRetainUntilDate: inDays(days),
  });
const version = { Bucket: 'evidence', Key: 'case-1/manifest.json' };
const LOCKED = { name: 'AccessDenied', message: 'Access Denied because object protected by object lock.' };

describe('Object Lock', () => {
  it('comes with versions, and they cannot be suspended', async () => {
    expect(await s3.getBucketVersioning({ Bucket: 'evidence' })).toMatchObject({ Status: 'Enabled' });
    expect(await s3.getObjectLockConfiguration({ Bucket: 'evidence' })).toMatchObject({
      ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' },
    });
    await expect(
      s3.putBucketVersioning({ Bucket: 'evidence', VersioningConfiguration: { Status: 'Suspended' } }),
    ).rejects.toMatchObject({ name: 'InvalidBucketState', $metadata: { httpStatusCode: 409 } });
  });

  it('keeps a version of compliance mode until its date, whoever asks', async () => {
    const { VersionId } = await put('COMPLIANCE');
    const until = (await s3.getObjectRetention(version)).Retention?.RetainUntilDate;
    expect(until?.getTime()).toBeGreaterThan(inDays(29).getTime());
    expect(await s3.headObject(version)).toMatchObject({
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate: until,
      VersionId,
    });
    await expect(
      s3.deleteObject({ ...version, VersionId, BypassGovernanceRetention: true }),
    ).rejects.toMatchObject({ ...LOCKED, $metadata: { httpStatusCode: 403 } });
    await expect(
      s3.putObjectRetention({
        ...version,
        Retention: { Mode: 'COMPLIANCE', RetainUntilDate: inDays(1) },
        BypassGovernanceRetention: true,
      }),
    ).rejects.toMatchObject(LOCKED);
    await s3.putObjectRetention({
      ...version,
      Retention: { Mode: 'COMPLIANCE', RetainUntilDate: inDays(40) },
    });
    world.account.clock.advance(31 * DAY);
    await expect(s3.deleteObject({ ...version, VersionId })).rejects.toMatchObject(LOCKED);
    world.account.clock.advance(10 * DAY);
    await s3.deleteObject({ ...version, VersionId });
    await expect(s3.getObject({ ...version, VersionId })).rejects.toMatchObject({ name: 'NoSuchVersion' });
  });

  it('lets a delete marker hide a locked version, and the version stays', async () => {
    const { VersionId } = await put('COMPLIANCE');
    expect((await s3.deleteObject(version)).DeleteMarker).toBe(true);
    await expect(s3.getObject(version)).rejects.toMatchObject({ name: 'NoSuchKey' });
    const kept = await s3.getObject({ ...version, VersionId });
    expect(await kept.Body?.transformToString()).toBe('{}');
    const { Versions, DeleteMarkers } = await s3.listObjectVersions({ Bucket: 'evidence' });
    expect(Versions).toMatchObject([{ VersionId, IsLatest: false, Size: 2 }]);
    expect(DeleteMarkers).toMatchObject([{ Key: 'case-1/manifest.json', IsLatest: true }]);
    await expect(s3.deleteBucket({ Bucket: 'evidence' })).rejects.toMatchObject({ name: 'BucketNotEmpty' });
  });

  it('gives way in governance mode to who asks for it expressly', async () => {
    const { VersionId } = await put('GOVERNANCE');
    await expect(s3.deleteObject({ ...version, VersionId })).rejects.toMatchObject(LOCKED);
    await s3.deleteObject({ ...version, VersionId, BypassGovernanceRetention: true });
    expect((await s3.listObjectVersions({ Bucket: 'evidence' })).Versions).toBeUndefined();
    await s3.deleteBucket({ Bucket: 'evidence' });
  });

  it('locks what is put without a word by the default of the bucket', async () => {
    await s3.putObjectLockConfiguration({
      Bucket: 'evidence',
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 2 } },
      },
    });
    await s3.putObject({ Bucket: 'evidence', Key: 'a', Body: 'a' });
    const { Retention } = await s3.getObjectRetention({ Bucket: 'evidence', Key: 'a' });
    expect(Retention?.Mode).toBe('GOVERNANCE');
    expect(Retention?.RetainUntilDate?.getTime()).toBeLessThanOrEqual(inDays(2).getTime());
  });

  it('refuses as S3 does: another bucket, half of a lock, a date that is past, no lock', async () => {
    await s3.createBucket({ Bucket: 'plain' });
    const locked = { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: inDays(1) } as const;
    await expect(s3.putObject({ Bucket: 'plain', Key: 'a', ...locked })).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: 'Bucket is missing Object Lock Configuration',
    });
    await expect(s3.getObjectLockConfiguration({ Bucket: 'plain' })).rejects.toMatchObject({
      name: 'ObjectLockConfigurationNotFoundError',
      $metadata: { httpStatusCode: 404 },
    });
    const ObjectLockConfiguration = { ObjectLockEnabled: 'Enabled' } as const;
    await expect(
      s3.putObjectLockConfiguration({ Bucket: 'plain', ObjectLockConfiguration }),
    ).rejects.toMatchObject({ name: 'InvalidBucketState' });
    await s3.putBucketVersioning({ Bucket: 'plain', VersioningConfiguration: { Status: 'Enabled' } });
    await s3.putObjectLockConfiguration({ Bucket: 'plain', ObjectLockConfiguration });
    await expect(
      s3.putObject({ Bucket: 'plain', Key: 'a', ObjectLockMode: 'COMPLIANCE' }),
    ).rejects.toMatchObject({ name: 'InvalidArgument' });
    await expect(put('COMPLIANCE', -1)).rejects.toMatchObject({
      name: 'InvalidArgument',
      message: 'The retain until date must be in the future!',
    });
    await s3.putObject({ Bucket: 'plain', Key: 'a', Body: 'a' });
    await expect(s3.getObjectRetention({ Bucket: 'plain', Key: 'a' })).rejects.toMatchObject({
      name: 'NoSuchObjectLockConfiguration',
      $metadata: { httpStatusCode: 404 },
    });
  });
});
