import * as s3control from '@aws-sdk/client-s3-control';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { REST_XML } from '../protocol/rest-xml.ts';
import { accountBlockOf, fourOf, noPublicAccessBlock } from '../s3/public-access.ts';
import { operation, type Service } from '../service.ts';

interface OfAccount {
  readonly AccountId?: string | undefined;
}

/** It signs as S3 does, and is told from it by its version in the path and the account in a header. */
export const S3CONTROL: Service = {
  name: 's3control',
  protocol: REST_XML,
  serves: ({ path, headers }) => path.startsWith('/v20180820/') && headers['x-amz-account-id'] !== undefined,
  faults: {
    throttle: () => new AwsError('SlowDown', 'Please reduce your request rate.', 503),
    'internal-error': () =>
      new AwsError('InternalError', 'We encountered an internal error. Please try again.', 500),
    unauthorized: accessDenied,
  },
  operations: {
    DeletePublicAccessBlock: operation(
      s3control.DeletePublicAccessBlock$,
      (account, { AccountId }: OfAccount) => {
        own(account, AccountId).settings = undefined;
        return {};
      },
    ),
    GetPublicAccessBlock: operation(s3control.GetPublicAccessBlock$, (account, { AccountId }: OfAccount) => {
      const { settings } = own(account, AccountId);
      if (settings === undefined) throw noPublicAccessBlock();
      return { PublicAccessBlockConfiguration: settings };
    }),
    PutPublicAccessBlock: operation(
      s3control.PutPublicAccessBlock$,
      (account, input: s3control.PutPublicAccessBlockCommandInput) => {
        own(account, input.AccountId).settings = fourOf(input.PublicAccessBlockConfiguration);
        return {};
      },
    ),
  },
};

function own(account: Account, id: string | undefined) {
  if (id !== account.id) throw accessDenied();
  return accountBlockOf(account);
}

function accessDenied(): AwsError {
  return new AwsError('AccessDenied', 'Access Denied', 403);
}
