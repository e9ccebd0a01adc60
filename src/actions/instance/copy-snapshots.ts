import type { Snapshot } from '@aws-sdk/client-ec2';
import { z } from 'zod';
import { toJson } from '../../model/json.ts';
import { INSTANCE } from '../../model/subject.ts';
import { type ActionContext, defineAction, done } from '../action.ts';
import type { CaseSnapshot } from './snapshot-volumes.ts';

/** Of a copy: the snapshot that it is of, and the case. */
const COPY_TAG = 'cordon:copy-of';
const COPY_CASE_TAG = 'cordon:copy-for';
const SETTLE_POLLS = 5;

/** A copy of a snapshot of the case. */
export interface SnapshotCopy extends CaseSnapshot {
  readonly copyOf: string;
}

export const copySnapshots = defineAction({
  name: 'copy-snapshots',
  title: 'Copy the snapshots under another key',
  group: 'instance',
  subjects: [INSTANCE],
  effect: 'reversible',
  needs: ['await-snapshots'],
  permissions: [
    'ec2:CopySnapshot',
    'ec2:CreateTags',
    'ec2:DescribeSnapshots',
    // Source: Amazon EBS User Guide, "Requirements for Amazon EBS encryption".
    'kms:CreateGrant',
    'kms:Decrypt',
    'kms:DescribeKey',
    'kms:GenerateDataKeyWithoutPlaintext',
    'kms:ReEncryptFrom',
    'kms:ReEncryptTo',
  ],
  about: {
    precondition: 'the snapshots are completed',
    effect:
      'one copy of each snapshot in the same region, encrypted with the key; a snapshot under the AWS managed key can be shared only so',
    proof: 'EC2 shows a copy of each; share-snapshots waits until they are completed',
    idempotency:
      'the tags of the case and the original are the token: copies that carry them are taken as they are',
  },
  input: z.strictObject({
    key: z
      .string()
      .regex(/^arn:aws[\w-]*:kms:[\w-]+:\d{12}:(key|alias)\/[\w/-]+$/, 'the ARN of a KMS key or alias')
      .describe('ARN of the KMS key; the forensics account must be allowed to use it'),
  }),
  undo: {
    kind: 'nothing',
    why: 'copies are evidence: delete them when the case is closed and nobody needs them',
  },
  plan: ({ id }, { key }) => `copy the snapshots of ${id}, encrypted with ${key}`,
  async run(context) {
    const originals = (context.output('await-snapshots') ?? []) as unknown as readonly CaseSnapshot[];
    if (originals.length === 0) return { status: 'ask', reason: 'there are no snapshots to copy' };
    const found = await existingCopies(context, originals);
    const copies: SnapshotCopy[] = [];
    for (const { snapshotId: copyOf, volumeId } of originals) {
      const snapshotId = found.get(copyOf) ?? (await copy(context, copyOf, context.input.key));
      copies.push({ snapshotId, volumeId, copyOf });
    }
    return done(
      toJson(copies),
      copies.map(({ snapshotId, copyOf }) => `${snapshotId} of ${copyOf}`).join(', '),
    );
  },
});

/**
 * CopySnapshot has no client token. So the tags are the token, and after a try that may have worked AWS
 * is given time to show what it made. A copy that has erred is none.
 */
async function existingCopies(
  context: ActionContext,
  originals: readonly CaseSnapshot[],
): Promise<ReadonlyMap<string, string>> {
  const polls = context.earlierTry === 'none' ? 1 : SETTLE_POLLS;
  for (let poll = 1; ; poll++) {
    const usable = (await describeCopies(context)).filter(({ State }) => State !== 'error');
    const found = new Map(usable.map((one) => [originalOf(one), one.SnapshotId ?? '']));
    if (poll === polls || originals.every(({ snapshotId }) => found.has(snapshotId))) return found;
    await context.sleep(context.settleTime / (SETTLE_POLLS - 1));
  }
}

async function describeCopies({ aws, incident }: ActionContext): Promise<Snapshot[]> {
  const snapshots: Snapshot[] = [];
  const Filters = [{ Name: `tag:${COPY_CASE_TAG}`, Values: [incident.id] }];
  for await (const page of aws.ec2.paginateDescribeSnapshots({ OwnerIds: ['self'], Filters })) {
    snapshots.push(...(page.Snapshots ?? []));
  }
  return snapshots;
}

function originalOf({ Tags }: Snapshot): string {
  return Tags?.find(({ Key }) => Key === COPY_TAG)?.Value ?? '';
}

async function copy({ aws, incident }: ActionContext, original: string, key: string): Promise<string> {
  const answer = await aws.ec2Once.copySnapshot({
    SourceRegion: aws.region,
    SourceSnapshotId: original,
    Encrypted: true,
    KmsKeyId: key,
    Description: `Cordon evidence of ${incident.id}, copy of ${original}`,
    TagSpecifications: [
      {
        ResourceType: 'snapshot',
        Tags: [
          { Key: COPY_CASE_TAG, Value: incident.id },
          { Key: COPY_TAG, Value: original },
        ],
      },
    ],
  });
  return answer.SnapshotId ?? '';
}
