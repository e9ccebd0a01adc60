import { BAD_RECORD_RAW_LIMIT, type Origin } from '../model/event.ts';
import { decodeMessage, readSubscriptionMessage } from './cloudwatch-logs/message.ts';
import type { Decoded, LineDecoder } from './decoder.ts';
import { decodeJsonValue } from './json.ts';
import { JSON_FORMATS, TEXT_FORMATS } from './registry.ts';
import { flowLogDecoder } from './vpc-flow/decoder.ts';

export interface DecodeOptions {
  /** The columns of flow log records that come without a header line. */
  readonly flowLogFormat?: readonly string[] | undefined;
}

/** Reads lines of whatever format the first one of them that is recognised has. */
export function detectingDecoder(source: string, options: DecodeOptions = {}): LineDecoder {
  const { flowLogFormat } = options;
  let decoder: LineDecoder | undefined;
  return {
    *line(text, offset, number) {
      if (text === '') return;
      const origin = { source, offset, line: number };
      if (decoder === undefined && looksLikeJson(text)) {
        yield* decodeJson(text, origin, options);
        return;
      }
      if (flowLogFormat !== undefined) decoder ??= flowLogDecoder(source, flowLogFormat);
      decoder ??= TEXT_FORMATS.find((format) => format.recognises(text))?.decoder(source, text);
      if (decoder !== undefined) yield* decoder.line(text, offset, number);
      else yield bad(text, 'no log format that Cordon knows', origin);
    },
  };
}

export function looksLikeJson(text: string): boolean {
  return /^\s*[{[]/.test(text);
}

/** The events of a JSON text, also of a CloudWatch Logs subscription message. */
export function* decodeJson(text: string, origin: Origin, options: DecodeOptions = {}): Generator<Decoded> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    yield bad(text, 'not JSON', origin);
    return;
  }
  const message = readSubscriptionMessage(value);
  if (message === undefined) yield* decodeJsonValue(value, JSON_FORMATS, origin);
  else if (typeof message === 'string') yield bad(text, message, origin);
  else yield* decodeMessage(message, origin, detectingDecoder(origin.source, options));
}

function bad(text: string, reason: string, origin: Origin): Decoded {
  return { kind: 'bad', record: { origin, reason, raw: text.slice(0, BAD_RECORD_RAW_LIMIT) } };
}
