import { gunzipSync } from 'node:zlib';
import type { Origin } from '../../model/event.ts';
import { bad, type Decoded, type LineDecoder } from '../decoder.ts';
import { isRecord, NOT_JSON, type ParsedJson, parseJson } from '../json.ts';

/**
 * A CloudWatch Logs subscription message after base64 and gzip.
 * Source: Amazon CloudWatch Logs User Guide, "Log group-level subscription filters".
 */
export type SubscriptionMessage =
  | { readonly messageType: 'CONTROL_MESSAGE' }
  | {
      readonly messageType: 'DATA_MESSAGE';
      readonly owner: string;
      readonly logGroup: string;
      readonly logStream: string;
      readonly logEvents: readonly unknown[];
    };

interface LogEvent {
  readonly id: string;
  readonly timestamp: number;
  readonly message: string;
}

/** The largest message that is unpacked: CloudWatch Logs sends at most 6 MB to a function. */
const MESSAGE_LIMIT = 64 * 1024 * 1024;

/**
 * Reads the Lambda envelope (`awslogs.data`) or the decoded message itself; a string says what is
 * wrong, nothing that the value is something else.
 */
export function readSubscriptionMessage(value: unknown): SubscriptionMessage | string | undefined {
  if (!isRecord(value) || !('awslogs' in value || 'messageType' in value)) return undefined;
  const { awslogs } = value;
  const data = isRecord(awslogs) && typeof awslogs.data === 'string' ? awslogs.data : undefined;
  const inner = data === undefined ? { value } : unpack(data);
  if (typeof inner === 'string') return inner;
  if (isMessage(inner.value)) return inner.value;
  return data !== undefined || value.messageType !== undefined
    ? 'no CloudWatch Logs subscription message'
    : undefined;
}

function isMessage(value: unknown): value is SubscriptionMessage {
  if (!isRecord(value)) return false;
  const { messageType, owner, logGroup, logStream, logEvents } = value;
  if (messageType === 'CONTROL_MESSAGE') return true;
  const texts = [owner, logGroup, logStream];
  return (
    messageType === 'DATA_MESSAGE' &&
    texts.every((text) => typeof text === 'string') &&
    Array.isArray(logEvents)
  );
}

/**
 * The records in one message. `message` is the record itself; `extractedFields` repeats it and is
 * not needed. A record's `line` is its place in `logEvents`.
 */
export function* decodeMessage(
  message: SubscriptionMessage,
  origin: Origin,
  decoder: LineDecoder,
): Generator<Decoded> {
  if (message.messageType === 'CONTROL_MESSAGE') {
    yield { kind: 'skipped', reason: message.messageType };
    return;
  }
  for (const [index, entry] of message.logEvents.entries()) {
    const event = readLogEvent(entry);
    if (event !== undefined) yield* decoder.line(event.message.trimEnd(), origin.offset, index + 1);
    else {
      const place = { ...origin, line: index + 1 };
      yield bad(JSON.stringify(entry), 'not a log event with id, timestamp and message', place);
    }
  }
}

/** One entry of `logEvents`, or nothing when it has not the documented shape. */
function readLogEvent(value: unknown): LogEvent | undefined {
  if (!isRecord(value)) return undefined;
  const { id, timestamp, message } = value;
  return typeof id === 'string' && typeof timestamp === 'number' && typeof message === 'string'
    ? { id, timestamp, message }
    : undefined;
}

function unpack(data: string): ParsedJson | string {
  let text: string;
  try {
    text = gunzipSync(Buffer.from(data, 'base64'), { maxOutputLength: MESSAGE_LIMIT }).toString('utf8');
  } catch {
    return 'awslogs.data is not gzip in base64';
  }
  return parseJson(text) ?? NOT_JSON;
}
