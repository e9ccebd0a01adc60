import { describe, expect, it } from 'vitest';
import { type Acting, acting } from '../../../test/acting.ts';
import { inaccessibleKeys, managedKeyOf } from '../../range/operations/encryption.ts';
import { createVolume } from '../../range/operations/volumes.ts';
import { awaitSnapshots } from './await-snapshots.ts';
import { copySnapshots } from './copy-snapshots.ts';
import { recordInstance } from './record-instance.ts';
import { shareSnapshots } from './share-snapshots.ts';
import { snapshotVolumes } from './snapshot-volumes.ts';

const FORENSICS = '999988887777';
const OWN_KEY = 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const FORENSICS_KEY = `arn:aws:kms:us-east-1:${FORENSICS}:key/0987dcba-09fe-87dc-65ba-ab0987654321`;
const SHARE = { with: { account: FORENSICS } };
const COPY = { with: { key: FORENSICS_KEY } };

interface Made {
  readonly snapshotId: string;
  readonly volumeId: string;
  readonly copyOf?: string;
  readonly kmsKeyId?: string;
}

/** An instance with two volumes that are not encrypted, and one that is, each with its snapshot. */
async function snapshotted(key?: (world: Acting) => string): Promise<Acting> {
  const world = await acting();
  const attach = { InstanceId: world.honeypot.instanceId, Device: '/dev/sdg', DeleteOnTermination: true };
  if (key !== undefined) createVolume(world.account, { Size: 4, attach, tags: [], key: key(world) });
  await world.act(recordInstance);
  await world.act(snapshotVolumes);
  await world.act(awaitSnapshots);
  return world;
}

const outputOf = (world: Acting, action: string) => world.output(action) as unknown as readonly Made[];

async function sharedIds({ aws }: Acting): Promise<(string | undefined)[]> {
  const { Snapshots } = await aws.ec2.describeSnapshots({ RestorableByUserIds: [FORENSICS] });
  return (Snapshots ?? []).map(({ SnapshotId }) => SnapshotId);
}

describe('snapshot-volumes', () => {
  it('says which key an encrypted snapshot must not lose', async () => {
    await using world = await snapshotted(() => OWN_KEY);
    const made = outputOf(world, 'snapshot-volumes');
    expect(made.map(({ kmsKeyId }) => kmsKeyId)).toEqual([undefined, undefined, OWN_KEY]);
    expect(await world.act(snapshotVolumes)).toMatchObject({
      proof: expect.stringContaining(`(keep its key ${OWN_KEY})`),
    });
    expect(world.made('CreateSnapshots')).toBe(1);
  });
});

describe('share-snapshots', () => {
  it('lets the other account use each snapshot, also one under a key of the customer', async () => {
    await using world = await snapshotted(() => OWN_KEY);
    expect(await world.act(shareSnapshots, SHARE)).toMatchObject({ status: 'done' });
    expect(await sharedIds(world)).toEqual(
      outputOf(world, 'snapshot-volumes').map(({ snapshotId }) => snapshotId),
    );
    await world.act(shareSnapshots, SHARE);
    expect(world.made('ModifySnapshotAttribute')).toBe(3);
  });

  it('is taken back', async () => {
    await using world = await snapshotted();
    world.range.faults.add({ operation: 'ModifySnapshotAttribute', fault: { kind: 'drop-after' } });
    await world.act(shareSnapshots, SHARE);
    world.account.snapshots.delete(outputOf(world, 'snapshot-volumes')[0]?.snapshotId ?? '');
    await world.undo(shareSnapshots);
    expect(await sharedIds(world)).toEqual([]);
    expect(await world.undo(shareSnapshots)).toMatchObject({ output: [] });
  });

  it('asks when a snapshot is under the AWS managed key, with what AWS says', async () => {
    await using world = await snapshotted(({ account }) => managedKeyOf(account));
    expect(await world.act(shareSnapshots, SHARE)).toMatchObject({
      status: 'ask',
      reason: expect.stringContaining('Encrypted snapshots with EBS default key cannot be shared'),
    });
  });

  it('shares copies under another key when there are some, once they are completed', async () => {
    await using world = await snapshotted(({ account }) => managedKeyOf(account));
    expect(await world.act(copySnapshots, COPY)).toMatchObject({ status: 'done' });
    expect(await world.act(shareSnapshots, SHARE)).toMatchObject({ status: 'done' });
    const copies = outputOf(world, 'copy-snapshots').map(({ snapshotId }) => snapshotId);
    expect(await sharedIds(world)).toEqual(copies);
    const { Snapshots } = await world.aws.ec2.describeSnapshots({ SnapshotIds: copies });
    expect(Snapshots?.map(({ KmsKeyId, State }) => `${State} ${KmsKeyId}`)).toEqual(
      Array(3).fill(`completed ${FORENSICS_KEY}`),
    );
  });

  it('asks when a copy has erred; the copy is made again then, the others are not', async () => {
    await using world = await snapshotted();
    inaccessibleKeys(world.account).add(FORENSICS_KEY);
    await world.act(copySnapshots, COPY);
    expect(await world.act(shareSnapshots, SHARE)).toMatchObject({
      status: 'ask',
      reason: expect.stringContaining('Given key ID is not accessible'),
      redo: 'copy-snapshots',
    });
    inaccessibleKeys(world.account).clear();
    await world.act(copySnapshots, { ...COPY, earlierTry: 'unknown' });
    expect(await world.act(shareSnapshots, SHARE)).toMatchObject({ status: 'done' });
    expect(world.made('CopySnapshot')).toBe(4);
  });

  it.each(['12345', 'all', ''])('does not take the account %j', (account) => {
    expect(shareSnapshots.input.safeParse({ account }).success).toBe(false);
  });
});

describe('copy-snapshots', () => {
  it('copies each once, also when an answer was lost', async () => {
    await using world = await snapshotted();
    // AWS shows late what it made.
    Object.assign(world.account.settings, { visibilityLag: 3_000 });
    world.range.faults.add({ operation: 'CopySnapshot', fault: { kind: 'drop-after' }, skip: 1 });
    await expect(world.act(copySnapshots, COPY)).rejects.toThrow();
    expect(await world.act(copySnapshots, { ...COPY, earlierTry: 'unknown' })).toMatchObject({
      status: 'done',
    });
    const copies = outputOf(world, 'copy-snapshots');
    expect(copies.map(({ copyOf }) => copyOf)).toEqual(
      outputOf(world, 'snapshot-volumes').map(({ snapshotId }) => snapshotId),
    );
    expect(world.account.snapshots.size).toBe(4);
  });

  it('is not taken for evidence of a volume', async () => {
    await using world = await snapshotted();
    await world.act(copySnapshots, COPY);
    expect(await world.act(snapshotVolumes)).toMatchObject({ status: 'done' });
    expect(outputOf(world, 'snapshot-volumes')).toHaveLength(2);
  });

  it('takes only the ARN of a key', () => {
    expect(copySnapshots.input.safeParse({ key: 'alias/aws/ebs' }).success).toBe(false);
    expect(copySnapshots.input.safeParse({}).success).toBe(false);
  });
});
