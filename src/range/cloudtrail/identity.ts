import type { Account } from '../account.ts';
import type { Origin } from './call.ts';
import { isoSeconds } from './time.ts';

/** Source: AWS CloudTrail User Guide, "CloudTrail userIdentity element". */
export function userIdentityOf(account: Account, { caller, invokedBy }: Origin): Record<string, unknown> {
  const by = invokedBy === undefined ? {} : { invokedBy };
  if (caller === undefined)
    return invokedBy === undefined
      ? { type: 'Unknown', accountId: account.id }
      : { type: 'AWSService', invokedBy };
  const { type, principalId, arn, accountId, accessKeyId, userName, session } = caller;
  return {
    type,
    principalId,
    arn,
    accountId,
    accessKeyId,
    ...(userName === undefined ? {} : { userName }),
    ...(session === undefined
      ? {}
      : {
          sessionContext: {
            sessionIssuer: session.issuer,
            attributes: { creationDate: isoSeconds(session.createdAt), mfaAuthenticated: 'false' },
            ...(session.sourceIdentity === undefined ? {} : { sourceIdentity: session.sourceIdentity }),
          },
        }),
    ...by,
  };
}
