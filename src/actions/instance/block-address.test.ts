import { describe, expect, it } from 'vitest';
import { type Acting, acting } from '../../../test/acting.ts';
import { flowLogRecords } from '../../range/flow-log.ts';
import { blockAddress } from './block-address.ts';
import { recordInstance } from './record-instance.ts';

const ATTACKER = '192.0.2.44';

async function recorded(): Promise<Acting> {
  const world = await acting();
  await world.act(recordInstance);
  return world;
}

async function aclOf(world: Acting) {
  const { NetworkAcls = [] } = await world.aws.ec2.describeNetworkAcls({});
  return NetworkAcls[0] ?? {};
}

async function rules(world: Acting): Promise<string[]> {
  return ((await aclOf(world)).Entries ?? [])
    .map(
      ({ RuleNumber, RuleAction, Egress, CidrBlock, Ipv6CidrBlock }) =>
        `${RuleNumber} ${Egress ? 'out' : 'in'} ${RuleAction} ${CidrBlock ?? Ipv6CidrBlock}`,
    )
    .sort();
}

async function write(world: Acting, RuleNumber: number, RuleAction: 'allow' | 'deny', CidrBlock: string) {
  const { NetworkAclId } = await aclOf(world);
  await world.aws.ec2.createNetworkAclEntry({
    NetworkAclId,
    RuleNumber,
    RuleAction,
    CidrBlock,
    Protocol: '-1',
    Egress: false,
  });
}

const DEFAULT = ['100 in allow 0.0.0.0/0', '100 out allow 0.0.0.0/0'];
const LAST = ['32767 in deny 0.0.0.0/0', '32767 out deny 0.0.0.0/0'];

describe('block-address', () => {
  it('denies the address in and out, before all else, and its traffic ends', async () => {
    await using world = await recorded();
    const ssh = () =>
      flowLogRecords(world.account, {
        interfaceId: world.honeypot.interfaceId,
        openedBy: 'peer',
        ownPort: 22,
        peer: ATTACKER,
        peerPort: 50_000,
      }).map((record) => record.split(' ')[12]);
    expect(ssh()).toEqual(['ACCEPT', 'ACCEPT']);
    expect(await world.act(blockAddress, { with: { address: ATTACKER } })).toMatchObject({ status: 'done' });
    expect(await rules(world)).toEqual([
      `1 in deny ${ATTACKER}/32`,
      `1 out deny ${ATTACKER}/32`,
      ...DEFAULT,
      ...LAST,
    ]);
    expect(ssh()).toEqual(['REJECT']);
  });

  it('blocks every address that was found, once each, and takes all of them back', async () => {
    await using world = await recorded();
    const given = {
      with: { fields: ['src_ip', 'dst_ip'], address: '203.0.113.9' },
      found: { src_ip: ATTACKER, dst_ip: '198.51.100.7', srcport: '22' },
    };
    const denied = ['203.0.113.9', ATTACKER, '198.51.100.7'].flatMap((address, index) => [
      `${index + 1} in deny ${address}/32`,
      `${index + 1} out deny ${address}/32`,
    ]);
    for (let time = 0; time < 2; time++) {
      expect(await world.act(blockAddress, given)).toMatchObject({ status: 'done' });
      expect((await rules(world)).filter((rule) => / deny .*\/32$/.test(rule)).sort()).toEqual(denied.sort());
    }
    expect(await world.undo(blockAddress)).toMatchObject({ status: 'done' });
    expect(await rules(world)).toEqual([...DEFAULT, ...LAST]);
  });

  it.each([
    ['is not of the Internet', { dst_ip: '10.20.0.9' }, /10\.20\.0\.9 is in 10\.0\.0\.0\/8/],
    ['is never to be blocked', { dst_ip: '203.0.113.9' }, /never to be blocked/],
    ['is a network', { dst_ip: '198.51.100.0/24' }, /is not an address/],
    ['was not found', { srcport: '22' }, /have no dst_ip to block/],
  ])('asks about an address that %s, and blocks nothing', async (_, found, reason) => {
    await using world = await recorded();
    const given = { with: { fields: ['dst_ip'], never: ['203.0.113.0/24'] }, found };
    expect(await world.act(blockAddress, given)).toMatchObject({
      status: 'ask',
      reason: expect.stringMatching(reason),
    });
    expect(await rules(world)).toEqual([...DEFAULT, ...LAST]);
  });

  it.each(['192.0.2.0/24', '2001:db8::7', '2001:db8:7::/48'])('blocks %s', async (address) => {
    await using world = await recorded();
    await world.act(blockAddress, { with: { address } });
    expect((await rules(world)).filter((rule) => rule.startsWith('1 '))).toHaveLength(2);
    await world.act(blockAddress, { with: { address } });
    expect(world.made('CreateNetworkAclEntry')).toBe(2);
  });

  it('changes nothing the second time, nor after an answer that was lost', async () => {
    await using world = await recorded();
    world.range.faults.add({ operation: 'CreateNetworkAclEntry', fault: { kind: 'drop-after' } });
    await world.act(blockAddress, { with: { address: ATTACKER } });
    await world.act(blockAddress, { with: { address: ATTACKER }, earlierTry: 'unknown' });
    expect(await rules(world)).toHaveLength(6);
  });

  it('is taken back: exactly its own entries go', async () => {
    await using world = await acting();
    await write(world, 7, 'deny', `${ATTACKER}/32`);
    await world.act(recordInstance);
    await world.act(blockAddress, { with: { address: ATTACKER } });
    expect(await world.undo(blockAddress)).toMatchObject({
      proof: expect.stringMatching(/^no longer denied: acl-\w+ 1 out \(192\.0\.2\.44\/32\)$/),
    });
    expect(await rules(world)).toEqual([...DEFAULT, ...LAST, `7 in deny ${ATTACKER}/32`].sort());
    expect(await world.undo(blockAddress)).toMatchObject({
      proof: expect.stringContaining('no entry of this case'),
    });
  });

  it('leaves an entry that a person has put in the place of its own', async () => {
    await using world = await recorded();
    await world.act(blockAddress, { with: { address: ATTACKER } });
    const { NetworkAclId } = await aclOf(world);
    await world.aws.ec2.deleteNetworkAclEntry({ NetworkAclId, RuleNumber: 1, Egress: false });
    await write(world, 1, 'deny', '203.0.113.0/24');
    await world.undo(blockAddress);
    expect(await rules(world)).toEqual(['1 in deny 203.0.113.0/24', ...DEFAULT, ...LAST].sort());
  });

  it('asks when nothing is free before the first entry that lets something through', async () => {
    await using world = await recorded();
    await write(world, 1, 'allow', '203.0.113.0/24');
    expect(await world.act(blockAddress, { with: { address: ATTACKER } })).toMatchObject({
      status: 'ask',
      reason: expect.stringContaining('no free rule number before its first ALLOW in'),
    });
  });

  it('stops when the network ACL is full', async () => {
    await using world = await recorded();
    for (let number = 1; number < 20; number++) await write(world, number, 'deny', `203.0.113.${number}/32`);
    await expect(world.act(blockAddress, { with: { address: ATTACKER } })).rejects.toMatchObject({
      name: 'NetworkAclEntryLimitExceeded',
    });
  });

  it.each(['0.0.0.0/0', '10.0.0.0/7', '::/0', 'nobody', '192.0.2.1/33', ''])(
    'does not take %j',
    (address) => {
      expect(blockAddress.input.safeParse({ address }).success).toBe(false);
    },
  );
});
