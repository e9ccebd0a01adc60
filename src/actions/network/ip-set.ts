import type { GetIPSetCommandOutput } from '@aws-sdk/client-wafv2';
import { z } from 'zod';
import type { AwsClients } from '../../aws/clients.ts';
import type { AddressList } from './address-list.ts';

/** An IP set of AWS WAF, named as its API wants it: by all three. */
export const IP_SET = z.strictObject({
  name: z.string().min(1),
  id: z.string().min(1),
  /** Sets of CloudFront distributions are in us-east-1. */
  scope: z.enum(['REGIONAL', 'CLOUDFRONT']).default('REGIONAL'),
});

export type IpSetName = z.output<typeof IP_SET>;

export interface IpSet extends AddressList {
  readonly family: 4 | 6;
  readonly description: GetIPSetCommandOutput['IPSet'];
}

/** Source: AWS WAF API Reference, "UpdateIPSet": the whole list, with the lock token it was read with. */
export const CHANGED_MEANWHILE = 'WAFOptimisticLockException';

export async function readIpSet(aws: AwsClients, { name, id, scope }: IpSetName): Promise<IpSet> {
  const waf = await aws.use('wafv2');
  const named = { Name: name, Id: id, Scope: scope };
  const { IPSet, LockToken } = await waf.getIPSet(named);
  const described = IPSet?.Description === undefined ? {} : { Description: IPSet.Description };
  return {
    entries: IPSet?.Addresses ?? [],
    family: IPSet?.IPAddressVersion === 'IPV6' ? 6 : 4,
    description: IPSet,
    async replace(entries) {
      await waf.updateIPSet({ ...named, ...described, LockToken, Addresses: [...entries] });
    },
  };
}

/** Why a set cannot be reached from here. */
export function outOfReach(aws: AwsClients, { scope }: IpSetName): string | undefined {
  if (scope === 'REGIONAL' || aws.region === 'us-east-1') return undefined;
  return `sets of CloudFront are in us-east-1, and the subject is in ${aws.region}`;
}
