import { z } from 'zod';
import { ACCESS_KEY, ROLE, USER } from '../../model/subject.ts';
import { type ActionOutcome, defineAction, done, type UndoContext } from '../action.ts';
import {
  ATTACH_PERMISSIONS,
  attach,
  attachedPolicies,
  DETACH_PERMISSIONS,
  detach,
  type Holder,
  LIST_PERMISSIONS,
} from './attachment.ts';
import { POLICY_ARN } from './policy-arn.ts';
import { FIND_ROLE, FIND_USER, findPrincipal } from './principal.ts';
import { recordedIdentity } from './record-identity.ts';
import { isOurs, untilShown } from './settle.ts';

interface Detached extends Holder {
  readonly policyArn: string;
  /** Whether Cordon took it away. */
  readonly detached: boolean;
}

export const detachPolicy = defineAction({
  name: 'detach-policy',
  title: 'Detach a policy',
  group: 'identity',
  subjects: [USER, ROLE, ACCESS_KEY],
  effect: 'reversible',
  needs: ['record-identity'],
  permissions: [...FIND_USER, ...FIND_ROLE, ...LIST_PERMISSIONS, ...DETACH_PERMISSIONS],
  about: {
    precondition: 'the subject is a user or role of this account',
    effect: 'detaches the managed policy that the playbook names from the user or role',
    proof: 'IAM does not list the policy among the attached ones',
    idempotency: 'a policy that is not attached is left alone',
  },
  input: z.strictObject({ policyArn: POLICY_ARN.describe('of the policy to detach') }),
  undo: {
    kind: 'by',
    how: 'attach the policy again',
    permissions: [...LIST_PERMISSIONS, ...ATTACH_PERMISSIONS],
    run: attachAgain,
  },
  plan: ({ id }, { policyArn }) => `detach ${policyArn} from ${id}`,
  async run(context) {
    const { aws, subject, input } = context;
    const { policyArn } = input;
    const principal = await findPrincipal(aws, subject);
    if ('refused' in principal) return { status: 'ask', reason: principal.refused };
    const { kind, name } = principal;
    const recorded = recordedIdentity(context.output('record-identity'));
    const isDetached = async (): Promise<boolean> =>
      !(await attachedPolicies(aws, { kind, name })).includes(policyArn);
    const gone = await isDetached();
    if (!gone) {
      await detach(aws, { kind, name }, policyArn);
      await untilShown(context, isDetached, 'the policy is detached');
    }
    const detached = !gone || isOurs(context, !recorded.attachedPolicies.includes(policyArn));
    const output: Detached = { kind, name, policyArn, detached };
    return done({ ...output }, `${policyArn} is not attached to ${kind} ${name}`);
  },
});

async function attachAgain({ aws, undone }: UndoContext): Promise<ActionOutcome> {
  const { kind, name, policyArn, detached } = undone as unknown as Detached;
  if (!detached) return done({ attached: false }, `Cordon had not detached ${policyArn} from ${name}`);
  if ((await attachedPolicies(aws, { kind, name })).includes(policyArn))
    return done({ attached: false }, `${policyArn} is attached to ${name} already`);
  await attach(aws, { kind, name }, policyArn);
  return done({ attached: true }, `${policyArn} attached to ${kind} ${name} again`);
}
