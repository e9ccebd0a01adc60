import { changedKeys } from '../../cloudformation/compare.ts';
import { perform } from '../../perform.ts';
import { databasesOf } from '../../rds/database.ts';
import { RDS } from '../../rds/service.ts';
import { pick, present } from '../changes.ts';
import { type CfnTag, type Properties, type ResourceType, tagProperty } from '../resource-type.ts';

/** Under the same name in the API. */
const TEXTS = [
  'DBInstanceClass',
  'DBName',
  'Engine',
  'EngineVersion',
  'KmsKeyId',
  'MasterUsername',
  'DBClusterIdentifier',
];
const NUMBERS = ['AllocatedStorage', 'BackupRetentionPeriod', 'Port'];
const FLAGS = [
  'AutoMinorVersionUpgrade',
  'CopyTagsToSnapshot',
  'DeletionProtection',
  'EnableIAMDatabaseAuthentication',
  'MultiAZ',
  'PubliclyAccessible',
  'StorageEncrypted',
];
const CHANGEABLE = [
  'AutoMinorVersionUpgrade',
  'BackupRetentionPeriod',
  'CopyTagsToSnapshot',
  'DBInstanceClass',
  'DeletionProtection',
  'EnableIAMDatabaseAuthentication',
  'MasterUserPassword',
  'MultiAZ',
  'PubliclyAccessible',
  'VPCSecurityGroups',
];
/** What holds where a template says nothing. Source: Amazon RDS API Reference, "CreateDBInstance". */
const DEFAULTS: Properties = {
  AutoMinorVersionUpgrade: true,
  BackupRetentionPeriod: 1,
  CopyTagsToSnapshot: false,
  DeletionProtection: false,
  EnableIAMDatabaseAuthentication: false,
  MultiAZ: false,
  PubliclyAccessible: false,
};

/** Source: AWS CloudFormation Template Reference, "AWS::RDS::DBInstance". */
export const DB_INSTANCE: ResourceType = {
  replacement: [
    'DBInstanceIdentifier',
    'DBName',
    'Engine',
    'MasterUsername',
    'StorageEncrypted',
    'KmsKeyId',
    'DBClusterIdentifier',
  ],
  readOnly: ['DBInstanceArn', 'DbiResourceId', 'Endpoint', 'InstanceCreateTime'],
  writeOnly: ['MasterUserPassword'],
  name: 'DBInstanceIdentifier',
  create(account, properties, newName) {
    const DBInstanceIdentifier = String(properties.DBInstanceIdentifier ?? newName).toLowerCase();
    const { Tags } = properties;
    perform(account, RDS, 'CreateDBInstance', {
      DBInstanceIdentifier,
      ...inputOf(properties),
      ...present({ Tags }),
    });
    available(account, DBInstanceIdentifier);
    const { DBInstanceArn, DbiResourceId, Endpoint } = this.read?.(account, DBInstanceIdentifier) ?? {};
    const { Address, Port } = Endpoint as Record<string, string>;
    return {
      physicalId: DBInstanceIdentifier,
      attributes: { DBInstanceArn, DbiResourceId, 'Endpoint.Address': Address, 'Endpoint.Port': Port },
    };
  },
  update(account, DBInstanceIdentifier, after, before) {
    const changed = changedKeys(before, after).filter((name) => CHANGEABLE.includes(name));
    if (changed.length === 0) return;
    const wanted = { ...DEFAULTS, ...present(after) };
    perform(account, RDS, 'ModifyDBInstance', {
      DBInstanceIdentifier,
      ...inputOf(pick(wanted, changed)),
      ApplyImmediately: true,
    });
    available(account, DBInstanceIdentifier);
  },
  delete(account, DBInstanceIdentifier) {
    perform(account, RDS, 'DeleteDBInstance', { DBInstanceIdentifier, SkipFinalSnapshot: true });
  },
  read(account, id): Properties | undefined {
    if (!databasesOf(account).instances.has(id.toLowerCase())) return undefined;
    const { DBInstances } = perform<{ DBInstances: Record<string, unknown>[] }>(
      account,
      RDS,
      'DescribeDBInstances',
      {
        DBInstanceIdentifier: id,
      },
    );
    const [found = {}] = DBInstances;
    const { Address, Port } = found.Endpoint as { Address: string; Port: number };
    return present({
      ...pick(found, [...TEXTS, ...FLAGS, 'BackupRetentionPeriod', 'DBInstanceArn', 'DbiResourceId']),
      DBInstanceIdentifier: id,
      AllocatedStorage: String(found.AllocatedStorage),
      EnableIAMDatabaseAuthentication: found.IAMDatabaseAuthenticationEnabled,
      VPCSecurityGroups: (found.VpcSecurityGroups as { VpcSecurityGroupId: string }[]).map(
        ({ VpcSecurityGroupId }) => VpcSecurityGroupId,
      ),
      Port: String(Port),
      Endpoint: { Address, Port: String(Port) },
      ...tagProperty((found.TagList ?? []) as CfnTag[]),
    });
  },
  list: (account) => [...databasesOf(account).instances.keys()],
};

/** CloudFormation waits until RDS has done what it was asked. */
function available(account: Parameters<typeof databasesOf>[0], id: string): void {
  const database = databasesOf(account).instances.get(id);
  if (database !== undefined) database.busy = undefined;
}

function inputOf(properties: Properties): Properties {
  const { VPCSecurityGroups, MasterUserPassword } = properties;
  const numbers = Object.entries(pick(properties, NUMBERS)).map(([name, value]) => [name, Number(value)]);
  const flags = Object.entries(pick(properties, FLAGS)).map(([name, value]) => [
    name,
    value === true || value === 'true',
  ]);
  return {
    ...pick(properties, TEXTS),
    ...Object.fromEntries(numbers),
    ...Object.fromEntries(flags),
    ...present({ VpcSecurityGroupIds: VPCSecurityGroups, MasterUserPassword }),
  };
}
