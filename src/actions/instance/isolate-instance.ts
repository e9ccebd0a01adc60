import type { SecurityGroup } from '@aws-sdk/client-ec2';
import type { AwsClients } from '../../aws/clients.ts';
import { awsErrorCode } from '../../aws/errors.ts';
import { toJson } from '../../model/json.ts';
import { INSTANCE } from '../../model/subject.ts';
import { type ActionContext, type ActionOutcome, defineAction, done, type UndoContext } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';
import { recordedInstance } from './record-instance.ts';

export const QUARANTINE_GROUP = 'cordon-quarantine';

export const isolateInstance = defineAction({
  name: 'isolate-instance',
  title: 'Isolate the instance',
  group: 'instance',
  subjects: [INSTANCE],
  effect: 'reversible',
  needs: ['record-instance'],
  permissions: [
    'ec2:DescribeSecurityGroups',
    'ec2:CreateSecurityGroup',
    'ec2:CreateTags',
    'ec2:RevokeSecurityGroupIngress',
    'ec2:RevokeSecurityGroupEgress',
    'ec2:ModifyNetworkInterfaceAttribute',
    'ec2:DescribeNetworkInterfaces',
  ],
  about: {
    precondition: 'the network interfaces that were recorded are still attached',
    effect: 'every network interface gets one security group without rules',
    proof: 'EC2 shows no other group on any interface',
    idempotency: 'the group has one name in a VPC, and an interface that has it is left alone',
  },
  input: NO_INPUT,
  undo: {
    kind: 'by',
    how: 'put the recorded security groups back on each network interface',
    permissions: ['ec2:ModifyNetworkInterfaceAttribute', 'ec2:DescribeNetworkInterfaces'],
    run: putGroupsBack,
  },
  plan: ({ id }) =>
    `replace the security groups of every network interface of ${id} with ${QUARANTINE_GROUP} (no rules)`,
  async run(context) {
    const { aws, subject, caseFile } = context;
    const { vpcId } = recordedInstance(context.output('record-instance'));
    const groupId = await quarantineGroup(context, vpcId);
    const before = await networkInterfaces(aws, subject.id);
    for (const { id, groupIds } of before) {
      if (isOnly(groupIds, groupId)) continue;
      await aws.ec2.modifyNetworkInterfaceAttribute({ NetworkInterfaceId: id, Groups: [groupId] });
    }
    const after = await networkInterfaces(aws, subject.id);
    const open = after.filter(({ groupIds }) => !isOnly(groupIds, groupId));
    if (open.length > 0)
      return { status: 'waiting', progress: `${open.length} network interfaces are still open` };
    caseFile.writeJson('network-interfaces-isolated.json', toJson(after));
    return done(
      { groupId, networkInterfaces: after.map(({ id }) => id) },
      `${after.map(({ id }) => id).join(', ')} in ${groupId} only, which lets nothing in or out`,
    );
  },
});

function isOnly(groupIds: readonly string[], groupId: string): boolean {
  return groupIds.length === 1 && groupIds[0] === groupId;
}

async function networkInterfaces(aws: AwsClients, instanceId: string) {
  const filters = [{ Name: 'attachment.instance-id', Values: [instanceId] }];
  const answer = await aws.ec2.describeNetworkInterfaces({ Filters: filters });
  return (answer.NetworkInterfaces ?? []).map(({ NetworkInterfaceId, Groups }) => ({
    id: NetworkInterfaceId ?? '',
    groupIds: (Groups ?? []).map(({ GroupId }) => GroupId ?? ''),
  }));
}

/** The VPC's group without rules; its name is unique in the VPC, so it is made once. */
async function quarantineGroup({ aws, incident }: ActionContext, vpcId: string): Promise<string> {
  const existing = await findGroup(aws, vpcId);
  if (existing !== undefined) return emptied(aws, existing);
  try {
    await aws.ec2.createSecurityGroup({
      GroupName: QUARANTINE_GROUP,
      Description: 'Cordon: lets nothing in or out',
      VpcId: vpcId,
      TagSpecifications: [
        { ResourceType: 'security-group', Tags: [{ Key: 'cordon:created-for', Value: incident.id }] },
      ],
    });
  } catch (error) {
    if (awsErrorCode(error) !== 'InvalidGroup.Duplicate') throw error;
  }
  const created = await findGroup(aws, vpcId);
  if (created === undefined) throw new Error(`${QUARANTINE_GROUP} was created and is not visible yet`);
  return emptied(aws, created);
}

async function findGroup(aws: AwsClients, vpcId: string): Promise<SecurityGroup | undefined> {
  const filters = [
    { Name: 'vpc-id', Values: [vpcId] },
    { Name: 'group-name', Values: [QUARANTINE_GROUP] },
  ];
  const answer = await aws.ec2.describeSecurityGroups({ Filters: filters });
  return answer.SecurityGroups?.[0];
}

/** AWS gives a new group a rule that lets everything out, and anybody may have added others. */
async function emptied(aws: AwsClients, group: SecurityGroup): Promise<string> {
  const groupId = group.GroupId ?? '';
  const { IpPermissions: inbound = [], IpPermissionsEgress: outbound = [] } = group;
  const gone = (error: unknown): void => {
    if (awsErrorCode(error) !== 'InvalidPermission.NotFound') throw error;
  };
  if (inbound.length > 0) {
    await aws.ec2.revokeSecurityGroupIngress({ GroupId: groupId, IpPermissions: inbound }).catch(gone);
  }
  if (outbound.length > 0) {
    await aws.ec2.revokeSecurityGroupEgress({ GroupId: groupId, IpPermissions: outbound }).catch(gone);
  }
  return groupId;
}

/** Only an interface that still has nothing but the quarantine group is changed: what a person did stays. */
async function putGroupsBack(context: UndoContext): Promise<ActionOutcome> {
  const { groupId } = context.undone as { readonly groupId: string };
  const recorded = recordedInstance(context.output('record-instance')).networkInterfaces;
  const now = await networkInterfaces(context.aws, context.subject.id);
  const back: string[] = [];
  for (const { id, groupIds } of recorded) {
    const current = now.find((one) => one.id === id);
    if (current === undefined || !isOnly(current.groupIds, groupId)) continue;
    await context.aws.ec2.modifyNetworkInterfaceAttribute({ NetworkInterfaceId: id, Groups: [...groupIds] });
    back.push(id);
  }
  return done(
    back,
    back.length === 0 ? 'no interface is in quarantine' : `${back.join(', ')} have their groups back`,
  );
}
