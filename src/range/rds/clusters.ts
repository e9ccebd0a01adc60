import type {
  CreateDBClusterMessage,
  DBCluster,
  DescribeDBClustersMessage,
  ModifyDBClusterMessage,
} from '@aws-sdk/client-rds';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import {
  busyFor,
  clusterOf,
  databasesOf,
  identifierOf,
  type SimulatedCluster,
  statusOf,
} from './database.ts';

export function createDBCluster(account: Account, input: CreateDBClusterMessage): object {
  const id = identifierOf('DBClusterIdentifier', input.DBClusterIdentifier);
  const { clusters } = databasesOf(account);
  if (clusters.has(id)) throw new AwsError('DBClusterAlreadyExistsFault', 'DB Cluster already exists');
  const cluster: DBCluster = {
    DBClusterIdentifier: id,
    DBClusterArn: `arn:aws:rds:${account.region}:${account.id}:cluster:${id}`,
    DbClusterResourceId: account.newId('cluster').toUpperCase(),
    Engine: input.Engine,
    EngineVersion: input.EngineVersion ?? '16.4',
    MasterUsername: input.MasterUsername,
    ClusterCreateTime: new Date(account.clock.now()),
    BackupRetentionPeriod: input.BackupRetentionPeriod ?? 1,
    DeletionProtection: input.DeletionProtection ?? false,
    StorageEncrypted: input.StorageEncrypted ?? false,
    ...(input.KmsKeyId === undefined ? {} : { KmsKeyId: input.KmsKeyId }),
    IAMDatabaseAuthenticationEnabled: input.EnableIAMDatabaseAuthentication ?? false,
    TagList: input.Tags ?? [],
  };
  const made = { cluster, busy: busyFor(account, 'creating') };
  clusters.set(id, made);
  return { DBCluster: shown(account, made) };
}

export function describeDBClusters(account: Account, input: DescribeDBClustersMessage): object {
  const all =
    input.DBClusterIdentifier === undefined
      ? [...databasesOf(account).clusters.values()]
      : [clusterOf(account, input.DBClusterIdentifier)];
  return { DBClusters: all.map((one) => shown(account, one)) };
}

/** What is simulated of a cluster's settings holds at once. Source: Amazon Aurora User Guide, "Settings for Amazon Aurora". */
export function modifyDBCluster(account: Account, input: ModifyDBClusterMessage): object {
  const found = clusterOf(account, input.DBClusterIdentifier);
  const status = statusOf(account, found);
  if (status !== 'available') {
    const message = `DbCluster ${found.cluster.DBClusterIdentifier} is in ${status} state.`;
    throw new AwsError('InvalidDBClusterStateFault', message);
  }
  found.cluster = {
    ...found.cluster,
    ...(input.BackupRetentionPeriod === undefined
      ? {}
      : { BackupRetentionPeriod: input.BackupRetentionPeriod }),
    ...(input.DeletionProtection === undefined ? {} : { DeletionProtection: input.DeletionProtection }),
    ...(input.EnableIAMDatabaseAuthentication === undefined
      ? {}
      : { IAMDatabaseAuthenticationEnabled: input.EnableIAMDatabaseAuthentication }),
  };
  found.busy = busyFor(account, 'modifying');
  return { DBCluster: shown(account, found) };
}

function shown(account: Account, found: SimulatedCluster): DBCluster {
  const members = [...databasesOf(account).instances.values()].filter(
    ({ instance }) => instance.DBClusterIdentifier === found.cluster.DBClusterIdentifier,
  );
  return {
    ...found.cluster,
    Status: statusOf(account, found),
    DBClusterMembers: members.map(({ instance }, index) => ({
      DBInstanceIdentifier: instance.DBInstanceIdentifier,
      IsClusterWriter: index === 0,
    })),
  };
}
