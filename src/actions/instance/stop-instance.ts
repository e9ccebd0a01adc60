import { INSTANCE } from '../../model/subject.ts';
import { defineAction } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';
import { START_PERMISSIONS, STOP_PERMISSIONS, startAgain, stopped } from './stopping.ts';

export const stopInstance = defineAction({
  name: 'stop-instance',
  title: 'Stop the instance',
  group: 'instance',
  subjects: [INSTANCE],
  effect: 'reversible',
  needs: ['record-instance'],
  permissions: STOP_PERMISSIONS,
  about: {
    precondition: 'it is in no Auto Scaling group, which would terminate it then',
    effect: 'stops the instance: what is in its memory and on instance store volumes is lost',
    proof: 'EC2 says stopped',
    idempotency: 'an instance that is stopping or stopped is left alone',
  },
  input: NO_INPUT,
  undo: {
    kind: 'by',
    how: 'start the instance, if it still is stopped and ran when it was recorded; its memory, its instance store volumes and a public address that is not an Elastic IP do not come back',
    permissions: START_PERMISSIONS,
    run: startAgain,
  },
  plan: ({ id }) => `stop ${id}; what is in its memory is lost`,
  run: (context) =>
    stopped(context, async () => {
      await context.aws.ec2.stopInstances({ InstanceIds: [context.subject.id] });
      return undefined;
    }),
});
