import { GetCallerIdentity$ } from '@aws-sdk/client-sts';
import { AWS_QUERY, QUERY_FAULTS, servesVersion } from './protocol/query.ts';
import { operation, type Service } from './service.ts';

export const STS: Service = {
  name: 'sts',
  protocol: AWS_QUERY,
  serves: servesVersion('2011-06-15'),
  faults: QUERY_FAULTS,
  operations: {
    GetCallerIdentity: operation(GetCallerIdentity$, (account, _input, _gone, { principalId, arn }) => ({
      Account: account.id,
      UserId: principalId,
      Arn: arn,
    })),
  },
};
