import { z } from 'zod';

const keyArn = z
  .string()
  .regex(
    /^arn:aws[\w-]*:kms:[\w-]+:\d{12}:(key|alias)\/[\w/-]{1,250}$/,
    'not the ARN of a key or alias of KMS: arn:aws:kms:eu-west-1:123456789012:key/…',
  );
const authority = z
  .string()
  .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), 'not a URL of http or https');

/** How evidence is kept and signed. */
export const evidenceSchema = z
  .strictObject({
    /** Minutes before and after an incident from which the subject's records are kept. */
    around: z.number().min(0).max(1_440).default(15),
    /** Minutes between two signatures of a ledger that grows. */
    checkpoint: z.number().positive().max(10_080).default(60),
    /** A key of KMS that signs, instead of the one in the state folder. */
    kms: keyArn.optional(),
    /** A time-stamping authority of RFC 3161. */
    tsa: authority.optional(),
    /** A bucket with Object Lock, where sealed cases are copied to. */
    bucket: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'not the name of a bucket')
      .optional(),
    prefix: z
      .string()
      .regex(/^([^/].*\/)?$/, 'a prefix ends with a slash and does not begin with one')
      .default('cordon/'),
    retention: z
      .strictObject({
        mode: z.enum(['GOVERNANCE', 'COMPLIANCE']).default('GOVERNANCE'),
        days: z.int().min(1).max(36_500).default(365),
      })
      .prefault({}),
  })
  .prefault({});

export type EvidenceConfig = z.output<typeof evidenceSchema>;
