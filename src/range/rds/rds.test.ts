import { RDS } from '@aws-sdk/client-rds';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Range, startRange } from '../range.ts';
import { newSnapshot } from './snapshots.ts';

const MINUTE = 60_000;

let world: Range;
let rds: RDS;

beforeEach(async () => {
  world = await startRange();
  rds = new RDS({
    endpoint: world.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
  await rds.createDBInstance({
    DBInstanceIdentifier: 'Orders',
    DBInstanceClass: 'db.t4g.small',
    Engine: 'postgres',
    PubliclyAccessible: true,
    BackupRetentionPeriod: 7,
    VpcSecurityGroupIds: ['sg-1'],
  });
  world.account.clock.advance(MINUTE);
});
afterEach(async () => {
  rds.destroy();
  await world.close();
});

const orders = async () =>
  (await rds.describeDBInstances({ DBInstanceIdentifier: 'orders' })).DBInstances?.[0];
const modify = (more: object) => rds.modifyDBInstance({ DBInstanceIdentifier: 'orders', ...more });
const error = (Code: string, httpStatusCode: number, message?: string) => ({
  Code,
  $metadata: { httpStatusCode },
  ...(message === undefined ? {} : { message }),
});

describe('a database', () => {
  it('is made in a while, under a name in small letters, once', async () => {
    expect(await orders()).toMatchObject({
      DBInstanceIdentifier: 'orders',
      DBInstanceStatus: 'available',
      PubliclyAccessible: true,
      Endpoint: { Port: 5432 },
      VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-1', Status: 'active' }],
    });
    const again = rds.createDBInstance({
      DBInstanceIdentifier: 'orders',
      DBInstanceClass: 'db.t4g.small',
      Engine: 'postgres',
    });
    await expect(again).rejects.toMatchObject(error('DBInstanceAlreadyExists', 400));
    await expect(rds.describeDBInstances({ DBInstanceIdentifier: 'none' })).rejects.toMatchObject(
      error('DBInstanceNotFound', 404, 'DBInstance none not found.'),
    );
  });

  it('is private at once when it is told to be, and takes no other change meanwhile', async () => {
    const { DBInstance } = await modify({ PubliclyAccessible: false });
    expect(DBInstance).toMatchObject({ PubliclyAccessible: false, DBInstanceStatus: 'modifying' });
    await expect(modify({ DeletionProtection: true })).rejects.toMatchObject(
      error('InvalidDBInstanceState', 400, 'Database instance is not in available state.'),
    );
    world.account.clock.advance(MINUTE);
    expect(await orders()).toMatchObject({ PubliclyAccessible: false, DBInstanceStatus: 'available' });
    await modify({ DeletionProtection: true });
    expect(await orders()).toMatchObject({ DeletionProtection: true });
  });

  it('keeps other changes for its maintenance window, unless they are to be applied immediately', async () => {
    await modify({ BackupRetentionPeriod: 0 });
    expect(await orders()).toMatchObject({
      BackupRetentionPeriod: 7,
      DBInstanceStatus: 'available',
      PendingModifiedValues: { BackupRetentionPeriod: 0 },
    });
    await modify({ BackupRetentionPeriod: 14, ApplyImmediately: true });
    expect((await orders())?.PendingModifiedValues).toEqual({});
    expect(await orders()).toMatchObject({ BackupRetentionPeriod: 14, DBInstanceStatus: 'modifying' });
    world.account.clock.advance(MINUTE);
    await expect(modify({ BackupRetentionPeriod: 36 })).rejects.toMatchObject({
      Code: 'InvalidParameterValue',
    });
  });
});

describe('a snapshot of a database', () => {
  const restore = async (id = 'before') => {
    const answer = await rds.describeDBSnapshotAttributes({ DBSnapshotIdentifier: id });
    return answer.DBSnapshotAttributesResult?.DBSnapshotAttributes;
  };
  const share = (more: object, id = 'before') =>
    rds.modifyDBSnapshotAttribute({ DBSnapshotIdentifier: id, AttributeName: 'restore', ...more });

  beforeEach(() => rds.createDBSnapshot({ DBInstanceIdentifier: 'orders', DBSnapshotIdentifier: 'Before' }));

  it('is shared with nobody until it is said, and then with whom it is said', async () => {
    expect(await restore()).toEqual([{ AttributeName: 'restore', AttributeValues: [] }]);
    await share({ ValuesToAdd: ['all', '210987654321'] });
    await share({ ValuesToAdd: ['210987654321'], ValuesToRemove: ['all', '111111111111'] });
    expect(await restore()).toEqual([{ AttributeName: 'restore', AttributeValues: ['210987654321'] }]);
    const { DBSnapshots } = await rds.describeDBSnapshots({ DBInstanceIdentifier: 'orders' });
    expect(DBSnapshots).toMatchObject([{ DBSnapshotIdentifier: 'before', Status: 'creating' }]);
    world.account.clock.advance(2 * MINUTE);
    expect((await rds.describeDBSnapshots({})).DBSnapshots).toMatchObject([{ Status: 'available' }]);
  });

  it('is not shared by any other attribute, with any other thing, with too many or when RDS took it', async () => {
    await expect(share({ AttributeName: 'copy', ValuesToAdd: ['all'] })).rejects.toMatchObject({
      Code: 'InvalidParameterValue',
    });
    await expect(share({ ValuesToAdd: ['everybody'] })).rejects.toMatchObject({
      Code: 'InvalidParameterValue',
    });
    const many = Array.from({ length: 21 }, (_, index) => String(100_000_000_000 + index));
    await expect(share({ ValuesToAdd: many })).rejects.toMatchObject({ Code: 'SharedSnapshotQuotaExceeded' });
    expect(await restore()).toEqual([{ AttributeName: 'restore', AttributeValues: [] }]);
    await expect(share({ ValuesToAdd: ['all'] }, 'none')).rejects.toMatchObject(
      error('DBSnapshotNotFound', 404, 'DBSnapshot not found: none'),
    );
    newSnapshot(world.account, {
      id: 'rds:orders-2026-11-24',
      source: 'orders',
      ofCluster: false,
      encrypted: false,
      kmsKeyId: undefined,
      engine: 'postgres',
      automated: true,
    });
    expect(await restore('rds:orders-2026-11-24')).toHaveLength(1);
    await expect(share({ ValuesToAdd: ['all'] }, 'rds:orders-2026-11-24')).rejects.toMatchObject({
      Code: 'InvalidParameterValue',
      message: expect.stringContaining('is not a valid identifier'),
    });
  });
});

describe('a cluster', () => {
  it('has members, settings and snapshots of its own', async () => {
    await rds.createDBCluster({
      DBClusterIdentifier: 'carts',
      Engine: 'aurora-postgresql',
      StorageEncrypted: true,
    });
    await rds.createDBInstance({
      DBInstanceIdentifier: 'carts-1',
      DBInstanceClass: 'db.r7g.large',
      Engine: 'aurora-postgresql',
      DBClusterIdentifier: 'carts',
    });
    await expect(
      rds.modifyDBCluster({ DBClusterIdentifier: 'carts', DeletionProtection: true }),
    ).rejects.toMatchObject({ Code: 'InvalidDBClusterStateFault' });
    world.account.clock.advance(MINUTE);
    await rds.modifyDBCluster({ DBClusterIdentifier: 'carts', DeletionProtection: true });
    expect((await rds.describeDBClusters({ DBClusterIdentifier: 'carts' })).DBClusters).toMatchObject([
      {
        DeletionProtection: true,
        Status: 'modifying',
        DBClusterMembers: [{ DBInstanceIdentifier: 'carts-1', IsClusterWriter: true }],
      },
    ]);
    await rds.createDBClusterSnapshot({ DBClusterIdentifier: 'carts', DBClusterSnapshotIdentifier: 'c1' });
    const share = (value: string) =>
      rds.modifyDBClusterSnapshotAttribute({
        DBClusterSnapshotIdentifier: 'c1',
        AttributeName: 'restore',
        ValuesToAdd: [value],
      });
    await expect(share('all')).rejects.toMatchObject({ Code: 'InvalidParameterValue' });
    await share('210987654321');
    const { DBClusterSnapshotAttributesResult } = await rds.describeDBClusterSnapshotAttributes({
      DBClusterSnapshotIdentifier: 'c1',
    });
    expect(DBClusterSnapshotAttributesResult?.DBClusterSnapshotAttributes).toEqual([
      { AttributeName: 'restore', AttributeValues: ['210987654321'] },
    ]);
    expect((await rds.describeDBClusterSnapshots({})).DBClusterSnapshots).toMatchObject([
      { DBClusterSnapshotIdentifier: 'c1', StorageEncrypted: true, SnapshotType: 'manual' },
    ]);
    await expect(rds.describeDBSnapshotAttributes({ DBSnapshotIdentifier: 'c1' })).rejects.toMatchObject(
      error('DBSnapshotNotFound', 404),
    );
  });
});
