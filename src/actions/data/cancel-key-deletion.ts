import { z } from 'zod';
import { defineAction, done, type UndoContext } from '../action.ts';

export const KEY = 'AWS::KMS::Key';

/** Days, the longest that KMS waits. */
const LONGEST_WAIT = 30;

export const cancelKeyDeletion = defineAction({
  name: 'cancel-key-deletion',
  title: 'Cancel the deletion of the key',
  group: 'data',
  subjects: [KEY],
  effect: 'reversible',
  needs: [],
  permissions: ['kms:DescribeKey', 'kms:CancelKeyDeletion', 'kms:EnableKey'],
  about: {
    precondition: 'KMS still knows the key',
    effect:
      'cancels the deletion that is scheduled; KMS leaves the key disabled, so it is enabled unless the playbook says not to',
    proof: 'KMS says that the key is enabled, or disabled where it is left so',
    idempotency:
      'a key whose deletion is not scheduled is left as it is, unless an earlier try has cancelled it',
  },
  input: z.strictObject({
    enable: z
      .boolean()
      .default(true)
      .describe('whether to enable the key afterwards; KMS does not tell whether it was before'),
  }),
  undo: {
    kind: 'none',
    why: 'Cordon schedules no deletion of a key: a person who wants it schedules it again',
    restore: scheduleAgain,
  },
  plan: ({ id }, { enable }) => `cancel the deletion of key ${id}${enable ? ' and enable the key' : ''}`,
  async run({ aws, subject, input, earlierTry }) {
    const kms = await aws.use('kms');
    const KeyId = subject.id;
    const { KeyId: keyId = '', KeyState: before } = (await kms.describeKey({ KeyId })).KeyMetadata ?? {};
    const cancelled = before === 'PendingDeletion';
    if (cancelled) await kms.cancelKeyDeletion({ KeyId });
    // Killed between the two calls, the first one is done and the second is not.
    const unfinished = before === 'Disabled' && earlierTry !== 'none';
    if (input.enable && (cancelled || unfinished)) await kms.enableKey({ KeyId });
    const state = (await kms.describeKey({ KeyId })).KeyMetadata?.KeyState ?? 'unknown';
    if (state === 'PendingDeletion')
      return { status: 'waiting', progress: `KMS does not show yet that ${KeyId} is kept` };
    return done({ keyId, cancelled: cancelled || unfinished, state }, `${KeyId} is ${state}`);
  },
});

/** The id as KMS says it, not as it came. */
function scheduleAgain({ undone, aws }: UndoContext): string[] {
  const { keyId, cancelled } = undone as { readonly keyId: string; readonly cancelled: boolean };
  return cancelled
    ? [
        `aws kms schedule-key-deletion --region ${aws.region} --key-id ${keyId} --pending-window-in-days ${LONGEST_WAIT}`,
      ]
    : [];
}
