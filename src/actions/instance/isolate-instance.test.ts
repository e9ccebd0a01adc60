import { describe, expect, it } from 'vitest';
import { type Acting, acting } from '../../../test/acting.ts';
import { isolateInstance } from './isolate-instance.ts';
import { recordInstance } from './record-instance.ts';

async function recorded(): Promise<Acting> {
  const world = await acting();
  await world.act(recordInstance);
  return world;
}

const groupsOf = ({ account, honeypot }: Acting): (string | undefined)[] =>
  (account.networkInterfaces.get(honeypot.interfaceId)?.Groups ?? []).map(({ GroupName }) => GroupName);
const namesOf = ({ account }: Acting): string[] =>
  [...account.securityGroups.values()].map(({ name }) => name);
/** The groups that the interface was put in, one after the other. */
const moves = ({ range, account }: Acting): (string | undefined)[] =>
  range.calls
    .filter(({ operation }) => operation === 'ModifyNetworkInterfaceAttribute')
    .map(({ input }) => account.securityGroups.get((input as { Groups: string[] }).Groups[0] ?? '')?.name);

describe('isolate-instance', () => {
  it('lets everything through for a moment, so that no connection is tracked, and then nothing', async () => {
    await using world = await recorded();
    expect(await world.act(isolateInstance)).toMatchObject({ status: 'done' });
    expect(groupsOf(world)).toEqual(['cordon-quarantine']);
    const opened = world.range.calls.filter(({ operation }) =>
      operation.startsWith('AuthorizeSecurityGroup'),
    );
    // The rule that lets all of IPv4 out is AWS's own.
    expect(opened.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(moves(world)).toEqual([undefined, 'cordon-quarantine']);
    const quarantine = [...world.account.securityGroups.values()].find(
      ({ name }) => name === 'cordon-quarantine',
    );
    expect(quarantine).toMatchObject({ ingress: [], egress: [] });
    // The open group must not be left for somebody to use.
    expect(namesOf(world)).toEqual(['honeypot', 'cordon-quarantine']);
  });

  it('may be told to leave open connections alone', async () => {
    await using world = await recorded();
    await world.act(isolateInstance, { with: { untrack: false } });
    expect(moves(world)).toEqual(['cordon-quarantine']);
  });

  it('changes nothing the second time', async () => {
    await using world = await recorded();
    await world.act(isolateInstance);
    expect(await world.act(isolateInstance)).toMatchObject({ status: 'done' });
    expect(moves(world)).toHaveLength(2);
    expect(namesOf(world)).toEqual(['honeypot', 'cordon-quarantine']);
  });

  it('goes on where it was killed: between the open group and quarantine', async () => {
    await using world = await recorded();
    const drop = { operation: 'ModifyNetworkInterfaceAttribute', fault: { kind: 'unauthorized' } } as const;
    world.range.faults.add({ ...drop, skip: 1 });
    await expect(world.act(isolateInstance)).rejects.toThrow();
    expect(groupsOf(world)).toEqual(['cordon-untracked-case-20260101-0001']);
    expect(await world.act(isolateInstance, { earlierTry: 'unknown' })).toMatchObject({ status: 'done' });
    expect(groupsOf(world)).toEqual(['cordon-quarantine']);
    expect(namesOf(world)).toEqual(['honeypot', 'cordon-quarantine']);
  });

  it.each(
    [
      'DescribeSecurityGroups',
      'CreateSecurityGroup',
      'AuthorizeSecurityGroupIngress',
      'DeleteSecurityGroup',
    ].flatMap((operation) => (['throttle', 'drop-after'] as const).map((kind) => [operation, kind] as const)),
  )('%s, %s: done nevertheless', async (operation, kind) => {
    await using world = await recorded();
    world.range.faults.add({ operation, fault: { kind }, times: 2 });
    expect(await world.act(isolateInstance)).toMatchObject({ status: 'done' });
    expect(groupsOf(world)).toEqual(['cordon-quarantine']);
    expect(namesOf(world)).toEqual(['honeypot', 'cordon-quarantine']);
  });

  it('waits while EC2 says that something still has the open group', async () => {
    await using world = await recorded();
    const message = 'resource sg-0 has a dependent object';
    const fault = { kind: 'error', code: 'DependencyViolation', message, status: 400 } as const;
    world.range.faults.add({ operation: 'DeleteSecurityGroup', fault, times: 2 });
    expect(await world.act(isolateInstance)).toMatchObject({ status: 'done' });
    expect(namesOf(world)).toEqual(['honeypot', 'cordon-quarantine']);
  });

  it('empties the quarantine group when somebody has opened it', async () => {
    await using world = await recorded();
    await world.act(isolateInstance);
    const { groupId } = world.output('isolate-instance') as { groupId: string };
    await world.aws.ec2.authorizeSecurityGroupIngress({
      GroupId: groupId,
      IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    });
    await world.act(isolateInstance);
    expect(world.account.securityGroups.get(groupId)?.ingress).toEqual([]);
  });

  it('is taken back exactly; an interface that a person has moved since stays', async () => {
    await using world = await recorded();
    await world.act(isolateInstance);
    await world.undo(isolateInstance);
    expect(groupsOf(world)).toEqual(['honeypot']);
    await world.act(isolateInstance);
    await world.aws.ec2.modifyNetworkInterfaceAttribute({
      NetworkInterfaceId: world.honeypot.interfaceId,
      Groups: [world.honeypot.groupId, (world.output('isolate-instance') as { groupId: string }).groupId],
    });
    expect(await world.undo(isolateInstance)).toMatchObject({ proof: 'no interface is in quarantine' });
    expect(groupsOf(world)).toEqual(['honeypot', 'cordon-quarantine']);
  });

  it('stops at what AWS refuses', async () => {
    await using world = await recorded();
    world.range.faults.add({ operation: 'CreateSecurityGroup', fault: { kind: 'unauthorized' } });
    await expect(world.act(isolateInstance)).rejects.toMatchObject({ name: 'UnauthorizedOperation' });
    expect(groupsOf(world)).toEqual(['honeypot']);
  });
});
