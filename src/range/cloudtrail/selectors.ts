import type {
  GetEventSelectorsRequest,
  GetEventSelectorsResponse,
  PutEventSelectorsRequest,
} from '@aws-sdk/client-cloudtrail';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { trailOf } from './trails.ts';

const SELECTOR_LIMIT = 5;

/** A trail has selectors of one kind: the newest are in place of the others. */
export function putEventSelectors(account: Account, input: PutEventSelectorsRequest): object {
  const trail = trailOf(account, input.TrailName);
  const { EventSelectors, AdvancedEventSelectors } = input;
  if ((EventSelectors === undefined) === (AdvancedEventSelectors === undefined))
    throw new AwsError(
      'InvalidEventSelectorsException',
      'Specify either EventSelectors or AdvancedEventSelectors.',
    );
  if ((EventSelectors?.length ?? 0) > SELECTOR_LIMIT)
    throw new AwsError(
      'InvalidEventSelectorsException',
      `A trail has at most ${SELECTOR_LIMIT} event selectors.`,
    );
  trail.selectors = EventSelectors ?? [];
  trail.advancedSelectors = AdvancedEventSelectors;
  trail.hasCustomSelectors = true;
  return { TrailARN: trail.arn, EventSelectors, AdvancedEventSelectors };
}

export function getEventSelectors(
  account: Account,
  { TrailName }: GetEventSelectorsRequest,
): GetEventSelectorsResponse {
  const { arn, selectors, advancedSelectors } = trailOf(account, TrailName);
  return advancedSelectors === undefined
    ? { TrailARN: arn, EventSelectors: [...selectors] }
    : { TrailARN: arn, AdvancedEventSelectors: [...advancedSelectors] };
}
