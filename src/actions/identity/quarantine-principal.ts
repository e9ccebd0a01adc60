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

interface Quarantined extends Holder {
  readonly policyArn: string;
  /** Whether the policy is there because of Cordon. */
  readonly attached: boolean;
}

/** Denies everything; every account has it. Source: AWS Managed Policy Reference Guide, "AWSDenyAll". */
const DENY_ALL = 'AWSDenyAll';

export const quarantinePrincipal = defineAction({
  name: 'quarantine-principal',
  title: 'Quarantine the user or role',
  group: 'identity',
  subjects: [USER, ROLE, ACCESS_KEY],
  effect: 'reversible',
  needs: ['record-identity'],
  permissions: [...FIND_USER, ...FIND_ROLE, ...LIST_PERMISSIONS, ...ATTACH_PERMISSIONS],
  about: {
    precondition: 'the subject is a user or role of this account that is not who Cordon works as',
    effect:
      'attaches a policy that denies: AWSDenyAll, or the one that the playbook names. AWSCompromisedKeyQuarantineV3 denies only what costs money or keeps an attacker in. A deny wins over all that is allowed, in sessions that are open, too',
    proof: 'IAM lists the policy among the attached ones',
    idempotency: 'a policy that is attached is not attached again',
  },
  input: z.strictObject({
    policyArn: POLICY_ARN.optional().describe('of a policy that denies; AWSDenyAll without it'),
  }),
  undo: {
    kind: 'by',
    how: 'detach the policy that it attached',
    permissions: [...LIST_PERMISSIONS, ...DETACH_PERMISSIONS],
    run: release,
  },
  plan: ({ id }, { policyArn }) => `deny ${id} everything that ${policyArn ?? DENY_ALL} denies`,
  async run(context) {
    const { aws, subject, input } = context;
    const principal = await findPrincipal(aws, subject);
    if ('refused' in principal) return { status: 'ask', reason: principal.refused };
    const { kind, name, partition } = principal;
    const policyArn = input.policyArn ?? `arn:${partition}:iam::aws:policy/${DENY_ALL}`;
    const recorded = recordedIdentity(context.output('record-identity'));
    const isAttached = async (): Promise<boolean> =>
      (await attachedPolicies(aws, { kind, name })).includes(policyArn);
    const found = await isAttached();
    if (!found) {
      await attach(aws, { kind, name }, policyArn);
      await untilShown(context, isAttached, 'the policy is attached');
    }
    const attached = !found || isOurs(context, recorded.attachedPolicies.includes(policyArn));
    const output: Quarantined = { kind, name, policyArn, attached };
    return done({ ...output }, `${policyArn} is attached to ${kind} ${name}`);
  },
});

async function release({ aws, undone }: UndoContext): Promise<ActionOutcome> {
  const { kind, name, policyArn, attached } = undone as unknown as Quarantined;
  const isThere = attached && (await attachedPolicies(aws, { kind, name })).includes(policyArn);
  if (!isThere) return done({ detached: false }, `${policyArn} of ${name} is not Cordon's to detach`);
  await detach(aws, { kind, name }, policyArn);
  return done({ detached: true }, `${policyArn} detached from ${kind} ${name}`);
}
