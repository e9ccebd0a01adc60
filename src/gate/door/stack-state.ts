import type { CloudFormation, Stack } from '@aws-sdk/client-cloudformation';
import { awsErrorCode } from '../../aws/errors.ts';
import type { Node } from '../template/node.ts';
import type { Given } from '../template/worlds.ts';
import type { Door } from './door.ts';
import { Ended, usedBefore } from './ended.ts';
import { eventsOf, type Progress } from './events.ts';
import { eventually } from './follow.ts';
import type { DoorRequest } from './request.ts';

export async function describeStack(
  cloudformation: CloudFormation,
  stackName: string,
): Promise<Stack | undefined> {
  try {
    const { Stacks } = await cloudformation.describeStacks({ StackName: stackName });
    return Stacks?.[0];
  } catch (error) {
    if (awsErrorCode(error) === 'ValidationError' && /does not exist/.test(String(error))) return undefined;
    throw error;
  }
}

export function inReview(stack: Stack | undefined): boolean {
  return stack?.StackStatus === 'REVIEW_IN_PROGRESS';
}

/** What an earlier request with the token did, where it came so far that CloudFormation works on it. */
export async function earlierOperation(
  name: string,
  digest: string,
  stack: Stack | undefined,
  { cloudformation }: Door,
): Promise<Progress | undefined> {
  if (stack?.StackId === undefined) return undefined;
  const events = await eventsOf(cloudformation, stack.StackId, (token) => token.startsWith(`${name}-`));
  const [first] = events;
  if (first === undefined) return undefined;
  if (first.token !== `${name}-${digest}`) throw usedBefore();
  return first;
}

/** The values that the template gets, as far as they are known: the caller's, and those of before. */
export function givenOf(
  { parameters }: Pick<DoorRequest, 'parameters'>,
  stack: Stack | undefined,
  door: Door,
): Given {
  const values = new Map<string, Node>();
  const put = (name: string, value: string): unknown =>
    values.set(name, { kind: 'scalar', value, start: 0, end: 1 });
  for (const { ParameterKey = '', ParameterValue = '', ResolvedValue } of stack?.Parameters ?? [])
    if (ParameterValue !== '****') put(ParameterKey, ResolvedValue ?? ParameterValue);
  for (const [name, value] of Object.entries(parameters)) put(name, value);
  return { parameters: values, region: door.region, account: door.account };
}

export async function liveTemplate(stack: Stack | undefined, door: Door) {
  if (stack === undefined || inReview(stack) || stack.StackStatus === 'ROLLBACK_COMPLETE') return undefined;
  const { TemplateBody } = await door.cloudformation.getTemplate({
    StackName: stack.StackId,
    TemplateStage: 'Original',
  });
  const given = givenOf({ parameters: {} }, stack, door);
  return TemplateBody === undefined ? undefined : { text: TemplateBody, given };
}

/** Whether the stack is to be created. One whose creation was rolled back is empty and makes place. */
export async function becomesNew(stack: Stack | undefined, until: number, door: Door): Promise<boolean> {
  const { StackStatus: status = '', StackId, StackName } = stack ?? {};
  if (stack === undefined || status === 'REVIEW_IN_PROGRESS') return true;
  if (status === 'ROLLBACK_COMPLETE') {
    await door.cloudformation.deleteStack({ StackName: StackId });
    await eventually(until, door, async () => {
      const { Stacks } = await door.cloudformation.describeStacks({ StackName: StackId });
      const now = Stacks?.[0]?.StackStatus;
      if (now === 'DELETE_FAILED')
        throw new Ended(
          'failed',
          `The stack ${StackName} could not be created before and cannot be deleted.`,
        );
      return now === 'DELETE_COMPLETE' ? true : undefined;
    });
    return true;
  }
  if (/IN_PROGRESS$/.test(status))
    throw new Ended('busy', `The stack ${StackName} is ${status}: something else is under way.`, {
      stackStatus: status,
    });
  if (!/^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT|IMPORT_ROLLBACK)_COMPLETE$|^UPDATE_FAILED$/.test(status))
    throw new Ended('failed', `The stack ${StackName} is ${status}: somebody has to look at it.`, {
      stackStatus: status,
    });
  return false;
}
