import { putTags } from '../src/range/account.ts';
import {
  startInstances,
  stopInstances,
  terminateInstances,
} from '../src/range/operations/instance-states.ts';
import { groupIdentifiers } from '../src/range/operations/network-interfaces.ts';
import { authorize } from '../src/range/operations/security-groups.ts';
import { createVolume } from '../src/range/operations/volumes.ts';
import { PROTECTED_TAG } from './fleet.ts';
import type { World } from './world.ts';

/** Somebody else, or another program, does something in the account. */
export function meddle(world: World): void {
  const { chance, range, scheduler, fleet } = world;
  const { account } = range;
  const { id } = chance.pick(fleet.subjects);
  const simulated = account.instances.get(id);
  if (simulated === undefined) return;
  const volumes = [...account.volumes.values()].filter(({ Attachments }) =>
    Attachments?.some(({ InstanceId }) => InstanceId === id),
  );
  const interfaces = [...account.networkInterfaces.values()].filter(
    ({ Attachment }) => Attachment?.InstanceId === id,
  );
  const acts: readonly (readonly [weight: number, what: string, act: () => void])[] = [
    [2, `stops ${id}`, () => stopInstances(account, { InstanceIds: [id] })],
    [1, `starts ${id}`, () => startInstances(account, { InstanceIds: [id] })],
    [1, `terminates ${id}`, () => terminateInstances(account, { InstanceIds: [id] })],
    [1, `protects ${id} from termination`, () => Object.assign(simulated, { terminationProtected: true })],
    [1, `tags ${id} as protected`, () => putTags(account, id, [{ Key: PROTECTED_TAG, Value: 'now' }])],
    [
      2,
      `attaches a volume to ${id}`,
      () => {
        const attach = { InstanceId: id, Device: '/dev/sdz', DeleteOnTermination: chance.chance(0.5) };
        const { VolumeId = '' } = createVolume(account, { Size: 1, attach, tags: [] });
        world.attachedAt.set(VolumeId, scheduler.turns());
      },
    ],
    [
      1,
      `detaches a volume from ${id}`,
      () => {
        const volume = volumes.at(-1);
        if (volume !== undefined) Object.assign(volume, { Attachments: [], State: 'available' });
      },
    ],
    [
      3,
      `breaks or mends the key of a volume of ${id}`,
      () => {
        const volumeId = chance.pick(volumes.length > 0 ? volumes : [{ VolumeId: '' }]).VolumeId ?? '';
        if (!account.failingVolumes.delete(volumeId)) account.failingVolumes.add(volumeId);
      },
    ],
    [
      2,
      `moves an interface of ${id} to another group`,
      () => {
        for (const one of interfaces) {
          one.Groups = groupIdentifiers(account, [fleet.otherGroup]);
          world.meddledWith.add(one.NetworkInterfaceId ?? '');
        }
      },
    ],
    [
      1,
      'opens the quarantine group',
      () => {
        const group = [...account.securityGroups.values()].find(({ name }) => name === 'cordon-quarantine');
        if (group === undefined) return;
        const IpPermissions = [
          { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
        ];
        authorize('ingress')(account, { GroupId: group.groupId, IpPermissions });
      },
    ],
  ];
  const [what, act] = chance.weighted(
    acts.map(([weight, name, run]) => [weight, [name, run] as const] as const),
  );
  try {
    act();
    scheduler.note(`somebody ${what}`);
  } catch (error) {
    scheduler.note(`somebody ${what}: ${(error as Error).message}`);
  }
}
