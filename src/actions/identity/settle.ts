import type { ActionContext } from '../action.ts';

const POLLS = 5;

/**
 * Waits until IAM shows what it has accepted. One that still does not show it is an error, so that the next
 * try knows that this one may have had its effect. Source: IAM User Guide, "Changes that I make are not
 * always immediately visible".
 */
export async function untilShown(
  { sleep, settleTime }: ActionContext,
  isShown: () => Promise<boolean>,
  what: string,
): Promise<void> {
  for (let poll = 0; poll < POLLS; poll++) {
    if (poll > 0) await sleep(settleTime / (POLLS - 1));
    if (await isShown()) return;
  }
  throw new Error(`IAM does not show yet that ${what}`);
}

/**
 * Whether Cordon made a change that is found made: it was not there when the identity was recorded, and an
 * earlier try may have made it. One that appeared before any try is of somebody else, and is never undone.
 */
export function isOurs({ earlierTry }: ActionContext, wasRecorded: boolean): boolean {
  return !wasRecorded && earlierTry !== 'none';
}
