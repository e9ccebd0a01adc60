/** The AWS error code of a failed call, e.g. `InvalidInstanceID.NotFound`; empty for anything else. */
export function awsErrorCode(error: unknown): string {
  const { name, Code } = (error ?? {}) as { name?: string; Code?: string };
  return Code ?? name ?? '';
}

/** AWS refused the call before it had any effect, and the same call may work later. */
export function isThrottled(error: unknown): boolean {
  return /^(RequestLimitExceeded|Throttling|ThrottlingException|SnapshotCreationPerVolumeRateExceeded)$/.test(
    awsErrorCode(error),
  );
}

/** AWS answered and said no: the call had no effect, and trying again as it is will not help. */
export function isRefused(error: unknown): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: number } })?.$metadata?.httpStatusCode ?? 0;
  return status >= 400 && status < 500 && status !== 408 && status !== 429 && !isThrottled(error);
}

/** One sentence for a person; the message of AWS is kept. */
export function describeAwsError(error: unknown): string {
  const code = awsErrorCode(error);
  const { message } = (error ?? {}) as { message?: string };
  return code === '' || code === 'Error' ? String(message ?? error) : `${code}: ${message ?? ''}`;
}
