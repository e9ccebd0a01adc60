import { z } from 'zod';
import { parseJson } from '../json.ts';
import { type DigestKey, publicKeyOf } from './digest.ts';

/** A time as the AWS CLI prints it: ISO 8601, or seconds since the epoch. */
const time = z.union([z.string().transform(Date.parse), z.number().transform((seconds) => seconds * 1_000)]);

/** What `aws cloudtrail list-public-keys` prints. Source: AWS CloudTrail API Reference, "ListPublicKeys". */
const schema = z.object({
  PublicKeyList: z.array(
    z.object({
      Value: z.base64(),
      Fingerprint: z.string(),
      ValidityStartTime: time.optional(),
      ValidityEndTime: time.optional(),
    }),
  ),
});

/** The keys in a text; a text says what is wrong with it. */
export function parseDigestKeys(text: string): DigestKey[] | string {
  const parsed = parseJson(text);
  if (parsed === undefined) return 'not JSON';
  const checked = schema.safeParse(parsed.value);
  if (!checked.success) return 'not the output of "aws cloudtrail list-public-keys"';
  const keys: DigestKey[] = [];
  for (const { Value, Fingerprint, ValidityStartTime, ValidityEndTime } of checked.data.PublicKeyList) {
    const key = publicKeyOf(Buffer.from(Value, 'base64'));
    if (key === undefined) return `the key ${Fingerprint} is no RSA key in PKCS #1`;
    keys.push({
      fingerprint: Fingerprint,
      key,
      from: known(ValidityStartTime, Number.NEGATIVE_INFINITY),
      to: known(ValidityEndTime, Number.POSITIVE_INFINITY),
    });
  }
  return keys;
}

function known(time: number | undefined, otherwise: number): number {
  return time === undefined || Number.isNaN(time) ? otherwise : time;
}
