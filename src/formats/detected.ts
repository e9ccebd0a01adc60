import type { Origin } from '../model/event.ts';
import { decodeMessage, readSubscriptionMessage } from './cloudwatch-logs/message.ts';
import { bad, type Decoded, type LineDecoder, UNKNOWN_FORMAT } from './decoder.ts';
import { decodeJsonValue, NOT_JSON, parseJson } from './json.ts';
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
      else yield bad(text, UNKNOWN_FORMAT, origin);
    },
  };
}

export function looksLikeJson(text: string): boolean {
  return /^\s*[{[]/.test(text);
}

/** The events of a JSON text, also of a CloudWatch Logs subscription message. */
export function* decodeJson(
  text: string,
  origin: Origin,
  options: DecodeOptions = {},
  parsed = parseJson(text),
): Generator<Decoded> {
  if (parsed === undefined) {
    yield bad(text, NOT_JSON, origin);
    return;
  }
  const message = readSubscriptionMessage(parsed.value);
  if (message === undefined) yield* decodeJsonValue(parsed.value, JSON_FORMATS, origin);
  else if (typeof message === 'string') yield bad(text, message, origin);
  else yield* decodeMessage(message, origin, detectingDecoder(origin.source, options));
}
