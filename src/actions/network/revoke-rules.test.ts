import { describe, expect, it } from 'vitest';
import { type Acting, acting } from '../../../test/acting.ts';
import { recordSecurityGroup, SECURITY_GROUP } from './record-security-group.ts';
import { revokeEgress } from './revoke-egress.ts';
import { revokeIngress } from './revoke-ingress.ts';
import { rulesOfGroup } from './security-group.ts';

async function world() {
  const one = await acting();
  const subject = { ...one.subject, type: SECURITY_GROUP, id: one.honeypot.groupId };
  const added = await one.aws.ec2.authorizeSecurityGroupIngress({
    GroupId: subject.id,
    IpPermissions: [
      {
        IpProtocol: 'tcp',
        FromPort: 3389,
        ToPort: 3389,
        IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'only for today' }],
      },
    ],
    TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: [{ Key: 'by', Value: 'mallory' }] }],
  });
  const id = added.SecurityGroupRules?.[0]?.SecurityGroupRuleId ?? '';
  const rules = async (egress = false) =>
    (await rulesOfGroup(one.aws, subject.id)).filter((rule) => rule.egress === egress);
  return { one, subject, id, rules };
}
const revoke = (one: Acting, subject: Acting['subject'], input: object) =>
  one.act(revokeIngress, { with: input, subject });
const RDP = { IpProtocol: 'tcp', FromPort: 3389, ToPort: 3389 };

describe('revoking rules of a security group', () => {
  it('takes away the very rule, and brings it back with its description and tags', async () => {
    const { one, subject, id, rules } = await world();
    await using _ = one;
    const before = await rules();
    await one.act(recordSecurityGroup, { subject });
    expect(await revoke(one, subject, { rules: id })).toMatchObject({ status: 'done' });
    expect((await rules()).map((rule) => rule.id)).toEqual(
      before.map((rule) => rule.id).filter((other) => other !== id),
    );
    expect(await one.undo(revokeIngress)).toMatchObject({
      status: 'done',
    });
    const after = await rules();
    expect(after.map(({ permission, tags }) => ({ permission, tags }))).toEqual(
      before.map(({ permission, tags }) => ({ permission, tags })),
    );
    expect(after.at(-1)).toMatchObject({
      permission: { IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'only for today' }] },
      tags: [{ Key: 'by', Value: 'mallory' }],
    });
    expect(await one.undo(revokeIngress)).toMatchObject({ output: [] });
    expect(JSON.parse(one.piece('security-group-rules.json').toString())).toHaveLength(before.length + 4);
  });

  it('is the same when it is done twice or its answer is lost', async () => {
    const { one, subject, id, rules } = await world();
    await using _ = one;
    const before = await rules();
    await one.act(recordSecurityGroup, { subject });
    one.range.faults.add({ operation: 'RevokeSecurityGroupIngress', fault: { kind: 'drop-after' } });
    const first = await revoke(one, subject, { rules: [id] });
    const second = await revoke(one, subject, { rules: [id] });
    expect(first).toMatchObject({ status: 'done', output: { revoked: [{ id }] } });
    expect(second).toEqual(first);
    one.range.faults.add({ operation: 'AuthorizeSecurityGroupIngress', fault: { kind: 'drop-after' } });
    await one.undo(revokeIngress);
    expect(await rules()).toHaveLength(before.length);
  });

  it('finds a rule by what it permits, one source at a time, also when it came back meanwhile', async () => {
    const { one, subject, id, rules } = await world();
    await using _ = one;
    await one.aws.ec2.authorizeSecurityGroupIngress({
      GroupId: subject.id,
      IpPermissions: [{ ...RDP, IpRanges: [{ CidrIp: '192.0.2.0/24' }] }],
    });
    await one.act(recordSecurityGroup, { subject });
    const open = { ...RDP, IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
    await one.aws.ec2.revokeSecurityGroupIngress({ GroupId: subject.id, SecurityGroupRuleIds: [id] });
    await one.aws.ec2.authorizeSecurityGroupIngress({ GroupId: subject.id, IpPermissions: [open] });
    await revoke(one, subject, { permissions: [{ ...open, IpProtocol: '6' }] });
    const left = (await rules()).filter(({ permission }) => permission.FromPort === 3389);
    expect(left.map(({ permission }) => permission.IpRanges)).toEqual([[{ CidrIp: '192.0.2.0/24' }]]);
  });

  it('revokes what goes out by another call', async () => {
    const { one, subject, rules } = await world();
    await using _ = one;
    const before = await rules(true);
    await one.act(recordSecurityGroup, { subject });
    const smtp = before.find(({ permission }) => permission.FromPort === 25);
    const input = { rules: [smtp?.id ?? ''] };
    expect(await one.act(revokeEgress, { subject, with: input })).toMatchObject({ status: 'done' });
    expect(await rules(true)).toHaveLength(before.length - 1);
    await one.undo(revokeEgress);
    expect((await rules(true)).map(({ permission }) => permission.FromPort).sort()).toEqual(
      before.map(({ permission }) => permission.FromPort).sort(),
    );
    expect(await one.act(revokeIngress, { subject, with: input })).toMatchObject({
      status: 'ask',
      reason: expect.stringContaining('no ingress rule'),
    });
  });

  it('asks without a record, or for a rule that was not there', async () => {
    const { one, subject, id } = await world();
    await using _ = one;
    expect(await revoke(one, subject, { rules: [id] })).toMatchObject({ status: 'ask' });
    await one.act(recordSecurityGroup, { subject });
    expect(await revoke(one, subject, { rules: ['sgr-none'] })).toMatchObject({ status: 'ask' });
    const permissions = [{ ...RDP, IpRanges: [{ CidrIp: '192.0.2.0/24' }] }];
    expect(await revoke(one, subject, { permissions })).toMatchObject({ status: 'ask' });
    expect(() => revokeIngress.input.parse({})).toThrow();
    expect(one.made('RevokeSecurityGroupIngress')).toBe(0);
  });
});
