import type { Task } from '@aws-sdk/client-ecs';
import type { AwsClients } from '../../aws/clients.ts';
import type { Subject } from '../../model/subject.ts';

/** What an ARN of a task names: `arn:aws:ecs:us-east-1:111122223333:task/CLUSTER/ID`. */
export function clusterOf({ id }: Subject): string | undefined {
  return /^arn:[^:]+:ecs:[^:]*:[^:]*:task\/([^/]+)\/[^/]+$/.exec(id)?.[1];
}

/** The task as ECS shows it now; nothing when ECS no longer knows it, an hour after its end. */
export async function describeTask(aws: AwsClients, subject: Subject): Promise<Task | undefined> {
  const ecs = await aws.use('ecs');
  const cluster = clusterOf(subject);
  const answer = await ecs.describeTasks({
    ...(cluster === undefined ? {} : { cluster }),
    tasks: [subject.id],
    include: ['TAGS'],
  });
  return answer.tasks?.[0];
}
