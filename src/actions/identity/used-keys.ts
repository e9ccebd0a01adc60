import type { Sample } from '../../model/finding.ts';

/** Long-term access keys of IAM. */
export const LONG_TERM_KEY = /^AKIA[A-Z0-9]{12,124}$/;

/**
 * The long-term access keys that signed the calls in CloudTrail records, and those that GuardDuty findings are
 * about. What is neither has none. Sources: AWS CloudTrail User Guide, "CloudTrail userIdentity element"; Amazon
 * GuardDuty API Reference, "AccessKeyDetails".
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
  const { userIdentity, resource } = (record ?? {}) as {
    readonly userIdentity?: { readonly accessKeyId?: unknown } | null;
    readonly resource?: { readonly accessKeyDetails?: { readonly accessKeyId?: unknown } | null } | null;
  };
  const id = userIdentity?.accessKeyId ?? resource?.accessKeyDetails?.accessKeyId;
  return typeof id === 'string' && LONG_TERM_KEY.test(id) ? id : undefined;
}
