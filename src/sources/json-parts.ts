import { bad, type Decoded } from '../formats/decoder.ts';
import { jsonDecoder } from '../formats/detected.ts';
import { NOT_JSON, type ParsedJson, parseJson } from '../formats/json.ts';
import {
  type ElementGuess,
  elementGuess,
  endOfRest,
  endOfValue,
  type ListPlace,
  type ListStart,
  listStart,
  nextElement,
  skipSpace,
  startOfElement,
} from '../formats/json-text.ts';
import { decodedStretch } from '../formats/stretch.ts';
import { BAD_RECORD_RAW_LIMIT } from '../model/event.ts';
import type { Content } from './content.ts';
import type { Part, PartOptions } from './part.ts';

/** CloudWatch Logs sends at most 6 MB at once; a longer value is no message of it, and no record. */
const JSON_LIMIT = 64 * 1024 * 1024;
const ENDS_IN_THE_MIDDLE = 'the JSON text ends in the middle';
const TOO_LONG = `a JSON value is longer than ${JSON_LIMIT / 1024 / 1024} MiB`;

/** What is read next of lists that stand one behind the other. */
type Expected = 'list' | 'element' | 'rest of an object';

/** The records of lists, read one by one: a file of CloudTrail is one list, however large. */
export async function* listParts(
  content: Content,
  first: ListStart,
  options: PartOptions,
): AsyncGenerator<Part> {
  const decode = jsonDecoder(options.source, options);
  let list: ListStart | undefined = first;
  content.start = first.at;
  let expected: Expected = 'element';
  const guess = elementGuess();
  let records = 0;
  do {
    const decoded: Decoded[] = [];
    const { bytes, end } = content;
    const base = content.offset - content.start;
    for (let open = false; !open; ) {
      let { start } = content;
      switch (expected) {
        case 'list':
          content.start = skipSpace(bytes, start, end);
          list = listStart(bytes, content.start, end);
          open = list === undefined;
          if (list !== undefined) {
            content.start = list.at;
            expected = 'element';
          }
          break;
        case 'element': {
          const place = elementAt(bytes, start, end, guess);
          if (place.kind === 'element') {
            records++;
            if (base + place.end > options.from.offset) {
              const origin = { source: options.source, offset: base + place.start, line: records };
              const text = place.text ?? bytes.toString('utf8', place.start, place.end);
              decoded.push(...decode(text, origin, place.parsed));
            }
            content.start = place.end;
          } else if (place.kind === 'closed') {
            content.start = place.end;
            expected = list?.inObject ? 'rest of an object' : 'list';
          } else {
            content.start = place.start;
            open = true;
          }
          break;
        }
        case 'rest of an object':
          start = endOfRest(bytes, start, end);
          open = start === -1;
          if (!open) {
            content.start = start;
            expected = 'list';
          }
      }
    }
    if (decoded.length > 0) {
      yield { stretch: decodedStretch(decoded), offset: content.offset, lines: records };
    }
  } while (content.end - content.start <= JSON_LIMIT && (await content.more()));
  yield* leftOver(content, options, records, expected === 'list' ? NOT_JSON : ENDS_IN_THE_MIDDLE);
}

/** A place in a list; an element whose end was guessed has been parsed. */
type ElementPlace = ListPlace & { readonly text?: string; readonly parsed?: ParsedJson };

function elementAt(bytes: Buffer, from: number, end: number, guess: ElementGuess): ElementPlace {
  const start = startOfElement(bytes, from, end);
  const stop = start < end ? guess.endOf(start, bytes, end) : -1;
  if (stop === -1) return nextElement(bytes, from, end);
  const text = bytes.toString('utf8', start, stop);
  const parsed = parseJson(text);
  if (parsed !== undefined) return { kind: 'element', start, end: stop, text, parsed };
  guess.wasWrong();
  return nextElement(bytes, from, end);
}

/** JSON values that stand one behind the other, each over as many lines as it likes. */
export async function* valueParts(content: Content, options: PartOptions): AsyncGenerator<Part> {
  const decode = jsonDecoder(options.source, options);
  let values = 0;
  do {
    const { bytes, end } = content;
    const base = content.offset - content.start;
    for (;;) {
      content.start = skipSpace(bytes, content.start, end);
      const { start } = content;
      const found = start < end ? endOfValue(bytes, start, end) : -1;
      const stop = found === -1 ? -1 : Math.max(found, start + 1);
      if (stop === -1) break;
      values++;
      if (base + stop > options.from.offset) {
        const origin = { source: options.source, offset: base + start, line: values };
        const decoded = [...decode(bytes.toString('utf8', start, stop), origin)];
        yield { stretch: decodedStretch(decoded), offset: base + stop, lines: values };
      }
      content.start = stop;
    }
  } while (content.end - content.start <= JSON_LIMIT && (await content.more()));
  yield* leftOver(content, options, values, ENDS_IN_THE_MIDDLE);
}

/** What stands at the end and is no whole value: for later, or never to be. */
function* leftOver(
  content: Content,
  { source, final }: PartOptions,
  before: number,
  reason: string,
): Generator<Part> {
  const { bytes, start, end, broken } = content;
  if (start === end || broken !== undefined || (!final && end - start <= JSON_LIMIT)) return;
  const raw = bytes.toString('utf8', start, Math.min(end, start + BAD_RECORD_RAW_LIMIT));
  const origin = { source, offset: content.offset, line: before + 1 };
  content.start = end;
  const decoded = bad(raw, end - start > JSON_LIMIT ? TOO_LONG : reason, origin);
  yield { stretch: decodedStretch([decoded]), offset: content.offset, lines: before + 1 };
}
