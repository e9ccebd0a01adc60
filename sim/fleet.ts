import { INSTANCE, type Subject } from '../src/model/subject.ts';
import type { Account } from '../src/range/account.ts';
import { scalingGroup } from '../src/range/autoscaling/group.ts';
import { createAutoScalingGroup } from '../src/range/autoscaling/groups.ts';
import { createHoneypot } from '../src/range/honeypot.ts';
import { runInstances } from '../src/range/operations/instances.ts';
import { createSecurityGroup } from '../src/range/operations/security-groups.ts';
import type { Random } from './random.ts';

/** The instances of an account. */
export interface Fleet {
  readonly subjects: readonly Subject[];
  /** The Auto Scaling group of an instance, and how many it was made with. */
  readonly groupOf: ReadonlyMap<string, { readonly name: string; readonly size: number }>;
  /** Instances with a tag, from the beginning. */
  readonly tagged: ReadonlySet<string>;
  /** The instance of each network interface. */
  readonly ownerOf: ReadonlyMap<string, string>;
  /** A security group that an interface may be moved to. */
  readonly otherGroup: string;
}

export const PROTECTED_TAG = 'cordon:protected';
const GROUP = 'web';

export function newFleet(account: Account, chance: Random): Fleet {
  const tagged = new Set<string>();
  const ids: string[] = [];
  const tags = (): { Key: string; Value: string }[] =>
    chance.chance(0.1) ? [{ Key: PROTECTED_TAG, Value: 'yes' }] : [];
  const honeypotTags = tags();
  const honeypot = createHoneypot(account, { tags: honeypotTags });
  if (honeypotTags.length > 0) tagged.add(honeypot.instanceId);
  ids.push(honeypot.instanceId);
  for (let more = chance.pick([0, 0, 1, 1, 2]); more > 0; more--) {
    const own = tags();
    const { Instances } = runInstances(account, {
      MinCount: 1,
      MaxCount: 1,
      SubnetId: account.subnets.keys().next().value,
      SecurityGroupIds: [honeypot.groupId],
      BlockDeviceMappings: ['/dev/xvda', '/dev/sdf', '/dev/sdg']
        .slice(0, chance.between(1, 3))
        .map((DeviceName) => ({
          DeviceName,
          Ebs: { VolumeSize: 8, DeleteOnTermination: chance.chance(0.8) },
        })),
      TagSpecifications: [{ ResourceType: 'instance', Tags: own }],
    });
    const id = Instances[0]?.InstanceId ?? '';
    if (own.length > 0) tagged.add(id);
    ids.push(id);
  }
  const groupOf = new Map<string, { name: string; size: number }>();
  if (chance.chance(0.3)) {
    const size = chance.between(2, 4);
    createAutoScalingGroup(account, {
      AutoScalingGroupName: GROUP,
      InstanceId: honeypot.instanceId,
      MinSize: 0,
      MaxSize: 6,
      DesiredCapacity: size,
    });
    for (const id of scalingGroup(account, GROUP).members.keys()) {
      groupOf.set(id, { name: GROUP, size });
      ids.push(id);
    }
  }
  const other = { GroupName: 'other', Description: 'other', VpcId: honeypot.vpcId };
  const otherGroup = createSecurityGroup(account, other).GroupId ?? '';
  const ownerOf = new Map(
    [...account.networkInterfaces].map(([id, { Attachment }]) => [id, Attachment?.InstanceId ?? '']),
  );
  const subjects = ids.map((id) => ({ type: INSTANCE, id, account: account.id, region: account.region }));
  return { subjects, groupOf, tagged, ownerOf, otherGroup };
}
