import type { Sample } from '../../model/finding.ts';

/** Long-term access keys of IAM. */
export const LONG_TERM_KEY = /^AKIA[A-Z0-9]{12,124}$/;

/**
 * The long-term access keys that signed the calls in CloudTrail records. What is no such record has none.
 * Source: AWS CloudTrail User Guide, "CloudTrail userIdentity element".
 */
export function usedKeys(samples: readonly Sample[]): Set<string> {
  const ids = samples.map(({ raw }) => keyOf(raw));
  return new Set(ids.filter((id) => id !== undefined));
}

function keyOf(raw: string): string | undefined {
  let record: unknown;
  try {
    record = JSON.parse(raw);
  } catch {
    return undefined;
  }
  const { userIdentity } = (record ?? {}) as { userIdentity?: { accessKeyId?: unknown } | null };
  const id = userIdentity?.accessKeyId;
  return typeof id === 'string' && LONG_TERM_KEY.test(id) ? id : undefined;
}
