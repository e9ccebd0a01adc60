import type { IAM } from '@aws-sdk/client-iam';
import { z } from 'zod';
import { awsErrorCode } from '../../aws/errors.ts';
import { ACCESS_KEY, USER } from '../../model/subject.ts';
import { type ActionOutcome, defineAction, done, type UndoContext } from '../action.ts';
import { FIND_USER, findPrincipal } from './principal.ts';
import { recordedIdentity } from './record-identity.ts';
import { isOurs, untilShown } from './settle.ts';
import { LONG_TERM_KEY, usedKeys } from './used-keys.ts';

interface Deactivated {
  readonly userName: string;
  readonly accessKeyIds: readonly string[];
}

export const deactivateAccessKey = defineAction({
  name: 'deactivate-access-key',
  title: 'Deactivate access keys',
  group: 'identity',
  subjects: [USER, ACCESS_KEY],
  effect: 'reversible',
  needs: ['record-identity'],
  permissions: [...FIND_USER, 'iam:ListAccessKeys', 'iam:UpdateAccessKey'],
  about: {
    precondition: 'the subject is a user of this account, or an access key of one',
    effect:
      'sets the access key to Inactive: the one that the playbook names, those that signed what was found, the one that the subject is, or all of the user',
    proof: 'IAM lists the keys as Inactive',
    idempotency: 'a key that is Inactive is left alone',
  },
  input: z.strictObject({
    accessKeyId: z
      .string()
      .regex(LONG_TERM_KEY, 'an id of a long-term access key, AKIA…')
      .optional()
      .describe('only this key; without it every active key of the user'),
    used: z
      .boolean()
      .default(false)
      .describe('only the keys that signed the records of the case, without accessKeyId'),
  }),
  undo: {
    kind: 'by',
    how: 'set the keys that it deactivated to Active again',
    permissions: ['iam:ListAccessKeys', 'iam:UpdateAccessKey'],
    run: reactivate,
  },
  plan: ({ id }, { accessKeyId, used }) =>
    accessKeyId === undefined
      ? `deactivate the access keys of ${id}${used ? ' that signed what was found' : ''}`
      : `deactivate the access key ${accessKeyId}`,
  async run(context) {
    const { aws, subject, input } = context;
    const principal = await findPrincipal(aws, subject, 'user');
    if ('refused' in principal) return { status: 'ask', reason: principal.refused };
    const { name } = principal;
    const iam = await aws.use('iam');
    const recorded = recordedIdentity(context.output('record-identity'));
    const one = input.accessKeyId ?? principal.accessKeyId;
    const named = one === undefined ? undefined : new Set([one]);
    const only = named ?? (input.used ? usedKeys((await context.findings()).samples) : undefined);
    // What a record says is looked for among the keys of this user alone.
    const wanted = (await accessKeys(iam, name)).filter(({ id }) => only === undefined || only.has(id));
    if (only !== undefined && wanted.length === 0)
      return { status: 'ask', reason: `${name} has no access key ${one ?? 'that signed what was found'}` };
    const ours: string[] = [];
    for (const { id, active } of wanted) {
      const wasInactive = recorded.accessKeys.some((key) => key.id === id && key.status !== 'Active');
      if (active) await iam.updateAccessKey({ UserName: name, AccessKeyId: id, Status: 'Inactive' });
      if (active || isOurs(context, wasInactive)) ours.push(id);
    }
    const isInactive = async (): Promise<boolean> =>
      (await accessKeys(iam, name)).every(({ id, active }) => !active || !ours.includes(id));
    await untilShown(context, isInactive, 'the keys are inactive');
    const output: Deactivated = { userName: name, accessKeyIds: ours };
    return done(
      { ...output },
      ours.length === 0 ? `${name} has no active access key` : `${ours.join(', ')} of ${name} inactive`,
    );
  },
});

async function reactivate(context: UndoContext): Promise<ActionOutcome> {
  const { userName, accessKeyIds } = context.undone as unknown as Deactivated;
  if (accessKeyIds.length === 0) return done([], 'it had deactivated no key');
  const iam = await context.aws.use('iam');
  const keys = await accessKeys(iam, userName);
  const back = keys.filter(({ id, active }) => !active && accessKeyIds.includes(id)).map(({ id }) => id);
  for (const AccessKeyId of back) {
    await iam.updateAccessKey({ UserName: userName, AccessKeyId, Status: 'Active' });
  }
  const gone = accessKeyIds.filter((id) => !keys.some((key) => key.id === id));
  const missing = gone.length === 0 ? '' : `; ${gone.join(', ')} deleted since`;
  return done(back, `${back.join(', ') || 'no key'} active again${missing}`);
}

/** Nobody has keys of a user that is gone. */
async function accessKeys(iam: IAM, userName: string): Promise<{ id: string; active: boolean }[]> {
  const keys: { id: string; active: boolean }[] = [];
  try {
    for await (const page of iam.paginateListAccessKeys({ UserName: userName })) {
      for (const { AccessKeyId, Status } of page.AccessKeyMetadata ?? [])
        keys.push({ id: AccessKeyId ?? '', active: Status === 'Active' });
    }
  } catch (error) {
    if (awsErrorCode(error) !== 'NoSuchEntity') throw error;
  }
  return keys;
}
