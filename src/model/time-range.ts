/** A stretch of time; milliseconds since the epoch. */
export interface TimeRange {
  /** The first moment that is in it. */
  readonly from: number;
  /** The first moment that is not in it any more. */
  readonly to: number;
}

export function isWithin({ from, to }: TimeRange, time: number): boolean {
  return time >= from && time < to;
}
