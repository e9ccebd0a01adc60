/** The AWS error code of a failed call, e.g. `InvalidInstanceID.NotFound`; empty for anything else. */
export function awsErrorCode(error: unknown): string {
  const { name, Code } = (error ?? {}) as { name?: string; Code?: string };
  return Code ?? name ?? '';
}

const THROTTLED =
  /^(RequestLimitExceeded|RequestThrottled|SlowDown|(KMS\.)?Throttl(ing|edException|ingException)|ProvisionedThroughputExceededException|LimitExceededException|SnapshotCreationPerVolumeRateExceeded)$/;

/** AWS refused the call before it had any effect, and the same call may work later. */
export function isThrottled(error: unknown): boolean {
  return THROTTLED.test(awsErrorCode(error));
}

/** AWS answered and said no: the call had no effect, and trying again as it is will not help. */
export function isRefused(error: unknown): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: number } })?.$metadata?.httpStatusCode ?? 0;
  return status >= 400 && status < 500 && status !== 408 && status !== 429 && !isThrottled(error);
}

const GONE = /^(NoSuchKey|NoSuchVersion|NoSuchBucket|NotFound|MethodNotAllowed)$/;
/** Of the caller or the moment, not of what was asked for. */
const PASSING =
  /^(ExpiredToken|ExpiredTokenException|TokenRefreshRequired|InvalidToken|InvalidAccessKeyId|InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidSignatureException|RequestTimeTooSkewed|RequestTimeout|PreconditionFailed|OperationAborted)$/;

/**
 * What to make of a failed call that only reads. `gone`: what was asked for is not there, and S3 says so
 * at once; `refused`: AWS says no until somebody changes something; `temporary`: later it may work.
 * Source: Amazon S3 API Reference, "Error responses".
 */
export function readFault(error: unknown): 'gone' | 'refused' | 'temporary' {
  const code = awsErrorCode(error);
  if (PASSING.test(code) || !isRefused(error)) return 'temporary';
  return GONE.test(code) ? 'gone' : 'refused';
}

/** Whether a source that was never reached will not be reached later either. */
export function isHopeless(error: unknown): boolean {
  return readFault(error) !== 'temporary' || awsErrorCode(error) === 'CredentialsProviderError';
}

/** One sentence for a person; the message of AWS is kept. */
export function describeAwsError(error: unknown): string {
  const code = awsErrorCode(error);
  const { message } = (error ?? {}) as { message?: string };
  return code === '' || code === 'Error' ? String(message ?? error) : `${code}: ${message ?? ''}`;
}
