import type {
  CreateChangeSetInput,
  DeleteChangeSetInput,
  DescribeChangeSetInput,
  DescribeChangeSetOutput,
  ExecuteChangeSetInput,
} from '@aws-sdk/client-cloudformation';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import type { Caller } from '../caller.ts';
import { changeSetOf, newChangeSet, type SimulatedChangeSet, statusOf } from './change-set.ts';
import { deploy } from './deploy.ts';
import { deploymentOf, mustBeUpdatable, mustKeepTypes, shownParameters } from './request.ts';
import { begin, findStack, newStack, type SimulatedStack, setStatus } from './stack.ts';
import { validationError } from './template.ts';

const CHANGES_PAGE = 50;

export function createChangeSet(
  account: Account,
  input: CreateChangeSetInput,
): { Id: string; StackId: string } {
  const { ChangeSetName: name = '', StackName = '', ChangeSetType: kind = 'UPDATE' } = input;
  if (!/^[A-Za-z][-A-Za-z0-9]{0,127}$/.test(name))
    throw validationError(
      `1 validation error detected: Value '${name}' at 'changeSetName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
  if (kind !== 'CREATE' && kind !== 'UPDATE') throw validationError(`ChangeSetType ${kind} is not simulated`);
  const known = findStack(account, StackName);
  const earlier = known?.changeSets.get(name);
  if (known !== undefined && earlier !== undefined) {
    if (earlier.token !== undefined && earlier.token === input.ClientToken)
      return { Id: earlier.id, StackId: known.id };
    throw new AwsError('AlreadyExistsException', `ChangeSet ${name} already exists`);
  }
  if (kind === 'UPDATE') {
    if (known === undefined) throw validationError(`Stack [${StackName}] does not exist`);
    mustBeUpdatable(known);
  } else if (known !== undefined && known.status !== 'REVIEW_IN_PROGRESS')
    throw validationError(
      `Stack [${StackName}] already exists and cannot be created again with the changeSet [${name}].`,
    );
  const deployment = deploymentOf(account, input, known);
  const stack = known ?? reviewed(account, StackName);
  if (known !== undefined) mustKeepTypes(known, deployment.template);
  const changeSet = newChangeSet(account, stack, {
    name,
    kind,
    description: input.Description,
    token: input.ClientToken,
    deployment,
  });
  return { Id: changeSet.id, StackId: stack.id };
}

function reviewed(account: Account, name: string): SimulatedStack {
  const stack = newStack(account, name, 'REVIEW_IN_PROGRESS');
  setStatus(account, stack, 'REVIEW_IN_PROGRESS', { reason: 'User Initiated', token: undefined });
  return stack;
}

export function describeChangeSet(account: Account, input: DescribeChangeSetInput): DescribeChangeSetOutput {
  const { stack, changeSet } = changeSetOf(account, input.ChangeSetName, input.StackName);
  const { status, execution } = statusOf(account, changeSet);
  const from = input.NextToken === undefined ? 0 : Number(input.NextToken);
  if (!Number.isInteger(from) || from < 0) throw validationError('Invalid NextToken');
  const all = status === 'CREATE_COMPLETE' ? changeSet.changes : [];
  const to = from + CHANGES_PAGE;
  return {
    ChangeSetName: changeSet.name,
    ChangeSetId: changeSet.id,
    StackId: stack.id,
    StackName: stack.name,
    Parameters: shownParameters(changeSet.deployment),
    CreationTime: new Date(changeSet.createdAt),
    Status: status,
    ExecutionStatus: execution,
    NotificationARNs: [],
    RollbackConfiguration: {},
    Capabilities: [...changeSet.deployment.capabilities] as NonNullable<
      DescribeChangeSetOutput['Capabilities']
    >,
    Tags: [...changeSet.deployment.tags],
    Changes: all
      .slice(from, to)
      .map((change) => (input.IncludePropertyValues === true ? change : without(change))),
    IncludeNestedStacks: false,
    ...(to < all.length ? { NextToken: String(to) } : {}),
    ...(changeSet.description === undefined ? {} : { Description: changeSet.description }),
    ...(status === 'FAILED' && changeSet.failure !== undefined ? { StatusReason: changeSet.failure } : {}),
  };
}

/** Values are shown only to who asks for them. */
function without({ Type, ResourceChange = {} }: SimulatedChangeSet['changes'][number]) {
  const { BeforeContext: _, AfterContext: __, Details = [], ...rest } = ResourceChange;
  return {
    Type,
    ResourceChange: {
      ...rest,
      Details: Details.map(({ Target, ...detail }) => {
        const { BeforeValue: ___, AfterValue: ____, Path: _____, ...target } = Target ?? {};
        return { ...detail, Target: target };
      }),
    },
  };
}

export function executeChangeSet(
  account: Account,
  input: ExecuteChangeSetInput,
  _gone: AbortSignal,
  caller: Caller,
): object {
  const { stack, changeSet } = changeSetOf(account, input.ChangeSetName, input.StackName);
  const { status, execution } = statusOf(account, changeSet);
  if (status !== 'CREATE_COMPLETE' || execution !== 'AVAILABLE') {
    const [what, now] = status === 'CREATE_COMPLETE' ? ['execution status', execution] : ['status', status];
    throw new AwsError(
      'InvalidChangeSetStatus',
      `ChangeSet [${changeSet.id}] cannot be executed in its current ${what} of [${now}]`,
    );
  }
  // The others were worked out for the stack as it was.
  for (const other of stack.changeSets.values()) if (other !== changeSet) stack.changeSets.delete(other.name);
  changeSet.execution = 'EXECUTE_IN_PROGRESS';
  stack.changeSetId = changeSet.id;
  const deployment = { ...changeSet.deployment, token: input.ClientRequestToken };
  begin(account, stack, executed(account, stack, changeSet, deployment), {
    caller,
    roleArn: deployment.roleArn,
  });
  return {};
}

function* executed(
  account: Account,
  stack: SimulatedStack,
  changeSet: SimulatedChangeSet,
  deployment: SimulatedChangeSet['deployment'],
): Generator<number, void> {
  yield* deploy(account, stack, deployment, changeSet.kind);
  const isDone = stack.status === 'CREATE_COMPLETE' || stack.status === 'UPDATE_COMPLETE';
  changeSet.execution = isDone ? 'EXECUTE_COMPLETE' : 'EXECUTE_FAILED';
}

export function deleteChangeSet(account: Account, input: DeleteChangeSetInput): object {
  let found: ReturnType<typeof changeSetOf>;
  try {
    found = changeSetOf(account, input.ChangeSetName, input.StackName);
  } catch (error) {
    // As AWS: nothing is wrong when it is gone.
    if (error instanceof AwsError && error.code === 'ChangeSetNotFound') return {};
    throw error;
  }
  const { stack, changeSet } = found;
  if (changeSet.execution === 'EXECUTE_IN_PROGRESS')
    throw new AwsError(
      'InvalidChangeSetStatus',
      `ChangeSet [${changeSet.id}] cannot be deleted in its current execution status of [EXECUTE_IN_PROGRESS]`,
    );
  stack.changeSets.delete(changeSet.name);
  return {};
}
