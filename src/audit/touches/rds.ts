import { DB_CLUSTER_MEMBERS, DB_INSTANCE_MEMBERS } from '../rds-members.ts';
import { changed, created, deleted, type More, type Touch, type TouchTable } from './touch.ts';

const ENGINE = 'response.engine';
const PROXY = 'AWS::RDS::DBProxy';

const instance = ['response.dBInstanceIdentifier', '{request.dBInstanceIdentifier:lower}'];
const cluster = ['response.dBClusterIdentifier', '{request.dBClusterIdentifier:lower}'];
const snapshot = [
  'response.dBSnapshotArn',
  'arn:{partition}:rds:{region}:{account}:snapshot:{request.dBSnapshotIdentifier:lower}',
];
const clusterSnapshot = [
  'response.dBClusterSnapshotArn',
  'arn:{partition}:rds:{region}:{account}:cluster-snapshot:{request.dBClusterSnapshotIdentifier:lower}',
];
const instanceMembers = { of: 'request', names: DB_INSTANCE_MEMBERS };
const clusterMembers = { of: 'request', names: DB_CLUSTER_MEMBERS };

/** One API serves three services: the answer says which engine it is. */
function byEngine(kind: string, make: (type: string, more: More) => Touch): readonly Touch[] {
  return [
    make(`AWS::DocDB::${kind}`, { when: { at: ENGINE, is: ['docdb'] } }),
    make(`AWS::Neptune::${kind}`, { when: { at: ENGINE, is: ['neptune'] } }),
    make(`AWS::RDS::${kind}`, { when: { at: ENGINE, is: ['docdb', 'neptune'], not: true } }),
  ];
}

const newInstance = byEngine('DBInstance', (type, more) => created(type, instance, more));
const newCluster = byEngine('DBCluster', (type, more) => created(type, cluster, more));

/** Source: Amazon RDS User Guide, "Monitoring Amazon RDS API calls in AWS CloudTrail". */
export const RDS: TouchTable = {
  source: 'rds.amazonaws.com',
  calls: {
    CreateDBInstance: newInstance,
    CreateDBInstanceReadReplica: newInstance,
    RestoreDBInstanceFromDBSnapshot: newInstance,
    RestoreDBInstanceToPointInTime: newInstance,
    ModifyDBInstance: byEngine('DBInstance', (type, more) =>
      changed(type, instance, type.startsWith('AWS::RDS::') ? instanceMembers : [], more),
    ),
    DeleteDBInstance: byEngine('DBInstance', (type, more) => deleted(type, instance, more)),
    AddRoleToDBInstance: [changed('AWS::RDS::DBInstance', instance, ['AssociatedRoles'])],
    RemoveRoleFromDBInstance: [changed('AWS::RDS::DBInstance', instance, ['AssociatedRoles'])],
    CreateDBCluster: newCluster,
    RestoreDBClusterFromSnapshot: newCluster,
    RestoreDBClusterToPointInTime: newCluster,
    ModifyDBCluster: byEngine('DBCluster', (type, more) =>
      changed(type, cluster, type.startsWith('AWS::RDS::') ? clusterMembers : [], more),
    ),
    DeleteDBCluster: byEngine('DBCluster', (type, more) => deleted(type, cluster, more)),
    AddRoleToDBCluster: [changed('AWS::RDS::DBCluster', cluster, ['AssociatedRoles'])],
    CreateDBSnapshot: [created('AWS::RDS::DBSnapshot', snapshot)],
    ModifyDBSnapshotAttribute: [changed('AWS::RDS::DBSnapshot', snapshot)],
    DeleteDBSnapshot: [deleted('AWS::RDS::DBSnapshot', snapshot)],
    ModifyDBClusterSnapshotAttribute: [changed('AWS::RDS::ClusterSnapshot', clusterSnapshot)],
    DeleteDBClusterSnapshot: [deleted('AWS::RDS::ClusterSnapshot', clusterSnapshot)],
    ModifyDBParameterGroup: [
      changed('AWS::RDS::DBParameterGroup', '{request.dBParameterGroupName:lower}', ['Parameters']),
    ],
    ModifyDBClusterParameterGroup: [
      changed('AWS::RDS::DBClusterParameterGroup', '{request.dBClusterParameterGroupName:lower}', [
        'Parameters',
      ]),
    ],
    ModifyDBSubnetGroup: [
      changed('AWS::RDS::DBSubnetGroup', '{request.dBSubnetGroupName:lower}', ['SubnetIds']),
    ],
    CreateDBProxy: [created(PROXY, 'request.dBProxyName')],
    ModifyDBProxy: [
      changed(PROXY, ['request.newDBProxyName', 'request.dBProxyName'], {
        of: 'request',
        names: {
          requireTLS: 'RequireTLS',
          auth: 'Auth',
          debugLogging: 'DebugLogging',
          idleClientTimeout: 'IdleClientTimeout',
          roleArn: 'RoleArn',
          securityGroups: 'VpcSecurityGroupIds',
        },
      }),
    ],
    DeleteDBProxy: [deleted(PROXY, 'request.dBProxyName')],
  },
};
