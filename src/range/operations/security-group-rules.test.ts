import { EC2 } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Range, startRange } from '../range.ts';

let world: Range;
let ec2: EC2;
let GroupId: string;

beforeEach(async () => {
  world = await startRange();
  world.account.vpcs.set('vpc-1', { id: 'vpc-1', cidr: '10.0.0.0/16' });
  ec2 = new EC2({
    endpoint: world.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
  const made = await ec2.createSecurityGroup({ GroupName: 'web', Description: 'web', VpcId: 'vpc-1' });
  GroupId = made.GroupId ?? '';
});
afterEach(async () => {
  ec2.destroy();
  await world.close();
});

const SSH = {
  IpProtocol: 'tcp',
  FromPort: 22,
  ToPort: 22,
  IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'for a moment' }],
};
const ofGroup = async () =>
  (await ec2.describeSecurityGroupRules({ Filters: [{ Name: 'group-id', Values: [GroupId] }] }))
    .SecurityGroupRules ?? [];

describe('the rules of a security group', () => {
  it('have ids, one for each source, which authorizing says', async () => {
    const { SecurityGroupRules = [] } = await ec2.authorizeSecurityGroupIngress({
      GroupId,
      IpPermissions: [
        { ...SSH, Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
        { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, UserIdGroupPairs: [{ GroupId }] },
      ],
    });
    expect(SecurityGroupRules).toMatchObject([
      { CidrIpv4: '0.0.0.0/0', FromPort: 22, Description: 'for a moment', IsEgress: false },
      { CidrIpv6: '::/0' },
      { ReferencedGroupInfo: { GroupId, UserId: '123456789012' }, FromPort: 443 },
    ]);
    const rules = await ofGroup();
    expect(rules.slice(0, 3).map((rule) => rule.SecurityGroupRuleId)).toEqual(
      SecurityGroupRules.map((rule) => rule.SecurityGroupRuleId),
    );
    expect(rules[3]).toMatchObject({ IsEgress: true, IpProtocol: '-1', FromPort: -1, ToPort: -1 });
    expect(new Set(rules.map((rule) => rule.SecurityGroupRuleId)).size).toBe(4);
  });

  it('are revoked by their ids, and come back under other ones', async () => {
    const authorized = await ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions: [SSH] });
    const id = authorized.SecurityGroupRules?.[0]?.SecurityGroupRuleId ?? '';
    const revoked = await ec2.revokeSecurityGroupIngress({ GroupId, SecurityGroupRuleIds: [id] });
    expect(revoked.RevokedSecurityGroupRules).toMatchObject([{ SecurityGroupRuleId: id, FromPort: 22 }]);
    await expect(
      ec2.revokeSecurityGroupIngress({ GroupId, SecurityGroupRuleIds: [id] }),
    ).rejects.toMatchObject({ name: 'InvalidSecurityGroupRuleId.NotFound' });
    await expect(ec2.describeSecurityGroupRules({ SecurityGroupRuleIds: [id] })).rejects.toMatchObject({
      name: 'InvalidSecurityGroupRuleId.NotFound',
    });
    const again = await ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions: [SSH] });
    expect(again.SecurityGroupRules?.[0]?.SecurityGroupRuleId).not.toBe(id);
    await expect(
      ec2.revokeSecurityGroupEgress({
        GroupId,
        SecurityGroupRuleIds: [again.SecurityGroupRules?.[0]?.SecurityGroupRuleId ?? ''],
      }),
    ).rejects.toMatchObject({ name: 'InvalidSecurityGroupRuleId.NotFound' });
  });

  it('get their tags with them', async () => {
    const Tags = [{ Key: 'ticket', Value: 'OPS-1' }];
    await ec2.authorizeSecurityGroupIngress({
      GroupId,
      IpPermissions: [SSH],
      TagSpecifications: [{ ResourceType: 'security-group-rule', Tags }],
    });
    expect(await ofGroup()).toMatchObject([{ FromPort: 22, Tags }, { IsEgress: true }]);
  });

  it('can be spelt in the request itself', async () => {
    const one = { GroupId, IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '192.0.2.0/24' };
    await ec2.authorizeSecurityGroupIngress(one);
    await expect(ec2.authorizeSecurityGroupIngress(one)).rejects.toMatchObject({
      name: 'InvalidPermission.Duplicate',
    });
    await ec2.revokeSecurityGroupIngress(one);
    expect(await ofGroup()).toHaveLength(1);
  });
});
