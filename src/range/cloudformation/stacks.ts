import type {
  CreateStackInput,
  DeleteStackInput,
  DescribeStackEventsInput,
  DescribeStackResourcesInput,
  DescribeStacksInput,
  GetTemplateInput,
  Stack,
  UpdateStackInput,
} from '@aws-sdk/client-cloudformation';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import type { Caller } from '../caller.ts';
import { changeSetOf } from './change-set.ts';
import { deploy } from './deploy.ts';
import { destroy } from './remove.ts';
import { deploymentOf, mustBeUpdatable, mustKeepTypes, shownParameters } from './request.ts';
import { begin, findStack, newStack, type SimulatedStack, settleStacks, stackOf } from './stack.ts';
import { validationError } from './template.ts';

const EVENTS_PAGE = 100;
export function createStack(
  account: Account,
  input: CreateStackInput,
  _gone: AbortSignal,
  caller: Caller,
): { StackId: string } {
  const known = findStack(account, input.StackName);
  if (known !== undefined)
    throw new AwsError('AlreadyExistsException', `Stack [${input.StackName}] already exists`);
  const deployment = deploymentOf(account, input, undefined);
  const stack = newStack(account, input.StackName ?? '', 'CREATE_IN_PROGRESS');
  begin(account, stack, deploy(account, stack, deployment, 'CREATE'), {
    caller,
    roleArn: deployment.roleArn,
  });
  return { StackId: stack.id };
}

export function updateStack(
  account: Account,
  input: UpdateStackInput,
  _gone: AbortSignal,
  caller: Caller,
): { StackId: string } {
  const stack = stackOf(account, input.StackName);
  mustBeUpdatable(stack);
  const deployment = deploymentOf(account, input, stack);
  mustKeepTypes(stack, deployment.template);
  const same =
    deployment.template.body === stack.deployment?.template.body &&
    JSON.stringify([...deployment.parameters]) === JSON.stringify([...(stack.deployment?.parameters ?? [])]);
  if (same) throw validationError('No updates are to be performed.');
  begin(account, stack, deploy(account, stack, deployment, 'UPDATE'), {
    caller,
    roleArn: deployment.roleArn,
  });
  return { StackId: stack.id };
}

export function deleteStack(
  account: Account,
  { StackName, ClientRequestToken, RoleARN }: DeleteStackInput,
  _gone: AbortSignal,
  caller: Caller,
): object {
  const stack = findStack(account, StackName);
  if (stack === undefined || stack.status === 'DELETE_COMPLETE') return {};
  if (stack.operation !== undefined && stack.status !== 'DELETE_IN_PROGRESS' && /CLEANUP/.test(stack.status))
    throw validationError(`Stack [${StackName}] cannot be deleted while in status ${stack.status}`);
  if (stack.status === 'DELETE_IN_PROGRESS') return {};
  begin(account, stack, destroy(account, stack, ClientRequestToken), {
    caller,
    roleArn: RoleARN ?? stack.deployment?.roleArn,
  });
  return {};
}

export function describeStacks(account: Account, { StackName }: DescribeStacksInput): { Stacks: Stack[] } {
  settleStacks(account);
  const stacks =
    StackName === undefined
      ? [...account.cloudformation.stacks.values()].filter(({ status }) => status !== 'DELETE_COMPLETE')
      : [stackOf(account, StackName)];
  return { Stacks: stacks.map(shown) };
}

function shown(stack: SimulatedStack): Stack {
  const { deployment, drift } = stack;
  const isDrifted = drift?.drifts.some(
    ({ StackResourceDriftStatus: status }) => status === 'MODIFIED' || status === 'DELETED',
  );
  return {
    StackId: stack.id,
    StackName: stack.name,
    CreationTime: new Date(stack.createdAt),
    StackStatus: stack.status,
    DisableRollback: false,
    NotificationARNs: [],
    Capabilities: [...(deployment?.capabilities ?? [])] as NonNullable<Stack['Capabilities']>,
    Tags: [...(deployment?.tags ?? [])],
    Parameters: deployment === undefined ? [] : shownParameters(deployment),
    Outputs: stack.outputs,
    DriftInformation: {
      StackDriftStatus: drift === undefined ? 'NOT_CHECKED' : isDrifted ? 'DRIFTED' : 'IN_SYNC',
      ...(drift === undefined ? {} : { LastCheckTimestamp: new Date(drift.at) }),
    },
    ...(deployment?.template.description === undefined
      ? {}
      : { Description: deployment.template.description }),
    ...(deployment?.roleArn === undefined ? {} : { RoleARN: deployment.roleArn }),
    ...(stack.changeSetId === undefined ? {} : { ChangeSetId: stack.changeSetId }),
    ...(stack.statusReason === undefined ? {} : { StackStatusReason: stack.statusReason }),
    ...(stack.updatedAt === undefined ? {} : { LastUpdatedTime: new Date(stack.updatedAt) }),
    ...(stack.deletedAt === undefined ? {} : { DeletionTime: new Date(stack.deletedAt) }),
  };
}

/** The newest first. */
export function describeStackEvents(account: Account, { StackName, NextToken }: DescribeStackEventsInput) {
  const { events } = stackOf(account, StackName);
  // The token names the oldest event that was shown, so that newer ones change nothing.
  const end =
    NextToken === undefined ? events.length : events.findIndex(({ EventId }) => EventId === NextToken);
  if (end < 0) throw validationError('Invalid NextToken');
  const from = Math.max(0, end - EVENTS_PAGE);
  const page = events.slice(from, end).toReversed();
  return { StackEvents: page, ...(from > 0 ? { NextToken: events[from]?.EventId } : {}) };
}

export function describeStackResources(account: Account, input: DescribeStackResourcesInput) {
  const stack = stackOf(account, input.StackName);
  const resources = [...stack.resources.values()].filter(
    ({ logicalId }) => input.LogicalResourceId === undefined || input.LogicalResourceId === logicalId,
  );
  return {
    StackResources: resources.map((one) => ({
      StackName: stack.name,
      StackId: stack.id,
      LogicalResourceId: one.logicalId,
      PhysicalResourceId: one.physicalId,
      ResourceType: one.type,
      Timestamp: new Date(one.changedAt),
      ResourceStatus: one.status,
    })),
  };
}

export function getTemplate(account: Account, { StackName, ChangeSetName }: GetTemplateInput) {
  const template =
    ChangeSetName === undefined
      ? stackOf(account, StackName).deployment?.template
      : changeSetOf(account, ChangeSetName, StackName).changeSet.deployment.template;
  if (template === undefined) throw validationError(`Stack [${StackName}] has no template yet`);
  return { TemplateBody: template.body, StagesAvailable: ['Original', 'Processed'] };
}
