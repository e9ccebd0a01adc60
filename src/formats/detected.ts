import type { Origin } from '../model/event.ts';
import { isDigest } from './cloudtrail/digest.ts';
import { decodeMessage, readSubscriptionMessage } from './cloudwatch-logs/message.ts';
import { withContext } from './context.ts';
import { bad, type Decoded, type LineDecoder, UNKNOWN_FORMAT } from './decoder.ts';
import type { DecodeOptions, TextFormat } from './format.ts';
import { decodeJsonValue, NOT_JSON, parseJson } from './json.ts';
import { contextOfKey } from './key.ts';
import { JSON_FORMATS, TEXT_FORMATS } from './registry.ts';

export type { DecodeOptions } from './format.ts';

/** Reads lines of whatever format the first one of them that is recognised has. */
export function detectingDecoder(source: string, given: DecodeOptions = {}): LineDecoder {
  const { context = contextOfKey(source) } = given;
  const options = { ...given, context };
  let decoder: LineDecoder | undefined;
  return {
    *line(text, offset, number) {
      if (text === '') return;
      const origin = { source, offset, line: number };
      if (decoder === undefined && looksLikeJson(text)) {
        yield* decodeJson(text, origin, options);
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
      else for (const decoded of decoder.line(text, offset, number)) yield withContext(decoded, context);
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
  const { context = contextOfKey(origin.source) } = options;
  const message = readSubscriptionMessage(parsed.value);
  if (typeof message === 'string') yield bad(text, message, origin);
  else if (message !== undefined) {
    const owner = 'owner' in message && /^\d{12}$/.test(message.owner) ? message.owner : undefined;
    const known = { ...context, account: context?.account ?? owner };
    yield* decodeMessage(message, origin, detectingDecoder(origin.source, { ...options, context: known }));
  } else if (isDigest(parsed.value)) yield { kind: 'skipped', reason: 'CloudTrail digest' };
  else {
    for (const decoded of decodeJsonValue(parsed.value, JSON_FORMATS, origin)) {
      yield withContext(decoded, context);
    }
  }
}
