import { type BadRecord, badRecord, type Event, type Origin } from '../model/event.ts';

/** What a decoder makes of the bytes it is given. */
export type Decoded =
  | { readonly kind: 'event'; readonly event: Event }
  | { readonly kind: 'bad'; readonly record: BadRecord }
  /** Right, but nothing to judge: a header, NODATA, a control message. */
  | { readonly kind: 'skipped'; readonly reason: string };

export const UNKNOWN_FORMAT = 'no log format that Cordon knows';
export const UNKNOWN_TIME = 'the time cannot be read';

export function bad(raw: string, reason: string, origin: Origin): Decoded {
  return { kind: 'bad', record: badRecord(raw, reason, origin) };
}

/** Turns the lines of one source into events; one decoder a source. */
export interface LineDecoder {
  /** `offset` is the line's first byte in the uncompressed content, `number` is 1-based. */
  line(text: string, offset: number, number: number): Iterable<Decoded>;
}
