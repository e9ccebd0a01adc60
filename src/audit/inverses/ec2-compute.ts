import type { Json } from '../../model/json.ts';
import { shellWord } from '../../model/shell-word.ts';
import type { ApiCall } from '../api-call.ts';
import { listOf, memberOf, present, textOf, textsOf } from '../members.ts';
import type { BackCall, Inverse, States, WayBack } from '../way-back.ts';
import { backCall, calls, linesOf, noBefore, none, nothing, notInRecord, stateBefore } from './inverse.ts';

const row = linesOf('ec2.amazonaws.com');
const INSTANCE = 'AWS::EC2::Instance';
const IMAGE = 'AWS::EC2::Image';
const SNAPSHOT = 'AWS::EC2::Snapshot';
const BLOCK = 'AWS::EC2::SnapshotBlockPublicAccess';
const KEY_PAIR = 'AWS::EC2::KeyPair';

/** Attributes that EC2 changes while an instance runs. */
const RUNNING: Readonly<Record<string, string>> = {
  disableApiTermination: 'DisableApiTermination',
  groupSet: 'SecurityGroupIds',
  instanceInitiatedShutdownBehavior: 'InstanceInitiatedShutdownBehavior',
  sourceDestCheck: 'SourceDestCheck',
};
/** It changes these of a stopped one only. */
const STOPPED: Readonly<Record<string, string>> = {
  ebsOptimized: 'EbsOptimized',
  instanceType: 'InstanceType',
  userData: 'UserData',
};

function modifiedInstance(call: ApiCall, states: States): WayBack {
  const InstanceId = textOf(call.request, 'instanceId');
  if (InstanceId === undefined) return notInRecord(call);
  const set = (names: Readonly<Record<string, string>>): [string, string][] =>
    Object.entries(names).filter(([member]) => memberOf(call.request, member) !== undefined);
  const [stopped] = set(STOPPED);
  if (stopped !== undefined) {
    const id = shellWord(InstanceId);
    return none(
      `${stopped[1]} is changed only of an instance that is stopped`,
      `aws ec2 stop-instances --instance-ids ${id}`,
      `aws ec2 modify-instance-attribute --instance-id ${id} --attribute ${stopped[0]} --value VALUE`,
      `aws ec2 start-instances --instance-ids ${id}`,
    );
  }
  const before = stateBefore(states);
  const back: BackCall[] = [];
  for (const [, property] of set(RUNNING)) {
    const value = memberOf(before, property);
    if (value === undefined || value === null) return noBefore(`${property} of ${InstanceId}`);
    const input = property === 'SecurityGroupIds' ? { Groups: value } : { [property]: { Value: value } };
    back.push(backCall('ec2', 'ModifyInstanceAttribute', { InstanceId, ...input }));
  }
  const names = set(RUNNING).map(([, property]) => property);
  return back.length === 0
    ? notInRecord(call)
    : calls(`put ${names.join(', ')} of ${InstanceId} back as before`, ...back);
}

function modifiedMetadata(call: ApiCall, states: States): WayBack {
  const request = memberOf(call.request, 'ModifyInstanceMetadataOptionsRequest') ?? call.request;
  const InstanceId = textOf(request, 'InstanceId') ?? textOf(request, 'instanceId');
  if (InstanceId === undefined) return notInRecord(call);
  const names = [
    'HttpTokens',
    'HttpEndpoint',
    'HttpPutResponseHopLimit',
    'HttpProtocolIpv6',
    'InstanceMetadataTags',
  ];
  const set = names.filter(
    (name) => memberOf(request, name) !== undefined || memberOf(request, `h${name.slice(1)}`) !== undefined,
  );
  if (set.length === 0) return notInRecord(call);
  const options = memberOf(stateBefore(states), 'MetadataOptions');
  const values = set.map((name) => [name, memberOf(options, name)] as const);
  if (values.some(([, value]) => value === undefined))
    return noBefore(`the metadata options of ${InstanceId}`);
  return calls(
    `set ${values.map(([name, value]) => `${name} to ${value}`).join(', ')} of ${InstanceId} again`,
    backCall('ec2', 'ModifyInstanceMetadataOptions', { InstanceId, ...present(Object.fromEntries(values)) }),
  );
}

/** Who was given something to a snapshot or an image, as EC2 writes it in the record. */
const GRANTEES: Readonly<Record<string, string>> = {
  userId: 'UserId',
  group: 'Group',
  organizationArn: 'OrganizationArn',
  organizationalUnitArn: 'OrganizationalUnitArn',
};

function grantees(list: Json | undefined): { readonly [member: string]: string }[] {
  return listOf(list, 'items').flatMap((item) =>
    Object.entries(GRANTEES).flatMap(([member, name]) => {
      const value = textOf(item, member);
      return value === undefined ? [] : [{ [name]: value }];
    }),
  );
}

/** Whether a grantee had it before; nothing where the state does not tell. */
function hadIt(
  before: Json | undefined,
  { Group, UserId }: { readonly [member: string]: string },
): boolean | undefined {
  const isPublic = memberOf(before, 'Public');
  if (Group === 'all' && typeof isPublic === 'boolean') return isPublic;
  if (UserId !== undefined && memberOf(before, 'AccountIds') !== undefined)
    return textsOf(before, 'AccountIds').includes(UserId);
  return undefined;
}

/** Exactly who was added is removed, and who was removed is added; who had it before keeps it. */
function shared(name: string, type: string, id: string, member: string): Inverse {
  return row(name, type, [`ec2:${name}`], (call, states) => {
    const what = textOf(call.request, id);
    const permission = memberOf(call.request, member);
    const added = grantees(memberOf(permission, 'add'));
    const removed = grantees(memberOf(permission, 'remove'));
    if (what === undefined || added.length + removed.length === 0) return notInRecord(call);
    const before = stateBefore(states);
    const Remove = added.filter((one) => hadIt(before, one) !== true);
    const Add = removed.filter((one) => hadIt(before, one) !== false);
    if (Remove.length + Add.length === 0) return nothing(`who may use ${what} was the same before`);
    const list = (all: readonly { readonly [member: string]: string }[]) =>
      all.flatMap((one) => Object.values(one)).join(', ');
    const does = [
      ...(Remove.length === 0 ? [] : [`no longer share ${what} with ${list(Remove)}`]),
      ...(Add.length === 0 ? [] : [`share ${what} with ${list(Add)} again`]),
    ];
    const input = present({
      Remove: Remove.length === 0 ? undefined : Remove,
      Add: Add.length === 0 ? undefined : Add,
    });
    return calls(
      does.join(' and '),
      backCall('ec2', name, { [upperFirst(id)]: what, [upperFirst(member)]: input }),
    );
  });
}

function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

const ASSOCIATION = 'iamInstanceProfileAssociation';

function profileBack(call: ApiCall, { before }: States, operation: string): WayBack {
  const association = memberOf(call.response, `${call.name}Response.${ASSOCIATION}`);
  const AssociationId = textOf(association, 'associationId');
  const InstanceId = textOf(association, 'instanceId');
  const Name = textOf(before, 'IamInstanceProfile');
  if (AssociationId === undefined || InstanceId === undefined) return notInRecord(call);
  if (Name === undefined) return noBefore(`the instance profile of ${InstanceId}`);
  const target = operation.startsWith('Replace') ? { AssociationId } : { InstanceId };
  return calls(
    `give ${InstanceId} the instance profile ${Name} back`,
    backCall('ec2', operation, { ...target, IamInstanceProfile: { Name } }),
  );
}

function blockedSharing(name: string): Inverse {
  const permissions = ['ec2:EnableSnapshotBlockPublicAccess', 'ec2:DisableSnapshotBlockPublicAccess'];
  return row(name, BLOCK, permissions, (_, states) => {
    const State = textOf(stateBefore(states), 'State');
    if (State === undefined && states.before !== null)
      return noBefore('whether snapshots could be shared with everybody');
    return State === undefined || State === 'unblocked'
      ? calls(
          'no longer block public sharing of snapshots',
          backCall('ec2', 'DisableSnapshotBlockPublicAccess', {}),
        )
      : calls(
          `set ${State} for snapshots again`,
          backCall('ec2', 'EnableSnapshotBlockPublicAccess', { State }),
        );
  });
}

function keyPairBack(name: string): Inverse {
  return row(name, KEY_PAIR, ['ec2:DeleteKeyPair'], (call) => {
    const KeyPairId = textOf(call.response, 'keyPairId');
    if (KeyPairId === undefined) return notInRecord(call);
    return calls(
      `delete the key pair ${KeyPairId}; an instance that was launched with it keeps its key`,
      backCall('ec2', 'DeleteKeyPair', { KeyPairId }, ['InvalidKeyPair.NotFound']),
    );
  });
}

/** Instances, and who may use snapshots and images. */
export const EC2_COMPUTE_INVERSES: readonly Inverse[] = [
  row('ModifyInstanceAttribute', INSTANCE, ['ec2:ModifyInstanceAttribute'], modifiedInstance),
  row('ModifyInstanceMetadataOptions', INSTANCE, ['ec2:ModifyInstanceMetadataOptions'], modifiedMetadata),
  row('AssociateIamInstanceProfile', INSTANCE, ['ec2:DisassociateIamInstanceProfile'], (call) => {
    const association = memberOf(call.response, `AssociateIamInstanceProfileResponse.${ASSOCIATION}`);
    const AssociationId = textOf(association, 'associationId');
    if (AssociationId === undefined) return notInRecord(call);
    return calls(
      `take the instance profile from ${textOf(association, 'instanceId') ?? 'the instance'}`,
      backCall('ec2', 'DisassociateIamInstanceProfile', { AssociationId }, ['InvalidAssociationID.NotFound']),
    );
  }),
  row(
    'ReplaceIamInstanceProfileAssociation',
    INSTANCE,
    ['ec2:ReplaceIamInstanceProfileAssociation', 'iam:PassRole'],
    (call, states) => profileBack(call, states, 'ReplaceIamInstanceProfileAssociation'),
  ),
  row(
    'DisassociateIamInstanceProfile',
    INSTANCE,
    ['ec2:AssociateIamInstanceProfile', 'iam:PassRole'],
    (call, states) => profileBack(call, states, 'AssociateIamInstanceProfile'),
  ),
  row('TerminateInstances', INSTANCE, [], () =>
    none(
      'an instance that is terminated does not come back',
      'aws ec2 describe-snapshots --owner-ids self',
      'aws ec2 run-instances --launch-template LaunchTemplateId=ID',
    ),
  ),
  shared('ModifySnapshotAttribute', SNAPSHOT, 'snapshotId', 'createVolumePermission'),
  shared('ModifyImageAttribute', IMAGE, 'imageId', 'launchPermission'),
  row('DeleteSnapshot', SNAPSHOT, [], (call) =>
    none(
      'a snapshot comes back only from the Recycle Bin',
      `aws ec2 restore-snapshot-from-recycle-bin --snapshot-id ${shellWord(textOf(call.request, 'snapshotId') ?? 'ID')}`,
    ),
  ),
  row('DeregisterImage', IMAGE, [], (call) =>
    none(
      'an image comes back only from the Recycle Bin',
      `aws ec2 restore-image-from-recycle-bin --image-id ${shellWord(textOf(call.request, 'imageId') ?? 'ID')}`,
    ),
  ),
  blockedSharing('DisableSnapshotBlockPublicAccess'),
  blockedSharing('EnableSnapshotBlockPublicAccess'),
  keyPairBack('CreateKeyPair'),
  keyPairBack('ImportKeyPair'),
];
