import { BAD_RECORD_RAW_LIMIT, type Origin } from '../../model/event.ts';
import type { Decoded } from '../decoder.ts';
import { decodeFlowRecord } from '../vpc-flow/decoder.ts';
import { DEFAULT_FORMAT } from '../vpc-flow/fields.ts';
import { flowRecordReader } from '../vpc-flow/record.ts';
import { readLogEvent, readSubscriptionMessage } from './message.ts';

/**
 * The flow log records in one subscription message. `message` is the record itself;
 * `extractedFields` repeats it and is not needed. A record's `line` is its place in `logEvents`.
 */
export function* decodeSubscription(text: string, origin: Origin): Generator<Decoded> {
  const message = readSubscriptionMessage(text);
  if (typeof message === 'string') {
    yield { kind: 'bad', record: { origin, reason: message, raw: text.slice(0, BAD_RECORD_RAW_LIMIT) } };
    return;
  }
  if (message.messageType === 'CONTROL_MESSAGE') {
    yield { kind: 'skipped', reason: 'CONTROL_MESSAGE' };
    return;
  }
  const read = flowRecordReader(DEFAULT_FORMAT);
  for (const [index, entry] of message.logEvents.entries()) {
    const place = { ...origin, line: index + 1 };
    const event = readLogEvent(entry);
    if (event !== undefined) yield decodeFlowRecord(read, event.message.trimEnd(), place);
    else {
      const raw = (JSON.stringify(entry) ?? '').slice(0, BAD_RECORD_RAW_LIMIT);
      yield {
        kind: 'bad',
        record: { origin: place, reason: 'not a log event with id, timestamp and message', raw },
      };
    }
  }
}
