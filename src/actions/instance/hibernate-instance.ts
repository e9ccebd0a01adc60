import { z } from 'zod';
import { awsErrorCode, describeAwsError } from '../../aws/errors.ts';
import { INSTANCE } from '../../model/subject.ts';
import { defineAction } from '../action.ts';
import { START_PERMISSIONS, STOP_PERMISSIONS, startAgain, stopped } from './stopping.ts';

/** What EC2 answers for an instance that was not launched for hibernation. */
const UNSUPPORTED = /^(UnsupportedHibernationConfiguration|UnsupportedOperation)$/;

export const hibernateInstance = defineAction({
  name: 'hibernate-instance',
  title: 'Hibernate the instance',
  group: 'instance',
  subjects: [INSTANCE],
  effect: 'reversible',
  needs: ['record-instance'],
  permissions: STOP_PERMISSIONS,
  about: {
    precondition:
      'it was launched for hibernation, and is in no Auto Scaling group; what happens when it was not is said by otherwise',
    effect: 'stops the instance after its memory was written to its root volume, where snapshots keep it',
    proof: 'EC2 says stopped, and that it was hibernated',
    idempotency: 'an instance that is stopping or stopped is left alone',
  },
  input: z.strictObject({
    otherwise: z
      .enum(['ask', 'stop'])
      .default('ask')
      .describe('What to do with an instance that cannot hibernate: ask, or stop it without its memory'),
  }),
  undo: {
    kind: 'by',
    how: 'start the instance, if it still is stopped and ran when it was recorded; a public address that is not an Elastic IP does not come back',
    permissions: START_PERMISSIONS,
    run: startAgain,
  },
  plan: ({ id }, { otherwise }) =>
    `hibernate ${id}, its memory kept on its root volume; when it cannot, ${otherwise === 'stop' ? 'stop it' : 'ask'}`,
  run: (context) =>
    stopped(context, async () => {
      const InstanceIds = [context.subject.id];
      try {
        await context.aws.ec2.stopInstances({ InstanceIds, Hibernate: true });
      } catch (error) {
        if (!UNSUPPORTED.test(awsErrorCode(error))) throw error;
        if (context.input.otherwise !== 'stop') return { status: 'ask', reason: describeAwsError(error) };
        await context.aws.ec2.stopInstances({ InstanceIds });
      }
      return undefined;
    }),
});
