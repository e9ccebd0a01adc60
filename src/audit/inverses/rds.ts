import type { Json } from '../../model/json.ts';
import { shellWord } from '../../model/shell-word.ts';
import type { ApiCall } from '../api-call.ts';
import { isObject, listOf, memberOf, textOf, textsOf } from '../members.ts';
import { DB_CLUSTER_MEMBERS, DB_INSTANCE_MEMBERS } from '../rds-members.ts';
import type { Inverse, States, WayBack } from '../way-back.ts';
import {
  backCall,
  calls,
  linesOf,
  noBefore,
  none,
  nothing,
  notInRecord,
  stateBefore,
  unknown,
} from './inverse.ts';

const row = linesOf('rds.amazonaws.com');
const INSTANCE = 'AWS::RDS::DBInstance';
const CLUSTER = 'AWS::RDS::DBCluster';
const LOGS = 'cloudwatchLogsExportConfiguration';
const PASSWORD = 'masterUserPassword';
/** What cannot be made smaller or older again. */
const ONE_WAY = new Set(['allocatedStorage', 'engineVersion']);

/** Sets what the call set, and nothing else, to what it was; at once, for a change that waits is none yet. */
function modified(
  call: ApiCall,
  states: States,
  members: Readonly<Record<string, string>>,
  [operation, id, command]: readonly [operation: string, id: string, command: string],
): WayBack {
  const name = textOf(call.request, `${id.charAt(0).toLowerCase()}${id.slice(1)}`);
  if (name === undefined) return notInRecord(call);
  const set = Object.entries(members).filter(([member]) => (memberOf(call.request, member) ?? null) !== null);
  if (set.length === 0) return unknown(`what ${call.name} set of ${name} is not known here`);
  const before = stateBefore(states);
  const input: Record<string, Json> = { [id]: name, ApplyImmediately: true };
  const names: string[] = [];
  for (const [member, property] of set) {
    if (member === PASSWORD) continue;
    if (before === undefined) return noBefore(`what ${name} was`);
    const value = member === LOGS ? exportsBack(call.request, before) : memberOf(before, property);
    if (value === undefined) return noBefore(`${property} of ${name}`);
    if (ONE_WAY.has(member) && value !== memberOf(call.request, member))
      return none(
        `${property} of ${name} only goes up`,
        `aws rds describe-db-snapshots --db-instance-identifier ${shellWord(name)}`,
      );
    names.push(property);
    input[inputName(member)] =
      member === 'allocatedStorage' || member === 'port' || member === 'dBPortNumber' ? Number(value) : value;
  }
  if (names.length === 0)
    return none(
      'AWS does not tell the password that was there before',
      `aws rds ${command} ${shellWord(name)} --manage-master-user-password --apply-immediately`,
    );
  return calls(`set ${names.join(', ')} of ${name} as before, at once`, backCall('rds', operation, input));
}

/** `dBInstanceClass` is `DBInstanceClass` to the API. */
function inputName(member: string): string {
  return `${member.charAt(0).toUpperCase()}${member.slice(1)}`;
}

/** Logs that were turned off are turned on and the other way round, as far as it was otherwise before. */
function exportsBack(request: Json, before: Json): Json | undefined {
  const had = new Set(textsOf(before, 'EnableCloudwatchLogsExports'));
  const EnableLogTypes = textsOf(request, `${LOGS}.disableLogTypes`).filter((type) => had.has(type));
  const DisableLogTypes = textsOf(request, `${LOGS}.enableLogTypes`).filter((type) => !had.has(type));
  return {
    ...(EnableLogTypes.length === 0 ? {} : { EnableLogTypes }),
    ...(DisableLogTypes.length === 0 ? {} : { DisableLogTypes }),
  };
}

function shared(name: string, type: string, id: string): Inverse {
  return row(name, type, [`rds:${name}`], (call) => {
    const snapshot = textOf(call.request, `${id.charAt(0).toLowerCase()}${id.slice(1)}`);
    const AttributeName = textOf(call.request, 'attributeName');
    const added = textsOf(call.request, 'valuesToAdd');
    const removed = textsOf(call.request, 'valuesToRemove');
    if (snapshot === undefined || AttributeName === undefined || added.length + removed.length === 0)
      return notInRecord(call);
    const does = [
      ...(added.length === 0 ? [] : [`no longer share ${snapshot} with ${added.join(', ')}`]),
      ...(removed.length === 0 ? [] : [`share ${snapshot} with ${removed.join(', ')} again`]),
    ];
    return calls(
      does.join(' and '),
      backCall('rds', name, {
        [id]: snapshot,
        AttributeName,
        ...(added.length === 0 ? {} : { ValuesToRemove: added }),
        ...(removed.length === 0 ? {} : { ValuesToAdd: removed }),
      }),
    );
  });
}

function lost(name: string, type: string, command: string): Inverse {
  return row(name, type, [], (call) => {
    const final =
      textOf(call.request, 'finalDBSnapshotIdentifier') ?? textOf(call.request, 'finalSnapshotIdentifier');
    return none(
      final === undefined
        ? 'its data are gone, unless there is a snapshot'
        : `it comes back only from the snapshot ${final}`,
      command.replace('SNAPSHOT', shellWord(final ?? 'SNAPSHOT')),
    );
  });
}

function rolesBack(name: string, operation: string, does: string, already: readonly string[]): Inverse {
  return row(
    name,
    INSTANCE,
    [`rds:${operation}`, ...(does === 'add' ? ['iam:PassRole'] : [])],
    (call, states) => {
      const DBInstanceIdentifier = textOf(call.request, 'dBInstanceIdentifier');
      const RoleArn = textOf(call.request, 'roleArn');
      const FeatureName = textOf(call.request, 'featureName');
      if (DBInstanceIdentifier === undefined || RoleArn === undefined || FeatureName === undefined)
        return notInRecord(call);
      const had = listOf(stateBefore(states), 'AssociatedRoles')
        .filter(isObject)
        .some((one) => one.RoleArn === RoleArn);
      if (had && does !== 'add') return nothing(`${DBInstanceIdentifier} had the role ${RoleArn} before`);
      return calls(
        `${does} the role ${RoleArn} ${does === 'add' ? 'to' : 'from'} ${DBInstanceIdentifier}`,
        backCall('rds', operation, { DBInstanceIdentifier, RoleArn, FeatureName }, already),
      );
    },
  );
}

export const RDS_INVERSES: readonly Inverse[] = [
  row('ModifyDBInstance', INSTANCE, ['rds:ModifyDBInstance', 'iam:PassRole'], (call, states) =>
    modified(call, states, DB_INSTANCE_MEMBERS, [
      'ModifyDBInstance',
      'DBInstanceIdentifier',
      'modify-db-instance --db-instance-identifier',
    ]),
  ),
  row('ModifyDBCluster', CLUSTER, ['rds:ModifyDBCluster'], (call, states) =>
    modified(call, states, DB_CLUSTER_MEMBERS, [
      'ModifyDBCluster',
      'DBClusterIdentifier',
      'modify-db-cluster --db-cluster-identifier',
    ]),
  ),
  shared('ModifyDBSnapshotAttribute', 'AWS::RDS::DBSnapshot', 'DBSnapshotIdentifier'),
  shared('ModifyDBClusterSnapshotAttribute', 'AWS::RDS::ClusterSnapshot', 'DBClusterSnapshotIdentifier'),
  rolesBack('AddRoleToDBInstance', 'RemoveRoleFromDBInstance', 'remove', [
    'DBInstanceRoleNotFound',
    'DBInstanceRoleNotFoundFault',
  ]),
  rolesBack('RemoveRoleFromDBInstance', 'AddRoleToDBInstance', 'add', [
    'DBInstanceRoleAlreadyExists',
    'DBInstanceRoleAlreadyExistsFault',
  ]),
  lost(
    'DeleteDBInstance',
    INSTANCE,
    'aws rds restore-db-instance-from-db-snapshot --db-instance-identifier NAME --db-snapshot-identifier SNAPSHOT',
  ),
  lost(
    'DeleteDBCluster',
    CLUSTER,
    'aws rds restore-db-cluster-from-snapshot --db-cluster-identifier NAME --engine ENGINE --snapshot-identifier SNAPSHOT',
  ),
];
