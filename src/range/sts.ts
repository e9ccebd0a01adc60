import { GetCallerIdentity$ } from '@aws-sdk/client-sts';
import { operation, type Service } from './service.ts';

export const STS: Service = {
  name: 'sts',
  protocol: 'aws-query',
  version: '2011-06-15',
  operations: {
    GetCallerIdentity: operation(GetCallerIdentity$, (account) => ({
      Account: account.id,
      UserId: 'AIDASIMULATED0000000',
      Arn: `arn:aws:iam::${account.id}:user/cordon`,
    })),
  },
};
