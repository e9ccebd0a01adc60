import { INSTANCE } from '../../model/subject.ts';
import { defineAction } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';
import { PROTECTION_PERMISSIONS, putProtectionBack, setProtection } from './termination-protection.ts';

export const allowTermination = defineAction({
  name: 'allow-termination',
  title: 'Allow the termination of the instance',
  group: 'instance',
  subjects: [INSTANCE],
  effect: 'reversible',
  needs: ['record-instance'],
  permissions: PROTECTION_PERMISSIONS,
  about: {
    precondition: 'none',
    effect: 'turns termination protection off',
    proof: 'EC2 shows it off',
    idempotency: 'one that is off is left alone',
  },
  input: NO_INPUT,
  undo: {
    kind: 'by',
    how: 'turn it on again, if it was on when it was recorded',
    permissions: PROTECTION_PERMISSIONS,
    run: putProtectionBack,
  },
  plan: ({ id }) => `turn off termination protection of ${id}`,
  run: (context) => setProtection(context, false),
});
