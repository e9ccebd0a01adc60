import { describe, expect, it } from 'vitest';
import { type Acting, acting } from '../../../test/acting.ts';
import { domainListsOf } from '../../range/route53resolver/domain-lists.ts';
import { blockDomainInDnsFirewall } from './block-domain-in-dns-firewall.ts';
import { recordDomainList } from './record-domain-list.ts';

async function world() {
  const one = await acting();
  const resolver = await one.aws.use('route53resolver');
  const made = await resolver.createFirewallDomainList({ CreatorRequestId: '1', Name: 'blocked' });
  const list = made.FirewallDomainList?.Id ?? '';
  await resolver.updateFirewallDomains({
    FirewallDomainListId: list,
    Operation: 'ADD',
    Domains: ['known.example'],
  });
  const shown = async () => (await resolver.listFirewallDomains({ FirewallDomainListId: list })).Domains;
  return { one, list, shown };
}
const block = (one: Acting, list: string, more: object = {}) =>
  one.act(blockDomainInDnsFirewall, { with: { list, domains: 'c2.evil.example', ...more } });

describe('blocking a domain in DNS Firewall', () => {
  it('adds it to the list, waits until it counts, and takes only that out again', async () => {
    const { one, list, shown } = await world();
    await using _ = one;
    expect(await one.act(recordDomainList, { with: { list } })).toMatchObject({
      output: { list, domains: ['known.example'] },
    });
    const domains = ['C2.Evil.Example.', 'known.example'];
    expect(await block(one, list, { domains, subdomains: true })).toMatchObject({
      status: 'done',
      output: { added: ['c2.evil.example', '*.c2.evil.example', '*.known.example'] },
    });
    expect(await shown()).toEqual([
      'known.example.',
      'c2.evil.example.',
      '*.c2.evil.example.',
      '*.known.example.',
    ]);
    expect(domainListsOf(one.account).get(list)?.updatingUntil).toBeLessThanOrEqual(one.clock.now());
    expect(await one.undo(blockDomainInDnsFirewall)).toMatchObject({ status: 'done' });
    expect(await one.undo(blockDomainInDnsFirewall)).toMatchObject({ status: 'done' });
    expect(await shown()).toEqual(['known.example.']);
  });

  it('adds it once, also when the answer is lost or the list takes over another change', async () => {
    const { one, list, shown } = await world();
    await using _ = one;
    await one.act(recordDomainList, { with: { list } });
    one.range.faults.add({ operation: 'UpdateFirewallDomains', fault: { kind: 'drop-after' } });
    expect(await block(one, list)).toMatchObject({ output: { added: ['c2.evil.example'] } });
    expect(await block(one, list)).toMatchObject({ output: { added: ['c2.evil.example'] } });
    expect(await shown()).toEqual(['known.example.', 'c2.evil.example.']);
  });

  it.each([
    ['amazonaws.com', 'which AWS itself needs'],
    ['sts.eu-west-1.amazonaws.com', 'which AWS itself needs'],
    ['ip-10-0-0-1.ec2.internal', 'not of the Internet'],
    ['198.51.100.7', 'is not a domain'],
    ['localhost', 'is not a domain'],
    ['a b.example', 'is not a domain'],
    ['shop.example', 'never to be blocked'],
    ['api.shop.example', 'never to be blocked'],
    ['co.uk', 'looks like a suffix'],
  ])('asks a person before it blocks %s', async (domain, reason) => {
    const { one, list, shown } = await world();
    await using _ = one;
    await one.act(recordDomainList, { with: { list } });
    const more = { domains: [domain], never: ['shop.example'], subdomains: true };
    expect(await block(one, list, more)).toMatchObject({
      status: 'ask',
      reason: expect.stringContaining(reason),
    });
    expect(await shown()).toEqual(['known.example.']);
  });

  it('spares what is below as well as what is above', async () => {
    const { one, list } = await world();
    await using _ = one;
    await one.act(recordDomainList, { with: { list } });
    expect(await block(one, list, { domains: 'evil.example', never: ['good.evil.example'] })).toMatchObject({
      status: 'ask',
    });
    expect(await block(one, list, { domains: [], fields: ['query'] })).toMatchObject({ status: 'ask' });
    const found = { query: 'x.evil.example' };
    const input = { list, fields: ['query'] };
    expect(await one.act(blockDomainInDnsFirewall, { with: input, found })).toMatchObject({
      output: { added: ['x.evil.example'] },
    });
  });
});
