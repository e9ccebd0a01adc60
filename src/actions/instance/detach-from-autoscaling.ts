import { z } from 'zod';
import { INSTANCE } from '../../model/subject.ts';
import { type ActionOutcome, defineAction, done, type UndoContext } from '../action.ts';
import { recordedMemberships } from './record-memberships.ts';
import { scalingGroupOf } from './scaling-group.ts';

export const detachFromAutoscaling = defineAction({
  name: 'detach-from-autoscaling',
  title: 'Detach the instance from its Auto Scaling group',
  group: 'instance',
  subjects: [INSTANCE],
  effect: 'reversible',
  needs: ['record-memberships'],
  permissions: ['autoscaling:DescribeAutoScalingInstances', 'autoscaling:DetachInstances'],
  about: {
    precondition: 'none; an instance that is in no group is left alone',
    effect:
      'the group no longer has the instance, so that it does not terminate it; it launches another unless its desired capacity goes down too',
    proof: 'Auto Scaling says that the instance is leaving, or no longer knows it',
    idempotency: 'an instance that is leaving or has left is left alone',
  },
  input: z.strictObject({
    decrementDesiredCapacity: z
      .boolean()
      .default(false)
      .describe('The group gets smaller by one, instead of launching another instance'),
  }),
  undo: {
    kind: 'by',
    how: 'attach the instance to its group again, which raises the desired capacity by one: when another was launched in its place, the group is one larger than it was',
    permissions: ['autoscaling:DescribeAutoScalingInstances', 'autoscaling:AttachInstances'],
    run: attachAgain,
  },
  plan: ({ id }, { decrementDesiredCapacity }) =>
    `take ${id} out of its Auto Scaling group, which ${decrementDesiredCapacity ? 'gets smaller by one' : 'launches another in its place'}`,
  async run({ aws, subject, input, output, earlierTry }) {
    const { scalingGroup } = recordedMemberships(output('record-memberships'));
    const ShouldDecrementDesiredCapacity = input.decrementDesiredCapacity ?? false;
    const member = await scalingGroupOf(aws, subject.id);
    if (member === undefined) {
      // Without an earlier try it was somebody else who took it out.
      const group = earlierTry === 'none' ? null : scalingGroup;
      return done(
        { group, decremented: ShouldDecrementDesiredCapacity },
        `${subject.id} is in no Auto Scaling group`,
      );
    }
    const { name: AutoScalingGroupName, lifecycleState } = member;
    if (!lifecycleState.startsWith('Detach')) {
      // Not again by itself: a second call for an instance that has left is refused.
      const autoscaling = await aws.once('autoscaling');
      await autoscaling.detachInstances({
        AutoScalingGroupName,
        InstanceIds: [subject.id],
        ShouldDecrementDesiredCapacity,
      });
    }
    // That it leaves is enough: its end would only be waited for.
    const after = await scalingGroupOf(aws, subject.id);
    const state = after === undefined ? 'no longer in' : `${after.lifecycleState} from`;
    if (after !== undefined && !after.lifecycleState.startsWith('Detach'))
      return { status: 'waiting', progress: `${subject.id} is ${state} ${AutoScalingGroupName}` };
    return done(
      { group: AutoScalingGroupName, decremented: ShouldDecrementDesiredCapacity },
      `${subject.id} is ${state} ${AutoScalingGroupName}`,
    );
  },
});

async function attachAgain({ aws, subject, undone }: UndoContext): Promise<ActionOutcome> {
  const { group, decremented } = undone as { readonly group: string | null; readonly decremented: boolean };
  if (group === null) return done({ group }, 'it was in no group');
  const member = await scalingGroupOf(aws, subject.id);
  if (member?.lifecycleState.startsWith('Detach'))
    return { status: 'waiting', progress: `${subject.id} is still leaving ${member.name}` };
  if (member !== undefined) return done({ group: member.name }, `${subject.id} is in ${member.name} already`);
  const autoscaling = await aws.once('autoscaling');
  await autoscaling.attachInstances({ AutoScalingGroupName: group, InstanceIds: [subject.id] });
  const capacity = decremented ? '' : '; its desired capacity is one more than it was';
  return done({ group }, `${subject.id} is in ${group} again${capacity}`);
}
