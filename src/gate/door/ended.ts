import type { DoorAnswer, Outcome } from './answer.ts';

/** Ends a deployment with an answer. */
export class Ended extends Error {
  readonly outcome: Outcome;
  readonly more: Partial<DoorAnswer>;

  constructor(outcome: Outcome, message: string, more: Partial<DoorAnswer> = {}) {
    super(message);
    this.outcome = outcome;
    this.more = more;
  }
}

export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

export function usedBefore(): Ended {
  return new Ended('invalid', 'The token was used for another request.');
}
