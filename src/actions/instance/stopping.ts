import { type ActionContext, type ActionOutcome, done, type UndoContext } from '../action.ts';
import { describeInstance, isGone } from './instance.ts';
import { recordedInstance } from './record-instance.ts';
import { scalingGroupOf } from './scaling-group.ts';

export const STOP_PERMISSIONS = [
  'ec2:DescribeInstances',
  'ec2:StopInstances',
  'autoscaling:DescribeAutoScalingInstances',
];
export const START_PERMISSIONS = ['ec2:DescribeInstances', 'ec2:StartInstances'];

/** Calls `stop` if the instance runs, and waits until it has stopped. */
export async function stopped(
  context: ActionContext,
  stop: () => Promise<ActionOutcome | undefined>,
): Promise<ActionOutcome> {
  const { aws, subject } = context;
  const state = (await describeInstance(aws, subject.id))?.State?.Name;
  if (state === undefined || state === 'terminated' || state === 'shutting-down')
    return { status: 'ask', reason: `${subject.id} is ${state ?? 'gone'} and cannot be stopped` };
  if (state === 'running' || state === 'pending') {
    const group = await scalingGroupOf(aws, subject.id);
    if (group !== undefined && !group.lifecycleState.startsWith('Detach'))
      return {
        status: 'ask',
        reason: `${subject.id} is in the Auto Scaling group ${group.name}, which terminates what is stopped; detach it first`,
      };
    const objection = await stop();
    if (objection !== undefined) return objection;
  }
  const after = await describeInstance(aws, subject.id);
  if (after?.State?.Name !== 'stopped')
    return { status: 'waiting', progress: `${subject.id} is ${after?.State?.Name ?? 'gone'}` };
  const hibernated = after.StateReason?.Code === 'Client.UserInitiatedHibernate';
  return done(
    { state: 'stopped', hibernated },
    `${subject.id} is stopped${hibernated ? ', its memory on its root volume' : ''}`,
  );
}

/** Starts an instance that still is stopped, if it was not when it was recorded. */
export async function startAgain({ aws, subject, output }: UndoContext): Promise<ActionOutcome> {
  const before = recordedInstance(output('record-instance')).state;
  const instance = await describeInstance(aws, subject.id);
  const state = instance?.State?.Name ?? 'gone';
  if (before !== 'running' && before !== 'pending')
    return done({ state }, `${subject.id} was ${before} when it was recorded, and was left ${state}`);
  if (isGone(instance) || state === 'shutting-down' || state === 'running')
    return done({ state }, `${subject.id} is ${state}`);
  if (state === 'stopped') await aws.ec2.startInstances({ InstanceIds: [subject.id] });
  return { status: 'waiting', progress: `${subject.id} is ${state}` };
}
