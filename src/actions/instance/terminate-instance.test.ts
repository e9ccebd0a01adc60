import { describe, expect, it } from 'vitest';
import { type Acting, acting } from '../../../test/acting.ts';
import { createVolume } from '../../range/operations/volumes.ts';
import { sealEvidence } from '../evidence/seal-evidence.ts';
import { awaitSnapshots } from './await-snapshots.ts';
import { recordInstance } from './record-instance.ts';
import { snapshotVolumes } from './snapshot-volumes.ts';
import { terminateInstance } from './terminate-instance.ts';
import { verifyTerminated } from './verify-terminated.ts';

async function sealed(): Promise<Acting> {
  const world = await acting();
  const attach = { InstanceId: world.honeypot.instanceId, Device: '/dev/sdg', DeleteOnTermination: true };
  createVolume(world.account, { Size: 4, attach, tags: [], zone: 'us-east-1c' });
  for (const action of [recordInstance, snapshotVolumes, awaitSnapshots, sealEvidence])
    await world.act(action);
  return world;
}

describe('terminate-instance', () => {
  it('ends the instance, once', async () => {
    await using world = await sealed();
    expect(await world.act(terminateInstance)).toMatchObject({ status: 'done' });
    expect(await world.act(verifyTerminated)).toMatchObject({ output: { state: 'terminated' } });
    await world.act(terminateInstance, { earlierTry: 'unknown' });
    expect(world.made('TerminateInstances')).toBe(1);
  });

  it('says how each disk, and an instance like it, come back: where they were', async () => {
    await using world = await sealed();
    const lines = world.restore(terminateInstance);
    const ids = (world.output('snapshot-volumes') as { snapshotId: string }[]).map(
      ({ snapshotId }) => snapshotId,
    );
    expect(lines[0]).toBe(
      `aws ec2 create-volume --snapshot-id ${ids[0]} --availability-zone us-east-1a --volume-type gp3 --region us-east-1`,
    );
    expect(lines[2]).toContain('--availability-zone us-east-1c');
    expect(lines[3]).toMatch(
      /^aws ec2 run-instances --instance-type t3\.micro --subnet-id subnet-\w+ --security-group-ids sg-\w+ --iam-instance-profile Arn=\S+ --region us-east-1 --image-id "\$\(aws ec2 register-image .*\)"$/,
    );
    expect(lines[3]).toContain(`'DeviceName=/dev/sdf,Ebs={SnapshotId=${ids[1]}}'`);
    expect(lines).toHaveLength(4);
  });

  it('hands a person nothing that a shell would run', async () => {
    await using world = await acting();
    const instanceProfile = "arn:aws:iam::123456789012:instance-profile/$(reboot)';reboot;'/x";
    const launch = { rootDeviceName: '/dev/xvda', instanceType: 't3.micro', subnetId: 'subnet-0' };
    const volumes = [{ id: 'vol-1', device: '/dev/xvda', availabilityZone: 'us-east-1a', type: 'gp3' }];
    const recorded = {
      volumes,
      networkInterfaces: [],
      instanceProfile,
      launch: { ...launch, architecture: 'x86_64', virtualizationType: 'hvm' },
    };
    world.keep('record-instance', recorded);
    world.keep('snapshot-volumes', [{ snapshotId: 'snap-1', volumeId: 'vol-1' }]);
    expect(world.restore(terminateInstance).at(-1)).toContain(
      `'Arn=arn:aws:iam::123456789012:instance-profile/$(reboot)'\\'';reboot;'\\''/x'`,
    );
  });
});
