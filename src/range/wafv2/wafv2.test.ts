import { WAFV2 } from '@aws-sdk/client-wafv2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Range, startRange } from '../range.ts';

let world: Range;
let waf: WAFV2;

beforeEach(async () => {
  world = await startRange({ region: 'eu-west-1' });
  waf = new WAFV2({
    endpoint: world.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
});
afterEach(async () => {
  waf.destroy();
  await world.close();
});

const set = { Name: 'blocked', Scope: 'REGIONAL' } as const;
const create = (Addresses: string[] = [], more: object = {}) =>
  waf.createIPSet({ ...set, IPAddressVersion: 'IPV4', Addresses, ...more });

describe('an IP set', () => {
  it('is changed only by who has seen its last change', async () => {
    const { Summary } = await create(['192.0.2.0/24'], { Description: 'by hand' });
    const Id = Summary?.Id;
    const { IPSet, LockToken } = await waf.getIPSet({ ...set, Id });
    expect(IPSet).toMatchObject({ Addresses: ['192.0.2.0/24'], Description: 'by hand' });
    const Addresses = ['192.0.2.0/24', '198.51.100.7/32'];
    const { NextLockToken } = await waf.updateIPSet({ ...set, Id, Addresses, LockToken });
    await expect(waf.updateIPSet({ ...set, Id, Addresses: [], LockToken })).rejects.toMatchObject({
      name: 'WAFOptimisticLockException',
    });
    expect((await waf.getIPSet({ ...set, Id })).IPSet?.Addresses).toEqual(Addresses);
    await waf.updateIPSet({ ...set, Id, Addresses: [], LockToken: NextLockToken });
    expect((await waf.listIPSets({ Scope: 'REGIONAL' })).IPSets).toMatchObject([{ Id, Name: 'blocked' }]);
  });

  it('has addresses in CIDR notation of one family, and never the whole Internet', async () => {
    for (const address of ['192.0.2.1', '0.0.0.0/0', '2001:db8::/32', 'example.com', '192.0.2.1/33'])
      await expect(create([address])).rejects.toMatchObject({
        name: 'WAFInvalidParameterException',
        message: expect.stringContaining(`field: IP_ADDRESS, parameter: ${address}`),
      });
    await create(['2001:db8::/32'], { IPAddressVersion: 'IPV6' });
    await expect(create()).rejects.toMatchObject({ name: 'WAFDuplicateItemException' });
    await expect(waf.getIPSet({ ...set, Id: 'none' })).rejects.toMatchObject({
      name: 'WAFNonexistentItemException',
    });
    await expect(create([], { Scope: 'CLOUDFRONT' })).rejects.toMatchObject({
      name: 'WAFInvalidParameterException',
    });
  });
});
