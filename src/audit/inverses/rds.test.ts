import { proveInverses } from '../../../test/inverses.ts';
import { RDS_INVERSES } from './rds.ts';

const db = { dBInstanceIdentifier: 'orders' };
const cluster = { dBClusterIdentifier: 'orders' };
const DBInstanceIdentifier = 'orders';
const RoleArn = 'arn:aws:iam::123456789012:role/export';
const role = { ...db, roleArn: RoleArn, featureName: 's3Export' };
const roleInput = { DBInstanceIdentifier, RoleArn, FeatureName: 's3Export' };
const restored = { attributeName: 'restore' };

proveInverses(RDS_INVERSES, [
  // Only what the call set, and nothing else of the instance.
  [
    'ModifyDBInstance',
    {
      request: { ...db, publiclyAccessible: true, deletionProtection: false, applyImmediately: true },
      before: { PubliclyAccessible: false, DeletionProtection: true, MultiAZ: true },
    },
    [
      [
        'rds ModifyDBInstance',
        { DBInstanceIdentifier, ApplyImmediately: true, PubliclyAccessible: false, DeletionProtection: true },
      ],
    ],
  ],
  [
    'ModifyDBInstance',
    { request: { ...db, vpcSecurityGroupIds: ['sg-open'] }, before: { VPCSecurityGroups: ['sg-1'] } },
    [
      [
        'rds ModifyDBInstance',
        { DBInstanceIdentifier, ApplyImmediately: true, VpcSecurityGroupIds: ['sg-1'] },
      ],
    ],
  ],
  [
    'ModifyDBInstance',
    {
      request: { ...db, cloudwatchLogsExportConfiguration: { disableLogTypes: ['postgresql', 'upgrade'] } },
      before: { EnableCloudwatchLogsExports: ['postgresql'] },
    },
    [
      [
        'rds ModifyDBInstance',
        {
          DBInstanceIdentifier,
          ApplyImmediately: true,
          CloudwatchLogsExportConfiguration: { EnableLogTypes: ['postgresql'] },
        },
      ],
    ],
  ],
  [
    'ModifyDBInstance',
    { request: { ...db, masterUserPassword: '****' }, before: {} },
    'none: AWS does not tell the password',
  ],
  [
    'ModifyDBInstance',
    { request: { ...db, allocatedStorage: 200 }, before: { AllocatedStorage: '100' } },
    'none: AllocatedStorage of orders only goes up',
  ],
  ['ModifyDBInstance', { request: { ...db, publiclyAccessible: true } }, 'unknown: what orders was'],
  [
    'ModifyDBInstance',
    { request: { ...db, somethingNew: true }, before: {} },
    'unknown: what ModifyDBInstance set',
  ],
  [
    'ModifyDBCluster',
    {
      request: { ...cluster, deletionProtection: false, port: 5433 },
      before: { DeletionProtection: true, Port: '5432' },
    },
    [
      [
        'rds ModifyDBCluster',
        { DBClusterIdentifier: 'orders', ApplyImmediately: true, DeletionProtection: true, Port: 5432 },
      ],
    ],
  ],
  [
    'ModifyDBSnapshotAttribute',
    { request: { dBSnapshotIdentifier: 'orders-1', ...restored, valuesToAdd: ['all'] } },
    [
      [
        'rds ModifyDBSnapshotAttribute',
        { DBSnapshotIdentifier: 'orders-1', AttributeName: 'restore', ValuesToRemove: ['all'] },
      ],
    ],
  ],
  [
    'ModifyDBClusterSnapshotAttribute',
    {
      request: {
        dBClusterSnapshotIdentifier: 'orders-1',
        ...restored,
        valuesToAdd: ['9'],
        valuesToRemove: ['1'],
      },
    },
    [
      [
        'rds ModifyDBClusterSnapshotAttribute',
        {
          DBClusterSnapshotIdentifier: 'orders-1',
          AttributeName: 'restore',
          ValuesToRemove: ['9'],
          ValuesToAdd: ['1'],
        },
      ],
    ],
  ],
  [
    'AddRoleToDBInstance',
    { request: role, before: { AssociatedRoles: [] } },
    [['rds RemoveRoleFromDBInstance', roleInput]],
  ],
  [
    'AddRoleToDBInstance',
    { request: role, before: { AssociatedRoles: [{ RoleArn }] } },
    'nothing: orders had the role',
  ],
  ['RemoveRoleFromDBInstance', { request: role }, [['rds AddRoleToDBInstance', roleInput]]],
  ['DeleteDBInstance', { request: { ...db, skipFinalSnapshot: true } }, 'none: its data are gone'],
  [
    'DeleteDBInstance',
    { request: { ...db, finalDBSnapshotIdentifier: 'last' } },
    'none: it comes back only from the snapshot last',
  ],
  ['DeleteDBCluster', { request: { ...cluster, skipFinalSnapshot: true } }, 'none: its data are gone'],
]);
