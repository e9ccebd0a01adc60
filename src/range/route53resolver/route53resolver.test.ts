import { Route53Resolver } from '@aws-sdk/client-route53resolver';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Range, startRange } from '../range.ts';

let world: Range;
let resolver: Route53Resolver;

beforeEach(async () => {
  world = await startRange();
  resolver = new Route53Resolver({
    endpoint: world.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
});
afterEach(async () => {
  resolver.destroy();
  await world.close();
});

async function list(): Promise<string> {
  const { FirewallDomainList } = await resolver.createFirewallDomainList({
    CreatorRequestId: 'once',
    Name: 'blocked',
  });
  return FirewallDomainList?.Id ?? '';
}
const update = (FirewallDomainListId: string, Operation: 'ADD' | 'REMOVE' | 'REPLACE', Domains: string[]) =>
  resolver.updateFirewallDomains({ FirewallDomainListId, Operation, Domains });

describe('a domain list of DNS Firewall', () => {
  it('is made once for a request, and takes over each change before the next', async () => {
    const id = await list();
    expect(id).toMatch(/^rslvr-fdl-[0-9a-f]+$/);
    expect(await list()).toBe(id);
    expect(await update(id, 'ADD', ['Evil.example', '*.c2.example'])).toMatchObject({ Status: 'UPDATING' });
    await expect(update(id, 'ADD', ['b.example'])).rejects.toMatchObject({ name: 'ConflictException' });
    world.account.clock.advance(60_000);
    await update(id, 'ADD', ['evil.example', 'b.example']);
    world.account.clock.advance(60_000);
    await update(id, 'REMOVE', ['b.example', 'never.example']);
    expect((await resolver.listFirewallDomains({ FirewallDomainListId: id })).Domains).toEqual([
      'evil.example.',
      '*.c2.example.',
    ]);
    world.account.clock.advance(60_000);
    const { FirewallDomainList } = await resolver.getFirewallDomainList({ FirewallDomainListId: id });
    expect(FirewallDomainList).toMatchObject({ Status: 'COMPLETE', DomainCount: 2, Name: 'blocked' });
  });

  it('is listed in pages', async () => {
    const id = await list();
    await update(id, 'ADD', ['a.example', 'b.example', 'c.example']);
    const pages: (readonly string[])[] = [];
    let NextToken: string | undefined;
    do {
      const page = await resolver.listFirewallDomains({
        FirewallDomainListId: id,
        MaxResults: 2,
        ...(NextToken === undefined ? {} : { NextToken }),
      });
      pages.push(page.Domains ?? []);
      ({ NextToken } = page);
    } while (NextToken !== undefined);
    expect(pages).toEqual([['a.example.', 'b.example.'], ['c.example.']]);
  });

  it('takes domains only, and says so of a list that is not there', async () => {
    const id = await list();
    for (const domain of ['', 'a b', 'a..b', `${'a'.repeat(64)}.example`, 'http://a.example'])
      await expect(update(id, 'ADD', [domain])).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(update('rslvr-fdl-none', 'ADD', ['a.example'])).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});
