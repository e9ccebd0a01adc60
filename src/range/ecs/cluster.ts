import type {
  Cluster,
  CreateClusterRequest,
  CreateClusterResponse,
  DescribeTaskDefinitionRequest,
  DescribeTaskDefinitionResponse,
  RegisterTaskDefinitionRequest,
  RegisterTaskDefinitionResponse,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import type { Account } from '../account.ts';
import { accountState } from '../account-state.ts';
import { AwsError } from '../aws-error.ts';

const clustersOf = accountState(() => new Map<string, Cluster>());
/** By family; a revision is one more than the place in the list. */
const definitionsOf = accountState(() => new Map<string, TaskDefinition[]>());

export function createCluster(
  account: Account,
  { clusterName }: CreateClusterRequest,
): CreateClusterResponse {
  const name = clusterName ?? 'default';
  const known = clustersOf(account).get(name);
  if (known !== undefined) return { cluster: known };
  const clusterArn = `arn:aws:ecs:${account.region}:${account.id}:cluster/${name}`;
  const cluster = { clusterArn, clusterName: name, status: 'ACTIVE' };
  clustersOf(account).set(name, cluster);
  return { cluster };
}

/** A cluster by its name or ARN; without either it is the one that is named `default`. */
export function clusterOf(account: Account, cluster: string | undefined): Cluster {
  const found = clustersOf(account).get((cluster ?? 'default').split('/').at(-1) ?? '');
  if (found === undefined) throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
  return found;
}

export function registerTaskDefinition(
  account: Account,
  input: RegisterTaskDefinitionRequest,
): RegisterTaskDefinitionResponse {
  const { family = '', tags: _, ...rest } = input;
  const revisions = definitionsOf(account).get(family) ?? [];
  const revision = revisions.length + 1;
  const taskDefinition: TaskDefinition = {
    ...rest,
    family,
    revision,
    taskDefinitionArn: `arn:aws:ecs:${account.region}:${account.id}:task-definition/${family}:${revision}`,
    status: 'ACTIVE',
    registeredAt: new Date(account.clock.now()),
  };
  definitionsOf(account).set(family, [...revisions, taskDefinition]);
  return { taskDefinition };
}

export function describeTaskDefinition(
  account: Account,
  { taskDefinition }: DescribeTaskDefinitionRequest,
): DescribeTaskDefinitionResponse {
  return { taskDefinition: definition(account, taskDefinition) };
}

/** A task definition by its ARN, `family:revision`, or family alone for the newest revision. */
export function definition(account: Account, name: string | undefined): TaskDefinition {
  const [family = '', revision] = (name?.split('/').at(-1) ?? '').split(':');
  const revisions = definitionsOf(account).get(family) ?? [];
  const found = revision === undefined ? revisions.at(-1) : revisions[Number(revision) - 1];
  if (found === undefined) throw new AwsError('ClientException', 'Unable to describe task definition.');
  return found;
}
