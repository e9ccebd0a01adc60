import type { Task } from '@aws-sdk/client-ecs';
import { toJson } from '../../model/json.ts';
import { ECS_TASK } from '../../model/subject.ts';
import { defineAction, done } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';
import { clusterOf, describeTask } from './task.ts';

/** What a person needs to run such a task again. */
export interface RecordedTask {
  readonly cluster: string | null;
  readonly taskDefinition: string;
  readonly launchType: string | null;
  /** `service:NAME` when a service keeps it running, `family:NAME` when somebody ran it. */
  readonly group: string;
  readonly subnetIds: readonly string[];
}

export const recordEcsTask = defineAction({
  name: 'record-ecs-task',
  title: 'Record the task',
  group: 'workload',
  subjects: [ECS_TASK],
  effect: 'read',
  needs: [],
  permissions: ['ecs:DescribeTasks', 'ecs:DescribeTaskDefinition'],
  about: {
    precondition: 'ECS still knows the task; one that is gone stops the playbook',
    effect: 'writes what ECS says of the task, its containers, images and definition into the case',
    proof: 'the files are in the case folder',
    idempotency: 'it only reads, and writes the same files again',
  },
  input: NO_INPUT,
  undo: { kind: 'nothing', why: 'it only reads' },
  plan: ({ id }) => `record ${id}: containers, images, network, task definition`,
  async run({ aws, subject, caseFile }) {
    const task = await describeTask(aws, subject);
    if (task === undefined)
      return { status: 'ask', reason: `${subject.id} is gone already; there is nothing left to record` };
    const ecs = await aws.use('ecs');
    const { taskDefinition } = await ecs.describeTaskDefinition({ taskDefinition: task.taskDefinitionArn });
    caseFile.writeJson('task.json', toJson(task));
    caseFile.writeJson('task-definition.json', toJson(taskDefinition));
    const recorded: RecordedTask = {
      cluster: clusterOf(subject) ?? null,
      taskDefinition: task.taskDefinitionArn ?? '',
      launchType: task.launchType ?? null,
      group: task.group ?? '',
      subnetIds: subnetsOf(task),
    };
    const images = (task.containers ?? []).map(({ image, imageDigest }) => imageDigest ?? image ?? '');
    return done(toJson(recorded), `${task.taskDefinitionArn}, ${task.lastStatus}: ${images.join(', ')}`);
  },
});

/** The subnets of the network interfaces that it has of its own (network mode awsvpc). */
function subnetsOf({ attachments = [] }: Task): string[] {
  return attachments
    .filter(({ type }) => type === 'ElasticNetworkInterface')
    .flatMap(({ details }) => (details ?? []).filter(({ name }) => name === 'subnetId'))
    .map(({ value }) => value ?? '');
}
