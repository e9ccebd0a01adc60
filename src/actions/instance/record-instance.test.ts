import { describe, expect, it } from 'vitest';
import { acting } from '../../../test/acting.ts';
import { createVolume } from '../../range/operations/volumes.ts';
import { recordInstance } from './record-instance.ts';

const KEY = 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';

describe('record-instance', () => {
  it('keeps what the others need to put things back', async () => {
    await using world = await acting();
    const { honeypot, account } = world;
    const attach = { InstanceId: honeypot.instanceId, Device: '/dev/sdg', DeleteOnTermination: false };
    const extra = createVolume(account, { Size: 4, attach, tags: [], key: KEY, zone: 'us-east-1c' });
    expect(await world.act(recordInstance)).toMatchObject({ status: 'done' });
    expect(world.output('record-instance')).toMatchObject({
      instanceId: honeypot.instanceId,
      availabilityZone: 'us-east-1a',
      state: 'running',
      volumeIds: [...honeypot.volumeIds, extra.VolumeId],
      volumes: [
        { device: '/dev/xvda', deleteOnTermination: true, encrypted: false },
        { device: '/dev/sdf' },
        {
          device: '/dev/sdg',
          deleteOnTermination: false,
          encrypted: true,
          kmsKeyId: KEY,
          availabilityZone: 'us-east-1c',
        },
      ],
      networkInterfaces: [
        { id: honeypot.interfaceId, groupIds: [honeypot.groupId], addresses: ['10.20.0.7'] },
      ],
      networkAcls: [{ denials: [] }],
      tags: { Name: 'honeypot' },
      instanceProfile: 'arn:aws:iam::123456789012:instance-profile/honeypot',
      terminationProtected: false,
      launch: { instanceType: 't3.micro', rootDeviceName: '/dev/xvda' },
    });
  });

  it('writes it all into the case', async () => {
    await using world = await acting();
    await world.act(recordInstance);
    expect(world.piece('user-data').toString()).toContain('httpd');
    expect(JSON.parse(world.piece('network-acls.json').toString())).toMatchObject([{ IsDefault: true }]);
    expect(JSON.parse(world.piece('volumes.json').toString())).toHaveLength(2);
  });

  it('asks when the instance is gone', async () => {
    await using world = await acting();
    await world.aws.ec2.terminateInstances({ InstanceIds: [world.honeypot.instanceId] });
    world.clock.advance(30_000);
    expect(await world.act(recordInstance)).toMatchObject({ status: 'ask' });
  });
});
