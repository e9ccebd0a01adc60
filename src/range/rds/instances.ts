import type {
  CreateDBInstanceMessage,
  DBInstance,
  DescribeDBInstancesMessage,
  ModifyDBInstanceMessage,
} from '@aws-sdk/client-rds';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import {
  busyFor,
  databaseOf,
  databasesOf,
  identifierOf,
  type SimulatedDatabase,
  statusOf,
} from './database.ts';

/** Databases start as small ones without anything that was not asked for. */
export function createDBInstance(account: Account, input: CreateDBInstanceMessage): object {
  const id = identifierOf('DBInstanceIdentifier', input.DBInstanceIdentifier);
  const { instances, clusters } = databasesOf(account);
  if (instances.has(id)) throw new AwsError('DBInstanceAlreadyExists', 'DB instance already exists');
  const cluster = input.DBClusterIdentifier?.toLowerCase();
  if (cluster !== undefined && !clusters.has(cluster))
    throw new AwsError('DBClusterNotFoundFault', `DBCluster ${cluster} not found.`, 404);
  const instance: DBInstance = {
    DBInstanceIdentifier: id,
    DBInstanceArn: `arn:aws:rds:${account.region}:${account.id}:db:${id}`,
    DbiResourceId: account.newId('db').toUpperCase(),
    DBInstanceClass: input.DBInstanceClass,
    Engine: input.Engine,
    EngineVersion: input.EngineVersion ?? '16.4',
    MasterUsername: input.MasterUsername,
    DBName: input.DBName,
    AllocatedStorage: input.AllocatedStorage ?? 20,
    InstanceCreateTime: new Date(account.clock.now()),
    Endpoint: {
      Address: `${id}.simulated.${account.region}.rds.amazonaws.com`,
      Port: input.Port ?? (input.Engine?.includes('postgres') ? 5432 : 3306),
    },
    BackupRetentionPeriod: input.BackupRetentionPeriod ?? 1,
    DeletionProtection: input.DeletionProtection ?? false,
    PubliclyAccessible: input.PubliclyAccessible ?? false,
    StorageEncrypted: input.StorageEncrypted ?? false,
    ...(input.KmsKeyId === undefined ? {} : { KmsKeyId: input.KmsKeyId }),
    MultiAZ: input.MultiAZ ?? false,
    AutoMinorVersionUpgrade: input.AutoMinorVersionUpgrade ?? true,
    IAMDatabaseAuthenticationEnabled: input.EnableIAMDatabaseAuthentication ?? false,
    VpcSecurityGroups: groups(input.VpcSecurityGroupIds),
    ...(cluster === undefined ? {} : { DBClusterIdentifier: cluster }),
    CopyTagsToSnapshot: input.CopyTagsToSnapshot ?? false,
    TagList: input.Tags ?? [],
  };
  const database = { instance, pending: {}, busy: busyFor(account, 'creating') };
  instances.set(id, database);
  return { DBInstance: shown(account, database) };
}

export function describeDBInstances(account: Account, input: DescribeDBInstancesMessage): object {
  const all =
    input.DBInstanceIdentifier === undefined
      ? [...databasesOf(account).instances.values()]
      : [databaseOf(account, input.DBInstanceIdentifier)];
  return { DBInstances: all.map((one) => shown(account, one)) };
}

/**
 * Some changes hold at once, whatever was asked; others wait for the maintenance window.
 * Source: Amazon RDS User Guide, "Settings for DB instances": when the change occurs.
 */
export function modifyDBInstance(account: Account, input: ModifyDBInstanceMessage): object {
  const database = databaseOf(account, input.DBInstanceIdentifier);
  if (statusOf(account, database) !== 'available')
    throw new AwsError('InvalidDBInstanceState', 'Database instance is not in available state.');
  if (input.BackupRetentionPeriod !== undefined && !isRetention(input.BackupRetentionPeriod)) {
    const message = `Invalid backup retention period: ${input.BackupRetentionPeriod}. Must be between 0 and 35.`;
    throw new AwsError('InvalidParameterValue', message);
  }
  const before = database.instance;
  const now = {
    ...(input.PubliclyAccessible === undefined ? {} : { PubliclyAccessible: input.PubliclyAccessible }),
    ...(input.DeletionProtection === undefined ? {} : { DeletionProtection: input.DeletionProtection }),
    ...(input.AutoMinorVersionUpgrade === undefined
      ? {}
      : { AutoMinorVersionUpgrade: input.AutoMinorVersionUpgrade }),
    ...(input.CopyTagsToSnapshot === undefined ? {} : { CopyTagsToSnapshot: input.CopyTagsToSnapshot }),
    ...(input.VpcSecurityGroupIds === undefined
      ? {}
      : { VpcSecurityGroups: groups(input.VpcSecurityGroupIds) }),
    ...(input.EnableIAMDatabaseAuthentication === undefined
      ? {}
      : { IAMDatabaseAuthenticationEnabled: input.EnableIAMDatabaseAuthentication }),
  };
  const later = {
    ...(input.BackupRetentionPeriod === undefined ||
    input.BackupRetentionPeriod === before.BackupRetentionPeriod
      ? {}
      : { BackupRetentionPeriod: input.BackupRetentionPeriod }),
    ...(input.DBInstanceClass === undefined || input.DBInstanceClass === before.DBInstanceClass
      ? {}
      : { DBInstanceClass: input.DBInstanceClass }),
    ...(input.MultiAZ === undefined || input.MultiAZ === before.MultiAZ ? {} : { MultiAZ: input.MultiAZ }),
  };
  const apply = input.ApplyImmediately === true;
  const pending = apply ? { ...database.pending, ...later } : {};
  database.instance = { ...before, ...now, ...pending };
  database.pending = apply ? {} : { ...database.pending, ...later };
  if (Object.keys({ ...now, ...pending }).length > 0) database.busy = busyFor(account, 'modifying');
  return { DBInstance: shown(account, database) };
}

function shown(account: Account, database: SimulatedDatabase): DBInstance {
  return {
    ...database.instance,
    DBInstanceStatus: statusOf(account, database),
    PendingModifiedValues: database.pending,
  };
}

function groups(ids: readonly string[] | undefined) {
  return (ids ?? []).map((VpcSecurityGroupId) => ({ VpcSecurityGroupId, Status: 'active' }));
}

function isRetention(days: number): boolean {
  return Number.isInteger(days) && days >= 0 && days <= 35;
}
