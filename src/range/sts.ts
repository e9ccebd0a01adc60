import { AssumeRole$, GetCallerIdentity$ } from '@aws-sdk/client-sts';
import type { Account } from './account.ts';
import { AwsError } from './aws-error.ts';
import { assumeRole } from './iam/sessions.ts';
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
  faults: {
    ...QUERY_FAULTS,
    throttle: () => new AwsError('Throttling', 'Rate exceeded'),
    unauthorized: () => new AwsError('AccessDenied', 'User is not authorized to perform this operation', 403),
  },
  operations: {
    AssumeRole: operation(AssumeRole$, assumeRole),
    GetCallerIdentity: operation(GetCallerIdentity$, (account, _input, _gone, { principalId, arn }) => ({
      Account: account.id,
      UserId: principalId,
      Arn: arn,
    })),
  },
};
