import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import type { Origin } from '../../model/event.ts';
import { bad, type Decoded, type LineDecoder } from '../decoder.ts';
import { isRecord, NOT_JSON, type ParsedJson, parseJson } from '../json.ts';

/**
 * A CloudWatch Logs subscription message after base64 and gzip.
 * Source: Amazon CloudWatch Logs User Guide, "Log group-level subscription filters".
 */
const logEvent = z.object({
  id: z.string(),
  timestamp: z.number(),
  message: z.string(),
  extractedFields: z.record(z.string(), z.string().nullable()).optional(),
});

const message = z.discriminatedUnion('messageType', [
  z.object({ messageType: z.literal('CONTROL_MESSAGE') }),
  z.object({
    messageType: z.literal('DATA_MESSAGE'),
    owner: z.string(),
    logGroup: z.string(),
    logStream: z.string(),
    logEvents: z.array(z.unknown()),
  }),
]);

const envelope = z.object({ awslogs: z.object({ data: z.string() }) });

export type SubscriptionMessage = z.output<typeof message>;
type LogEvent = z.output<typeof logEvent>;

/** The largest message that is unpacked: CloudWatch Logs sends at most 6 MB to a function. */
const MESSAGE_LIMIT = 64 * 1024 * 1024;

/**
 * Reads the Lambda envelope (`awslogs.data`) or the decoded message itself; a string says what is
 * wrong, nothing that the value is something else.
 */
export function readSubscriptionMessage(value: unknown): SubscriptionMessage | string | undefined {
  if (!isRecord(value) || !('awslogs' in value || 'messageType' in value)) return undefined;
  const enveloped = envelope.safeParse(value);
  const inner = enveloped.success ? unpack(enveloped.data.awslogs.data) : { value };
  if (typeof inner === 'string') return inner;
  const parsed = message.safeParse(inner.value);
  if (parsed.success) return parsed.data;
  const { messageType } = (inner.value ?? {}) as { messageType?: unknown };
  return enveloped.success || messageType !== undefined
    ? 'no CloudWatch Logs subscription message'
    : undefined;
}

/**
 * The records in one message. `message` is the record itself; `extractedFields` repeats it and is
 * not needed. A record's `line` is its place in `logEvents`.
 */
export function* decodeMessage(
  { messageType, ...data }: SubscriptionMessage,
  origin: Origin,
  decoder: LineDecoder,
): Generator<Decoded> {
  if (!('logEvents' in data)) {
    yield { kind: 'skipped', reason: messageType };
    return;
  }
  for (const [index, entry] of data.logEvents.entries()) {
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
  const parsed = logEvent.safeParse(value);
  return parsed.success ? parsed.data : undefined;
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
