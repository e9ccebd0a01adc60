import { describe, expect, it } from 'vitest';
import { type Acting, acting } from '../../../test/acting.ts';

async function describe1({ aws, honeypot }: Acting) {
  const { Reservations } = await aws.ec2.describeInstances({ InstanceIds: [honeypot.instanceId] });
  return Reservations?.[0]?.Instances?.[0];
}

describe('an instance', () => {
  it('stops and starts in time, and says why', async () => {
    await using world = await acting();
    const InstanceIds = [world.honeypot.instanceId];
    const { ec2Once: ec2 } = world.aws;
    await ec2.stopInstances({ InstanceIds });
    expect(await describe1(world)).toMatchObject({
      State: { Name: 'stopping' },
      StateReason: { Code: 'Client.UserInitiatedShutdown' },
    });
    await expect(ec2.startInstances({ InstanceIds })).rejects.toMatchObject({
      name: 'IncorrectInstanceState',
    });
    world.clock.advance(30_000);
    const { StartingInstances } = await ec2.startInstances({ InstanceIds });
    expect(StartingInstances).toMatchObject([
      { PreviousState: { Name: 'stopped' }, CurrentState: { Name: 'pending' } },
    ]);
    world.clock.advance(30_000);
    expect(await describe1(world)).toMatchObject({ State: { Name: 'running' } });
  });

  it('hibernates only if it was launched for it, and stops only if that is allowed', async () => {
    await using world = await acting();
    const { ec2Once: ec2 } = world.aws;
    const { Instances } = await ec2.runInstances({
      MinCount: 1,
      MaxCount: 1,
      HibernationOptions: { Configured: true },
      DisableApiStop: true,
    });
    const id = Instances?.[0]?.InstanceId ?? '';
    const hibernate = (one: string) => ec2.stopInstances({ InstanceIds: [one], Hibernate: true });
    await expect(hibernate(world.honeypot.instanceId)).rejects.toMatchObject({
      name: 'UnsupportedHibernationConfiguration',
    });
    await expect(hibernate(id)).rejects.toMatchObject({ name: 'OperationNotPermitted' });
    await ec2.modifyInstanceAttribute({ InstanceId: id, DisableApiStop: { Value: false } });
    await hibernate(id);
    const { Reservations } = await ec2.describeInstances({ InstanceIds: [id] });
    expect(Reservations?.[0]?.Instances?.[0]?.StateReason?.Code).toBe('Client.UserInitiatedHibernate');
  });

  it('keeps or takes each of its devices', async () => {
    await using world = await acting();
    const InstanceId = world.honeypot.instanceId;
    const { ec2Once: ec2 } = world.aws;
    const keep = (DeviceName: string) =>
      ec2.modifyInstanceAttribute({
        InstanceId,
        BlockDeviceMappings: [{ DeviceName, Ebs: { DeleteOnTermination: false } }],
      });
    await keep('/dev/sdf');
    const { BlockDeviceMappings } = await ec2.describeInstanceAttribute({
      InstanceId,
      Attribute: 'blockDeviceMapping',
    });
    expect(BlockDeviceMappings?.map(({ Ebs }) => Ebs?.DeleteOnTermination)).toEqual([true, false]);
    await expect(keep('/dev/sdz')).rejects.toMatchObject({ name: 'InvalidInstanceAttributeValue' });
  });

  it('has one profile, by an association', async () => {
    await using world = await acting();
    const { ec2Once: ec2 } = world.aws;
    const InstanceId = world.honeypot.instanceId;
    const associate = () =>
      ec2.associateIamInstanceProfile({ InstanceId, IamInstanceProfile: { Name: 'other' } });
    await expect(associate()).rejects.toMatchObject({
      name: 'IncorrectState',
      message: `There is an existing association for instance ${InstanceId}`,
    });
    const { IamInstanceProfileAssociations } = await ec2.describeIamInstanceProfileAssociations({});
    const AssociationId = IamInstanceProfileAssociations?.[0]?.AssociationId;
    await ec2.disassociateIamInstanceProfile({ AssociationId });
    await expect(ec2.disassociateIamInstanceProfile({ AssociationId })).rejects.toMatchObject({
      name: 'InvalidAssociationID.NotFound',
    });
    await associate();
    expect((await describe1(world))?.IamInstanceProfile?.Arn).toMatch(/instance-profile\/other$/);
  });

  it('shows its screen while it runs', async () => {
    await using world = await acting();
    const { ec2Once: ec2 } = world.aws;
    const InstanceId = world.honeypot.instanceId;
    const { ImageData = '' } = await ec2.getConsoleScreenshot({ InstanceId });
    const picture = Buffer.from(ImageData, 'base64');
    // JPEG: start and end of the image.
    expect([picture.readUInt16BE(0), picture.readUInt16BE(picture.length - 2)]).toEqual([0xffd8, 0xffd9]);
    await ec2.stopInstances({ InstanceIds: [InstanceId] });
    await expect(ec2.getConsoleScreenshot({ InstanceId })).rejects.toMatchObject({
      name: 'IncorrectInstanceState',
    });
  });
});

describe('tags', () => {
  it('go by key, or by key and value; AWS’s own can be neither made nor deleted', async () => {
    await using world = await acting();
    const { ec2Once: ec2 } = world.aws;
    const Resources = [world.honeypot.instanceId];
    const tags = async () => (await describe1(world))?.Tags?.map(({ Key, Value }) => `${Key}=${Value}`);
    await ec2.createTags({
      Resources,
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
    });
    await ec2.deleteTags({ Resources, Tags: [{ Key: 'a', Value: 'other' }, { Key: 'b' }] });
    expect(await tags()).toEqual(['Name=honeypot', 'a=1']);
    await expect(ec2.createTags({ Resources, Tags: [{ Key: 'aws:x', Value: '1' }] })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
    world.account.tags.get(world.honeypot.instanceId)?.set('aws:own', '1');
    await ec2.deleteTags({ Resources });
    expect(await tags()).toEqual(['aws:own=1']);
  });
});

describe('a security group', () => {
  it('has rules with ids, by which they go', async () => {
    await using world = await acting();
    const { ec2Once: ec2 } = world.aws;
    const Filters = [{ Name: 'group-id', Values: [world.honeypot.groupId] }];
    const { SecurityGroupRules = [] } = await ec2.describeSecurityGroupRules({ Filters });
    expect(SecurityGroupRules).toHaveLength(6);
    const ssh = SecurityGroupRules.find(({ FromPort }) => FromPort === 22);
    expect(ssh).toMatchObject({ IsEgress: false, IpProtocol: 'tcp', CidrIpv4: '0.0.0.0/0' });
    const revoke = () =>
      ec2.revokeSecurityGroupIngress({
        GroupId: world.honeypot.groupId,
        SecurityGroupRuleIds: [ssh?.SecurityGroupRuleId ?? ''],
      });
    await revoke();
    await expect(revoke()).rejects.toMatchObject({ name: 'InvalidSecurityGroupRuleId.NotFound' });
    expect((await ec2.describeSecurityGroupRules({ Filters })).SecurityGroupRules).toHaveLength(5);
  });

  it('is deleted only when nothing has it', async () => {
    await using world = await acting();
    const { ec2Once: ec2 } = world.aws;
    const { GroupId } = await ec2.createSecurityGroup({
      GroupName: 'spare',
      Description: 'd',
      VpcId: world.honeypot.vpcId,
    });
    await expect(ec2.deleteSecurityGroup({ GroupId: world.honeypot.groupId })).rejects.toMatchObject({
      name: 'DependencyViolation',
    });
    await ec2.deleteSecurityGroup({ GroupId });
    await expect(ec2.deleteSecurityGroup({ GroupId })).rejects.toMatchObject({
      name: 'InvalidGroup.NotFound',
    });
  });
});
