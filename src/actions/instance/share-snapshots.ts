import type { Snapshot } from '@aws-sdk/client-ec2';
import { z } from 'zod';
import type { AwsClients } from '../../aws/clients.ts';
import { awsErrorCode, describeAwsError } from '../../aws/errors.ts';
import { INSTANCE } from '../../model/subject.ts';
import { type ActionContext, type ActionOutcome, defineAction, done, type UndoContext } from '../action.ts';
import type { CaseSnapshot } from './snapshot-volumes.ts';

export const shareSnapshots = defineAction({
  name: 'share-snapshots',
  title: 'Share the snapshots with the forensics account',
  group: 'instance',
  subjects: [INSTANCE],
  effect: 'reversible',
  needs: ['snapshot-volumes'],
  permissions: ['ec2:DescribeSnapshots', 'ec2:DescribeSnapshotAttribute', 'ec2:ModifySnapshotAttribute'],
  about: {
    precondition:
      'no snapshot is under the AWS managed key, which cannot be shared: copy-snapshots gives such a one another key',
    effect:
      'the other account may create volumes of the copies, or of the snapshots themselves when there are none; it must be allowed to use their key',
    proof: 'EC2 shows the account among those with permission',
    idempotency: 'a permission that is there is left alone',
  },
  input: z.strictObject({
    account: z
      .string()
      .regex(/^\d{12}$/, 'an account id of 12 digits')
      .describe('The forensics account'),
  }),
  undo: {
    kind: 'by',
    how: 'take the permission of the account away',
    permissions: ['ec2:DescribeSnapshotAttribute', 'ec2:ModifySnapshotAttribute'],
    run: unshare,
  },
  plan: ({ id }, { account }) => `let account ${account} create volumes of the snapshots of ${id}`,
  async run(context) {
    const { account } = context.input;
    const copied = context.output('copy-snapshots') !== undefined;
    const wanted = (context.output(copied ? 'copy-snapshots' : 'snapshot-volumes') ??
      []) as unknown as readonly CaseSnapshot[];
    const ids = wanted.map(({ snapshotId }) => snapshotId);
    const unready = await notCompleted(context, ids, copied ? 'copy-snapshots' : 'snapshot-volumes');
    if (unready !== undefined) return unready;
    for (const id of ids) {
      if (await isShared(context.aws, id, account)) continue;
      const refusal = await share(context.aws, id, account);
      if (refusal !== undefined) return { status: 'ask', reason: `${id}: ${refusal}` };
    }
    return done({ account, snapshotIds: ids }, `account ${account} may use ${ids.join(', ')}`);
  },
});

/** What to answer while not all are completed; one that erred is made again by the action that made it. */
async function notCompleted(
  { aws }: ActionContext,
  ids: readonly string[],
  madeBy: string,
): Promise<ActionOutcome | undefined> {
  const found: Snapshot[] = [];
  const Filters = [{ Name: 'snapshot-id', Values: [...ids] }];
  for await (const page of aws.ec2.paginateDescribeSnapshots({ Filters }))
    found.push(...(page.Snapshots ?? []));
  const erred = found.find(({ State }) => State === 'error');
  if (erred !== undefined)
    return {
      status: 'ask',
      reason: `${erred.SnapshotId} is in state error: ${erred.StateMessage ?? 'EC2 gives no reason'}`,
      redo: madeBy,
    };
  const completed = found.filter(({ State }) => State === 'completed').map(({ SnapshotId }) => SnapshotId);
  const open = ids.filter((id) => !completed.includes(id));
  return open.length === 0 ? undefined : { status: 'waiting', progress: `${open.join(', ')} not completed` };
}

async function isShared({ ec2 }: AwsClients, SnapshotId: string, account: string): Promise<boolean> {
  const answer = await ec2.describeSnapshotAttribute({ SnapshotId, Attribute: 'createVolumePermission' });
  return (answer.CreateVolumePermissions ?? []).some(({ UserId }) => UserId === account);
}

/** What EC2 says when the snapshot is not one that can be shared. */
async function share({ ec2 }: AwsClients, SnapshotId: string, UserId: string): Promise<string | undefined> {
  try {
    await ec2.modifySnapshotAttribute({ SnapshotId, CreateVolumePermission: { Add: [{ UserId }] } });
    return undefined;
  } catch (error) {
    if (awsErrorCode(error) !== 'OperationNotPermitted') throw error;
    return `${describeAwsError(error)}; copy-snapshots can give it another key`;
  }
}

async function unshare({ aws, undone }: UndoContext): Promise<ActionOutcome> {
  const { account, snapshotIds } = undone as { readonly account: string; readonly snapshotIds: string[] };
  const taken: string[] = [];
  for (const SnapshotId of snapshotIds) {
    try {
      if (!(await isShared(aws, SnapshotId, account))) continue;
      await aws.ec2.modifySnapshotAttribute({
        SnapshotId,
        CreateVolumePermission: { Remove: [{ UserId: account }] },
      });
      taken.push(SnapshotId);
    } catch (error) {
      // Deleted by a person since.
      if (awsErrorCode(error) !== 'InvalidSnapshot.NotFound') throw error;
    }
  }
  return done(
    taken,
    taken.length === 0
      ? `account ${account} has no snapshot of the case any more`
      : `account ${account} may no longer use ${taken.join(', ')}`,
  );
}
