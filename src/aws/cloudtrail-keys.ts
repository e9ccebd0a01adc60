import { CloudTrailClient, paginateListPublicKeys } from '@aws-sdk/client-cloudtrail';
import { type DigestKey, publicKeyOf } from '../formats/cloudtrail/digest.ts';
import { type AwsSettings, SIMULATED_CREDENTIALS } from './clients.ts';

/** The public keys that CloudTrail has used in a region since a time (milliseconds since the epoch). */
export async function listDigestKeys({ region, endpoint }: AwsSettings, since: number): Promise<DigestKey[]> {
  const client = new CloudTrailClient({
    region,
    maxAttempts: 6,
    ...(endpoint === undefined ? {} : { endpoint, credentials: SIMULATED_CREDENTIALS }),
  });
  try {
    const keys: DigestKey[] = [];
    const input = { StartTime: new Date(since), EndTime: new Date() };
    for await (const { PublicKeyList = [] } of paginateListPublicKeys({ client }, input)) {
      for (const { Value, Fingerprint = '', ValidityStartTime, ValidityEndTime } of PublicKeyList) {
        const key = Value === undefined ? undefined : publicKeyOf(Value);
        if (key === undefined) continue;
        const from = ValidityStartTime?.getTime() ?? Number.NEGATIVE_INFINITY;
        const to = ValidityEndTime?.getTime() ?? Number.POSITIVE_INFINITY;
        keys.push({ fingerprint: Fingerprint, key, from, to });
      }
    }
    return keys;
  } finally {
    client.destroy();
  }
}
