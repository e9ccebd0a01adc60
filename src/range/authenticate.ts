import type { Account } from './account.ts';
import { AwsError } from './aws-error.ts';
import { type Caller, callerOf } from './caller.ts';
import { AWS_QUERY, EC2_QUERY } from './protocol/query.ts';
import { REST_XML, S3_XML } from './protocol/rest-xml.ts';
import type { HttpRequest, Protocol, Service } from './service.ts';

/**
 * The caller of a request, or the service's own error when its credentials are good for nothing: a key that
 * is inactive or was deleted, a session that is over. Signatures are not checked. IAM notes when a key was used.
 */
export function authenticate(account: Account, service: Service, request: HttpRequest): Caller {
  const caller = callerOf(account, request);
  if (typeof caller === 'string') throw refusal(service.protocol, caller);
  const { principal, accessKeyId } = caller;
  if (principal !== undefined && 'accessKeys' in principal) {
    const key = principal.accessKeys.get(accessKeyId);
    const { region } = account;
    if (key !== undefined) key.lastUsed = { at: account.clock.now(), service: service.name, region };
  }
  return caller;
}

/**
 * Source: Amazon EC2 API Reference, "Error codes"; Amazon S3 API Reference, "Error responses";
 * "Common Errors" in the references of IAM, KMS and Lambda.
 */
function refusal(protocol: Protocol, why: 'unknown' | 'expired'): AwsError {
  const invalid = 'The security token included in the request is invalid.';
  const expired = 'The security token included in the request is expired';
  switch (protocol) {
    case EC2_QUERY:
      return why === 'unknown'
        ? new AwsError('AuthFailure', 'AWS was not able to validate the provided access credentials', 401)
        : new AwsError('RequestExpired', 'Request has expired.', 400);
    case S3_XML:
      return why === 'unknown'
        ? new AwsError(
            'InvalidAccessKeyId',
            'The AWS Access Key Id you provided does not exist in our records.',
            403,
          )
        : new AwsError('ExpiredToken', 'The provided token has expired.', 400);
    case AWS_QUERY:
    case REST_XML:
      return why === 'unknown'
        ? new AwsError('InvalidClientTokenId', invalid, 403)
        : new AwsError('ExpiredToken', expired, 403);
    default:
      return why === 'unknown'
        ? new AwsError('UnrecognizedClientException', invalid, 403)
        : new AwsError('ExpiredTokenException', expired, 403);
  }
}
