import { describe, expect, it } from 'vitest';
import { type Acting, acting } from '../../../test/acting.ts';
import type { Action } from '../action.ts';
import { CLUSTER_SNAPSHOT, DATABASE_SNAPSHOT, databaseSnapshotSharing } from './database-snapshot-sharing.ts';
import { IMAGE, imageSharing } from './image-sharing.ts';
import { recordDatabaseSnapshotSharing } from './record-database-snapshot-sharing.ts';
import { recordImageSharing } from './record-image-sharing.ts';
import { recordSnapshotSharing } from './record-snapshot-sharing.ts';
import type { SharingOf } from './sharing.ts';
import { SNAPSHOT, snapshotSharing } from './snapshot-sharing.ts';
import { unshareDatabaseSnapshot } from './unshare-database-snapshot.ts';
import { unshareImage } from './unshare-image.ts';
import { unshareSnapshot } from './unshare-snapshot.ts';

const STRANGER = '210987654321';
const PARTNER = '111122223333';

interface Kind {
  readonly name: string;
  readonly type: string;
  readonly record: Action;
  readonly unshare: Action;
  readonly sharingOf: SharingOf;
  /** The operation that changes with whom it is shared. */
  readonly modify: string;
  make(one: Acting): Promise<string>;
}

async function waitFor(one: Acting, work: () => Promise<unknown>): Promise<void> {
  await work();
  one.clock.advance(600_000);
}

const KINDS: readonly Kind[] = [
  {
    name: 'snapshot',
    type: SNAPSHOT,
    record: recordSnapshotSharing,
    unshare: unshareSnapshot,
    sharingOf: snapshotSharing,
    modify: 'ModifySnapshotAttribute',
    make: async (one) =>
      (await one.aws.ec2.createSnapshot({ VolumeId: one.honeypot.volumeIds[0] })).SnapshotId ?? '',
  },
  {
    name: 'image',
    type: IMAGE,
    record: recordImageSharing,
    unshare: unshareImage,
    sharingOf: imageSharing,
    modify: 'ModifyImageAttribute',
    make: async (one) =>
      (await one.aws.ec2.createImage({ InstanceId: one.honeypot.instanceId, Name: 'golden' })).ImageId ?? '',
  },
  {
    name: 'snapshot of a database',
    type: DATABASE_SNAPSHOT,
    record: recordDatabaseSnapshotSharing,
    unshare: unshareDatabaseSnapshot,
    sharingOf: databaseSnapshotSharing,
    modify: 'ModifyDBSnapshotAttribute',
    async make(one) {
      const rds = await one.aws.use('rds');
      await waitFor(one, () =>
        rds.createDBInstance({
          DBInstanceIdentifier: 'orders',
          DBInstanceClass: 'db.t4g.small',
          Engine: 'postgres',
        }),
      );
      await rds.createDBSnapshot({ DBInstanceIdentifier: 'orders', DBSnapshotIdentifier: 'before' });
      return 'arn:aws:rds:us-east-1:123456789012:snapshot:before';
    },
  },
  {
    name: 'snapshot of a cluster',
    type: CLUSTER_SNAPSHOT,
    record: recordDatabaseSnapshotSharing,
    unshare: unshareDatabaseSnapshot,
    sharingOf: databaseSnapshotSharing,
    modify: 'ModifyDBClusterSnapshotAttribute',
    async make(one) {
      const rds = await one.aws.use('rds');
      await waitFor(one, () =>
        rds.createDBCluster({ DBClusterIdentifier: 'carts', Engine: 'aurora-postgresql' }),
      );
      await rds.createDBClusterSnapshot({
        DBClusterIdentifier: 'carts',
        DBClusterSnapshotIdentifier: 'before',
      });
      return 'before';
    },
  },
];

describe.each(KINDS)('a $name that is shared', ({ type, record, unshare, sharingOf, modify, make }) => {
  async function world(whom: readonly string[] = ['all', STRANGER, PARTNER]) {
    const one = await acting();
    const subject = { ...one.subject, type, id: await make(one) };
    const sharing = sharingOf(one.aws, subject);
    if (whom.length > 0) await sharing.add(whom);
    return { one, subject, sharing, made: one.made(modify) };
  }
  const keep = { keep: [PARTNER] };

  it('is taken from everybody but those that may keep it, and given back to the same', async () => {
    const { one, subject, sharing } = await world();
    await using _ = one;
    await one.act(record, { subject });
    expect(await one.act(unshare, { subject, with: keep })).toMatchObject({
      status: 'done',
      output: { removed: ['all', STRANGER] },
      proof: `${subject.id} is shared with ${PARTNER}`,
    });
    expect(await sharing.read()).toEqual([PARTNER]);
    await one.undo(unshare);
    expect([...(await sharing.read())].sort()).toEqual(['all', STRANGER, PARTNER].sort());
    expect(await one.undo(unshare)).toMatchObject({ status: 'done', output: [] });
    expect(JSON.parse(one.piece('sharing.json').toString())).toEqual({
      subject: subject.id,
      sharedWith: ['all', STRANGER, PARTNER],
    });
  });

  it('is taken once, and still given back when the answer was lost', async () => {
    const { one, subject, sharing, made } = await world();
    await using _ = one;
    await one.act(record, { subject });
    one.range.faults.add({ operation: modify, fault: { kind: 'drop-after' } });
    await one.act(unshare, { subject });
    const made2 = one.made(modify);
    expect(await one.act(unshare, { subject })).toMatchObject({
      output: { removed: ['all', STRANGER, PARTNER] },
    });
    expect(one.made(modify)).toBe(made2);
    expect(made2).toBeGreaterThan(made);
    expect(await sharing.read()).toEqual([]);
    await one.undo(unshare);
    expect(await sharing.read()).toHaveLength(3);
  });

  it('stays as it is when nobody else has it, and needs the record', async () => {
    const { one, subject, made } = await world([]);
    await using _ = one;
    expect(await one.act(unshare, { subject })).toMatchObject({
      status: 'ask',
      reason: `${record.name} of ${subject.id} must come first in the playbook`,
    });
    await one.act(record, { subject });
    expect(await one.act(unshare, { subject })).toMatchObject({ status: 'done', output: { removed: [] } });
    await one.undo(unshare);
    expect(one.made(modify)).toBe(made);
  });

  it('hears what AWS refuses, and takes only accounts to keep', async () => {
    const { one, subject } = await world();
    await using _ = one;
    await one.act(record, { subject });
    one.range.faults.add({ operation: modify, fault: { kind: 'unauthorized' } });
    await expect(one.act(unshare, { subject })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
    expect(() => unshare.input.parse({ keep: ['all'] })).toThrow();
  });
});
