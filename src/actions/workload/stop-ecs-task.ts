import { shellWord } from '../../model/shell-word.ts';
import { ECS_TASK } from '../../model/subject.ts';
import { defineAction, done, type UndoContext } from '../action.ts';
import { brokenSeal } from '../evidence/seal.ts';
import { NO_INPUT } from '../no-input.ts';
import type { RecordedTask } from './record-ecs-task.ts';
import { clusterOf, describeTask } from './task.ts';

export const stopEcsTask = defineAction({
  name: 'stop-ecs-task',
  title: 'Stop the task',
  group: 'workload',
  subjects: [ECS_TASK],
  effect: 'irreversible',
  needs: ['record-ecs-task', 'seal-evidence'],
  permissions: ['ecs:DescribeTasks', 'ecs:StopTask'],
  about: {
    precondition: 'the task is recorded, and the evidence is as it was sealed',
    effect:
      'ends the containers of the task, with their memory and their own disks; a service starts another task in its place',
    proof: 'ECS says STOPPED, or no longer knows the task',
    idempotency: 'a task that is to stop or has stopped is left alone',
  },
  input: NO_INPUT,
  undo: {
    kind: 'none',
    why: 'a task that was stopped cannot be started again: another of the same definition can, without what the first had in memory and on disk',
    restore: runAnother,
  },
  plan: ({ id }) => `stop ${id}; what its containers have in memory and on their disks is lost`,
  async run(context) {
    const { aws, subject, incident } = context;
    const task = await describeTask(aws, subject);
    const status = task?.lastStatus ?? 'gone';
    if (task === undefined || status === 'STOPPED')
      return done({ status }, `${subject.id} is ${status}${endOf(task?.stoppedReason)}`);
    if (task.desiredStatus === 'STOPPED')
      return { status: 'waiting', progress: `${subject.id} is ${status}` };
    const broken = brokenSeal(context);
    if (broken !== undefined) return { status: 'ask', reason: broken };
    const ecs = await aws.use('ecs');
    const cluster = clusterOf(subject);
    await ecs.stopTask({
      ...(cluster === undefined ? {} : { cluster }),
      task: subject.id,
      reason: `Cordon ${incident.id}`,
    });
    return { status: 'waiting', progress: `${subject.id} is stopping` };
  },
});

function endOf(reason: string | undefined): string {
  return reason === undefined ? '' : `: ${reason}`;
}

function runAnother({ output, aws }: UndoContext): string[] {
  const recorded = output('record-ecs-task') as unknown as RecordedTask | undefined;
  // A service has started another already.
  if (recorded === undefined || recorded.group.startsWith('service:')) return [];
  const { cluster, taskDefinition, launchType, subnetIds } = recorded;
  const words = [
    ...['aws', 'ecs', 'run-task', '--region', aws.region],
    ...(cluster === null ? [] : ['--cluster', cluster]),
    ...['--task-definition', taskDefinition],
    ...(launchType === null ? [] : ['--launch-type', launchType]),
    ...(subnetIds.length === 0
      ? []
      : ['--network-configuration', `awsvpcConfiguration={subnets=[${subnetIds.join(',')}]}`]),
  ];
  return [words.map(shellWord).join(' ')];
}
