import { describe, expect, it } from 'vitest';
import { type Acting, acting } from '../../../test/acting.ts';
import { newBucket } from '../../range/s3/bucket.ts';
import { blockPublicBucket } from './block-public-bucket.ts';
import { ALL_BLOCKED, BUCKET, bucketName } from './bucket.ts';
import { recordBucket } from './record-bucket.ts';
import { restoreBucketPolicy } from './restore-bucket-policy.ts';

const PUBLIC = `{
  "Version": "2012-10-17",
  "Statement": [
    { "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shop/*" }
  ]
}
`;
const PRIVATE = PUBLIC.replace('"*"', '{ "AWS": "arn:aws:iam::123456789012:root" }');

async function world(policy: string | undefined = PUBLIC) {
  const one = await acting();
  const bucket = newBucket(one.account, 'shop');
  bucket.publicAccessBlock = undefined;
  bucket.policy = policy;
  const subject = { ...one.subject, type: BUCKET, id: 'arn:aws:s3:::shop' };
  return { one, bucket, subject };
}
const acts = (one: Acting, subject: Acting['subject']) => ({
  record: () => one.act(recordBucket, { subject }),
  block: () => one.act(blockPublicBucket, { subject }),
  restore: (input: object) => one.act(restoreBucketPolicy, { subject, with: input }),
});

describe('recording a bucket', () => {
  it('writes all that makes it public or keeps it safe into the case', async () => {
    const { one, bucket, subject } = await world();
    await using _ = one;
    bucket.tags = [{ Key: 'team', Value: 'shop' }];
    const { record } = acts(one, subject);
    expect(await record()).toMatchObject({
      status: 'done',
      output: { bucket: 'shop', policy: PUBLIC, publicAccessBlock: null },
      proof: 'shop: a public policy, 1 grants',
    });
    expect(one.piece('bucket-policy.json').toString()).toBe(PUBLIC);
    expect(JSON.parse(one.piece('bucket.json').toString())).toMatchObject({
      policyIsPublic: true,
      ownership: 'BucketOwnerEnforced',
      encryption: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      tags: [{ Key: 'team', Value: 'shop' }],
      objectLock: null,
      versioning: null,
    });
  });

  it('also where there is next to nothing, but not where there is no bucket', async () => {
    const { one, bucket, subject } = await world(undefined);
    await using _ = one;
    bucket.policy = undefined;
    bucket.ownership = undefined;
    const { record } = acts(one, subject);
    expect(await record()).toMatchObject({ output: { policy: null, publicAccessBlock: null } });
    one.account.buckets.clear();
    await expect(record()).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  it('is nobody else’s: a bucket of the name in another account is refused', async () => {
    const { one, subject } = await world();
    await using _ = one;
    const { record } = acts(one, { ...subject, account: '210987654321' });
    await expect(record()).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(await acts(one, { ...subject, account: '' }).record()).toMatchObject({ status: 'done' });
  });

  it('knows a bucket by its name and by ARNs', () => {
    expect(['shop', 'arn:aws:s3:::shop', 'arn:aws-cn:s3:::shop/key/of/object'].map(bucketName)).toEqual([
      'shop',
      'shop',
      'shop',
    ]);
  });
});

describe('blocking public access to a bucket', () => {
  it('switches everything on, and leaves nothing again where there was nothing', async () => {
    const { one, bucket, subject } = await world();
    await using _ = one;
    const { record, block } = acts(one, subject);
    await record();
    expect(await block()).toMatchObject({ status: 'done', output: { bucket: 'shop', before: null } });
    expect(bucket.publicAccessBlock).toEqual(ALL_BLOCKED);
    expect(bucket.policy).toBe(PUBLIC);
    await one.undo(blockPublicBucket);
    expect(bucket.publicAccessBlock).toBeUndefined();
  });

  it('brings back exactly the settings that were on', async () => {
    const { one, bucket, subject } = await world();
    await using _ = one;
    const before = { ...ALL_BLOCKED, BlockPublicPolicy: false, RestrictPublicBuckets: false };
    bucket.publicAccessBlock = before;
    const { record, block } = acts(one, subject);
    await record();
    await block();
    await one.undo(blockPublicBucket);
    expect(bucket.publicAccessBlock).toEqual(before);
  });

  it('remembers what was before when it is done again after its answer was lost', async () => {
    const { one, bucket, subject } = await world();
    await using _ = one;
    const { record, block } = acts(one, subject);
    await record();
    one.range.faults.add({ operation: 'PutPublicAccessBlock', fault: { kind: 'drop-after' } });
    await block();
    expect(await block()).toMatchObject({ output: { before: null } });
    await one.undo(blockPublicBucket);
    expect(bucket.publicAccessBlock).toBeUndefined();
    expect(await one.undo(blockPublicBucket)).toMatchObject({ status: 'done' });
    expect(bucket.publicAccessBlock).toBeUndefined();
  });

  it('takes nothing back that somebody changed meanwhile, or that was so before', async () => {
    const { one, bucket, subject } = await world();
    await using _ = one;
    const { record, block } = acts(one, subject);
    await record();
    await block();
    const byHand = { ...ALL_BLOCKED, BlockPublicAcls: false };
    bucket.publicAccessBlock = byHand;
    await one.undo(blockPublicBucket);
    expect(bucket.publicAccessBlock).toEqual(byHand);
    bucket.publicAccessBlock = ALL_BLOCKED;
    await record();
    await block();
    await one.undo(blockPublicBucket);
    expect(bucket.publicAccessBlock).toEqual(ALL_BLOCKED);
  });

  it('needs the record, and hears what S3 refuses', async () => {
    const { one, subject } = await world();
    await using _ = one;
    const { record, block } = acts(one, subject);
    expect(await block()).toMatchObject({
      status: 'ask',
      reason: 'record-bucket of shop must come first in the playbook',
    });
    await record();
    one.range.faults.add({ operation: 'PutPublicAccessBlock', fault: { kind: 'unauthorized' } });
    await expect(block()).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

describe('restoring the policy of a bucket', () => {
  it('puts the policy that is given, and brings back what was there byte by byte', async () => {
    const { one, bucket, subject } = await world();
    await using _ = one;
    const { record, restore } = acts(one, subject);
    await record();
    expect(await restore({ policy: PRIVATE })).toMatchObject({ status: 'done' });
    expect(await restore({ policy: JSON.parse(PRIVATE) })).toMatchObject({ status: 'done' });
    expect(bucket.policy).toBe(PRIVATE);
    expect(one.made('PutBucketPolicy')).toBe(1);
    await one.undo(restoreBucketPolicy);
    expect(bucket.policy).toBe(PUBLIC);
    expect(await one.undo(restoreBucketPolicy)).toMatchObject({ status: 'done', output: null });
  });

  it('takes the policy away, and brings it back; or leaves none where there was none', async () => {
    const { one, bucket, subject } = await world();
    await using _ = one;
    const { record, restore } = acts(one, subject);
    await record();
    one.range.faults.add({ operation: 'DeleteBucketPolicy', fault: { kind: 'drop-after' } });
    expect(await restore({ delete: true })).toMatchObject({ status: 'done' });
    expect(await restore({ delete: true })).toMatchObject({ output: { before: PUBLIC, policy: null } });
    expect(bucket.policy).toBeUndefined();
    await one.undo(restoreBucketPolicy);
    expect(bucket.policy).toBe(PUBLIC);
    bucket.policy = undefined;
    await record();
    await restore({ policy: PRIVATE });
    await one.undo(restoreBucketPolicy);
    expect(bucket.policy).toBeUndefined();
  });

  it('overwrites nobody: not before, and not when it is taken back', async () => {
    const { one, bucket, subject } = await world();
    await using _ = one;
    const { record, restore } = acts(one, subject);
    await record();
    bucket.policy = PUBLIC.replace('GetObject', 'PutObject');
    expect(await restore({ policy: PRIVATE })).toMatchObject({
      status: 'ask',
      reason: 'the policy of shop was changed since it was recorded',
    });
    bucket.policy = PUBLIC;
    await restore({ policy: PRIVATE });
    bucket.policy = undefined;
    await one.undo(restoreBucketPolicy);
    expect(bucket.policy).toBeUndefined();
  });

  it('puts nothing that is no policy, and hears that S3 refuses a public one', async () => {
    const { one, bucket, subject } = await world();
    await using _ = one;
    const { record, restore } = acts(one, subject);
    await record();
    for (const policy of ['no', '[]', 'null', {}, `{"Statement": "${'x'.repeat(21_000)}"}`])
      expect(await restore({ policy })).toMatchObject({ status: 'ask' });
    expect(() => restoreBucketPolicy.input.parse({ delete: false })).toThrow();
    bucket.publicAccessBlock = ALL_BLOCKED;
    await expect(restore({ policy: PUBLIC.replace('Get', 'Put') })).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });
});
