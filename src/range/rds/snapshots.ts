import type {
  CreateDBClusterSnapshotMessage,
  CreateDBSnapshotMessage,
  DBClusterSnapshot,
  DBSnapshot,
  DescribeDBClusterSnapshotsMessage,
  DescribeDBSnapshotsMessage,
} from '@aws-sdk/client-rds';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import {
  clusterOf,
  databaseOf,
  databasesOf,
  identifierOf,
  type SimulatedDatabaseSnapshot,
  statusOf,
} from './database.ts';

export function createDBSnapshot(account: Account, input: CreateDBSnapshotMessage): object {
  const id = identifierOf('DBSnapshotIdentifier', input.DBSnapshotIdentifier);
  const database = databaseOf(account, input.DBInstanceIdentifier);
  if (statusOf(account, database) !== 'available')
    throw new AwsError('InvalidDBInstanceState', 'Database instance is not in available state.');
  const { instance } = database;
  const snapshot = newSnapshot(account, {
    id,
    source: instance.DBInstanceIdentifier ?? '',
    ofCluster: false,
    encrypted: instance.StorageEncrypted ?? false,
    kmsKeyId: instance.KmsKeyId,
    engine: instance.Engine ?? '',
    automated: false,
  });
  return { DBSnapshot: shown(account, snapshot) };
}

export function createDBClusterSnapshot(account: Account, input: CreateDBClusterSnapshotMessage): object {
  const id = identifierOf('DBClusterSnapshotIdentifier', input.DBClusterSnapshotIdentifier);
  const { cluster } = clusterOf(account, input.DBClusterIdentifier);
  const snapshot = newSnapshot(account, {
    id,
    source: cluster.DBClusterIdentifier ?? '',
    ofCluster: true,
    encrypted: cluster.StorageEncrypted ?? false,
    kmsKeyId: cluster.KmsKeyId,
    engine: cluster.Engine ?? '',
    automated: false,
  });
  return { DBClusterSnapshot: shownOfCluster(account, snapshot) };
}

/** Keeps a snapshot; also one that RDS took by itself, whose id begins with `rds:`. */
export function newSnapshot(
  account: Account,
  of: Omit<SimulatedDatabaseSnapshot, 'createdAt' | 'sharedWith'>,
): SimulatedDatabaseSnapshot {
  const { snapshots } = databasesOf(account);
  if (snapshots.has(of.id)) {
    const code = of.ofCluster ? 'DBClusterSnapshotAlreadyExistsFault' : 'DBSnapshotAlreadyExists';
    throw new AwsError(
      code,
      `Cannot create the snapshot because one with the identifier ${of.id} already exists.`,
    );
  }
  const snapshot = { ...of, createdAt: account.clock.now(), sharedWith: new Set<string>() };
  snapshots.set(of.id, snapshot);
  return snapshot;
}

export function snapshotOf(
  account: Account,
  identifier: string | undefined,
  ofCluster: boolean,
): SimulatedDatabaseSnapshot {
  const found = databasesOf(account).snapshots.get((identifier ?? '').toLowerCase());
  if (found?.ofCluster === ofCluster) return found;
  throw ofCluster
    ? new AwsError('DBClusterSnapshotNotFoundFault', `DBClusterSnapshot not found: ${identifier}`, 404)
    : new AwsError('DBSnapshotNotFound', `DBSnapshot not found: ${identifier}`, 404);
}

export function describeDBSnapshots(account: Account, input: DescribeDBSnapshotsMessage): object {
  const wanted = wantedOf(account, input.DBSnapshotIdentifier, false, {
    source: input.DBInstanceIdentifier,
    type: input.SnapshotType,
  });
  return { DBSnapshots: wanted.map((one) => shown(account, one)) };
}

export function describeDBClusterSnapshots(
  account: Account,
  input: DescribeDBClusterSnapshotsMessage,
): object {
  const wanted = wantedOf(account, input.DBClusterSnapshotIdentifier, true, {
    source: input.DBClusterIdentifier,
    type: input.SnapshotType,
  });
  return { DBClusterSnapshots: wanted.map((one) => shownOfCluster(account, one)) };
}

function wantedOf(
  account: Account,
  id: string | undefined,
  ofCluster: boolean,
  { source, type }: { readonly source: string | undefined; readonly type: string | undefined },
): SimulatedDatabaseSnapshot[] {
  const all =
    id === undefined ? [...databasesOf(account).snapshots.values()] : [snapshotOf(account, id, ofCluster)];
  return all.filter(
    (one) =>
      one.ofCluster === ofCluster &&
      (source === undefined || one.source === source.toLowerCase()) &&
      (type === undefined || type === typeOf(one)),
  );
}

const typeOf = ({ automated }: SimulatedDatabaseSnapshot) => (automated ? 'automated' : 'manual');

function common(account: Account, { createdAt, encrypted, kmsKeyId, engine }: SimulatedDatabaseSnapshot) {
  const ready = account.clock.now() >= createdAt + account.settings.snapshotDuration;
  return {
    Engine: engine,
    SnapshotCreateTime: new Date(createdAt),
    Status: ready ? 'available' : 'creating',
    PercentProgress: ready ? 100 : 0,
    ...(kmsKeyId === undefined ? {} : { KmsKeyId: kmsKeyId }),
    encrypted,
  };
}

function shown(account: Account, snapshot: SimulatedDatabaseSnapshot): DBSnapshot {
  const { encrypted, ...rest } = common(account, snapshot);
  return {
    ...rest,
    DBSnapshotIdentifier: snapshot.id,
    DBInstanceIdentifier: snapshot.source,
    DBSnapshotArn: `arn:aws:rds:${account.region}:${account.id}:snapshot:${snapshot.id}`,
    SnapshotType: typeOf(snapshot),
    Encrypted: encrypted,
  };
}

function shownOfCluster(account: Account, snapshot: SimulatedDatabaseSnapshot): DBClusterSnapshot {
  const { encrypted, ...rest } = common(account, snapshot);
  return {
    ...rest,
    DBClusterSnapshotIdentifier: snapshot.id,
    DBClusterIdentifier: snapshot.source,
    DBClusterSnapshotArn: `arn:aws:rds:${account.region}:${account.id}:cluster-snapshot:${snapshot.id}`,
    SnapshotType: typeOf(snapshot),
    StorageEncrypted: encrypted,
  };
}
