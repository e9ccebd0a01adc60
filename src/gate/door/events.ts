import type { CloudFormation, StackEvent } from '@aws-sdk/client-cloudformation';
import { printable } from '../../model/printable.ts';

/** What happened to a resource, or to the stack. */
export interface Progress {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly logicalId: string;
  readonly type: string;
  /** It is of the stack itself, not of one that is nested in it. */
  readonly ofStack: boolean;
  readonly status: string;
  readonly reason: string | undefined;
  readonly token: string | undefined;
}

/** Pages of 100 events. */
const MAX_PAGES = 20;
const MAX_REASON = 1_000;

/** The events of the operation that has the token, the oldest first. */
export async function eventsOf(
  cloudformation: CloudFormation,
  stackId: string,
  isWanted: (token: string) => boolean,
): Promise<Progress[]> {
  const found: Progress[] = [];
  let NextToken: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await cloudformation.describeStackEvents({ StackName: stackId, NextToken });
    const events = (answer.StackEvents ?? []).map(progressOf);
    const own = events.filter(({ token }) => token !== undefined && isWanted(token));
    found.push(...own);
    NextToken = answer.NextToken;
    // Events come newest first: what follows on the beginning is of an earlier operation.
    if (NextToken === undefined || own.some(isBeginning)) break;
  }
  return found.reverse();
}

function progressOf(event: StackEvent): Progress {
  return {
    id: event.EventId ?? '',
    at: event.Timestamp?.getTime() ?? 0,
    logicalId: event.LogicalResourceId ?? '',
    type: event.ResourceType ?? '',
    ofStack: event.PhysicalResourceId === event.StackId,
    status: event.ResourceStatus ?? event.HookStatus ?? '',
    reason: reasonOf(event),
    token: event.ClientRequestToken,
  };
}

function reasonOf({ ResourceStatusReason, HookStatusReason, HookType }: StackEvent): string | undefined {
  const hook = HookStatusReason === undefined ? undefined : `${HookType ?? 'hook'}: ${HookStatusReason}`;
  const reason = ResourceStatusReason ?? hook;
  return reason === undefined ? undefined : printable(reason, MAX_REASON);
}

function isBeginning({ ofStack, status, reason }: Progress): boolean {
  return ofStack && /^(CREATE|UPDATE)_IN_PROGRESS$/.test(status) && reason === 'User Initiated';
}

/** Others fail because of the first, and are only cancelled. */
export function firstFailure(events: readonly Progress[]): Progress | undefined {
  const failed = events.filter(({ status }) => /FAILED$/.test(status));
  const isConsequence = ({ reason = '' }: Progress): boolean => /cancell?ed/i.test(reason);
  return (
    failed.find((one) => !one.ofStack && !isConsequence(one)) ??
    failed.find((one) => !isConsequence(one)) ??
    failed[0]
  );
}

/** The last status of the stack itself. */
export function stackStatus(events: readonly Progress[]): string | undefined {
  return events.findLast(({ ofStack }) => ofStack)?.status;
}
