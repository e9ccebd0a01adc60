import { describe, expect, it } from 'vitest';
import { type Acting, acting } from '../../../test/acting.ts';
import { detachInstanceProfile } from './detach-instance-profile.ts';
import { recordInstance } from './record-instance.ts';

const PROFILE = 'arn:aws:iam::123456789012:instance-profile/honeypot';

async function recorded(): Promise<Acting> {
  const world = await acting();
  await world.act(recordInstance);
  return world;
}

async function profileOf({ aws, honeypot }: Acting): Promise<string | undefined> {
  const { Reservations } = await aws.ec2.describeInstances({ InstanceIds: [honeypot.instanceId] });
  return Reservations?.[0]?.Instances?.[0]?.IamInstanceProfile?.Arn;
}

describe('detach-instance-profile', () => {
  it('takes the profile from the instance, once', async () => {
    await using world = await recorded();
    world.range.faults.add({ operation: 'DisassociateIamInstanceProfile', fault: { kind: 'drop-after' } });
    expect(await world.act(detachInstanceProfile)).toMatchObject({ output: { profile: PROFILE } });
    expect(await profileOf(world)).toBeUndefined();
    expect(await world.act(detachInstanceProfile, { earlierTry: 'unknown' })).toMatchObject({
      output: { profile: PROFILE },
    });
  });

  it('is taken back', async () => {
    await using world = await recorded();
    await world.act(detachInstanceProfile);
    await world.undo(detachInstanceProfile);
    expect(await profileOf(world)).toBe(PROFILE);
    expect(await world.undo(detachInstanceProfile)).toMatchObject({
      proof: expect.stringContaining('was left so'),
    });
  });

  it('leaves a profile that a person has given it since', async () => {
    await using world = await recorded();
    await world.act(detachInstanceProfile);
    await world.aws.ec2.associateIamInstanceProfile({
      InstanceId: world.honeypot.instanceId,
      IamInstanceProfile: { Name: 'forensics' },
    });
    await world.undo(detachInstanceProfile);
    expect(await profileOf(world)).toContain('forensics');
  });

  it('has nothing to do for an instance without one', async () => {
    await using world = await acting();
    const { IamInstanceProfileAssociations = [] } =
      await world.aws.ec2.describeIamInstanceProfileAssociations({});
    await world.aws.ec2.disassociateIamInstanceProfile({
      AssociationId: IamInstanceProfileAssociations[0]?.AssociationId,
    });
    await world.act(recordInstance);
    expect(await world.act(detachInstanceProfile)).toMatchObject({ proof: 'the instance has no profile' });
    expect(await world.undo(detachInstanceProfile)).toMatchObject({ status: 'done' });
    expect(await profileOf(world)).toBeUndefined();
  });
});
