import type { EventSelector, PutEventSelectorsRequest } from '@aws-sdk/client-cloudtrail';
import type { Account } from '../account.ts';
import { accountState } from '../account-state.ts';

export interface SimulatedTrail {
  readonly name: string;
  readonly arn: string;
  bucket: string;
  /** Before `AWSLogs/`, without a slash at its end. */
  prefix: string | undefined;
  topicArn: string | undefined;
  kmsKeyId: string | undefined;
  logGroupArn: string | undefined;
  logRoleArn: string | undefined;
  globalEvents: boolean;
  multiRegion: boolean;
  validation: boolean;
  isOrganization: boolean;
  selectors: readonly EventSelector[];
  advancedSelectors: NonNullable<PutEventSelectorsRequest['AdvancedEventSelectors']> | undefined;
  hasCustomSelectors: boolean;
  readonly tags: Map<string, string>;
  isLogging: boolean;
  startedAt: number | undefined;
  stoppedAt: number | undefined;
  deliveredAt: number | undefined;
  /** Why the newest delivery failed, in S3's word. */
  deliveryError: string | undefined;
}

/** Source: AWS CloudTrail API Reference, "PutEventSelectors": what a new trail records. */
export const DEFAULT_SELECTORS: readonly EventSelector[] = [
  {
    ReadWriteType: 'All',
    IncludeManagementEvents: true,
    DataResources: [],
    ExcludeManagementEventSources: [],
  },
];

export const trailsOf = accountState(() => new Map<string, SimulatedTrail>());

/** Puts a trail into the account; it records from now on. */
export function newTrail(
  account: Account,
  name: string,
  bucket: string,
  given: Partial<SimulatedTrail> = {},
): SimulatedTrail {
  const trail: SimulatedTrail = {
    name,
    arn: `arn:aws:cloudtrail:${account.region}:${account.id}:trail/${name}`,
    bucket,
    prefix: undefined,
    topicArn: undefined,
    kmsKeyId: undefined,
    logGroupArn: undefined,
    logRoleArn: undefined,
    globalEvents: true,
    multiRegion: false,
    validation: false,
    isOrganization: false,
    selectors: DEFAULT_SELECTORS,
    advancedSelectors: undefined,
    hasCustomSelectors: false,
    tags: new Map(),
    isLogging: true,
    startedAt: account.clock.now(),
    stoppedAt: undefined,
    deliveredAt: undefined,
    deliveryError: undefined,
    ...given,
  };
  trailsOf(account).set(name, trail);
  return trail;
}

/** Whether a trail takes a management event. */
export function takes(
  { isLogging, selectors, advancedSelectors }: SimulatedTrail,
  readOnly: boolean,
): boolean {
  if (!isLogging) return false;
  if (advancedSelectors !== undefined) return takesAdvanced(advancedSelectors, readOnly);
  return selectors.some(
    ({ IncludeManagementEvents = true, ReadWriteType = 'All' }) =>
      IncludeManagementEvents && (ReadWriteType === 'All' || (ReadWriteType === 'ReadOnly') === readOnly),
  );
}

interface Field {
  readonly Field?: string;
  readonly Equals?: readonly string[];
}

function takesAdvanced(selectors: readonly object[], readOnly: boolean): boolean {
  return selectors.some((selector) => {
    const fields = (selector as { FieldSelectors?: readonly Field[] }).FieldSelectors ?? [];
    const values = (name: string) => fields.find(({ Field }) => Field === name)?.Equals;
    const wanted = values('readOnly');
    return (
      values('eventCategory')?.includes('Management') === true &&
      (wanted === undefined || wanted.includes(String(readOnly)))
    );
  });
}
