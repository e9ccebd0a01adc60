import { detectingDecoder } from '../src/formats/detected.ts';
import type { BadRecord, Event } from '../src/model/event.ts';

/** A text as a file of it would be read: the format is found out. */
export function decodeLines(text: string): { events: Event[]; badRecords: BadRecord[]; skipped: string[] } {
  const decoder = detectingDecoder('test');
  const events: Event[] = [];
  const badRecords: BadRecord[] = [];
  const skipped: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    for (const decoded of decoder.line(line, 0, index + 1)) {
      if (decoded.kind === 'event') events.push(decoded.event);
      else if (decoded.kind === 'bad') badRecords.push(decoded.record);
      else skipped.push(decoded.reason);
    }
  }
  return { events, badRecords, skipped };
}
