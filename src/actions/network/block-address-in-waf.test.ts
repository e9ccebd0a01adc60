import { describe, expect, it } from 'vitest';
import { type Acting, acting } from '../../../test/acting.ts';
import { blockAddressInWaf } from './block-address-in-waf.ts';
import { recordIpSet } from './record-ip-set.ts';

const ATTACKER = '198.51.100.7';

async function world(Addresses: string[] = ['192.0.2.0/24'], IPAddressVersion: 'IPV4' | 'IPV6' = 'IPV4') {
  const one = await acting();
  const waf = await one.aws.use('wafv2');
  const { Summary } = await waf.createIPSet({
    Name: 'blocked',
    Scope: 'REGIONAL',
    Description: 'what nobody wants',
    IPAddressVersion,
    Addresses,
  });
  const set = { name: 'blocked', id: Summary?.Id ?? '', scope: 'REGIONAL' as const };
  const named = { Name: set.name, Id: set.id, Scope: set.scope };
  const shown = async () => (await waf.getIPSet(named)).IPSet;
  const replace = async (addresses: string[]) => {
    const { LockToken } = await waf.getIPSet(named);
    await waf.updateIPSet({ ...named, Description: 'what nobody wants', LockToken, Addresses: addresses });
  };
  return { one, set, shown, replace };
}
const block = (one: Acting, set: object, more: object = {}) =>
  one.act(blockAddressInWaf, { with: { set, addresses: ATTACKER, ...more } });

describe('blocking an address in AWS WAF', () => {
  it('adds it to the set, leaves the rest as it is, and takes only that out again', async () => {
    const { one, set, shown, replace } = await world();
    await using _ = one;
    await one.act(recordIpSet, { with: { set } });
    expect(await block(one, set)).toMatchObject({ status: 'done', output: { added: [`${ATTACKER}/32`] } });
    expect(await shown()).toMatchObject({
      Addresses: ['192.0.2.0/24', `${ATTACKER}/32`],
      Description: 'what nobody wants',
    });
    await replace(['203.0.113.9/32', '192.0.2.0/24', `${ATTACKER}/32`]);
    expect(await one.undo(blockAddressInWaf)).toMatchObject({ output: [`${ATTACKER}/32`] });
    expect((await shown())?.Addresses).toEqual(['203.0.113.9/32', '192.0.2.0/24']);
    expect(await one.undo(blockAddressInWaf)).toMatchObject({ status: 'done', output: [] });
    expect(JSON.parse(one.piece(`ip-set-${set.id}.json`).toString())).toMatchObject({ Name: 'blocked' });
  });

  it('adds it once, however often it is done and whenever the answer is lost', async () => {
    const { one, set, shown } = await world();
    await using _ = one;
    await one.act(recordIpSet, { with: { set } });
    one.range.faults.add({ operation: 'UpdateIPSet', fault: { kind: 'drop-after' } });
    await block(one, set);
    expect(await block(one, set)).toMatchObject({ status: 'done', output: { added: [`${ATTACKER}/32`] } });
    expect((await shown())?.Addresses).toEqual(['192.0.2.0/24', `${ATTACKER}/32`]);
    expect(one.made('UpdateIPSet')).toBe(1);
  });

  it('is done on top of what somebody else changes at the same moment', async () => {
    const { one, set, shown } = await world();
    await using _ = one;
    await one.act(recordIpSet, { with: { set } });
    one.range.faults.add({
      operation: 'UpdateIPSet',
      fault: {
        kind: 'error',
        code: 'WAFOptimisticLockException',
        message: 'AWS WAF couldn’t save your changes because someone changed the resource.',
        status: 400,
      },
    });
    expect(await block(one, set)).toMatchObject({ status: 'done' });
    expect((await shown())?.Addresses).toContain(`${ATTACKER}/32`);
  });

  it('leaves in the set, when it is taken back, what was there before', async () => {
    const { one, set, shown } = await world([`${ATTACKER}/32`]);
    await using _ = one;
    await one.act(recordIpSet, { with: { set } });
    expect(await block(one, set)).toMatchObject({ status: 'done', output: { added: [] } });
    expect(one.made('UpdateIPSet')).toBe(0);
    await one.undo(blockAddressInWaf);
    expect((await shown())?.Addresses).toEqual([`${ATTACKER}/32`]);
  });

  it('knows an address of IPv6 in any writing', async () => {
    const { one, set, shown } = await world(['2001:0db8:0000:0000:0000:0000:0000:0001/128'], 'IPV6');
    await using _ = one;
    await one.act(recordIpSet, { with: { set } });
    await block(one, set, { addresses: ['2001:db8::1', '2001:DB8::2'] });
    expect((await shown())?.Addresses).toEqual([
      '2001:0db8:0000:0000:0000:0000:0000:0001/128',
      '2001:db8::2/128',
    ]);
    expect(await block(one, set)).toMatchObject({ status: 'ask', reason: expect.stringContaining('IPv6') });
  });

  it('takes the addresses of the findings’ fields, or else the subject', async () => {
    const { one, set } = await world();
    await using _ = one;
    await one.act(recordIpSet, { with: { set } });
    const fields = ['src_ip'];
    const found = { src_ip: ATTACKER, dst_ip: '203.0.113.1' };
    expect(await one.act(blockAddressInWaf, { with: { set, fields }, found })).toMatchObject({
      output: { added: [`${ATTACKER}/32`] },
    });
    expect(await one.act(blockAddressInWaf, { with: { set, fields } })).toMatchObject({
      status: 'ask',
      reason: 'the findings have no src_ip to block',
    });
    const subject = { ...one.subject, type: 'ip', id: '203.0.113.77' };
    expect(await one.act(blockAddressInWaf, { with: { set }, subject })).toMatchObject({
      output: { added: ['203.0.113.77/32'] },
    });
  });

  it.each([
    ['10.20.0.7', 'not of the Internet'],
    ['169.254.169.254', 'not of the Internet'],
    ['127.0.0.1', 'not of the Internet'],
    ['255.255.255.255', 'not of the Internet'],
    ['::1', 'not of the Internet'],
    ['::ffff:10.0.0.1', 'not of the Internet'],
    ['fe80::1', 'not of the Internet'],
    ['0.0.0.0/0', 'is not an address'],
    ['198.51.100.0/24', 'is not an address'],
    ['\u001b[2Jexample.com', 'is not an address'],
    ['203.0.113.200', 'never to be blocked'],
    ['203.0.113.5', 'an address of this account'],
  ])('asks a person before it blocks %s', async (address, reason) => {
    const { one, set, shown } = await world();
    await using _ = one;
    const [networkInterface] = one.account.networkInterfaces.values();
    if (networkInterface !== undefined) networkInterface.Association = { PublicIp: '203.0.113.5' };
    await one.act(recordIpSet, { with: { set } });
    const answer = await block(one, set, { addresses: [ATTACKER, address], never: ['203.0.113.192/26'] });
    expect(answer).toMatchObject({ status: 'ask', reason: expect.stringContaining(reason) });
    expect((await shown())?.Addresses).toEqual(['192.0.2.0/24']);
  });

  it('asks without a record of the same set, and hears what AWS refuses', async () => {
    const { one, set } = await world();
    await using _ = one;
    expect(await block(one, set)).toMatchObject({
      status: 'ask',
      reason: 'record-ip-set of blocked must come first in the playbook',
    });
    await one.act(recordIpSet, { with: { set } });
    one.range.faults.add({ operation: 'UpdateIPSet', fault: { kind: 'unauthorized' } });
    await expect(block(one, set)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});
