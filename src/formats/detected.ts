import type { Origin } from '../model/event.ts';
import { decodeMessage, readSubscriptionMessage } from './cloudwatch-logs/message.ts';
import { bad, type Decoded, type LineDecoder, UNKNOWN_FORMAT } from './decoder.ts';
import type { JsonFormat } from './format.ts';
import { decodeJsonValue, decodeRecord, isRecord, NOT_JSON, parseJson } from './json.ts';
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
  let json: JsonDecoder | undefined;
  return {
    *line(text, offset, number) {
      if (text === '') return;
      const origin = { source, offset, line: number };
      if (decoder === undefined && looksLikeJson(text)) {
        json ??= jsonDecoder(source, options);
        yield* json(text, origin);
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

/** Reads JSON texts of one source; one decoder a source. */
export type JsonDecoder = (text: string, origin: Origin) => Iterable<Decoded>;

/** The events of JSON texts, also of CloudWatch Logs subscription messages. */
export function jsonDecoder(source: string, options: DecodeOptions = {}): JsonDecoder {
  let likely: JsonFormat | undefined;
  return (text, origin) => {
    const parsed = parseJson(text);
    if (parsed === undefined) return [bad(text, NOT_JSON, origin)];
    const { value } = parsed;
    // Records of a source are of one format: it is asked first, and the envelopes are not looked for.
    if (likely !== undefined && isRecord(value) && likely.recognises(value)) {
      return [decodeRecord(value, likely, origin, text)];
    }
    const message = readSubscriptionMessage(value);
    if (typeof message === 'string') return [bad(text, message, origin)];
    if (message !== undefined) return decodeMessage(message, origin, detectingDecoder(source, options));
    if (isRecord(value)) likely = JSON_FORMATS.find((format) => format.recognises(value));
    return decodeJsonValue(value, JSON_FORMATS, origin, text);
  };
}
