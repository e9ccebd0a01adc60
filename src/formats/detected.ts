import type { Origin } from '../model/event.ts';
import { isDigest } from './cloudtrail/digest-files.ts';
import {
  decodeMessage,
  readSubscriptionMessage,
  type SubscriptionMessage,
} from './cloudwatch-logs/message.ts';
import { type Context, withContext } from './context.ts';
import { bad, type Decoded, type LineDecoder, UNKNOWN_FORMAT } from './decoder.ts';
import type { DecodeOptions, JsonFormat, TextFormat } from './format.ts';
import { decodeJsonValue, decodeRecord, isRecord, NOT_JSON, type ParsedJson, parseJson } from './json.ts';
import { contextOfKey } from './key.ts';
import { JSON_FORMATS, TEXT_FORMATS } from './registry.ts';

export type { DecodeOptions } from './format.ts';

/** Reads lines of whatever format the first one of them that is recognised has. */
export function detectingDecoder(source: string, given: DecodeOptions = {}): LineDecoder {
  const { context = contextOfKey(source) } = given;
  const options = { ...given, context };
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
      if (number === 1 && text.startsWith('PAR1')) {
        // The rest has no lines either.
        decoder = { line: () => [] };
        yield bad('', 'Parquet is read from a file, not from a stream', origin);
        return;
      }
      decoder ??= textFormatOf(text, options)?.decoder(source, text, options);
      if (decoder === undefined) yield bad(text, UNKNOWN_FORMAT, origin);
      else yield* withContextOf(decoder.line(text, offset, number), context);
    },
  };
}

/** What the content says; where it says nothing, what the name of the object says. */
function textFormatOf(line: string, options: DecodeOptions): TextFormat | undefined {
  const hinted = TEXT_FORMATS.find(({ name }) => name === options.context?.format);
  if (hinted?.recognises(line, options)) return hinted;
  return TEXT_FORMATS.find((format) => format.recognises(line, options)) ?? hinted;
}

export function looksLikeJson(text: string): boolean {
  return /^\s*[{[]/.test(text);
}

/** Reads JSON texts of one source; one decoder a source. */
export type JsonDecoder = (text: string, origin: Origin, parsed?: ParsedJson) => Iterable<Decoded>;

/** The events of JSON texts, also of CloudWatch Logs subscription messages. */
export function jsonDecoder(source: string, options: DecodeOptions = {}): JsonDecoder {
  const { context = contextOfKey(source) } = options;
  let likely: JsonFormat | undefined;
  return (text, origin, parsed = parseJson(text)) => {
    if (parsed === undefined) return [bad(text, NOT_JSON, origin)];
    const { value } = parsed;
    // Records of a source are of one format: it is asked first, and the envelopes are not looked for.
    if (likely !== undefined && isRecord(value) && likely.recognises(value)) {
      return [withContext(decodeRecord(value, likely, origin, text), context)];
    }
    const message = readSubscriptionMessage(value);
    if (typeof message === 'string') return [bad(text, message, origin)];
    if (message !== undefined) {
      const told = { ...options, context: { ...context, account: context?.account ?? ownerOf(message) } };
      return decodeMessage(message, origin, detectingDecoder(source, told));
    }
    if (isDigest(value)) return [{ kind: 'skipped', reason: 'CloudTrail digest' }];
    if (isRecord(value)) likely = JSON_FORMATS.find((format) => format.recognises(value));
    return withContextOf(decodeJsonValue(value, JSON_FORMATS, origin, text), context);
  };
}

function withContextOf(decoded: Iterable<Decoded>, context: Context | undefined): Iterable<Decoded> {
  return context === undefined ? decoded : contextual(decoded, context);
}

function* contextual(decoded: Iterable<Decoded>, context: Context): Generator<Decoded> {
  for (const one of decoded) yield withContext(one, context);
}

/** The account that a log group is of. */
function ownerOf(message: SubscriptionMessage): string | undefined {
  return 'owner' in message && /^\d{12}$/.test(message.owner) ? message.owner : undefined;
}
