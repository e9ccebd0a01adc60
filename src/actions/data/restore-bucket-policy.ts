import { z } from 'zod';
import type { AwsClients } from '../../aws/clients.ts';
import { canonicalJson, type Json, toJson } from '../../model/json.ts';
import { type ActionOutcome, defineAction, done, type UndoContext } from '../action.ts';
import { BUCKET, bucketName, type OwnBucket, ownBucket, policyOf } from './bucket.ts';
import { recordedBucket } from './record-bucket.ts';

interface Restored {
  readonly bucket: string;
  /** What the bucket has now; null: no policy. */
  readonly policy: string | null;
  readonly before: string | null;
}

const PERMISSIONS = ['s3:GetBucketPolicy', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy'];
/** Source: Amazon S3 User Guide, "Bucket policies for Amazon S3": 20 KB. */
const LONGEST_POLICY = 20 * 1024;

export const restoreBucketPolicy = defineAction({
  name: 'restore-bucket-policy',
  title: 'Restore the policy of the bucket',
  group: 'data',
  subjects: [BUCKET],
  effect: 'reversible',
  needs: ['record-bucket'],
  permissions: PERMISSIONS,
  about: {
    precondition: 'the bucket has the policy that was recorded, or has the wanted one already',
    effect: 'puts the policy that the playbook says, or takes the policy away',
    proof: 'S3 shows the policy that was put, or none',
    idempotency: 'a bucket that has the policy already is left alone',
  },
  input: z.union([
    z.strictObject({
      /** The policy, as JSON text or as data. */
      policy: z.union([z.string().min(1), z.record(z.string(), z.json())]),
    }),
    z.strictObject({ delete: z.literal(true) }),
  ]),
  undo: {
    kind: 'by',
    how: 'put the recorded policy back, byte by byte, or take the policy away where there was none',
    permissions: PERMISSIONS,
    run: putBack,
  },
  plan: ({ id }, input) =>
    'delete' in input ? `delete the policy of ${bucketName(id)}` : `put a policy on ${bucketName(id)}`,
  async run(context) {
    const { aws, subject, input } = context;
    const own = ownBucket(subject);
    const { Bucket } = own;
    const recorded = recordedBucket(context.output('record-bucket'), subject);
    if (recorded === undefined)
      return { status: 'ask', reason: `record-bucket of ${Bucket} must come first in the playbook` };
    const wanted = wantedPolicy(input);
    if (typeof wanted === 'object' && wanted !== null) return { status: 'ask', reason: wanted.fault };
    const now = (await policyOf(aws, own)) ?? null;
    if (!isSame(now, wanted)) {
      if (!isSame(now, recorded.policy))
        return { status: 'ask', reason: `the policy of ${Bucket} was changed since it was recorded` };
      await putPolicy(aws, own, wanted);
    }
    if (!isSame((await policyOf(aws, own)) ?? null, wanted))
      return { status: 'waiting', progress: `${Bucket} does not show its policy yet` };
    const restored: Restored = { bucket: Bucket, policy: wanted, before: recorded.policy };
    return done(toJson(restored), wanted === null ? `${Bucket} has no policy` : `${Bucket} has the policy`);
  },
});

/** A policy that somebody changed again meanwhile stays. */
async function putBack({ aws, subject, undone }: UndoContext): Promise<ActionOutcome> {
  const { bucket, policy, before } = undone as unknown as Restored;
  const own = ownBucket(subject);
  const now = (await policyOf(aws, own)) ?? null;
  if (isSame(now, before)) return done(null, `${bucket} has its policy of before`);
  if (!isSame(now, policy)) return done(null, `${bucket} has another policy meanwhile, which stays`);
  await putPolicy(aws, own, before);
  return done(before, before === null ? `${bucket} has no policy again` : `${bucket} has its policy again`);
}

async function putPolicy(aws: AwsClients, own: OwnBucket, policy: string | null): Promise<void> {
  const s3 = await aws.use('s3');
  if (policy === null) await s3.deleteBucketPolicy(own);
  else await s3.putBucketPolicy({ ...own, Policy: policy });
}

/** The text to put; null for none. */
function wantedPolicy(
  input: { readonly policy: string | Readonly<Record<string, unknown>> } | { readonly delete: true },
): string | null | { readonly fault: string } {
  if ('delete' in input) return null;
  const text = typeof input.policy === 'string' ? input.policy : JSON.stringify(input.policy);
  const read = dataOf(text);
  if (read === undefined || typeof read !== 'object' || read === null || !('Statement' in read))
    return { fault: 'with.policy is no policy: it is not JSON, or has no Statement' };
  if (Buffer.byteLength(text) > LONGEST_POLICY)
    return { fault: `with.policy is longer than the ${LONGEST_POLICY} bytes that S3 takes` };
  return text;
}

/** S3 gives a policy back as it was put, but other tools lay it out anew. */
function isSame(a: string | null, b: string | null): boolean {
  if (a === null || b === null || a === b) return a === b;
  const [first, second] = [dataOf(a), dataOf(b)];
  return first !== undefined && second !== undefined && canonicalJson(first) === canonicalJson(second);
}

function dataOf(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
