import { describe, expect, it } from 'vitest';
import { acting } from '../../../test/acting.ts';
import { flowLogRecords } from '../flow-log.ts';
import { useAcl } from './network-acls.ts';

async function scene() {
  const world = await acting();
  const { ec2Once: ec2 } = world.aws;
  const subnetId = [...world.account.subnets.keys()][0] ?? '';
  const aclOf = async () => {
    const Filters = [{ Name: 'association.subnet-id', Values: [subnetId] }];
    return (await ec2.describeNetworkAcls({ Filters })).NetworkAcls?.[0];
  };
  const NetworkAclId = (await aclOf())?.NetworkAclId;
  const write = (RuleNumber: number, RuleAction: 'allow' | 'deny', CidrBlock: string, Egress = false) =>
    ec2.createNetworkAclEntry({ NetworkAclId, RuleNumber, RuleAction, CidrBlock, Egress, Protocol: '-1' });
  const web = (peer: string) =>
    flowLogRecords(world.account, {
      interfaceId: world.honeypot.interfaceId,
      openedBy: 'peer',
      ownPort: 80,
      peer,
      peerPort: 50_000,
    }).map((record) => record.split(' ')[12]);
  return { ...world, ec2, subnetId, aclOf, NetworkAclId, write, web };
}

describe('a network ACL', () => {
  it('is there for every VPC, lets everything through, and has the subnets that have no other', async () => {
    await using world = await scene();
    expect(await world.aclOf()).toMatchObject({
      IsDefault: true,
      Associations: [{ SubnetId: world.subnetId }],
    });
    expect(world.web('192.0.2.1')).toEqual(['ACCEPT', 'ACCEPT']);
    const { NetworkAcl } = await world.ec2.createNetworkAcl({ VpcId: world.honeypot.vpcId });
    useAcl(world.account, world.subnetId, NetworkAcl?.NetworkAclId ?? '');
    expect(await world.aclOf()).toMatchObject({ IsDefault: false });
    expect(world.web('192.0.2.1')).toEqual(['REJECT']);
  });

  it('asks its entries in the order of their numbers, each way', async () => {
    await using world = await scene();
    await world.write(10, 'allow', '192.0.2.1/32');
    await world.write(20, 'deny', '192.0.2.0/24');
    expect([world.web('192.0.2.1')[0], world.web('192.0.2.2')[0]]).toEqual(['ACCEPT', 'REJECT']);
    await world.write(10, 'deny', '192.0.2.1/32', true);
    expect(world.web('192.0.2.1')).toEqual(['REJECT']);
  });

  it('has each number once, so many entries, and knows what is not there', async () => {
    await using world = await scene();
    await expect(world.write(100, 'deny', '192.0.2.0/24')).rejects.toMatchObject({
      name: 'NetworkAclEntryAlreadyExists',
      message: 'The network acl entry identified by 100 already exists.',
    });
    await expect(world.write(32_767, 'deny', '192.0.2.0/24')).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
    for (let number = 1; number < 20; number++) await world.write(number, 'deny', `192.0.2.${number}/32`);
    await expect(world.write(30, 'deny', '192.0.2.30/32')).rejects.toMatchObject({
      name: 'NetworkAclEntryLimitExceeded',
    });
    const gone = { NetworkAclId: world.NetworkAclId, RuleNumber: 50, Egress: false };
    await expect(world.ec2.deleteNetworkAclEntry(gone)).rejects.toMatchObject({
      name: 'InvalidNetworkAclEntry.NotFound',
    });
    await expect(
      world.ec2.deleteNetworkAclEntry({ ...gone, NetworkAclId: 'acl-0123456789abcdef0' }),
    ).rejects.toMatchObject({ name: 'InvalidNetworkAclID.NotFound' });
  });
});
