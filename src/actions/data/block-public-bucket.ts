import { toJson } from '../../model/json.ts';
import { type ActionOutcome, defineAction, done, type UndoContext } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';
import {
  ALL_BLOCKED,
  BUCKET,
  blocksAll,
  blockText,
  bucketName,
  ownBucket,
  type PublicAccessBlock,
  publicAccessBlockOf,
} from './bucket.ts';
import { recordedBucket } from './record-bucket.ts';

interface Blocked {
  readonly bucket: string;
  readonly before: PublicAccessBlock | null;
}

const PERMISSIONS = ['s3:GetBucketPublicAccessBlock', 's3:PutBucketPublicAccessBlock'];

export const blockPublicBucket = defineAction({
  name: 'block-public-bucket',
  title: 'Block public access to the bucket',
  group: 'data',
  subjects: [BUCKET],
  effect: 'reversible',
  needs: ['record-bucket'],
  permissions: PERMISSIONS,
  about: {
    precondition: 'the bucket is there',
    effect:
      'switches all four settings of its public access block on; its policy and lists stay as they are, and what is public in them no longer counts',
    proof: 'S3 shows all four settings switched on',
    idempotency: 'settings that are on are left alone, and putting them again changes nothing',
  },
  input: NO_INPUT,
  undo: {
    kind: 'by',
    how: 'put the recorded public access block back, or take it off where there was none',
    permissions: PERMISSIONS,
    run: putBack,
  },
  plan: ({ id }) => `block all public access to ${bucketName(id)}`,
  async run(context) {
    const { aws, subject } = context;
    const own = ownBucket(subject);
    const { Bucket } = own;
    const recorded = recordedBucket(context.output('record-bucket'), subject);
    if (recorded === undefined)
      return { status: 'ask', reason: `record-bucket of ${Bucket} must come first in the playbook` };
    const s3 = await aws.use('s3');
    if (!blocksAll(await publicAccessBlockOf(aws, own)))
      await s3.putPublicAccessBlock({ ...own, PublicAccessBlockConfiguration: ALL_BLOCKED });
    if (!blocksAll(await publicAccessBlockOf(aws, own)))
      return { status: 'waiting', progress: `${Bucket} does not show its public access block yet` };
    const blocked: Blocked = { bucket: Bucket, before: recorded.publicAccessBlock };
    return done(toJson(blocked), `${Bucket} blocks all public access; before: ${blockText(blocked.before)}`);
  },
});

/** Only a block that is still whole is changed: what a person did stays. */
async function putBack({ aws, subject, undone }: UndoContext): Promise<ActionOutcome> {
  const { before } = undone as unknown as Blocked;
  const own = ownBucket(subject);
  const { Bucket } = own;
  const s3 = await aws.use('s3');
  if (blocksAll(before)) return done(null, `${Bucket} blocked all public access before`);
  if (!blocksAll(await publicAccessBlockOf(aws, own)))
    return done(null, `${Bucket} has another public access block meanwhile, which stays`);
  if (before === null) await s3.deletePublicAccessBlock(own);
  else await s3.putPublicAccessBlock({ ...own, PublicAccessBlockConfiguration: { ...before } });
  return done(toJson(before), `${Bucket} has ${blockText(before)} again`);
}
