import { setTimeout as sleep } from 'node:timers/promises';
import { awsErrorCode } from '../../aws/errors.ts';
import type { DoorAnswer } from './answer.ts';
import { describeWhole } from './change-set.ts';
import type { Door } from './door.ts';
import { Ended } from './ended.ts';
import { eventsOf, firstFailure, stackStatus } from './events.ts';

export type Ending = Partial<DoorAnswer> & Pick<DoorAnswer, 'outcome' | 'message'>;

const DONE = /^(CREATE|UPDATE|IMPORT)_COMPLETE$/;
const ROLLED_BACK = /^(UPDATE_)?ROLLBACK_COMPLETE$/;
/** Events that an answer carries; the rest is told as they come. */
const MAX_EVENTS = 300;

/** Looks again and again until there is an answer; when the time is over, the request goes on later. */
export async function eventually<T>(
  until: number,
  { poll }: Pick<Door, 'poll'>,
  look: () => Promise<T | undefined>,
): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() >= until)
      throw new Ended('in-progress', 'It goes on; the same request with the same token asks again.');
    await sleep(poll);
  }
}

/** The change set once CloudFormation has worked it out, or has failed to. */
export function whenReady(changeSetId: string, until: number, door: Door) {
  return eventually(until, door, async () => {
    const { Status } = await door.cloudformation.describeChangeSet({ ChangeSetName: changeSetId });
    const isReady = Status === 'CREATE_COMPLETE' || Status === 'FAILED';
    return isReady ? describeWhole(door.cloudformation, changeSetId) : undefined;
  });
}

export async function execute(
  changeSetId: string,
  operation: string,
  { cloudformation }: Door,
): Promise<void> {
  try {
    await cloudformation.executeChangeSet({ ChangeSetName: changeSetId, ClientRequestToken: operation });
  } catch (error) {
    // The same request came twice at once, or the answer to the first call was lost.
    if (!/InvalidChangeSetStatus/.test(awsErrorCode(error))) throw error;
  }
}

/** Follows an operation to its end. */
export async function follow(
  stackName: string,
  operation: string,
  until: number,
  told: Partial<DoorAnswer>,
  door: Door,
): Promise<Ending> {
  const { cloudformation } = door;
  const { Stacks } = await cloudformation.describeStacks({ StackName: stackName });
  const stackId = Stacks?.[0]?.StackId ?? stackName;
  const heard = new Set<string>();
  let events: DoorAnswer['events'] = [];
  const look = async (): Promise<string | undefined> => {
    events = await eventsOf(cloudformation, stackId, (token) => token === operation);
    for (const event of events.filter(({ id }) => !heard.has(id))) {
      heard.add(event.id);
      door.onProgress?.(event);
    }
    const status = stackStatus(events) ?? '';
    return DONE.test(status) || ROLLED_BACK.test(status) || status.endsWith('_FAILED') ? status : undefined;
  };
  let status: string;
  try {
    status = await eventually(until, door, look);
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
    return { ...told, outcome: error.outcome, message: error.message, stackId, ...shown(events) };
  }
  if (DONE.test(status)) {
    const after = await cloudformation.describeStacks({ StackName: stackId });
    const outputs = (after.Stacks?.[0]?.Outputs ?? []).map(
      ({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue] as const,
    );
    const message = `Deployed: ${stackName} is ${status}.`;
    return {
      ...told,
      outcome: 'deployed',
      message,
      stackId,
      outputs: Object.fromEntries(outputs),
      ...shown(events),
    };
  }
  const failure = firstFailure(events);
  const reason =
    failure === undefined
      ? ''
      : ` ${failure.logicalId} (${failure.type}) failed: ${failure.reason ?? failure.status}`;
  const rolledBack = ROLLED_BACK.test(status);
  return {
    ...told,
    outcome: rolledBack ? 'rolled-back' : 'failed',
    message: `${rolledBack ? 'Rolled back' : 'Failed'}: ${stackName} is ${status}.${reason}`,
    stackId,
    ...(failure === undefined ? {} : { failure }),
    ...shown(events),
  };
}

function shown(events: DoorAnswer['events']): Pick<DoorAnswer, 'events' | 'stackStatus'> {
  const status = stackStatus(events);
  return { events: events.slice(-MAX_EVENTS), ...(status === undefined ? {} : { stackStatus: status }) };
}

/** Takes a change set back, and the empty stack that was made for it. */
export async function withdraw(
  stackName: string,
  changeSetId: string,
  stackIsOurs: boolean,
  { cloudformation }: Door,
): Promise<void> {
  await cloudformation.deleteChangeSet({ ChangeSetName: changeSetId });
  if (!stackIsOurs) return;
  const { Stacks } = await cloudformation.describeStacks({ StackName: stackName });
  if (Stacks?.[0]?.StackStatus === 'REVIEW_IN_PROGRESS')
    await cloudformation.deleteStack({ StackName: Stacks[0].StackId });
}
