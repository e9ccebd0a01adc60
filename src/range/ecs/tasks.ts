import { randomBytes } from 'node:crypto';
import type {
  DescribeTasksRequest,
  DescribeTasksResponse,
  ListTasksRequest,
  ListTasksResponse,
  RunTaskRequest,
  RunTaskResponse,
  StopTaskRequest,
  StopTaskResponse,
  Task,
} from '@aws-sdk/client-ecs';
import type { Account } from '../account.ts';
import { accountState } from '../account-state.ts';
import { AwsError } from '../aws-error.ts';
import { clusterOf, definition } from './cluster.ts';

interface SimulatedTask {
  readonly task: Task & { readonly taskArn: string; readonly clusterArn: string };
  stopped?: { readonly at: number; readonly reason: string };
}

const tasksOf = accountState(() => new Map<string, SimulatedTask>());
/** How long ECS still shows a task after its end, milliseconds. */
const VISIBLE_AFTER_END = 3_600_000;

export function runTask(account: Account, input: RunTaskRequest): RunTaskResponse {
  const { clusterArn = '', clusterName } = clusterOf(account, input.cluster);
  const { taskDefinitionArn, containerDefinitions = [], family } = definition(account, input.taskDefinition);
  const tasks = Array.from({ length: input.count ?? 1 }, () => {
    const id = randomBytes(16).toString('hex');
    const taskArn = `arn:aws:ecs:${account.region}:${account.id}:task/${clusterName}/${id}`;
    const task = {
      taskArn,
      clusterArn,
      taskDefinitionArn,
      launchType: input.launchType ?? 'FARGATE',
      group: input.group ?? `family:${family}`,
      startedBy: input.startedBy,
      createdAt: new Date(account.clock.now()),
      containers: containerDefinitions.map(({ name, image }) => ({ taskArn, name, image })),
      ...(input.tags === undefined ? {} : { tags: input.tags }),
    };
    tasksOf(account).set(taskArn, { task });
    return shown(account, { task });
  });
  return { tasks, failures: [] };
}

export function listTasks(account: Account, { cluster }: ListTasksRequest): ListTasksResponse {
  const { clusterArn } = clusterOf(account, cluster);
  const running = [...tasksOf(account).values()].filter(
    ({ task, stopped }) => task.clusterArn === clusterArn && stopped === undefined,
  );
  return { taskArns: running.map(({ task }) => task.taskArn) };
}

/** A task by its ARN or id, if it is in the cluster and ECS still knows it. */
function find(account: Account, cluster: string | undefined, name: string): SimulatedTask | undefined {
  const { clusterArn } = clusterOf(account, cluster);
  const id = name.split('/').at(-1);
  return [...tasksOf(account).values()].find(
    ({ task, stopped }) =>
      task.clusterArn === clusterArn &&
      task.taskArn.split('/').at(-1) === id &&
      account.clock.now() - (stopped?.at ?? Number.POSITIVE_INFINITY) <= VISIBLE_AFTER_END,
  );
}

export function describeTasks(
  account: Account,
  { cluster, tasks = [] }: DescribeTasksRequest,
): DescribeTasksResponse {
  const { clusterName } = clusterOf(account, cluster);
  const found = tasks.map((name) => ({ name, simulated: find(account, cluster, name) }));
  return {
    tasks: found.flatMap(({ simulated }) => (simulated === undefined ? [] : [shown(account, simulated)])),
    failures: found
      .filter(({ simulated }) => simulated === undefined)
      .map(({ name }) => ({
        arn: name.startsWith('arn:')
          ? name
          : `arn:aws:ecs:${account.region}:${account.id}:task/${clusterName}/${name}`,
        reason: 'MISSING',
      })),
  };
}

export function stopTask(account: Account, { cluster, task, reason }: StopTaskRequest): StopTaskResponse {
  const simulated = find(account, cluster, task ?? '');
  if (simulated === undefined)
    throw new AwsError('InvalidParameterException', 'The referenced task was not found.');
  simulated.stopped ??= { at: account.clock.now(), reason: reason ?? 'Task stopped by user' };
  return { task: shown(account, simulated) };
}

/** Source: Amazon ECS Developer Guide, "Amazon ECS task lifecycle". */
function shown(account: Account, { task, stopped }: SimulatedTask): Task {
  const now = account.clock.now();
  const { stateChangeDuration } = account.settings;
  const begun = (task.createdAt?.getTime() ?? 0) + stateChangeDuration;
  const ended = (stopped?.at ?? Number.POSITIVE_INFINITY) + stateChangeDuration;
  const running = now >= begun ? 'RUNNING' : 'PROVISIONING';
  const lastStatus = stopped === undefined ? running : now >= ended ? 'STOPPED' : 'STOPPING';
  return {
    ...task,
    lastStatus,
    desiredStatus: stopped === undefined ? 'RUNNING' : 'STOPPED',
    ...(now >= begun ? { startedAt: new Date(begun) } : {}),
    ...(stopped === undefined
      ? {}
      : { stopCode: 'UserInitiated', stoppedReason: stopped.reason, stoppingAt: new Date(stopped.at) }),
    ...(now >= ended ? { stoppedAt: new Date(ended) } : {}),
    containers: (task.containers ?? []).map((container) => ({ ...container, lastStatus })),
  };
}
