import { GetCallerIdentity$ } from '@aws-sdk/client-sts';
import type { Account } from './account.ts';
import { AWS_QUERY, QUERY_FAULTS, servesVersion } from './protocol/query.ts';
import { operation, type Service } from './service.ts';

/** Who the range takes every caller for. */
export function callerArn({ id }: Account): string {
  return `arn:aws:iam::${id}:user/cordon`;
}

export const STS: Service = {
  name: 'sts',
  protocol: AWS_QUERY,
  serves: servesVersion('2011-06-15'),
  faults: QUERY_FAULTS,
  operations: {
    GetCallerIdentity: operation(GetCallerIdentity$, (account) => ({
      Account: account.id,
      UserId: 'AIDASIMULATED0000000',
      Arn: callerArn(account),
    })),
  },
};
