import { gunzipSync } from 'node:zlib';
import { z } from 'zod';

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
export type LogEvent = z.output<typeof logEvent>;

/** The largest message that is unpacked: CloudWatch Logs sends at most 6 MB to a function. */
const MESSAGE_LIMIT = 64 * 1024 * 1024;

/** Reads the Lambda envelope (`awslogs.data`) or the decoded message itself; a string says what is wrong. */
export function readSubscriptionMessage(text: string): SubscriptionMessage | string {
  const outer = parseJson(text);
  if (typeof outer === 'string') return outer;
  const enveloped = envelope.safeParse(outer.json);
  const inner = enveloped.success ? unpack(enveloped.data.awslogs.data) : outer;
  if (typeof inner === 'string') return inner;
  const parsed = message.safeParse(inner.json);
  return parsed.success ? parsed.data : 'no CloudWatch Logs subscription message';
}

/** One entry of `logEvents`, or nothing when it has not the documented shape. */
export function readLogEvent(value: unknown): LogEvent | undefined {
  const parsed = logEvent.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

function unpack(data: string): { json: unknown } | string {
  try {
    return parseJson(
      gunzipSync(Buffer.from(data, 'base64'), { maxOutputLength: MESSAGE_LIMIT }).toString('utf8'),
    );
  } catch {
    return 'awslogs.data is not gzip in base64';
  }
}

function parseJson(text: string): { json: unknown } | string {
  try {
    return { json: JSON.parse(text) };
  } catch {
    return 'not JSON';
  }
}
