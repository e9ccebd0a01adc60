import { bad, type Decoded } from '../formats/decoder.ts';
import { detectingDecoder, looksLikeJson } from '../formats/detected.ts';
import { parseJson } from '../formats/json.ts';
import { listStart } from '../formats/json-text.ts';
import { contextOfKey } from '../formats/key.ts';
import { decodedStretch, type Stretch } from '../formats/stretch.ts';
import { headerNames } from '../formats/vpc-flow/decoder.ts';
import { DEFAULT_FORMAT, isHeader } from '../formats/vpc-flow/fields.ts';
import { VPC_FLOW_LOG } from '../formats/vpc-flow/format.ts';
import { flowLayout } from '../formats/vpc-flow/record.ts';
import { rowSplitter } from '../formats/vpc-flow/rows.ts';
import { BAD_RECORD_RAW_LIMIT } from '../model/event.ts';
import type { Content } from './content.ts';
import { listParts, valueParts } from './json-parts.ts';
import { LINE_LIMIT, lineEnd, linesOf, NEWLINE } from './lines.ts';
import type { Part, PartOptions } from './part.ts';

/** A first line that is longer is not looked at for its format. */
const HEAD_LIMIT = 64 * 1024;
/** CloudFront has two lines before its records, the others one or none. */
const HEADER_LINES = 2;

/** Reads a content of whatever format, from a place on. */
export async function* partsOf(content: Content, given: PartOptions): AsyncGenerator<Part> {
  const first = await firstLine(content);
  const { flowLogFormat, context = contextOfKey(given.source) } = given;
  const options = { ...given, context };
  if (looksLikeJson(first)) {
    const { bytes, start, end } = content;
    const list = listStart(bytes, start, end);
    if (list !== undefined) yield* listParts(content, list, options);
    else if (parseJson(first) === undefined) yield* valueParts(content, options);
    else yield* lineParts(content, options);
  } else if (VPC_FLOW_LOG.recognises(first, options)) {
    const header = isHeader(first);
    const format = header ? headerNames(first) : (flowLogFormat ?? DEFAULT_FORMAT);
    yield* flowParts(content, options, format, header);
  } else yield* lineParts(content, options);
}

async function firstLine(content: Content): Promise<string> {
  for (;;) {
    const text = content.bytes.subarray(content.start, content.end);
    const newline = text.indexOf(NEWLINE);
    if (newline !== -1) return text.toString('utf8', 0, lineEnd(text, 0, newline));
    if (text.length > HEAD_LIMIT || !(await content.more())) return text.toString('utf8');
  }
}

async function* flowParts(
  content: Content,
  { source, from, final, context }: PartOptions,
  format: readonly string[],
  header: boolean,
): AsyncGenerator<Part> {
  const layout = flowLayout(format);
  const splitter = rowSplitter(format.length);
  let { lines } = from;
  try {
    for await (const block of linesOf(content)) {
      if (block.kind === 'last' && !final) return;
      const base = content.offset - block.start;
      const end = base + block.end;
      let start = block.start;
      if (header && base + start === 0) {
        start = content.bytes.indexOf(NEWLINE, start) + 1 || block.end;
        if (from.offset === 0) {
          lines = 1;
          const stretch = decodedStretch([{ kind: 'skipped', reason: 'header' }]);
          yield { stretch, offset: base + start, lines };
        }
      }
      start = Math.max(start, from.offset - base);
      if (start >= block.end) continue;
      if (block.kind === 'long') {
        lines++;
        yield { stretch: tooLong(content, source, lines), offset: end, lines };
        continue;
      }
      const split = splitter.split(content.bytes, start, block.end);
      const stretch: Stretch = {
        kind: 'flow',
        layout,
        split,
        source,
        context,
        base: base + start,
        firstLine: lines + 1,
      };
      lines += split.lines;
      yield { stretch, offset: end, lines };
    }
  } finally {
    splitter.close();
  }
}

async function* lineParts(content: Content, options: PartOptions): AsyncGenerator<Part> {
  const { source, from, final } = options;
  const decoder = detectingDecoder(source, options);
  let lines = 0;
  for await (const block of linesOf(content)) {
    if (block.kind === 'last' && !final) return;
    const base = content.offset - block.start;
    const end = base + block.end;
    if (block.kind === 'long') {
      lines++;
      if (end > from.offset) yield { stretch: tooLong(content, source, lines), offset: end, lines };
      continue;
    }
    const { bytes } = content;
    const decoded: Decoded[] = [];
    for (let start = block.start; start < block.end; ) {
      const found = bytes.indexOf(NEWLINE, start);
      const newline = found === -1 || found >= block.end ? block.end : found;
      lines++;
      const isNew = base + start >= from.offset;
      // The header says how the rest is read, also when all before the place was read earlier.
      if (isNew || lines <= HEADER_LINES) {
        const text = bytes.toString('utf8', start, lineEnd(bytes, start, newline));
        for (const one of decoder.line(text, base + start, lines)) if (isNew) decoded.push(one);
      }
      start = newline + 1;
    }
    if (end > from.offset) yield { stretch: decodedStretch(decoded), offset: end, lines };
  }
}

function tooLong(content: Content, source: string, line: number): Stretch {
  const raw = content.bytes.toString('utf8', content.start, content.start + BAD_RECORD_RAW_LIMIT);
  const reason = `the line is longer than ${LINE_LIMIT / 1024 / 1024} MiB`;
  return decodedStretch([bad(raw, reason, { source, offset: content.offset, line })]);
}
