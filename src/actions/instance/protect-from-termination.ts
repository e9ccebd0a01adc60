import { INSTANCE } from '../../model/subject.ts';
import { defineAction } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';
import { PROTECTION_PERMISSIONS, putProtectionBack, setProtection } from './termination-protection.ts';

export const protectFromTermination = defineAction({
  name: 'protect-from-termination',
  title: 'Protect the instance from termination',
  group: 'instance',
  subjects: [INSTANCE],
  effect: 'reversible',
  needs: ['record-instance'],
  permissions: PROTECTION_PERMISSIONS,
  about: {
    precondition: 'none',
    effect:
      'turns termination protection on: TerminateInstances is refused, also to Cordon; Auto Scaling and a shutdown from within are not',
    proof: 'EC2 shows it on',
    idempotency: 'one that is on is left alone',
  },
  input: NO_INPUT,
  undo: {
    kind: 'by',
    how: 'turn it off again, if it was off when it was recorded',
    permissions: PROTECTION_PERMISSIONS,
    run: putProtectionBack,
  },
  plan: ({ id }) => `turn on termination protection of ${id}`,
  run: (context) => setProtection(context, true),
});
