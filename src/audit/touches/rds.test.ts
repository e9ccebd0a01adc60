import { proveTouches } from '../../../test/touches.ts';
import { RDS } from './rds.ts';

const DB = 'AWS::RDS::DBInstance orders';
const CLUSTER = 'AWS::RDS::DBCluster orders';
const SNAPSHOT = 'AWS::RDS::DBSnapshot arn:aws:rds:eu-west-1:123456789012:snapshot:orders-1';
const CLUSTER_SNAPSHOT =
  'AWS::RDS::ClusterSnapshot arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:orders-1';
const PROXY = 'AWS::RDS::DBProxy orders';
const db = { dBInstanceIdentifier: 'orders' };
const cluster = { dBClusterIdentifier: 'orders' };
const answer = { ...db, engine: 'postgres', dBInstanceStatus: 'modifying', publiclyAccessible: false };
const clusterAnswer = { ...cluster, engine: 'aurora-postgresql', status: 'available' };
const snapshot = { dBSnapshotIdentifier: 'orders-1' };
const clusterSnapshot = { dBClusterSnapshotIdentifier: 'orders-1' };
const shared = { attributeName: 'restore', valuesToAdd: ['all'] };
const parameters = {
  parameters: [{ isModifiable: false, applyMethod: 'immediate', parameterName: 'rds.force_ssl' }],
};
const role = { roleArn: 'arn:aws:iam::123456789012:role/export', featureName: 's3Export' };
const proxy = { dBProxyName: 'orders' };

proveTouches(RDS, [
  ['CreateDBInstance', { dBInstanceIdentifier: 'Orders', engine: 'postgres' }, answer, `created ${DB}`],
  ['CreateDBInstanceReadReplica', { ...db, sourceDBInstanceIdentifier: 'main' }, answer, `created ${DB}`],
  [
    'RestoreDBInstanceFromDBSnapshot',
    { ...db, ...snapshot, publiclyAccessible: true },
    answer,
    `created ${DB}`,
  ],
  ['RestoreDBInstanceToPointInTime', { targetDBInstanceIdentifier: 'orders' }, answer, `created ${DB}`],
  [
    'ModifyDBInstance',
    { ...db, publiclyAccessible: true, applyImmediately: true, allowMajorVersionUpgrade: false },
    { ...answer, pendingModifiedValues: { publiclyAccessible: true } },
    `changed ${DB} [PubliclyAccessible]`,
  ],
  ['ModifyDBInstance', { dBInstanceIdentifier: 'Orders', newThing: 1 }, null, `changed ${DB}`],
  [
    'ModifyDBInstance',
    { dBInstanceIdentifier: 'docs-1', autoMinorVersionUpgrade: false },
    { dBInstanceIdentifier: 'docs-1', engine: 'docdb' },
    'changed AWS::DocDB::DBInstance docs-1',
  ],
  ['DeleteDBInstance', { ...db, skipFinalSnapshot: true }, answer, `deleted ${DB}`],
  ['AddRoleToDBInstance', { ...db, ...role }, null, `changed ${DB} [AssociatedRoles]`],
  ['RemoveRoleFromDBInstance', { ...db, ...role }, null, `changed ${DB} [AssociatedRoles]`],
  ['CreateDBCluster', { ...cluster, engine: 'aurora-postgresql' }, clusterAnswer, `created ${CLUSTER}`],
  [
    'CreateDBCluster',
    { dBClusterIdentifier: 'graph', engine: 'neptune' },
    { dBClusterIdentifier: 'graph', engine: 'neptune' },
    'created AWS::Neptune::DBCluster graph',
  ],
  [
    'RestoreDBClusterFromSnapshot',
    { ...cluster, snapshotIdentifier: 's' },
    clusterAnswer,
    `created ${CLUSTER}`,
  ],
  ['RestoreDBClusterToPointInTime', cluster, clusterAnswer, `created ${CLUSTER}`],
  [
    'ModifyDBCluster',
    { ...cluster, deletionProtection: false },
    clusterAnswer,
    `changed ${CLUSTER} [DeletionProtection]`,
  ],
  ['DeleteDBCluster', { ...cluster, skipFinalSnapshot: true }, clusterAnswer, `deleted ${CLUSTER}`],
  ['AddRoleToDBCluster', { ...cluster, ...role }, null, `changed ${CLUSTER} [AssociatedRoles]`],
  [
    'CreateDBSnapshot',
    { ...snapshot, ...db },
    { ...snapshot, dBSnapshotArn: SNAPSHOT.split(' ')[1] ?? '' },
    `created ${SNAPSHOT}`,
  ],
  ['ModifyDBSnapshotAttribute', { ...snapshot, ...shared }, { ...snapshot }, `changed ${SNAPSHOT}`],
  ['DeleteDBSnapshot', snapshot, null, `deleted ${SNAPSHOT}`],
  [
    'ModifyDBClusterSnapshotAttribute',
    { ...clusterSnapshot, ...shared },
    null,
    `changed ${CLUSTER_SNAPSHOT}`,
  ],
  ['DeleteDBClusterSnapshot', clusterSnapshot, null, `deleted ${CLUSTER_SNAPSHOT}`],
  [
    'ModifyDBParameterGroup',
    { dBParameterGroupName: 'Orders-PG16', ...parameters },
    { dBParameterGroupName: 'orders-pg16' },
    'changed AWS::RDS::DBParameterGroup orders-pg16 [Parameters]',
  ],
  [
    'ModifyDBClusterParameterGroup',
    { dBClusterParameterGroupName: 'orders-aurora', ...parameters },
    null,
    'changed AWS::RDS::DBClusterParameterGroup orders-aurora [Parameters]',
  ],
  [
    'ModifyDBSubnetGroup',
    { dBSubnetGroupName: 'orders', subnetIds: ['subnet-1', 'subnet-2'] },
    null,
    'changed AWS::RDS::DBSubnetGroup orders [SubnetIds]',
  ],
  ['CreateDBProxy', { ...proxy, engineFamily: 'POSTGRESQL', requireTLS: true }, null, `created ${PROXY}`],
  ['ModifyDBProxy', { ...proxy, requireTLS: false }, null, `changed ${PROXY} [RequireTLS]`],
  ['DeleteDBProxy', proxy, null, `deleted ${PROXY}`],
]);
