import { z } from 'zod';
import type { AwsClients } from '../../aws/clients.ts';
import { toJson } from '../../model/json.ts';
import { INSTANCE } from '../../model/subject.ts';
import { type ActionOutcome, defineAction, done, type UndoContext } from '../action.ts';
import { deleteGroup, findOpenGroup, openGroup, QUARANTINE_GROUP, quarantineGroup } from './quarantine.ts';
import { recordedInstance } from './record-instance.ts';

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
    'ec2:AuthorizeSecurityGroupIngress',
    'ec2:AuthorizeSecurityGroupEgress',
    'ec2:RevokeSecurityGroupIngress',
    'ec2:RevokeSecurityGroupEgress',
    'ec2:DeleteSecurityGroup',
    'ec2:ModifyNetworkInterfaceAttribute',
    'ec2:DescribeNetworkInterfaces',
  ],
  about: {
    precondition: 'the network interfaces that were recorded are still attached',
    effect:
      'every network interface gets, for a moment, a group that lets everything through, so that its connections are no longer tracked, and then one group without rules, which ends them; those that EC2 always tracks, such as through a NAT gateway, can last until they are idle',
    proof: 'EC2 shows no other group on any interface',
    idempotency: 'the groups have one name in a VPC, and an interface that is in quarantine is left alone',
  },
  input: z.strictObject({
    untrack: z
      .boolean()
      .default(true)
      .describe('Ends connections that are open, by way of a group that lets everything through'),
  }),
  undo: {
    kind: 'by',
    how: 'put the recorded security groups back on each network interface',
    permissions: ['ec2:ModifyNetworkInterfaceAttribute', 'ec2:DescribeNetworkInterfaces'],
    run: putGroupsBack,
  },
  plan: ({ id }) =>
    `replace the security groups of every network interface of ${id} with ${QUARANTINE_GROUP} (no rules), and end its open connections`,
  async run(context) {
    const { aws, subject, input, caseFile } = context;
    const { vpcId } = recordedInstance(context.output('record-instance'));
    const groupId = await quarantineGroup(context, vpcId);
    const before = await networkInterfaces(aws, subject.id);
    const free = before.filter(({ groupIds }) => !isOnly(groupIds, groupId));
    // A playbook's runner of before may hand on no defaults.
    if (free.length > 0 && input.untrack !== false) {
      const untracked = await openGroup(context, vpcId);
      const tracked = free.filter(({ groupIds }) => !isOnly(groupIds, untracked));
      await putIn(aws, tracked, untracked);
    }
    await putIn(aws, free, groupId);
    const after = await networkInterfaces(aws, subject.id);
    const open = after.filter(({ groupIds }) => !isOnly(groupIds, groupId));
    if (open.length > 0)
      return { status: 'waiting', progress: `${open.length} network interfaces are still open` };
    const left = await findOpenGroup(context, vpcId);
    if (left !== undefined && !(await deleteGroup(aws, left)))
      return { status: 'waiting', progress: `isolated; ${left} cannot be deleted yet` };
    caseFile.writeJson('network-interfaces-isolated.json', toJson(after));
    return done(
      { groupId, networkInterfaces: after.map(({ id }) => id) },
      `${after.map(({ id }) => id).join(', ')} in ${groupId} only, which lets nothing in or out`,
    );
  },
});

interface InterfaceGroups {
  readonly id: string;
  readonly groupIds: readonly string[];
}

function isOnly(groupIds: readonly string[], groupId: string): boolean {
  return groupIds.length === 1 && groupIds[0] === groupId;
}

async function putIn(
  aws: AwsClients,
  interfaces: readonly InterfaceGroups[],
  groupId: string,
): Promise<void> {
  for (const { id } of interfaces)
    await aws.ec2.modifyNetworkInterfaceAttribute({ NetworkInterfaceId: id, Groups: [groupId] });
}

async function networkInterfaces(aws: AwsClients, instanceId: string): Promise<InterfaceGroups[]> {
  const filters = [{ Name: 'attachment.instance-id', Values: [instanceId] }];
  const answer = await aws.ec2.describeNetworkInterfaces({ Filters: filters });
  return (answer.NetworkInterfaces ?? []).map(({ NetworkInterfaceId, Groups }) => ({
    id: NetworkInterfaceId ?? '',
    groupIds: (Groups ?? []).map(({ GroupId }) => GroupId ?? ''),
  }));
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
